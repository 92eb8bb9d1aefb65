//! Components in components: a walk with a stack of its own, so that depth costs no recursion.
use super::document::Bom;
use super::field::{self, Field};
use crate::cyclonedx::NESTING;
use crate::cyclonedx::tree::{Frame, Level, Site, finish, leave, unwind};
use crate::draft::Path;
use crate::json::{Kind, Read};
use crate::reading::Reading;

/// Reads a list of components or services, and everything nested in them.
pub(super) fn list(reading: &mut Reading<'_, '_, '_>, bom: &mut Bom, field: &str, site: Site) -> Read<()> {
    let mut stack = Vec::new();
    push_list(reading, bom, &mut stack, field, site)?;
    walk(reading, bom, stack)
}

/// Reads what the document describes, and everything nested in it.
pub(super) fn subject(reading: &mut Reading<'_, '_, '_>, bom: &mut Bom, field: &str) -> Read<()> {
    let mut stack = Vec::new();
    let base = reading.pointer.len();
    reading.pointer.push_str(field);
    push_part(reading, &mut stack, base, Site::Subject)?;
    walk(reading, bom, stack)
}

/// Reads until the stack is empty; what was half read at a fault is told as far as it is known.
fn walk<'a>(reading: &mut Reading<'a, '_, '_>, bom: &mut Bom, mut stack: Vec<Frame<'a>>) -> Read<()> {
    let read = steps(reading, bom, &mut stack);
    unwind(&mut stack, &mut reading.pointer, reading.sink);
    read
}

fn steps<'a>(reading: &mut Reading<'a, '_, '_>, bom: &mut Bom, stack: &mut Vec<Frame<'a>>) -> Read<()> {
    while let Some(top) = stack.last_mut() {
        match top {
            Frame::List { outer, base, next, site } => {
                let (outer, base, site) = (*outer, *base, *site);
                if reading.json.item()? {
                    reading.stand_at(base, *next);
                    *next += 1;
                    site.count(&mut bom.whole.counts);
                    push_part(reading, stack, base, site)?;
                } else {
                    leave(stack, &mut reading.pointer, outer);
                }
            }
            Frame::Pedigree { base } => {
                let base = *base;
                match reading.json.key()?.as_deref() {
                    Some("ancestors") => push_list(reading, bom, stack, "/ancestors", Site::Pedigree)?,
                    Some("descendants") => push_list(reading, bom, stack, "/descendants", Site::Pedigree)?,
                    Some("variants") => push_list(reading, bom, stack, "/variants", Site::Pedigree)?,
                    Some(_) => reading.json.skip()?,
                    None => leave(stack, &mut reading.pointer, base),
                }
            }
            Frame::Part(level) => match reading.json.key()? {
                Some(key) => {
                    let Some(field) = Field::named(&key) else {
                        reading.json.skip()?;
                        continue;
                    };
                    if level.seen & field.bit() != 0 {
                        reading.twice(&key);
                    }
                    level.seen |= field.bit();
                    let nested = level.site.inside();
                    match field {
                        Field::Components => push_list(reading, bom, stack, "/components", nested)?,
                        Field::Services => push_list(reading, bom, stack, "/services", Site::Service)?,
                        Field::Pedigree => push_pedigree(reading, stack)?,
                        field => field::read(reading, &mut level.draft, field)?,
                    }
                }
                None => finish(stack, &mut reading.pointer, reading.sink),
            },
        }
    }
    Ok(())
}

/// Steps into a list; the pointer goes with it. One thing that is no list is a list of one.
fn push_list<'a>(
    reading: &mut Reading<'a, '_, '_>,
    bom: &mut Bom,
    stack: &mut Vec<Frame<'a>>,
    field: &str,
    site: Site,
) -> Read<()> {
    if stack.len() >= 2 * NESTING {
        reading.ledger.too_deep(&reading.pointer);
        return reading.json.skip();
    }
    let outer = reading.pointer.len();
    let kind = reading.json.kind()?;
    reading.pointer.push_str(field);
    match kind {
        Kind::Array => {
            reading.json.open()?;
            let next = std::mem::take(&mut reading.first);
            stack.push(Frame::List { outer, base: reading.pointer.len(), next, site });
            Ok(())
        }
        Kind::Object => {
            reading.repair(&Path::Field(""), "an object where a list belongs", "a list of one");
            site.count(&mut bom.whole.counts);
            push_part(reading, stack, outer, site)
        }
        kind => {
            reading.not(kind, "a list", &Path::Field(""))?;
            reading.pointer.truncate(outer);
            Ok(())
        }
    }
}

/// Steps into a component, to whose place the pointer was moved already; `base` is its length before.
fn push_part<'a>(reading: &mut Reading<'a, '_, '_>, stack: &mut Vec<Frame<'a>>, base: usize, site: Site) -> Read<()> {
    let kind = reading.json.kind()?;
    if kind != Kind::Object {
        reading.not(kind, "a component", &Path::Field(""))?;
        reading.pointer.truncate(base);
        return Ok(());
    }
    reading.json.open()?;
    let mut level = Box::new(Level::new(site, base, reading.pointer.len()));
    level.draft.wanted = reading.wanted;
    stack.push(Frame::Part(level));
    Ok(())
}

fn push_pedigree<'a>(reading: &mut Reading<'a, '_, '_>, stack: &mut Vec<Frame<'a>>) -> Read<()> {
    let base = reading.pointer.len();
    let kind = reading.json.kind()?;
    if kind != Kind::Object {
        return reading.not(kind, "an object", &Path::Field("/pedigree"));
    }
    reading.json.open()?;
    reading.pointer.push_str("/pedigree");
    stack.push(Frame::Pedigree { base });
    Ok(())
}
