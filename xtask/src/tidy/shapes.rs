//! The shape of a source file: its size, its first sentence, its name.
use super::Fault;
use crate::tree::{Tree, stem};

/// Lines outside tests; look again at 300.
const LONGEST: usize = 500;

/// Names that hide a decision that was not made.
const NAMELESS: &[&str] = &["util", "helper", "common", "misc", "types", "manager"];

pub(super) fn check(tree: &Tree) -> Vec<Fault> {
    tree.sources().flat_map(|(path, text)| [size(path, text), opening(path, text), name(path)]).flatten().collect()
}

fn size(path: &str, text: &str) -> Option<Fault> {
    if is_test(path) {
        return None;
    }
    let lines = code_lines(text);
    (lines > LONGEST).then(|| {
        Fault::new(
            path,
            format!("{lines} lines without its tests, {LONGEST} at most"),
            "one idea a file: split it by what it knows",
        )
    })
}

/// The lines before the tests at the foot.
fn code_lines(text: &str) -> usize {
    let lines: Vec<&str> = text.lines().collect();
    let foot =
        lines.windows(2).position(|pair| matches!(pair, ["#[cfg(test)]", module] if module.starts_with("mod tests")));
    foot.unwrap_or(lines.len())
}

fn is_test(path: &str) -> bool {
    path.starts_with("tests/") || path.contains("/tests/") || path.contains("/benches/") || stem(path) == "tests"
}

fn opening(path: &str, text: &str) -> Option<Fault> {
    let mut lines = text.lines().skip_while(|line| line.starts_with("#!"));
    let paragraph: Vec<&str> = lines
        .by_ref()
        .map_while(|line| line.strip_prefix("//! "))
        .map(str::trim)
        .take_while(|line| !line.is_empty())
        .collect();
    let whole = paragraph.last().is_some_and(|line| line.ends_with(['.', ':']));
    let hint = "open the file with one `//! ` sentence that says what it is, and end it with a full stop";
    (!whole).then(|| Fault::new(format!("{path}:1"), "no opening sentence", hint))
}

fn name(path: &str) -> Option<Fault> {
    let stem = stem(path);
    if stem == "mod" {
        return Some(Fault::new(path, "a file called mod.rs", "`foo.rs` beside the folder `foo/`"));
    }
    let bare = stem.strip_suffix('s').unwrap_or(stem);
    let nameless = NAMELESS.contains(&stem) || NAMELESS.contains(&bare);
    nameless.then(|| Fault::new(path, format!("a file called {stem}.rs"), "name it for what it knows"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(path: &str, text: &str) -> Vec<String> {
        check(&Tree::of(&[(path, text)])).into_iter().map(|fault| fault.what).collect()
    }

    #[test]
    fn size_counts_what_is_not_tests() {
        let code = |lines: usize| format!("//! A sentence.\n{}", "fn f() {}\n".repeat(lines - 1));
        assert!(faults("crates/a/src/x.rs", &code(500)).is_empty());
        assert_eq!(faults("crates/a/src/x.rs", &code(501)), ["501 lines without its tests, 500 at most"]);
        let tested = format!("{}#[cfg(test)]\nmod tests {{\n{}}}\n", code(400), "// line\n".repeat(400));
        assert!(faults("crates/a/src/x.rs", &tested).is_empty());
        let gated = format!("//! A sentence.\n#[cfg(test)]\nfn g() {{}}\n{}", code(500));
        assert_eq!(faults("crates/a/src/x.rs", &gated).len(), 1, "only the tests at the foot are left out");
        for path in
            ["crates/a/tests/it/main.rs", "tests/src/lib.rs", "crates/a/benches/b.rs", "crates/a/src/x/tests.rs"]
        {
            assert!(faults(path, &code(900)).is_empty(), "{path}");
        }
    }

    #[test]
    fn a_file_opens_with_a_sentence() {
        for (text, wrong) in [
            ("//! What it is.\nuse a;\n", 0),
            ("//! What it is,\n//! on two lines.\n//!\n//! More\n", 0),
            ("#![no_main]\n//! What it is.\n", 0),
            ("//! What it is\nuse a;\n", 1),
            ("// What it is.\n", 1),
            ("use a;\n//! What it is.\n", 1),
            ("", 1),
        ] {
            assert_eq!(faults("crates/a/src/x.rs", text).len(), wrong, "{text:?}");
        }
    }

    #[test]
    fn a_file_has_a_name() {
        for (path, wrong) in [
            ("crates/a/src/x/mod.rs", 1),
            ("crates/a/src/util.rs", 1),
            ("crates/a/src/helpers.rs", 1),
            ("crates/a/src/types.rs", 1),
            ("crates/a/src/model.rs", 0),
            ("crates/a/src/common_name.rs", 0),
        ] {
            assert_eq!(faults(path, "//! What it is.\n").len(), wrong, "{path}");
        }
    }
}
