//! Hostile files: one by one, as one folder, and inside one container (goals H1, H2, H3).
use std::collections::BTreeSet;
use std::fs;

use interdict_tests::{Case, Effort, Swept, goal, gzip, hostile, put, report, sweep, tar};
use serde_json::Value;

const COUNT: usize = 5_000;

fn gaps(report: &Value, below: &str) -> BTreeSet<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let of = |gap: &Value| (text(&gap["on"]).trim_start_matches(below).to_owned(), text(&gap["reason"]));
    report["gaps"].as_array().unwrap().iter().map(of).collect()
}

fn findings(report: &Value, below: &str) -> BTreeSet<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let of = |one: &Value| {
        (text(&one["on"]).trim_start_matches(below).to_owned(), text(&one["entity"]), text(&one["relation"]))
    };
    report["findings"].as_array().unwrap().iter().map(of).collect()
}

#[test]
fn one_by_one_and_together() {
    let effort = Effort::begun();
    let mut alone = Swept::default();
    let cases = hostile(COUNT);
    for batch in cases.chunks(100) {
        if !effort.is_left() {
            break;
        }
        alone.and(sweep(batch));
    }
    alone.bad.iter().take(20).for_each(|what| println!("  bad: {what}"));
    goal(
        "H1b",
        &format!("{} of {COUNT} hostile files as targets of their own: {} bad", alone.inputs, alone.bad.len()),
        alone.bad.is_empty(),
    );
}

/// As many as are looked at twice.
fn some() -> Vec<Case> {
    hostile(COUNT).into_iter().step_by(17).filter(|(_, bytes)| bytes.len() < 1 << 20).collect()
}

#[test]
fn a_folder_says_what_its_files_say() {
    let cases = some();
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in &cases {
        put(folder.path(), &format!("all/{name}"), bytes);
    }
    let (together, status) = report(folder.path(), &["all", "--as-of", "2026-01-01"]);
    let mut each = BTreeSet::new();
    let names: Vec<String> = cases.iter().map(|(name, _)| format!("all/{name}")).collect();
    for names in names.chunks(50) {
        let arguments: Vec<&str> = names.iter().map(String::as_str).chain(["--as-of", "2026-01-01"]).collect();
        each.extend(gaps(&report(folder.path(), &arguments).0, "all/"));
    }
    let all = gaps(&together, "all/");
    // Alone, or among few, a text is nothing that can be examined, and a part that lies in another batch is missing.
    let is_of_place = |gap: &&(String, String)| gap.1 != "unsupported" && gap.1 != "missing";
    let lost: Vec<_> = each.difference(&all).filter(is_of_place).collect();
    let new: Vec<_> = all.difference(&each).filter(is_of_place).collect();
    lost.iter().take(10).for_each(|gap| println!("  only alone: {gap:?}"));
    new.iter().take(10).for_each(|gap| println!("  only together: {gap:?}"));
    let figure = format!(
        "{} files: {} gaps together, {} only alone, {} only together",
        cases.len(),
        all.len(),
        lost.len(),
        new.len()
    );
    goal("H2", &figure, lost.is_empty() && new.is_empty() && matches!(status, 1 | 3));
}

#[test]
fn a_container_says_what_its_files_say() {
    let cases = some();
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in &cases {
        put(folder.path(), &format!("all/{name}"), bytes);
    }
    let members = || cases.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()));
    fs::write(folder.path().join("all.tar"), tar(members())).unwrap();
    fs::write(folder.path().join("all.tgz"), gzip(&tar(members()))).unwrap();
    let plain = findings(&report(folder.path(), &["all", "--as-of", "2026-01-01"]).0, "all/");
    let mut figures = vec![format!("{} files, {} findings", cases.len(), plain.len())];
    let mut is_met = true;
    for (file, below) in [("all.tar", "all.tar!/"), ("all.tgz", "all.tgz!/all.tar!/")] {
        let inside = findings(&report(folder.path(), &[file, "--as-of", "2026-01-01"]).0, below);
        let lost: Vec<_> = plain.difference(&inside).collect();
        lost.iter().take(10).for_each(|one| println!("  not in {file}: {one:?}"));
        figures.push(format!("{file}: {} not found", lost.len()));
        is_met &= lost.is_empty();
    }
    goal("H3", &figures.join("; "), is_met);
}
