//! CycloneDX properties that writers carry over into SPDX 3 as extensions, some of them as JSON inside a text.
use std::borrow::Cow;

use interdict_model::FactKind;

use super::names::Names;
use super::value::{self, Value};
use crate::cyclonedx::role_of_property;
use crate::draft::{Draft, Path};
use crate::json::{Json, Kind, Read};
use crate::reading::Reading;

/// Reads the extensions that come next.
pub(super) fn read<'a>(reading: &mut Reading<'a, '_, '_>, names: &Names, draft: &mut Draft<'a>) -> Read<()> {
    value::each(reading, "/extension", &mut |reading, path, value| {
        let Value::Node(at) = value else { return Ok(()) };
        inside(reading, at, &mut |reading, key| match names.local(key) {
            "cdxProperty" => value::each(reading, "", &mut |reading, _, value| {
                let Value::Node(at) = value else { return Ok(()) };
                let (mut name, mut said) = (None, None);
                inside(reading, at, &mut |reading, key| {
                    match names.local(key) {
                        "cdxPropName" => name = value::word(reading, "")?,
                        "cdxPropValue" => said = value::word(reading, "")?,
                        _ => reading.json.skip()?,
                    }
                    Ok(())
                })?;
                if let (Some((_, name)), Some((_, said))) = (name, said) {
                    property(draft, &name, said, &path);
                }
                Ok(())
            }),
            _ => reading.json.skip(),
        })
    })
}

fn inside<'a>(
    reading: &mut Reading<'a, '_, '_>,
    at: usize,
    each: &mut dyn FnMut(&mut Reading<'a, '_, '_>, &str) -> Read<()>,
) -> Read<()> {
    let after = reading.json.offset();
    reading.json.seek(at);
    reading.object(&Path::Field(""), |reading, key| each(reading, key))?;
    reading.json.seek(after);
    Ok(())
}

fn property<'a>(draft: &mut Draft<'a>, name: &str, value: Cow<'a, str>, path: &Path) {
    let kind = role(name);
    if value.starts_with(['{', '[']) {
        let mut said = Vec::new();
        // What is no JSON after all says what stands before the fault.
        let _ = words(&value, &mut said);
        for (key, word) in said {
            match (key.as_str(), kind) {
                ("url", _) => draft.linked(Cow::Owned(word), path),
                ("name" | "vendor" | "publisher" | "author" | "group", Some(kind)) => {
                    draft.by(kind, Cow::Owned(word), path.clone());
                }
                ("email", Some(kind)) => draft.state(kind, Cow::Owned(word), path.clone()),
                _ => {}
            }
        }
        return;
    }
    match kind {
        _ if name == "group" => draft.group = Some(value),
        Some(kind @ (FactKind::Name | FactKind::Copyright)) => draft.state(kind, value, path.clone()),
        Some(kind) => draft.by(kind, value, path.clone()),
        None => draft.linked(value, path),
    }
}

/// Whom a property names: `supplier`, `syft:metadata:vendor`, `metadataTools`.
fn role(name: &str) -> Option<FactKind> {
    match name.strip_prefix("metadata") {
        Some("Tools") => Some(FactKind::Tool),
        Some(rest) if !rest.is_empty() => role_of_property(rest),
        _ => role_of_property(name),
    }
}

/// Every text of a piece of JSON, with the key that it stands under.
fn words(text: &str, said: &mut Vec<(String, String)>) -> Read<()> {
    const DEPTH: usize = 16;
    let mut json = Json::new(text);
    let mut open: Vec<(bool, String)> = Vec::new();
    loop {
        match json.kind()? {
            kind @ (Kind::Object | Kind::Array) if open.len() < DEPTH => {
                json.open()?;
                let key = open.last().map(|(_, key)| key.clone()).unwrap_or_default();
                open.push((kind == Kind::Object, key));
            }
            Kind::Text => {
                let word = json.text()?.into_owned();
                said.extend(open.last().map(|(_, key)| (key.clone(), word)));
            }
            _ => json.skip()?,
        }
        loop {
            let Some((is_object, key)) = open.last_mut() else { return Ok(()) };
            let more = if *is_object {
                let next = json.key()?;
                let more = next.is_some();
                *key = next.map(Cow::into_owned).unwrap_or_default();
                more
            } else {
                json.item()?
            };
            if more {
                break;
            }
            open.pop();
        }
    }
}
