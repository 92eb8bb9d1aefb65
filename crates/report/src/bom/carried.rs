//! The input's BOM in the encoding that was asked for, carried over where it came in the other.
use std::borrow::Cow;

use interdict_model::{Input, Report};
use serde_json::Value;

use super::edit::members;
use super::found::property;
use super::original::{Ask, text};
use super::{JSON, PROTOBUF, XML, markup, objects, protobuf};
use crate::left::Left;

/// A document, and what is to be said of how it came to be.
pub(super) struct Carried<'a> {
    pub(super) input: &'a Input,
    pub(super) text: Cow<'a, str>,
    pub(super) remarks: Vec<Value>,
}

impl<'a> Carried<'a> {
    /// The input's BOM in this encoding; says why it cannot be had.
    pub(super) fn of(report: &'a Report, ask: &Ask<'a>, encoding: &str) -> Result<Self, String> {
        let (input, bytes) = ask.bytes(report, super::ENCODINGS)?;
        let own = input.format.as_ref().map(ToString::to_string).unwrap_or_default();
        let mut assumed = None;
        let (text, left) = match (own.as_str(), encoding) {
            (own, wanted) if own == wanted => {
                return Ok(Self { input, text: text(bytes)?.into(), remarks: Vec::new() });
            }
            (JSON, XML) => in_markup(text(bytes)?)?,
            (XML, JSON) => objects::carried(text(bytes)?)?,
            (PROTOBUF, JSON | XML) => {
                let protobuf::Carried { json, mut left, assumed: what } = protobuf::carried(bytes)?;
                assumed = what;
                if encoding == JSON {
                    (json, left)
                } else {
                    let (xml, more) = in_markup(&json)?;
                    left.extend(more);
                    (xml, left)
                }
            }
            (own, _) => return Err(format!("it is {own}, which is not carried over")),
        };
        let assumed = assumed.map(|what| format!("; {what}")).unwrap_or_default();
        let mut remarks = vec![property("carried-over", &format!("from {own} to {encoding}{assumed}"))];
        let left = left.told();
        if !left.is_empty() {
            remarks.push(property("left-out", &format!("{encoding} has no form for: {left}")));
        }
        Ok(Self { input, text: text.into(), remarks })
    }
}

fn in_markup(json: &str) -> Result<(String, Left), String> {
    markup::carried(json, &edition(json)?)
}

