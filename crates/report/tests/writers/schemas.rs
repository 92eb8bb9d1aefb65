//! What is written, held against the schema it promises.
use interdict_report::{Look, schema, writer};
use serde_json::Value;

use crate::sample::CASES;
use crate::{hold, repository, written};

/// Every fault that the schema finds.
fn faults(schema: &Value, document: &Value) -> Vec<String> {
    faults_of(&jsonschema::validator_for(schema).unwrap(), document)
}

fn faults_of(validator: &jsonschema::Validator, document: &Value) -> Vec<String> {
    validator.iter_errors(document).take(5).map(|fault| format!("{}: {fault}", fault.instance_path())).collect()
}

#[test]
fn the_schema_of_the_report_is_committed() {
    let mut text = serde_json::to_string_pretty(&schema()).unwrap();
    text.push('\n');
    hold(&repository("docs/reference/report.schema.json"), &text);
}

#[test]
fn reports_keep_to_their_schema() {
    for (case, build) in CASES {
        let document = serde_json::from_str(&written(writer("json").unwrap(), &build(), &Look::default())).unwrap();
        assert_eq!(faults(&schema(), &document), Vec::<String>::new(), "{case}");
    }
}

#[test]
fn the_schema_refuses_what_is_no_report() {
    let good = serde_json::to_value(CASES[0].1()).unwrap();
    for (pointer, wrong) in [
        ("/schema", Value::from("interdict.report/2")),
        ("/outcome", "fine".into()),
        ("/findings/0/relation", "near".into()),
        ("/coverage/artifacts", (-1).into()),
        ("/findings/0/matches/0/proof/0/at", "everywhere".into()),
    ] {
        let mut bad = good.clone();
        *bad.pointer_mut(pointer).unwrap() = wrong;
        assert_ne!(faults(&schema(), &bad), Vec::<String>::new(), "{pointer}");
    }
}

fn official(path: &str) -> Value {
    let text = std::fs::read_to_string(repository("fixtures/schemas").join(path)).unwrap();
    // SARIF's own pattern for languages closes a bracket that it never opened, which strict readers refuse.
    serde_json::from_str(&text.replace("-[a-zA-Z]{2}]?$", "(-[a-zA-Z]{2})?$")).unwrap()
}

/// CycloneDX's schema of this edition with those it refers to: the copies that `--strict` holds documents against.
pub(crate) fn cyclonedx(edition: &str) -> jsonschema::Validator {
    let folder = repository("crates/sbom/schemas/cyclonedx");
    let read =
        |name: &str| -> Value { serde_json::from_str(&std::fs::read_to_string(folder.join(name)).unwrap()).unwrap() };
    let mut registry = jsonschema::Registry::new();
    for near in ["spdx.SNAPSHOT.schema.json", "jsf-0.82.SNAPSHOT.schema.json", "cryptography-defs.SNAPSHOT.schema.json"]
    {
        // They are referred to relative to the main schema's own id.
        registry = registry.add(format!("http://cyclonedx.org/schema/{near}"), read(near)).unwrap();
    }
    let registry = registry.prepare().unwrap();
    let main = read(&format!("bom-{edition}.SNAPSHOT.schema.json"));
    jsonschema::options().with_registry(&registry).should_validate_formats(true).build(&main).unwrap()
}

#[test]
fn sarif_keeps_to_the_official_schema() {
    let schema = official("sarif/sarif-schema-2.1.0.json");
    let schema = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    keeps("sarif", &schema, "/runs/0/results/0/level");
}

#[test]
fn cyclonedx_keeps_to_the_official_schema() {
    let schema = cyclonedx("1.6");
    keeps("cyclonedx", &schema, "/components/0/components/0/evidence/identity/0/methods/0/technique");
}

/// SPDX 2.3's schema: the copy that `--strict` holds documents against.
pub(crate) fn spdx() -> jsonschema::Validator {
    let path = repository("crates/sbom/schemas/spdx/spdx-2.3.schema.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

#[test]
fn spdx_keeps_to_the_official_schema() {
    keeps("spdx", &spdx(), "/relationships/0/relationshipType");
}

/// Every case is valid, and a document spoilt at this place is not.
fn keeps(id: &str, schema: &jsonschema::Validator, spoil: &str) {
    for (case, build) in CASES {
        let text = written(writer(id).unwrap(), &build(), &Look::default());
        let mut document: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(faults_of(schema, &document), Vec::<String>::new(), "{id} {case}");
        if *case == "full" {
            *document.pointer_mut(spoil).unwrap() = "spoilt".into();
            assert_ne!(faults_of(schema, &document), Vec::<String>::new(), "{id} spoilt");
        }
    }
}
