//! A BOM in protobuf as the JSON encoding writes it.
mod table;
mod wire;

use interdict_model::Instant;
use serde_json::{Map, Value, json};

use self::table::{Field, Kind, message, word};
use self::wire::{Value as Raw, Wire};
use crate::left::Left;

/// Messages in messages that are followed.
const DEEPEST: usize = 100;

/// Fields of one document that are held.
const FIELDS: usize = 8_000_000;

/// The edition that a document is read as that states none: no number means one thing in one edition and another in the next.
const NEWEST: &str = "1.7";

/// A document as JSON, what JSON has no form for, and what was assumed.
pub(super) struct Carried {
    pub(super) json: String,
    pub(super) left: Left,
    pub(super) assumed: Option<String>,
}

/// A document in protobuf as JSON of the same edition.
pub(super) fn carried(bytes: &[u8]) -> Result<Carried, String> {
    let mut reader = Reader { left: Left::default(), fields: 0 };
    let Value::Object(mut bom) = reader.message(bytes, "Bom", 0)? else { return Err("it is no BOM".to_owned()) };
    let stated = bom.get("specVersion").and_then(Value::as_str).filter(|stated| !stated.is_empty());
    let assumed = stated.is_none().then(|| format!("it states no edition and was read as one of {NEWEST}"));
    let edition = stated.unwrap_or(NEWEST).to_owned();
    bom.insert("$schema".to_owned(), json!(format!("http://cyclonedx.org/schema/bom-{edition}.schema.json")));
    bom.insert("bomFormat".to_owned(), json!("CycloneDX"));
    bom.insert("specVersion".to_owned(), json!(edition));
    Ok(Carried { json: Value::Object(bom).to_string(), left: reader.left, assumed })
}

struct Reader {
    left: Left,
    fields: usize,
}

impl Reader {
    fn message(&mut self, bytes: &[u8], name: &'static str, depth: usize) -> Result<Value, String> {
        if depth > DEEPEST {
            return Err("it is nested too deeply to be carried over".to_owned());
        }
        let (mut object, mut whole) = (Map::new(), None);
        for field in Wire(bytes) {
            let (number, raw) = field.map_err(|fault| format!("it is not well formed ({fault})"))?;
            self.fields += 1;
            if self.fields > FIELDS {
                return Err("it has too many parts to be carried over".to_owned());
            }
            let Some(known) = message(name).iter().find(|known| known.number == number) else {
                self.left.add(&format!("field {number} of {name}"));
                continue;
            };
            let values = self.values(known, raw, depth)?;
            let value = match (known.is_list || is_tool(known), values) {
                (true, values) => Value::Array(values),
                // Of a value that is said twice the last one counts.
                (false, mut values) => match values.pop() {
                    Some(value) => value,
                    None => continue,
                },
            };
            match (known.is_whole, object.get_mut(known.member)) {
                (true, _) if whole.is_none() => whole = Some(value),
                (true, _) => merge(whole.as_mut(), value),
                (false, Some(standing)) => merge(Some(standing), value),
                (false, None) => {
                    object.insert(known.member.to_owned(), value);
                }
            }
        }
        let is_missing = |known: &&Field| known.is_asked && !object.contains_key(known.member);
        let missing: Vec<_> = message(name).iter().filter(is_missing).collect();
        for known in missing {
            if let Some(first) = first(known.kind) {
                object.insert(known.member.to_owned(), first);
            }
        }
        self.settle(name, &mut object);
        Ok(match whole {
            None if message(name).iter().any(|known| known.is_whole && known.is_list) => json!([]),
            None => Value::Object(object),
            Some(Value::Object(mut whole)) => {
                self.hand(&mut whole, object);
                Value::Object(whole)
            }
            Some(whole) => {
                object.keys().for_each(|member| self.left.add(member));
                whole
            }
        })
    }

    /// What JSON says in another place than protobuf.
    fn settle(&mut self, message: &str, object: &mut Map<String, Value>) {
        // Who acknowledges a licence, and what it is called, belongs to the licence.
        if let Some(Value::Object(mut license)) = object.remove("license") {
            let beside = ["acknowledgement", "bom-ref"].into_iter();
            let beside = beside.filter_map(|name| object.remove(name).map(|value| (name.to_owned(), value))).collect();
            self.hand(&mut license, beside);
            object.insert("license".to_owned(), Value::Object(license));
        }
        // JSON tells a phase or a state that has a name of its own from one that it knows: only the former is described.
        let is_named = object.contains_key("name") || !["Lifecycles", "CertificateState"].contains(&message);
        if !is_named && object.remove("description").is_some() {
            self.left.add("description of a phase or state");
        }
        // Two forms of one member, of which the newer one says more.
        if let Some(detailed) = object.remove("ikev2TransformTypesDetailed")
            && object.insert("ikev2TransformTypes".to_owned(), detailed).is_some()
        {
            self.left.add("ikev2TransformTypes beside detailed ones");
        }
        // Tools are a list of one form, or components and services.
        let Some(Value::Array(tools)) = object.get_mut("tools") else { return };
        let is_new = |tool: &Value| ["components", "services"].iter().any(|name| tool.get(name).is_some());
        if tools.iter().any(is_new) {
            let mut all = Value::Object(Map::new());
            for mut tool in std::mem::take(tools) {
                for old in ["vendor", "name", "version", "hashes", "externalReferences"] {
                    if tool.as_object_mut().and_then(|tool| tool.remove(old)).is_some() {
                        self.left.add(&format!("{old} of a tool beside components"));
                    }
                }
                merge(Some(&mut all), tool);
            }
            object.insert("tools".to_owned(), all);
        }
    }

