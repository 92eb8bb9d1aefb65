//! Bills of materials that are written upon the input's own, wherever that lay.
#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test writes and reads files, and one that cannot go on stops"
)]
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use interdict_tests::{command, interdict};
use serde_json::{Value, json};

fn bom() -> Value {
    json!({
        "bomFormat": "CycloneDX", "specVersion": "1.4", "version": 3, "x-own": 1.5,
        "components": [{
            "type": "library", "name": "Kaspersky Anti-Virus SDK", "version": "8.9",
            "supplier": { "name": "AO Kaspersky Lab" }, "x-own": { "deep": [null] },
        }],
    })
}

/// The output of a run, and what it says of the input's BOM.
fn written(at: &Path, arguments: &[&str]) -> (Value, String) {
    let output = interdict(at, arguments);
    let bom: Value = serde_json::from_slice(&output.stdout).unwrap();
    let properties = bom["metadata"]["properties"].as_array().unwrap();
    let said = properties.iter().find(|one| one["name"] == "interdict:input-bom").unwrap();
    let said = said["value"].as_str().unwrap().to_owned();
    (bom, said)
}

fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("in")).unwrap();
    fs::write(folder.path().join("in/bom.json"), bom().to_string()).unwrap();
    fs::write(folder.path().join("in/readme.txt"), "nothing").unwrap();
    folder
}

#[test]
fn the_inputs_bom_is_kept_wherever_it_lay() {
    let folder = folder();
    let at = folder.path();
    let [file, whole] = ["in/bom.json", "in"].map(|name| at.join(name).to_str().unwrap().to_owned());
    for arguments in [
        &["scan", "in/bom.json"][..],
        &["scan", "in"],
        &["scan", "./in/../in/bom.json"],
        &["scan", &file],
        &["scan", &whole],
        &["scan", "in/readme.txt", "--sbom", "in/bom.json"],
    ] {
        let (new, said) = written(at, &[arguments, &["-o", "cyclonedx@1.7", "-q"]].concat());
        assert!(said.starts_with("kept: "), "{arguments:?}: {said}");
        assert_eq!((&new["specVersion"], &new["version"], &new["x-own"]), (&json!("1.7"), &json!(4), &json!(1.5)));
        let component = &new["components"][0];
        assert_eq!(component["x-own"], json!({ "deep": [null] }));
        assert_eq!(component["evidence"]["identity"][0]["concludedValue"], "Kaspersky Anti-Virus SDK");
        assert_eq!(new["components"].as_array().unwrap().len(), 1, "the declared one is the found one");
    }
    let (_, said) = written(&at.join("in"), &["scan", ".", "-o", "cyclonedx"]);
    assert!(said.starts_with("kept: "), "{said}");
}

#[test]
fn standard_input_is_kept_too() {
    let mut run = command(Path::new("."), &["scan", "-", "-q", "-o", "cyclonedx"]);
    let mut child = run.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(bom().to_string().as_bytes()).unwrap();
    let new: Value = serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap();
    assert_eq!((&new["specVersion"], &new["x-own"]), (&json!("1.6"), &json!(1.5)));
}

#[test]
fn a_stored_report_finds_the_bytes_it_speaks_of_or_says_so() {
    let folder = folder();
    let at = folder.path();
    interdict(at, &["scan", "in/bom.json", "-q", "-o", "json=report.json"]);
    let judge = ["judge", "report.json", "-q", "-o", "cyclonedx"];
    assert!(written(at, &judge).1.starts_with("kept: "));
    fs::write(at.join("in/bom.json"), bom().to_string().replace("8.9", "9.0")).unwrap();
    let (new, said) = written(at, &judge);
    assert_eq!(said, "not kept: it is not what it was when it was looked at");
    assert_eq!(new["components"][0]["components"].as_array().unwrap().len(), 1, "what was found stands alone");
    fs::remove_file(at.join("in/bom.json")).unwrap();
    assert_eq!(written(at, &judge).1, "not kept: it is not where it was");
}

#[test]
fn editions_that_are_not_written_are_refused() {
    let folder = folder();
    for (output, told) in [("cyclonedx@1.5", "known: 1.6, 1.7"), ("json@1.6", "no edition"), ("cyclonedx@", "known:")] {
        let ended = interdict(folder.path(), &["scan", "in", "-o", output]);
        let said = String::from_utf8(ended.stderr).unwrap();
        assert!(ended.status.code() == Some(2) && said.contains(told), "{output}: {said}");
    }
}
