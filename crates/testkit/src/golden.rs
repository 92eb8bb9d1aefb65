//! The golden runner: one folder a case, what was read against what is expected, every difference at once.
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use crate::diff::diff;
use crate::recipe;

/// The three kinds of case that every id has at least one of.
const KINDS: [&str; 3] = ["good-", "malformed-", "hostile-"];

/// Runs every case below `folder`, laid out as `folder/<id>/<case>/`, through `observe(id, file name, bytes)` and
/// compares the answer with the case's `expected.txt`.
///
/// A case is named `good-…`, `malformed-…` or `hostile-…` and holds its input as `input.*`, as the one file in a folder
/// `input/` where its name matters, or as a `recipe.toml` for [`crate::build`]. With `INTERDICT_BLESS=1` in the
/// environment the expectations are rewritten instead.
///
/// # Panics
/// After the last case, with every difference: an unexpected answer, a panic of the observer, an id without cases of
/// each kind, a folder without an id.
pub fn golden(folder: &Path, ids: &[&str], observe: &dyn Fn(&str, &str, &[u8]) -> String) {
    report(&run(folder, ids, observe, blessing()));
}

fn run(folder: &Path, ids: &[&str], observe: &dyn Fn(&str, &str, &[u8]) -> String, bless: bool) -> Vec<String> {
    let mut faults = Vec::new();
    for stray in names(folder).iter().filter(|name| *name != "README.md" && !ids.contains(&name.as_str())) {
        faults.push(format!("{}: no id of this name", folder.join(stray).display()));
    }
    for id in ids {
        let home = folder.join(id);
        // Beside the cases may stand how to look at them with other tools.
        let cases: Vec<String> = names(&home).into_iter().filter(|name| name != "README.md").collect();
        for kind in KINDS.iter().filter(|kind| !cases.iter().any(|case| case.starts_with(*kind))) {
            faults.push(format!("{}: no case named `{kind}…`", home.display()));
        }
        for case in cases {
            if !KINDS.iter().any(|kind| case.starts_with(kind)) {
                faults
                    .push(format!("{}: not named `good-…`, `malformed-…` or `hostile-…`", home.join(&case).display()));
            }
            let place = home.join(&case);
            let told = load(&place).and_then(|(name, bytes)| answer(&|| observe(id, &name, &bytes)));
            let fault = told.and_then(|got| settle(&place.join("expected.txt"), &got, bless));
            faults.extend(fault.err().map(|why| format!("{}:\n{why}", place.display())));
        }
    }
    faults
}

/// The inputs of every case of one id, made where they are recipes; what cannot be made is left out.
pub fn inputs(home: &Path) -> Vec<Vec<u8>> {
    cases(home).into_iter().map(|(_, _, bytes)| bytes).collect()
}

/// The same with each case's name, and its input's.
pub fn cases(home: &Path) -> Vec<(String, String, Vec<u8>)> {
    let cases = names(home).into_iter().filter(|name| name != "README.md");
    cases.filter_map(|case| load(&home.join(&case)).ok().map(|(name, bytes)| (case, name, bytes))).collect()
}

/// A file of the repository, and the recipe that makes it.
#[derive(Clone, Debug)]
pub struct Built {
    /// The recipe.
    pub recipe: PathBuf,
    /// What it makes, committed so that a fresh clone has it.
    pub file: PathBuf,
}

/// Holds committed files against their recipes, byte for byte; with `INTERDICT_BLESS=1` it writes them.
///
/// # Panics
/// After the last file, with every file that differs from its recipe.
pub fn committed(pairs: &[Built]) {
    report(&compare(pairs, blessing()));
}

fn compare(pairs: &[Built], bless: bool) -> Vec<String> {
    let mut faults = Vec::new();
    for Built { recipe, file } in pairs {
        let made = text(recipe).and_then(|text| recipe::build(&text));
        let fault = made.and_then(|made| match read(file) {
            Ok(there) if there == made => Ok(()),
            _ if bless => write(file, &made),
            Ok(there) => Err(format!("{} bytes, its recipe makes {} other ones", there.len(), made.len())),
            Err(why) => Err(why),
        });
        faults.extend(fault.err().map(|why| format!("{}: {why}", file.display())));
    }
    faults
}

#[expect(clippy::panic, reason = "this is how a test fails")]
fn report(faults: &[String]) {
    if !faults.is_empty() {
        let hint = "hint: INTERDICT_BLESS=1 rewrites the expectations; then read the difference before it is committed";
        panic!("{} cases failed\n\n{}\n{hint}", faults.len(), faults.join("\n"));
    }
}

/// The input of a case: the name it is offered under, and its bytes.
fn load(case: &Path) -> Result<(String, Vec<u8>), String> {
    let here = names(case);
    let inputs: BTreeSet<&String> = here
        .iter()
        .filter(|name| name.starts_with("input.") || ["input", "recipe.toml"].contains(&name.as_str()))
        .collect();
    let mut inputs = inputs.into_iter();
    let (Some(input), None) = (inputs.next(), inputs.next()) else {
        return Err("holds neither one `input.*`, nor one `input/…`, nor a `recipe.toml`".to_owned());
    };
    match input.as_str() {
        "recipe.toml" => {
            let text = text(&case.join(input))?;
            Ok((recipe::name(&text)?, recipe::build(&text)?))
        }
        "input" => match names(&case.join(input)).as_slice() {
            [only] => Ok((only.clone(), read(&case.join(input).join(only))?)),
            several => Err(format!("`input/` holds {} files; it must be one", several.len())),
        },
        _ => Ok((input.clone(), read(&case.join(input))?)),
    }
}

