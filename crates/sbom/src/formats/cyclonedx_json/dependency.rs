//! Who needs whom.
use std::borrow::Cow;

use super::document::Bom;
use crate::cyclonedx::NESTING;
use crate::draft::Path;
use crate::json::{Kind, Read};
use crate::reading::Reading;

/// Who needs whom: references in JSON, objects with lists of their own in protobuf, however deep.
pub(super) fn list(reading: &mut Reading<'_, '_, '_>, bom: &mut Bom) -> Read<()> {
    let mut open = Open::default();
    reading.list(&Path::Field("/dependencies"), |reading, index| {
        bom.whole.counts.relationships += 1;
        dependency(reading, index, &mut open)
    })
}

/// What one thing needs, which has several references where one stands twice; `inside` says that its list of objects was
/// stepped into.
#[derive(Default)]
struct Needs<'a> {
    from: Vec<Cow<'a, str>>,
    to: Vec<Cow<'a, str>>,
    inside: bool,
}

/// What was stepped into, and the room that former ones took.
#[derive(Default)]
struct Open<'a> {
    stack: Vec<Needs<'a>>,
    spare: Vec<Needs<'a>>,
}

fn dependency<'a>(reading: &mut Reading<'a, '_, '_>, index: usize, open: &mut Open<'a>) -> Read<()> {
    let path = |key: &'static str| Path::Item("/dependencies", index, key);
    enter(reading, open, &Path::Item("/dependencies", index, ""))?;
    while let Some(top) = open.stack.last_mut() {
        if top.inside {
            if !reading.json.item()? {
                top.inside = false;
            } else if reading.json.kind()? == Kind::Object {
                enter(reading, open, &path("/dependencies"))?;
            } else {
                top.to.extend(reading.word(&path("/dependencies"))?);
            }
            continue;
        }
        match reading.json.key()?.as_deref() {
            Some("ref") => {
                if !top.from.is_empty() {
                    reading.twice_in(&path(""), "ref");
                }
                top.from.extend(reading.word(&path("/ref"))?);
            }
            Some("dependencies") if reading.json.kind()? == Kind::Array => {
                reading.json.open()?;
                top.inside = true;
            }
            Some(key @ ("dependsOn" | "provides" | "dependencies")) => {
                let path = path(match key {
                    "dependsOn" => "/dependsOn",
                    "provides" => "/provides",
                    _ => "/dependencies",
                });
                reading.list(&path, |reading, _| {
                    top.to.extend(target(reading, &path)?);
                    Ok(())
                })?;
            }
            Some(_) => reading.json.skip()?,
            None => {
                let Some(mut needs) = open.stack.pop() else { continue };
                for from in needs.from.drain(..) {
                    if needs.to.is_empty() && reading.wanted.may_name(&from) {
                        reading.sink.refers(&from);
                    }
                    for to in &needs.to {
                        reading.sink.depends(&from, to);
                    }
                    if let Some(outer) = open.stack.last_mut() {
                        outer.to.push(from);
                    }
                }
                needs.to.clear();
                open.spare.push(needs);
            }
        }
    }
    Ok(())
}

fn enter<'a>(reading: &mut Reading<'a, '_, '_>, open: &mut Open<'a>, path: &Path) -> Read<()> {
    match reading.json.kind()? {
        Kind::Object if open.stack.len() >= NESTING => {
            reading.ledger.too_deep("/dependencies");
            reading.json.skip()
        }
        Kind::Object => {
            reading.json.open()?;
            open.stack.push(open.spare.pop().unwrap_or_default());
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
