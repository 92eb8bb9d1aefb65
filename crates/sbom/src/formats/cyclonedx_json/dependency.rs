//! Who needs whom.
use std::borrow::Cow;

use super::document::Bom;
use crate::cyclonedx::NESTING;
use crate::draft::Path;
use crate::json::{Kind, Read};
use crate::reading::Reading;

/// Who needs whom: references in JSON, objects with lists of their own in protobuf, however deep.
pub(super) fn list(reading: &mut Reading<'_, '_, '_>, bom: &mut Bom) -> Read<()> {
    reading.list(&Path::Field("/dependencies"), |reading, index| {
        bom.whole.counts.relationships += 1;
        dependency(reading, index)
    })
}

/// What one thing needs; `inside` says that its list of objects was stepped into.
#[derive(Default)]
struct Needs<'a> {
    from: Option<Cow<'a, str>>,
    to: Vec<Cow<'a, str>>,
    inside: bool,
}

fn dependency(reading: &mut Reading<'_, '_, '_>, index: usize) -> Read<()> {
    let path = |key: &str| Path::Deep(format!("/dependencies/{index}/{key}").into());
    let mut stack = Vec::new();
    enter(reading, &mut stack, &Path::Item("/dependencies", index, ""))?;
    while let Some(top) = stack.last_mut() {
        if top.inside {
            if !reading.json.item()? {
                top.inside = false;
            } else if reading.json.kind()? == Kind::Object {
                enter(reading, &mut stack, &path("dependencies"))?;
            } else {
                top.to.extend(reading.word(&path("dependencies"))?);
            }
            continue;
        }
        match reading.json.key()?.as_deref() {
            Some("ref") => top.from = reading.word(&path("ref"))?,
            Some("dependencies") if reading.json.kind()? == Kind::Array => {
                reading.json.open()?;
                top.inside = true;
            }
            Some(key @ ("dependsOn" | "provides" | "dependencies")) => {
                let path = path(key);
                reading.list(&path, |reading, _| {
                    top.to.extend(target(reading, &path)?);
                    Ok(())
                })?;
            }
            Some(_) => reading.json.skip()?,
            None => {
                let Some(Needs { from: Some(from), to, .. }) = stack.pop() else { continue };
                for to in &to {
                    reading.sink.depends(&from, to);
                }
                if let Some(outer) = stack.last_mut() {
                    outer.to.push(from);
                }
            }
        }
    }
    Ok(())
}

fn enter<'a>(reading: &mut Reading<'a, '_, '_>, stack: &mut Vec<Needs<'a>>, path: &Path) -> Read<()> {
    match reading.json.kind()? {
        Kind::Object if stack.len() >= NESTING => {
            reading.ledger.too_deep("/dependencies");
            reading.json.skip()
        }
        Kind::Object => {
            reading.json.open()?;
            stack.push(Needs::default());
            Ok(())
        }
        kind => reading.not(kind, "an object", path),
    }
}

/// A reference, or an object that holds one under `ref`.
fn target<'a>(reading: &mut Reading<'a, '_, '_>, path: &Path) -> Read<Option<Cow<'a, str>>> {
    if reading.json.kind()? != Kind::Object {
        return reading.word(path);
    }
    reading.repair(path, "an object where a reference belongs", "its `ref`");
    let mut target = None;
    reading.object(path, |reading, key| {
        match key {
            "ref" => target = reading.word(path)?,
            _ => reading.json.skip()?,
        }
        Ok(())
    })?;
    Ok(target)
}