/// What the observer says; a panic is an answer too, and must not hide the other cases.
fn answer(observe: &dyn Fn() -> String) -> Result<String, String> {
    catch_unwind(AssertUnwindSafe(observe)).map_err(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
        format!("  panicked: {}", text.unwrap_or("without a message"))
    })
}

fn settle(file: &Path, got: &str, bless: bool) -> Result<(), String> {
    let expected = text(file);
    if expected.as_deref() == Ok(got) {
        return Ok(());
    }
    if bless {
        return write(file, got.as_bytes());
    }
    Err(diff(&expected.unwrap_or_default(), got))
}

#[expect(clippy::disallowed_methods, reason = "tests are told by their caller whether to rewrite")]
fn blessing() -> bool {
    std::env::var_os("INTERDICT_BLESS").is_some_and(|value| value == "1")
}

/// What stands in a folder, sorted; nothing where there is none.
#[expect(clippy::disallowed_methods, reason = "fixtures are read from disk")]
pub(crate) fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| !name.starts_with('.'));
    names.sort();
    names
}

#[expect(clippy::disallowed_methods, reason = "fixtures are read from disk")]
fn read(file: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(file).map_err(|why| format!("`{}`: {why}", file.display()))
}

fn text(file: &Path) -> Result<String, String> {
    String::from_utf8(read(file)?).map_err(|why| format!("`{}`: {why}", file.display()))
}

#[expect(clippy::disallowed_methods, reason = "blessing writes what the caller asked for")]
fn write(file: &Path, bytes: &[u8]) -> Result<(), String> {
    let folder = file.parent().map_or(Ok(()), std::fs::create_dir_all);
    folder.and_then(|()| std::fs::write(file, bytes)).map_err(|why| format!("`{}`: {why}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lay(files: &[(&str, &str)]) -> tempfile::TempDir {
        let home = tempfile::tempdir().unwrap();
        for (name, content) in files {
            write(&home.path().join(name), content.as_bytes()).unwrap();
        }
        home
    }

    fn echo(id: &str, name: &str, bytes: &[u8]) -> String {
        assert!(bytes != b"boom", "bang");
        format!("{id} {name} {}\n", bytes.escape_ascii())
    }

    fn fails(home: &tempfile::TempDir, ids: &[&str]) -> String {
        let told = catch_unwind(AssertUnwindSafe(|| {
            report(&run(home.path(), ids, &echo, false));
        }));
        let told = told.map_err(|panic| *panic.downcast::<String>().unwrap());
        told.err().unwrap_or_default().replace(&format!("{}/", home.path().display()), "")
    }

    #[test]
    fn a_whole_folder_passes() {
        let home = lay(&[
            ("a/good-one/input.json", "{}"),
            ("a/good-one/expected.txt", "a input.json {}\n"),
            ("a/malformed-one/recipe.toml", "kind = \"bytes\"\nname = \"x.so\"\nparts = [\"B\"]"),
            ("a/malformed-one/expected.txt", "a x.so B\n"),
            ("a/malformed-one/why.md", "Because."),
            ("a/hostile-one/input/pom.xml", "<a/>"),
            ("a/hostile-one/expected.txt", "a pom.xml <a/>\n"),
        ]);
        assert_eq!(fails(&home, &["a"]), "");
    }

    #[test]
    fn every_fault_is_told_at_once() {
        let home = lay(&[
            ("a/good-one/input.json", "{}"),
            ("a/good-one/expected.txt", "a input.json []\n"),
            ("a/good-two/input.json", "boom"),
            ("a/hostile-one/why.md", "no input"),
            ("a/other/input.x", ""),
            ("a/other/expected.txt", "a input.x \n"),
            ("b/good/input.x", ""),
        ]);
        let told = fails(&home, &["a", "c"]);
        for fault in [
            "9 cases failed",
            "b: no id of this name",
            "a: no case named `malformed-…`",
            "c: no case named `good-…`",
            "a/other: not named",
            "a/good-one:\n - a input.json []\n + a input.json {}\n",
            "a/good-two:\n  panicked: bang",
            "a/hostile-one:\nholds neither",
        ] {
            assert!(told.contains(fault), "{fault:?} is missing in\n{told}");
        }
    }

    #[test]
    fn blessing_rewrites_what_differs() {
        let home = lay(&[
            ("a/good-one/input.json", "{}"),
            ("a/good-one/expected.txt", "old"),
            ("a/malformed-one/input.json", "["),
            ("a/hostile-one/input.json", "!"),
        ]);
        assert_eq!(run(home.path(), &["a"], &echo, true), Vec::<String>::new());
        assert_eq!(fails(&home, &["a"]), "");
    }

    #[test]
    fn committed_files_are_held_against_their_recipes() {
        let home = lay(&[("r.toml", "kind = \"bytes\"\nparts = [\"A\"]"), ("a", "A"), ("b", "B")]);
        let pair = |file| Built { recipe: home.path().join("r.toml"), file: home.path().join(file) };
        let all = || compare(&[pair("a"), pair("b"), pair("c")], false);
        assert_eq!(all().len(), 2);
        assert!(all()[0].contains("/b: 1 bytes"), "{:?}", all());
        assert!(compare(&[pair("a"), pair("b"), pair("c")], true).is_empty());
        assert!(all().is_empty());
    }
}
