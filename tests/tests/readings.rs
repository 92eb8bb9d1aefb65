//! Torture: a component in every way of writing that some reader of its format sees is found, or the document is not clear.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test makes files, and its documents are its own"
)]
use std::collections::BTreeSet;
use std::fs;

use interdict_tests::{PerFile, report, workspace};
use serde_json::Value;

/// What stands for it in the documents, so that they hold no name.
const PURL: &str = "pkg:npm/%40kaspersky/hexa-ui@1.0.0";
/// Documents by hand, a line each: sound ones, in which it must be found, and broken or ambiguous ones, of which something must be told.
const KINDS: [(&str, usize); 8] = [
    ("cyclonedx-json", 120),
    ("cyclonedx-xml", 80),
    ("spdx-json", 15),
    ("yaml", 40),
    ("tag-value", 25),
    ("rdf", 20),
    ("spdx3", 35),
    ("lists", 12),
];

/// A document's name, its bytes, and what must become of it.
struct Document {
    name: String,
    bytes: Vec<u8>,
    must: String,
}

impl Document {
    fn of(line: &str) -> Self {
        let value: Value = serde_json::from_str(line).unwrap();
        let said = |key: &str| value[key].as_str().unwrap().to_owned();
        let text = said("text").replace("@PURL@", PURL);
        // Of some, each character stands for a byte.
        let bytes = if value["bytes"] == true {
            text.chars().map(|c| u8::try_from(c).unwrap()).collect()
        } else {
            text.into_bytes()
        };
        Self { name: said("name"), bytes, must: said("must") }
    }
}

#[test]
fn whatever_some_reader_sees_is_found_or_told_of() {
    let mut wrong = Vec::new();
    for (kind, least) in KINDS {
        let path = workspace().join(format!("tests/src/readings/{kind}.jsonl"));
        let documents: Vec<Document> = fs::read_to_string(path).unwrap().lines().map(Document::of).collect();
        let folder = tempfile::tempdir().unwrap();
        for document in &documents {
            fs::write(folder.path().join(&document.name), &document.bytes).unwrap();
        }
        let (report, _) = report(folder.path(), &[".", "--as-of", "2026-01-01"]);
        let seen = PerFile::of(&report);
        let gaps = report["gaps"].as_array().unwrap();
        let material: BTreeSet<&str> = gaps
            .iter()
            .filter(|gap| gap["material"] == true)
            .map(|gap| gap["on"].as_str().unwrap().trim_start_matches("./"))
            .collect();
        let found = documents.iter().filter(|one| seen.is_flagged(&one.name)).count();
        println!("{kind}: {} documents, {found} found in, {} told of", documents.len(), documents.len() - found);
        assert!(documents.len() >= least, "{kind}");
        for one in documents.iter().filter(|one| !seen.is_flagged(&one.name)) {
            let is_told = material.iter().any(|on| on.starts_with(&one.name));
            if one.must == "be found" || !is_told {
                wrong.push(format!("{kind}/{} must {}", one.name, one.must));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// A statement that a vulnerability does not matter is shown beside the finding, and takes nothing away from it.
#[test]
fn what_is_stated_of_vulnerabilities_is_shown_and_not_weighed() {
    let component = format!(r#""bom-ref":"a","type":"library","name":"x","purl":"{PURL}""#);
    let analysis = r#""analysis":{"state":"not_affected","justification":"code_not_present"}"#;
    let vulnerability = format!(r#"{{"id":"CVE-2026-1",{analysis},"affects":[{{"ref":"a"}}]}}"#);
    let bom =
        |rest: &str| format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{{{component}}}]{rest}}}"#);
    let folder = tempfile::tempdir().unwrap();
    let mut seen = Vec::new();
    for (name, text) in [("a.json", bom("")), ("b.json", bom(&format!(r#","vulnerabilities":[{vulnerability}]"#)))] {
        fs::write(folder.path().join(name), text).unwrap();
        for ways in [&[][..], &["--no-paths"]] {
            let (report, status) = report(folder.path(), &[&[name, "--as-of", "2026-01-01"], ways].concat());
            let notes = report["coverage"]["notes"].to_string();
            seen.push((
                status,
                report["findings"].as_array().unwrap().len(),
                notes.contains("CVE-2026-1: not_affected"),
            ));
        }
    }
    assert_eq!(seen, [(1, 1, false), (1, 1, false), (1, 1, true), (1, 1, true)]);
}
