//! The registries: lines in the table = files in the folder = folders in `fixtures/`.
use std::collections::BTreeSet;

use regex::Regex;

use super::Fault;
use crate::tree::{Tree, extension, stem};

/// A crate with a registry, and the first words of the cases every entry must have; a writer never meets a malformed report.
const REGISTRIES: &[(&str, &[&str])] = &[
    ("sbom", &["good", "malformed", "hostile"]),
    ("inspect", &["good", "malformed", "hostile"]),
    ("unpack", &["good", "malformed", "hostile"]),
    ("report", &["full", "hostile"]),
];

pub(super) fn check(tree: &Tree) -> Vec<Fault> {
    REGISTRIES.iter().flat_map(|(room, cases)| registry(tree, room, cases)).collect()
}

fn registry(tree: &Tree, room: &str, cases: &[&str]) -> Vec<Fault> {
    let table = format!("crates/{room}/src/formats.rs");
    let files: BTreeSet<String> = tree
        .names_in(&format!("crates/{room}/src/formats"))
        .into_iter()
        .filter(|(name, is_file)| *is_file && extension(name) == Some("rs"))
        .map(|(name, _)| kebab(stem(name)))
        .collect();
    let Some(text) = tree.text(&table) else {
        if files.is_empty() {
            println!("  {table} does not stand yet");
            return Vec::new();
        }
        return vec![Fault::new(table, "no table for the files in `formats/`", "one line a format: `pe::ENTRY,`")];
    };
    let lines: BTreeSet<String> = entries(text);
    let fixtures = format!("fixtures/{room}");
    let folders: BTreeSet<String> =
        tree.names_in(&fixtures).into_iter().filter(|(_, is_file)| !is_file).map(|(name, _)| name.to_owned()).collect();

    let mut faults = Vec::new();
    for id in files.difference(&lines) {
        faults.push(Fault::new(
            &table,
            format!("`{id}` has a file and no line"),
            "add `NAME::ENTRY,`, or it is never run",
        ));
    }
    for id in lines.difference(&files) {
        faults.push(Fault::new(&table, format!("`{id}` has a line and no file"), "a format is one file in `formats/`"));
    }
    for id in lines.difference(&folders) {
        faults.push(Fault::new(
            &fixtures,
            format!("`{id}` has no folder"),
            "a format is proven by fixtures/<crate>/<id>/<case>/",
        ));
    }
    for id in folders.difference(&lines) {
        faults.push(Fault::new(
            &fixtures,
            format!("`{id}` is no format of the table"),
            "name the folder as the format, or remove it",
        ));
    }
    for id in lines.intersection(&folders) {
        let folder = format!("{fixtures}/{id}");
        let names = tree.names_in(&folder);
        for case in cases {
            let there =
                names.iter().any(|(name, is_file)| !is_file && name.strip_prefix(case).is_some_and(starts_a_word));
            if !there {
                let hint = "every format has such a case, in a folder that begins with the word: `hostile-…`";
                faults.push(Fault::new(&folder, format!("no {case} case"), hint));
            }
        }
    }
    faults
}

fn starts_a_word(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('-')
}

/// The ids of a table's lines: `cyclonedx_json::ENTRY,` is `cyclonedx-json`.
fn entries(text: &str) -> BTreeSet<String> {
    let Ok(entry) = Regex::new(r"\b(\w+)::ENTRY\b") else { return BTreeSet::new() };
    let code = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    code.flat_map(|line| entry.captures_iter(line)).filter_map(|found| Some(kebab(found.get(1)?.as_str()))).collect()
}

fn kebab(name: &str) -> String {
    name.replace('_', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: (&str, &str) =
        ("crates/inspect/src/formats.rs", "//! T.\npub static O: &[X] = &[elf::ENTRY,\n    mach_o::ENTRY,\n];");
    const WHOLE: &[(&str, &str)] = &[
        TABLE,
        ("crates/inspect/src/formats/elf.rs", ""),
        ("crates/inspect/src/formats/elf/notes.rs", ""),
        ("crates/inspect/src/formats/mach_o.rs", ""),
        ("fixtures/inspect/elf/good-plain/recipe.toml", ""),
        ("fixtures/inspect/elf/malformed-cut/recipe.toml", ""),
        ("fixtures/inspect/elf/hostile-lies/recipe.toml", ""),
        ("fixtures/inspect/mach-o/good/recipe.toml", ""),
        ("fixtures/inspect/mach-o/malformed-cut/recipe.toml", ""),
        ("fixtures/inspect/mach-o/hostile-lies/recipe.toml", ""),
    ];

    fn faults(files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::of(files)).into_iter().map(|fault| fault.what).collect()
    }

    fn without(path: &str) -> Vec<String> {
        faults(&WHOLE.iter().copied().filter(|(other, _)| *other != path).collect::<Vec<_>>())
    }

    fn with(path: &str) -> Vec<String> {
        faults(&[WHOLE, &[(path, "")]].concat())
    }

    #[test]
    fn lines_files_and_folders_agree() {
        assert_eq!(faults(WHOLE), Vec::<String>::new());
        assert_eq!(without("crates/inspect/src/formats/mach_o.rs"), ["`mach-o` has a line and no file"]);
        assert_eq!(without("crates/inspect/src/formats.rs"), ["no table for the files in `formats/`"]);
        assert_eq!(without("fixtures/inspect/elf/hostile-lies/recipe.toml"), ["no hostile case"]);
        assert_eq!(with("fixtures/inspect/coff/good/recipe.toml"), ["`coff` is no format of the table"]);
        assert_eq!(with("crates/inspect/src/formats/pe.rs"), ["`pe` has a file and no line"]);
    }

    #[test]
    fn a_format_without_fixtures_is_refused() {
        let bare: Vec<_> =
            WHOLE.iter().copied().filter(|(path, _)| !path.starts_with("fixtures/inspect/elf")).collect();
        assert_eq!(faults(&bare), ["`elf` has no folder"]);
    }

    #[test]
    fn a_comment_is_no_line() {
        let ids = entries("// elf::ENTRY\n    pe::ENTRY, // as elf::ENTRY\n    dex::ENTRY, mach_o::ENTRY\n");
        assert_eq!(ids.into_iter().collect::<Vec<_>>(), ["dex", "mach-o", "pe"]);
    }
}
