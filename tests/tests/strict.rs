//! Strict runs: documents are held against their official schemas, and envelopes give their documents up.
#![expect(clippy::disallowed_methods, reason = "a test makes files, and may fail")]
use std::fs;

use interdict_tests::{interdict, report, workspace};
use serde_json::Value;

const GOOD: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","version":1,"components":[{"type":"library",
"name":"zlib","version":"1.3"}]}"#;

#[test]
fn repairs_and_complaints_end_in_their_own_status() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    file("good.json", GOOD);
    file("odd.json", &GOOD.replace("library", "gizmo"));
    file("late.json", &GOOD.replace("1.5", "1.9"));
    file("twice.json", &GOOD.replace("\"name\":\"zlib\"", "\"name\":\"a\",\"name\":\"zlib\""));
    file("kav.json", &GOOD.replace("zlib", "Kaspersky Anti-Virus SDK").replace("library", "gizmo"));
    for (name, lenient, strict) in
        [("good.json", 0, 0), ("odd.json", 0, 4), ("late.json", 0, 4), ("twice.json", 3, 4), ("kav.json", 1, 1)]
    {
        let status = |arguments: &[&str]| interdict(folder.path(), arguments).status.code();
        assert_eq!(status(&["scan", name]), Some(lenient), "{name}");
        assert_eq!(status(&["scan", "--strict", name]), Some(strict), "{name}");
    }
    let output = interdict(folder.path(), &["scan", "--strict", "-o", "json", "odd.json"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("`odd.json` (cyclonedx-json 1.5) is no valid document: 1 place"), "{said}");
    assert!(said.contains("/components/0/type: `gizmo` is none of"), "{said}");
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["repairs"][0]["pointer"], "/components/0/type");
}

#[test]
fn documents_in_envelopes_are_inputs_with_their_counts() {
    for (envelope, inner) in [
        ("unpack/in-toto/good-cyclonedx", "!/predicate"),
        ("unpack/dsse/good-one", "!/payload!/predicate"),
        ("unpack/sigstore-bundle/good-0.3", "!/payload!/predicate"),
    ] {
        let at = workspace().join("fixtures").join(envelope);
        let (report, status) = report(&at, &["input.json"]);
        let inputs = report["inputs"].as_array().unwrap();
        let found = inputs.iter().find(|input| input["locator"] == format!("input.json{inner}"));
        assert_eq!(found.map(|input| &input["counts"]["components"]), Some(&Value::from(1)), "{envelope}");
        let kinds: Vec<&str> =
            report["anomalies"].as_array().unwrap().iter().filter_map(|one| one["kind"].as_str()).collect();
        assert_eq!(kinds.contains(&"unverified-signature"), !envelope.contains("in-toto"), "{envelope}: {kinds:?}");
        assert_eq!(status, 1, "{envelope}");
    }
}
