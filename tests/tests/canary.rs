//! The canary matrix (goals F1 and F2): one vendor, spelt and placed in every way it disappears, of which none comes out clear;
//! and what only looks like it, of which nothing is flagged.
#![expect(clippy::disallowed_methods, reason = "a test makes files, and may fail")]
use std::collections::BTreeMap;
use std::fs;

use interdict_tests::canary::{controls, documents, files, spellings};
use interdict_tests::{PerFile, goal, report};

#[test]
fn none_is_clear() {
    let mut canaries = spellings::canaries();
    canaries.extend(documents::canaries());
    canaries.extend(files::canaries());
    let folder = tempfile::tempdir().unwrap();
    for canary in &canaries {
        let path = folder.path().join(&canary.name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, &canary.bytes).unwrap();
    }
    let (report, status) = report(folder.path(), &[".", "--as-of", "2026-01-01"]);
    let seen = PerFile::of(&report);
    let mut recall: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    let (mut found, mut silent) = (0, Vec::new());
    for canary in &canaries {
        let (hits, all) = recall.entry(&canary.technique).or_default();
        *all += 1;
        if seen.is_flagged(&canary.name) {
            *hits += 1;
            found += 1;
        } else if !seen.gaps.contains(&canary.name) {
            silent.push(canary.name.as_str());
        }
    }
    println!("recall by technique:");
    for (technique, (hits, all)) in &recall {
        println!("  {technique:<28} {hits:>3} of {all:>3}");
    }
    for name in &silent {
        println!("  clear although it holds one: {name} ({:?})", seen.found.get(*name));
    }
    let figure = format!("{} canaries, {found} found outright, {} clear", canaries.len(), silent.len());
    goal(
        "F1",
        &figure,
        status == 1 && canaries.len() >= 400 && silent.is_empty() && found * 100 >= canaries.len() * 95,
    );
}

#[test]
fn nothing_that_only_looks_like_it_is_flagged() {
    let folder = tempfile::tempdir().unwrap();
    let controls = controls::controls();
    for (name, bytes) in &controls {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    let (report, status) = report(folder.path(), &[".", "--as-of", "2026-01-01"]);
    let seen = PerFile::of(&report);
    let flagged: Vec<&String> = controls.iter().map(|(name, _)| name).filter(|name| seen.is_flagged(name)).collect();
    for name in &flagged {
        println!("  flagged: {name} ({:?})", seen.found.get(*name));
    }
    let materials = report["coverage"]["material_gaps"].as_u64().unwrap();
    for gap in report["gaps"].as_array().unwrap() {
        println!("  gap: {} {}", gap["on"], gap["detail"]);
    }
    let figure = format!("{} controls, {} flagged, {materials} material gaps", controls.len(), flagged.len());
    goal("F2", &figure, status == 0 && controls.len() >= 200 && flagged.is_empty() && materials == 0);
}
