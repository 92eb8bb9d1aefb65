//! The JSON Schema of the report, generated from the types that are written.
use interdict_model::{Report, SCHEMA};
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

/// The JSON Schema (draft 2020-12) of what the `json` writer writes.
pub fn schema() -> Value {
    let generated = SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<Report>();
    let mut schema = Value::from(generated);
    if let Some(root) = schema.as_object_mut() {
        root.insert("$id".into(), json!("urn:interdict:report:1"));
        root.insert("title".into(), json!("interdict report"));
    }
    if let Some(version) = schema.pointer_mut("/properties/schema").and_then(Value::as_object_mut) {
        version.insert("const".into(), json!(SCHEMA));
    }
    schema
}
