//! Components of documents: what counts only beside other facts, every way in, and what a document leaves unsaid.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test makes files, and may fail")]
use std::fs;

use interdict_tests::{interdict, report};
use serde_json::{Value, json};

fn bom(components: &Value, dependencies: &Value) -> String {
    let subject = json!({ "type": "application", "bom-ref": "root", "name": "product", "version": "1" });
    let metadata = json!({ "timestamp": "2024-01-01T00:00:00Z", "component": subject });
    json!({ "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "metadata": metadata,
            "components": components, "dependencies": dependencies })
    .to_string()
}

fn names(steps: &Value) -> Vec<&str> {
    steps.as_array().unwrap().iter().map(|step| step["name"].as_str().unwrap()).collect()
}

#[test]
fn a_version_counts_beside_its_name_in_any_order() {
    let folder = tempfile::tempdir().unwrap();
    let named = |name: &str, version: &str| json!({ "type": "library", "name": name, "version": version });
    let components = json!([
        named("F-Secure Anti-Virus", "9.0.1"),
        named("zlib", "9.0.1"),
        named("F-Secure Anti-Virus", "17.0"),
        { "type": "library", "name": "eScan Anti-Virus", "version": "10.0", "supplier": { "name": "MicroWorld Technologies" } },
        { "type": "library", "name": "eScan Anti-Virus", "version": "22.0", "supplier": { "name": "MicroWorld Technologies" } },
    ]);
    fs::write(folder.path().join("bom.json"), bom(&components, &json!([]))).unwrap();
    // Keys the other way round.
    let turned = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":[
        {"supplier":{"name":"MicroWorld Technologies"},"version":"10.0","name":"eScan Anti-Virus","type":"library"}]}"#;
    fs::write(folder.path().join("turned.json"), turned).unwrap();
    for (file, want) in [("bom.json", vec![0, 3]), ("turned.json", vec![0])] {
        let (report, _) = report(folder.path(), &[file]);
        let findings = report["findings"].as_array().unwrap();
        let mut at: Vec<u64> = findings
            .iter()
            .flat_map(|finding| finding["matches"][0]["proof"].as_array().unwrap())
            .filter(|proof| proof["fact"]["kind"] == "version")
            .map(|proof| proof["at"]["pointer"].as_str().unwrap().split('/').nth(2).unwrap().parse().unwrap())
            .collect();
        at.sort_unstable();
        assert_eq!(at, want, "{file}: {report}");
    }
}

#[test]
fn each_thing_that_brings_a_component_in_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let component = |name: &str| json!({ "type": "library", "bom-ref": name, "name": name });
    let sdk = json!({ "type": "library", "bom-ref": "sdk", "name": "Kaspersky Anti-Virus SDK" });
    let components = json!([component("mail"), component("proxy"), component("scan"), sdk]);
    let needs = |from: &str, to: &[&str]| json!({ "ref": from, "dependsOn": to });
    let dependencies = json!([
        needs("root", &["mail", "proxy"]),
        needs("mail", &["scan"]),
        needs("scan", &["sdk", "mail"]),
        needs("proxy", &["sdk"])
    ]);
    fs::write(folder.path().join("bom.json"), bom(&components, &dependencies)).unwrap();
    let (whole, _) = report(folder.path(), &["bom.json"]);
    let finding = &whole["findings"][0];
    assert_eq!(names(&finding["path"]), ["product 1", "proxy", "Kaspersky Anti-Virus SDK"]);
    let ways: Vec<_> = finding["introducers"].as_array().unwrap().iter().map(names).collect();
    assert_eq!(
        ways,
        [
            vec!["product 1", "mail", "scan", "Kaspersky Anti-Virus SDK"],
            vec!["product 1", "proxy", "Kaspersky Anti-Virus SDK"]
        ]
    );
    let (without, _) = report(folder.path(), &["--no-paths", "bom.json"]);
    let bare = &without["findings"][0];
    assert_eq!(bare["introducers"], Value::Null);
    assert_eq!((&bare["on"], &bare["fingerprint"]), (&finding["on"], &finding["fingerprint"]));
}

#[test]
fn what_a_document_leaves_unsaid() {
    let folder = tempfile::tempdir().unwrap();
    let components = json!([
        { "type": "library", "name": "a", "version": "1", "purl": "pkg:npm/a@1", "supplier": { "name": "A" },
          "licenses": [{ "license": { "id": "MIT" } }] },
        { "type": "library", "name": "b" },
    ]);
    fs::write(folder.path().join("bom.json"), bom(&components, &json!([]))).unwrap();
    let (report, _) = report(folder.path(), &["--sbom-quality", "--as-of", "2026-01-01", "bom.json"]);
    let quality = &report["sbom_quality"][0];
    assert_eq!(quality["age_days"], 731);
    let met = |standard: &str, name: &str| {
        let mut of = quality["elements"].as_array().unwrap().iter();
        let one = of.find(|one| one["standard"] == standard && one["name"] == name).unwrap();
        (one["met"].as_u64().unwrap(), one["of"].as_u64().unwrap())
    };
    assert_eq!(met("ntia-2021", "Supplier Name"), (1, 2));
    assert_eq!(met("ntia-2021", "Component Name"), (2, 2));
    assert_eq!(met("cisa-2026", "Component License"), (1, 2));
    assert_eq!(met("cisa-2026", "SBOM Version"), (1, 1));
    assert_eq!(met("cisa-2026", "SBOM Author"), (0, 1));
    let table = interdict(folder.path(), &["scan", "--sbom-quality", "bom.json"]);
    let shown = String::from_utf8(table.stdout).unwrap();
    assert!(shown.contains("No supplier on 50 % of 2 components"), "{shown}");
}
