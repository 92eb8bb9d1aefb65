//! The report is a public contract: every report that the binary writes meets the schema in the repository.
#![expect(clippy::disallowed_methods, reason = "a test reads the schema")]
use interdict_tests::{report, workspace};

#[test]
fn reports_meet_the_schema() {
    let schema = std::fs::read(workspace().join("docs/reference/report.schema.json")).unwrap();
    let schema: serde_json::Value = serde_json::from_slice(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for arguments in [
        vec!["fixtures/demo"],
        vec!["fixtures/demo", "--profile", "us-vendor", "--evidence", "all"],
        vec!["Cargo.toml", "gone"],
        vec!["crates/model/src"],
    ] {
        let (report, _) = report(&workspace(), &arguments);
        let errors: Vec<_> = validator.iter_errors(&report).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{arguments:?}\n{}", errors.join("\n"));
        assert_eq!(report["schema"], "interdict.report/1");
    }
}