fn edition(text: &str) -> Result<String, String> {
    let root = members(text).map_err(|fault| format!("it is not well formed ({fault})"))?;
    if root.text("bomFormat").as_deref() != Some("CycloneDX") {
        return Err("its `bomFormat` is not `CycloneDX`".to_owned());
    }
    let stated = root.text("specVersion").unwrap_or_default();
    // Known before it stands in markup.
    super::edition(&stated, None)?;
    Ok(stated)
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::super::shapes::{Kind, Line, Place, shape};
    use super::*;

    /// A value of this kind with every member that the table has; a shape within itself is left out.
    fn all(kind: &Kind, variant: usize, within: &mut Vec<&'static str>) -> Option<Value> {
        Some(match kind {
            Kind::Text => json!(" a <&\n\"' b\t"),
            Kind::Token | Kind::Reference => json!("urn:a#<&>"),
            Kind::Number => serde_json::from_str("1.5").unwrap(),
            Kind::Flag => json!(variant.is_multiple_of(2)),
            Kind::Under(member, inside) => json!({ *member: all(inside, variant, within)? }),
            Kind::Shape(name) => {
                if within.contains(name) || within.len() > 9 {
                    return None;
                }
                within.push(name);
                let mut object = Map::new();
                fill(shape(name).members().collect(), variant, within, &mut object);
                within.pop();
                Value::Object(object)
            }
        })
    }

    fn fill(
        members: Vec<&'static [Line]>,
        variant: usize,
        within: &mut Vec<&'static str>,
        object: &mut Map<String, Value>,
    ) {
        for lines in members {
            let line = &lines[variant % lines.len()];
            if let (Place::Own, Kind::Shape(own)) = (line.place, &line.kind) {
                fill(shape(own).members().collect(), variant, within, object);
                continue;
            }
            let Some(value) = all(&line.kind, variant, within) else { continue };
            let value = if line.is_list() { json!([value, value]) } else { value };
            object.insert(line.json.to_owned(), value);
        }
    }

    #[test]
    fn every_member_that_the_table_has_comes_back() {
        for variant in 0..6 {
            let mut bom = all(&Kind::Shape("bom"), variant, &mut Vec::new()).unwrap();
            let own = bom.as_object_mut().unwrap();
            own.extend([
                ("$schema".to_owned(), json!("http://cyclonedx.org/schema/bom-1.7.schema.json")),
                ("bomFormat".to_owned(), json!("CycloneDX")),
                ("specVersion".to_owned(), json!("1.7")),
            ]);
            let text = bom.to_string();
            assert!(text.len() > 100_000, "{}", text.len());
            let (xml, left) = markup::carried(&text, "1.7").unwrap();
            assert_eq!(left.told(), "");
            let (back, left) = objects::carried(&xml).unwrap();
            assert_eq!(left.told(), "");
            let back: Value = serde_json::from_str(&back).unwrap();
            let unlike = difference(&bom, &back, "");
            assert_eq!(unlike, None, "{variant}");
        }
    }

    /// The first place at which the two are not equal.
    fn difference(one: &Value, other: &Value, at: &str) -> Option<String> {
        match (one, other) {
            (Value::Object(one), Value::Object(other)) if one.len() == other.len() => {
                one.iter().find_map(|(name, value)| {
                    difference(value, other.get(name).unwrap_or(&Value::Null), &format!("{at}/{name}"))
                })
            }
            (Value::Array(one), Value::Array(other)) if one.len() == other.len() => one
                .iter()
                .zip(other)
                .enumerate()
                .find_map(|(index, (one, other))| difference(one, other, &format!("{at}/{index}"))),
            _ if one == other => None,
            _ => Some(format!(
                "{at}: {}",
                [one, other].map(|value| value.to_string().chars().take(200).collect::<String>()).join(" / ")
            )),
        }
    }

    #[test]
    fn what_has_no_form_is_named() {
        let text = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","acme":1,"components":[{"type":"library","name":"a\u0001",
            "signature":{"value":"x"},"version":["1"]}]}"#;
        let (xml, left) = markup::carried(text, "1.6").unwrap();
        assert_eq!(left.told(), "acme (1), characters that XML forbids (1), signature (1), version (1)");
        assert!(xml.contains("<name>a\u{fffd}</name>"), "{xml}");
        let xml = "<bom xmlns='http://cyclonedx.org/schema/bom/1.6' xmlns:x='urn:x'><!-- a --><components><component type='library' x:y='1'>
            <name>a<![CDATA[<b>]]></name><x:own/><nothing/></component></components></bom>";
        let (json, left) = objects::carried(xml).unwrap();
        assert_eq!(left.told(), "comments (1), nothing (1), own (1), y (1)");
        assert!(json.contains(r#""name":"a<b>""#), "{json}");
    }

    #[test]
    fn nesting_without_end_is_refused() {
        let deep = |open: &str, close: &str| format!("{}{}", open.repeat(50_000), close.repeat(50_000));
        let json = format!(
            "{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",{}",
            deep("\"components\":[{", "}]}").trim_end_matches('}')
        );
        assert!(markup::carried(&format!("{json}}}"), "1.6").is_err());
        let xml = format!(
            "<bom xmlns='{}1.6'>{}</bom>",
            markup::NAMESPACE,
            deep("<components><component>", "</component></components>")
        );
        assert!(objects::carried(&xml).is_err());
    }
}
