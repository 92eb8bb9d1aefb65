//! Files that a search for names would hit and that hold nothing of the vendor's: none of them is accused.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test makes files, and may fail")]
use std::fs;
use std::path::Path;

use interdict_testkit::build;
use interdict_tests::{corpus, interdict, report, workspace};
use serde_json::Value;

const RECIPE: &str = ".recipe.toml";
/// Every look-alike of the knowledge that the rules stand on has a folder.
const FEWEST: usize = 29;
/// Published by the vendor, and no product that protects anything: declared as what it is.
const OPEN_SOURCE: &[&str] =
    &["kaspersky/kaspresso", "kaspersky/hexa-ui", "kaspersky/gpl-contribution", "kaspersky/open-source"];

/// Copies a folder; a recipe becomes the file it describes.
fn copied(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().into_string().unwrap();
        if entry.path().is_dir() {
            copied(&entry.path(), &to.join(name));
        } else if let Some(name) = name.strip_suffix(RECIPE) {
            fs::write(to.join(name), build(&fs::read_to_string(entry.path()).unwrap()).unwrap()).unwrap();
        } else {
            fs::copy(entry.path(), to.join(name)).unwrap();
        }
    }
}

fn is_open_source(case: &str) -> bool {
    case.starts_with("la-10-") || case.starts_with("la-11-")
}

#[test]
fn no_look_alike_is_accused() {
    let folder = tempfile::tempdir().unwrap();
    copied(&workspace().join("fixtures/look-alikes"), folder.path());
    let mut cases: Vec<String> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    cases.sort();
    assert!(cases.len() >= FEWEST, "only {} look-alikes", cases.len());
    let mut faults = Vec::new();
    for case in cases {
        let (report, status) = report(folder.path(), &[&case]);
        for finding in report["findings"].as_array().unwrap() {
            let is_mild = matches!(finding["relation"].as_str(), Some("mentions" | "connects"))
                || finding["entity"].as_str().is_some_and(|entity| OPEN_SOURCE.contains(&entity));
            if !is_mild {
                let rules: Vec<&Value> =
                    finding["matches"].as_array().unwrap().iter().map(|one| &one["rule"]).collect();
                faults.push(format!(
                    "{case}: {} {} {} on {}: {rules:?}",
                    finding["relation"], finding["certainty"], finding["entity"], finding["on"]
                ));
            }
        }
        // A folder of texts is no product: that nothing was recognised in it is said, and is no accusation.
        let is_mild = matches!(report["outcome"].as_str(), Some("clear" | "advisory" | "inconclusive"));
        if !is_mild && !is_open_source(&case) {
            faults.push(format!("{case}: exit status {status}, {}", report["outcome"]));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Open source of the vendor's in a product is declared, and no law prohibits it: not even where its own manifest names
/// the vendor as its author.
#[test]
fn open_source_is_declared_and_not_prohibited() {
    let folder = tempfile::tempdir().unwrap();
    copied(&workspace().join("fixtures/look-alikes/la-11-test-library"), folder.path());
    let (report, _) = report(folder.path(), &["--profile", "us-vendor", "."]);
    let entities: Vec<&Value> =
        report["findings"].as_array().unwrap().iter().map(|finding| &finding["entity"]).collect();
    assert!(entities.iter().any(|entity| **entity == "kaspersky/hexa-ui"), "{entities:?}");
    assert_ne!(report["outcome"], "prohibited", "{entities:?}: {:#}", report["verdicts"]);
}

/// Every file below a folder, as paths from it.
fn files(folder: &Path, below: &str, all: &mut Vec<String>) {
    let mut entries: Vec<_> = fs::read_dir(folder.join(below)).unwrap().map(|entry| entry.unwrap()).collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = format!("{below}{}", entry.file_name().into_string().unwrap());
        if entry.path().is_dir() {
            files(folder, &format!("{name}/"), all);
        } else if name != "labels.tsv" {
            all.push(name);
        }
    }
}

/// `catalog test` over a folder in which nobody holds anything of the vendor's: how many files it read, and which it accused.
fn measured(folder: &Path) -> (usize, Vec<String>) {
    let mut all = Vec::new();
    files(folder, "", &mut all);
    all.retain(|name| !is_open_source(name) && !name.contains('\t'));
    fs::write(folder.join("labels.tsv"), all.join("\t-\n") + "\t-\n").unwrap();
    let output = interdict(folder, &["catalog", "test", "--corpus", ".", "-o", "json"]);
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let field = |name: &str| told.get(name).unwrap();
    assert_eq!(field("files").as_u64(), Some(all.len() as u64));
    let accused = field("accused").as_array().unwrap().iter().map(|file| file.as_str().unwrap().to_owned()).collect();
    (all.len(), accused)
}

#[test]
fn no_rule_is_wrong_about_a_look_alike() {
    let folder = tempfile::tempdir().unwrap();
    copied(&workspace().join("fixtures/look-alikes"), folder.path());
    let (count, accused) = measured(folder.path());
    assert!(count >= FEWEST, "only {count} files");
    assert!(accused.is_empty(), "{accused:?}");
}

#[test]
fn no_rule_is_wrong_about_the_corpus() {
    let Some(corpus) = corpus() else { return };
    let folder = tempfile::tempdir().unwrap();
    for part in ["binaries", "sboms"] {
        copied(&corpus.join(part), &folder.path().join(part));
    }
    let (count, accused) = measured(folder.path());
    assert!(count > 0 && accused.is_empty(), "of {count}: {accused:?}");
}
