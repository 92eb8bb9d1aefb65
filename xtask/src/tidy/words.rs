//! Words that no committed file holds: paths of one machine, promises to finish later.
use regex::Regex;

use super::Fault;
use crate::tree::{Tree, extension};

/// A pattern, in which files it is looked for, and what to do. Written so that this file does not meet itself.
struct Word {
    pattern: &'static str,
    applies: fn(&str) -> bool,
    what: &'static str,
    hint: &'static str,
}

const WORDS: &[Word] = &[
    Word {
        pattern: concat!(r"(?:^|[^\w./*-])/", r"(?:home|root|work)/[\w.]"),
        applies: |_| true,
        what: "a path of one machine",
        hint: "paths are relative to the repository; in a fixture write /build/ or /srv/",
    },
    Word {
        pattern: concat!(r"(?:^|[^\w./*-])/", r"tmp/(?:bash|target|tmp\.|\w*job)"),
        applies: |_| true,
        what: "a path of one machine",
        hint: "tests make their own folders with the tempfile crate",
    },
    Word {
        pattern: concat!(r"\b(?:TO", r"DO|FIX", r"ME|X", r"XX)\b"),
        applies: is_ours,
        what: "a promise to finish later",
        hint: "finish it, or say what is not done where a reader looks for it",
    },
    Word {
        pattern: concat!(r"\b(?:to", r"do|unimpl", r"emented)!"),
        applies: |path| extension(path) == Some("rs"),
        what: "a hole in the code",
        hint: "finish it, or leave it out",
    },
    Word {
        pattern: concat!(r"#\[(?:\s*)ig", r"nore\b"),
        applies: |path| extension(path) == Some("rs"),
        what: "a test that is not run",
        hint: "assert what is wrong as it is, with a comment",
    },
];

pub(super) fn check(tree: &Tree) -> Vec<Fault> {
    let words: Vec<(&Word, Regex)> =
        WORDS.iter().filter_map(|word| Some((word, Regex::new(word.pattern).ok()?))).collect();
    let mut faults = Vec::new();
    for (path, text) in tree.texts() {
        let looked_for: Vec<_> = words.iter().filter(|(word, _)| (word.applies)(path)).collect();
        for (at, line) in text.lines().enumerate() {
            for (word, regex) in &looked_for {
                if let Some(found) = regex.find(line) {
                    let what = format!("{}: `{}`", word.what, found.as_str().trim());
                    faults.push(Fault::new(format!("{path}:{}", at + 1), what, word.hint));
                }
            }
        }
    }
    faults
}

/// What people wrote here, as against inputs of tests, which may hold anything a supplier writes, and schemas that others
/// published.
fn is_ours(path: &str) -> bool {
    !path.starts_with("fixtures/") && !path.contains("/schemas/") && path != "Cargo.lock"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(path: &str, line: &str) -> usize {
        check(&Tree::of(&[(path, line)])).len()
    }

    #[test]
    fn every_pattern_compiles() {
        for word in WORDS {
            assert!(Regex::new(word.pattern).is_ok(), "{}", word.pattern);
        }
    }

    #[test]
    fn words_are_met_where_they_matter() {
        let marker = concat!("// TO", "DO later");
        let hole = concat!("    to", "do!()");
        let skipped = concat!("#[ig", "nore]");
        let path = concat!("see /ho", "me/anna/x");
        let scratch = concat!("--dir=/tm", "p/target-x");
        for (file, line, wrong) in [
            ("crates/a/src/x.rs", marker, 1),
            ("README.md", marker, 1),
            ("fixtures/sbom/x/good/input.json", marker, 0),
            ("crates/a/schemas/x.schema.json", marker, 0),
            ("crates/a/src/x.rs", hole, 1),
            ("Cargo.toml", concat!("to", "do = \"warn\""), 0),
            ("crates/a/src/x.rs", skipped, 1),
            ("CONTRIBUTING.md", skipped, 0),
            ("fixtures/sbom/x/good/input.json", path, 1),
            ("docs/a.md", scratch, 1),
            ("docs/a.md", "https://example.org/work/a and /tmp/kav.sock and usr/home/x", 0),
        ] {
            assert_eq!(faults(file, line), wrong, "{file}: {line}");
        }
    }
}
