//! What is written, held against the schema it promises.
use interdict_report::{Look, schema, writer};
use serde_json::Value;

use crate::sample::CASES;
use crate::{hold, repository, written};

/// Every fault that the schema finds.
fn faults(schema: &Value, document: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(schema).unwrap();
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
