//! The JSON Schema of `interdict.toml`, for editors; made from the same table.
use serde_json::{Map, Value, json};

use super::table::{Kind, Setting};

/// Draft 7, which editors of TOML read.
pub(crate) fn schema(table: &[Setting]) -> Value {
    let mut properties = Map::new();
    for setting in table {
        let Some(section) = &setting.section else {
            properties.insert(setting.key.clone(), property(setting));
            continue;
        };
        let inner = properties
            .entry(section.clone())
            .or_insert_with(|| json!({ "type": "object", "additionalProperties": false, "properties": {} }));
        if let Some(inner) = inner.get_mut("properties").and_then(Value::as_object_mut) {
            inner.insert(setting.key.clone(), property(setting));
        }
    }
    properties.insert("waiver".to_owned(), json!({ "type": "array", "items": waiver() }));
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "urn:interdict:settings:1",
        "title": "interdict.toml",
        "description": "What `interdict scan` reads where a flag or a variable does not say otherwise.",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
    })
}

/// One finding set aside.
fn waiver() -> Value {
    let text = |what: &str| json!({ "type": "string", "description": what });
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["fingerprint", "reason", "owner", "until"],
        "properties": {
            "fingerprint": text("Of the finding, as the report has it: another build of the file voids the waiver"),
            "reason": text("Why"),
            "owner": text("Who answers for it"),
            "ticket": text("Where it is tracked"),
            "until": json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "description": "The last day it holds" }),
            "entity": text("What was set aside; a finding of another entity is not"),
            "on": text("Where: a pattern of locators, * any run, ? one character"),
        },
    })
}

fn property(setting: &Setting) -> Value {
    let one = match &setting.kind {
        Kind::Switch => json!({ "type": "boolean" }),
        Kind::Number => json!({ "type": "integer", "minimum": 0 }),
        Kind::Text => json!({ "type": "string" }),
        Kind::Choice(known) => json!({ "type": "string", "enum": known }),
    };
    let mut property = if setting.list { json!({ "anyOf": [one, { "type": "array", "items": one }] }) } else { one };
    if let Some(property) = property.as_object_mut() {
        property.insert("description".to_owned(), json!(setting.help));
        if let Some(default) = default(setting) {
            property.insert("default".to_owned(), default);
        }
    }
    property
}

fn default(setting: &Setting) -> Option<Value> {
    let values: Vec<Value> = setting.default.iter().map(|text| typed(&setting.kind, text)).collect();
    match (setting.list, values.as_slice()) {
        (_, []) => None,
        (true, values) => Some(json!(values)),
        (false, [value, ..]) => Some(value.clone()),
    }
}

fn typed(kind: &Kind, text: &str) -> Value {
    match kind {
        Kind::Switch => json!(text == "true"),
        Kind::Number => text.parse::<u64>().map_or_else(|_| json!(text), |number| json!(number)),
        Kind::Text | Kind::Choice(_) => json!(text),
    }
}
