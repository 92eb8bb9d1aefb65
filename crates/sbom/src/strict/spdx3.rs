//! SPDX 3 against its official schema, element by element: a complaint names the element and not the whole graph.
use std::collections::BTreeMap;

use jsonschema::Validator;
use serde_json::{Value, json};

use super::schema::{Edition, SPDX3, compiled, complaints as of, value};
use super::{COMPLAINTS, Complaint};
use crate::json::{Json, Kind, Read};

/// The known version that a graph declares: by its creation information, else by its context.
pub(super) fn version(text: &str) -> Option<&'static str> {
    let mut declared = None;
    // A document that breaks is held against what it declares before the break.
    let _ = look(&mut Json::new(text), &mut declared);
    let declared = declared.or_else(|| {
        let (_, rest) = text.get(..4096.min(text.len())).unwrap_or(text).split_once("spdx.org/rdf/")?;
        rest.split('/').next().map(str::to_owned)
    })?;
    let declared = if declared == "3.0" { "3.0.1" } else { declared.as_str() };
    SPDX3.iter().map(|(version, _)| *version).find(|version| *version == declared)
}

fn look(json: &mut Json<'_>, declared: &mut Option<String>) -> Read<()> {
    if json.kind()? != Kind::Object {
        return Ok(());
    }
    json.open()?;
    while let Some(key) = json.key()? {
        if key == "@graph" && json.kind()? == Kind::Array {
            json.open()?;
            while json.item()? {
                if declared.is_none() && json.kind()? == Kind::Object {
                    *declared = json.clone().says("specVersion");
                }
                json.skip()?;
            }
        } else {
            json.skip()?;
        }
    }
    Ok(())
}

/// What the schema finds wrong with a document.
pub(super) fn complaints(edition: &Edition, document: &Value) -> Vec<Complaint> {
    let Some(schema) = value(edition.deflated) else { return Vec::new() };
    let mut classes = Classes { schema: &schema, ready: BTreeMap::new() };
    let mut out = Vec::new();
    let say = |pointer: &str, wrong: String| Complaint { pointer: pointer.to_owned(), wrong };
    let Some(object) = document.as_object() else {
        return vec![say("", "not an object".to_owned())];
    };
    let context = schema.pointer("/properties/@context/const").and_then(Value::as_str).unwrap_or_default();
    if object.get("@context").and_then(Value::as_str) != Some(context) {
        out.push(say("/@context", format!("must be the text `{context}`")));
    }
    match object.get("@graph") {
        Some(Value::Array(elements)) => {
            let others = object.keys().filter(|key| !matches!(key.as_str(), "@context" | "@graph"));
            out.extend(others.take(COMPLAINTS).map(|key| say("", format!("`{key}` does not belong beside a graph"))));
            for (index, element) in elements.iter().enumerate() {
                if out.len() >= COMPLAINTS {
                    break;
                }
                out.extend(classes.complaints(element, &format!("/@graph/{index}")));
            }
        }
        Some(_) => out.push(say("/@graph", "not a list".to_owned())),
        None => {
            let mut element = document.clone();
            if let Some(object) = element.as_object_mut() {
                object.remove("@context");
            }
            out.extend(classes.complaints(&element, ""));
        }
    }
    out.truncate(COMPLAINTS);
    out
}

/// The schema's classes, each compiled when the first element of it is met.
struct Classes<'s> {
    schema: &'s Value,
    ready: BTreeMap<String, Option<Validator>>,
}

impl Classes<'_> {
    fn complaints(&mut self, element: &Value, at: &str) -> Vec<Complaint> {
        let class = element.get("type").and_then(Value::as_str).unwrap_or_default();
        let is_class = self
            .schema
            .pointer("/$defs")
            .and_then(|defs| defs.get(class))
            .is_some_and(|def| def.pointer("/allOf/0/properties/type").is_some());
        if !is_class {
            let pointer = format!("{at}/type");
            let wrong = match element.get("type") {
                Some(Value::String(class)) => format!("`{}` is no class", class.chars().take(60).collect::<String>()),
                Some(_) => "not a text".to_owned(),
                None => "missing".to_owned(),
            };
            return vec![Complaint { pointer, wrong }];
        }
        let schema = self.schema;
        let validator = self.ready.entry(class.to_owned()).or_insert_with(|| {
            compiled(&json!({
                "$schema": schema.get("$schema"),
                "$defs": schema.get("$defs"),
                "type": "object",
                "$ref": format!("#/$defs/{class}"),
                "unevaluatedProperties": false,
            }))
        });
        validator.as_ref().map_or_else(Vec::new, |validator| of(validator, element, at))
    }
}
