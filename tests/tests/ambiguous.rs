//! Goal F3: where two honest readers would see different things, what either sees is found, or the difference is told.
#![expect(clippy::disallowed_methods, reason = "a test makes files")]
use std::fs;

use interdict_tests::{Case, PerFile, ambiguous, goal, report};

#[test]
fn either_reading_is_found_or_told_of() {
    let mut figures = Vec::new();
    let mut is_met = true;
    for (kind, least, cases) in ambiguous() {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in &cases {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        let (report, _) = report(folder.path(), &[".", "--as-of", "2026-01-01"]);
        let seen = PerFile::of(&report);
        let found = cases.iter().filter(|(name, _)| seen.is_flagged(name)).count();
        let is_silent = |(name, _): &&Case| !seen.is_flagged(name) && !seen.gaps.contains(name);
        let silent: Vec<&str> = cases.iter().filter(is_silent).map(|(name, _)| name.as_str()).collect();
        for name in &silent {
            println!("  clear although it holds one: {name} ({:?})", seen.found.get(*name));
        }
        is_met &= silent.is_empty() && cases.len() >= least;
        figures.push(format!("{kind}: {} cases, {found} found, {} clear", cases.len(), silent.len()));
    }
    goal("F3", &figures.join("; "), is_met);
}