    /// Gives an object the members that it does not have.
    fn hand(&mut self, object: &mut Map<String, Value>, others: Map<String, Value>) {
        for (name, value) in others {
            match object.get(&name) {
                None => {
                    object.insert(name, value);
                }
                Some(standing) if *standing == value => {}
                Some(_) => self.left.add(&format!("{name} once more")),
            }
        }
    }

    /// One value, or the many that numbers are packed into; none where this field can have none of the kind.
    fn values(&mut self, field: &Field, raw: Raw<'_>, depth: usize) -> Result<Vec<Value>, String> {
        let is_number = matches!(field.kind, Kind::Number | Kind::Word(_) | Kind::Flag);
        if let (true, true, Raw::Bytes(packed)) = (field.is_list, is_number, raw) {
            let (mut packed, mut values) = (Wire(packed), Vec::new());
            while !packed.0.is_empty() {
                let number = packed.varint().map_err(|fault| format!("it is not well formed ({fault})"))?;
                values.extend(self.value(field, Raw::Varint(number), depth)?);
            }
            return Ok(values);
        }
        Ok(self.value(field, raw, depth)?.into_iter().collect())
    }

    fn value(&mut self, field: &Field, raw: Raw<'_>, depth: usize) -> Result<Option<Value>, String> {
        let value = match (field.kind, raw) {
            (Kind::Text, Raw::Bytes(bytes)) => {
                let text = String::from_utf8_lossy(bytes);
                if matches!(text, std::borrow::Cow::Owned(_)) {
                    self.left.add("bytes that are no text");
                }
                Some(json!(text))
            }
            (Kind::Flag, Raw::Varint(number)) => Some(json!(number != 0)),
            (Kind::Number, Raw::Varint(number)) => Some(json!(number.cast_signed())),
            // To the digits that the four bytes hold.
            (Kind::Fraction, Raw::Four(bytes)) => number(&f32::from_le_bytes(bytes).to_string()),
            (Kind::Fraction, Raw::Eight(bytes)) => number(&f64::from_le_bytes(bytes).to_string()),
            (Kind::Word(list), Raw::Varint(number)) => match word(list, number) {
                None if number == 0 => return Ok(None),
                word => word.map(|word| json!(word)),
            },
            (Kind::Time | Kind::Date, Raw::Bytes(bytes)) => {
                time(bytes).map(|time| json!(if field.kind == Kind::Date { date(&time) } else { &time }))
            }
            (Kind::Message(name), Raw::Bytes(bytes)) => Some(self.message(bytes, name, depth + 1)?),
            (Kind::Reference, Raw::Bytes(bytes)) => match self.message(bytes, "Dependency", depth + 1)? {
                Value::Object(mut dependency) => {
                    let reference = dependency.remove("ref");
                    dependency.keys().for_each(|member| self.left.add(&format!("{member} of what is depended on")));
                    reference
                }
                _ => None,
            },
            _ => None,
        };
        if value.is_none() {
            self.left.add(field.member);
        }
        Ok(value)
    }
}

fn is_tool(field: &Field) -> bool {
    field.kind == Kind::Message("Tool")
}

/// What protobuf leaves out because it is the first value of its kind.
fn first(kind: Kind) -> Option<Value> {
    match kind {
        Kind::Text => Some(json!("")),
        Kind::Flag => Some(json!(false)),
        Kind::Number | Kind::Fraction => Some(json!(0)),
        Kind::Word(list) => word(list, 0).map(|word| json!(word)),
        _ => None,
    }
}

/// As protobuf puts together what is said in parts: lists go on, objects gain members, the last of all else counts.
fn merge(standing: Option<&mut Value>, value: Value) {
    match (standing, value) {
        (Some(Value::Array(list)), Value::Array(more)) => list.extend(more),
        (Some(Value::Object(object)), Value::Object(more)) => {
            for (name, value) in more {
                match object.get_mut(&name) {
                    Some(standing) => merge(Some(standing), value),
                    None => {
                        object.insert(name, value);
                    }
                }
            }
        }
        (Some(standing), value) => *standing = value,
        (None, _) => {}
    }
}

fn number(text: &str) -> Option<Value> {
    text.parse::<serde_json::Number>().ok().map(Value::Number)
}

/// `google.protobuf.Timestamp`: seconds since 1970, and billionths of one.
fn time(bytes: &[u8]) -> Option<String> {
    let (mut seconds, mut parts) = (0, 0);
    for field in Wire(bytes) {
        match field.ok()? {
            (1, Raw::Varint(number)) => seconds = number.cast_signed(),
            (2, Raw::Varint(number)) => parts = number,
            _ => return None,
        }
    }
    let time = Instant::from_unix(seconds)?.to_string();
    if parts == 0 {
        return Some(time);
    }
    let parts = Some(format!("{parts:09}")).filter(|parts| parts.len() == 9)?;
    Some(format!("{}.{}Z", time.strip_suffix('Z')?, parts.trim_end_matches('0')))
}

fn date(time: &str) -> &str {
    time.split('T').next().unwrap_or_default()
}

#[cfg(test)]
mod tests;
