//! Components in components: a walk with a stack of its own, so that depth costs no recursion.
use super::document::{Bom, Reading, cut};
use super::space::Space;
use super::{dependency, document, field, sweep};
use crate::cyclonedx::tree::{Frame, Level, Site, finish, leave, unwind};
use crate::draft::Path;
use crate::xml::{Read, Tag};

/// Reads a list of components or services, and everything nested in them.
pub(super) fn list<'a>(reading: &mut Reading<'a, '_, '_>, bom: &mut Bom<'a>, field: &str, site: Site) -> Read<()> {
    let mut stack = Vec::new();
    push_list(reading, &mut stack, field, site);
    walk(reading, bom, stack)
}

/// Reads what the document describes, and everything nested in it.
pub(super) fn subject<'a>(reading: &mut Reading<'a, '_, '_>, bom: &mut Bom<'a>, tag: Tag<'a, Space>) -> Read<()> {
    let mut stack = Vec::new();
    let base = reading.pointer.len();
    reading.pointer.push_str("/metadata/component");
    push_part(reading, &mut stack, base, Site::Subject, tag, None);
    walk(reading, bom, stack)
}

/// Reads a component or service that stands in the document without a list around it.
pub(super) fn stray<'a>(reading: &mut Reading<'a, '_, '_>, bom: &mut Bom<'a>, tag: Tag<'a, Space>) -> Read<()> {
    let (field, site) =
        if tag.name == "service" { ("/services", Site::Service) } else { ("/components", Site::Counted) };
    let wrong = format!("a `{}` without the list it belongs in", tag.name);
    reading.repair_at(tag.at, &Path::Field(field), &wrong, "a list of one");
    let mut stack = Vec::new();
    let base = reading.pointer.len();
    reading.pointer.push_str(field);
    site.count(&mut bom.whole.counts);
    push_part(reading, &mut stack, base, site, tag, None);
    walk(reading, bom, stack)
}

/// Reads until the stack is empty; what was half read at a fault is told as far as it is known.
fn walk<'a>(reading: &mut Reading<'a, '_, '_>, bom: &mut Bom<'a>, mut stack: Vec<Frame<'a>>) -> Read<()> {
    let read = steps(reading, bom, &mut stack);
    unwind(&mut stack, &mut reading.pointer, reading.sink);
    read
}

fn steps<'a>(reading: &mut Reading<'a, '_, '_>, bom: &mut Bom<'a>, stack: &mut Vec<Frame<'a>>) -> Read<()> {
    // The room that one component took is used again for the next.
    let mut spare = None;
    while let Some(top) = stack.last_mut() {
        let tag = reading.xml.child()?;
        match (top, tag) {
            (Frame::List { outer, .. }, None) => {
                let outer = *outer;
                leave(stack, &mut reading.pointer, outer);
            }
            (Frame::Pedigree { base }, None) => {
                let base = *base;
                leave(stack, &mut reading.pointer, base);
            }
            (Frame::Part(level), None) => {
                field::check(reading, level);
                spare = finish(stack, &mut reading.pointer, reading.sink);
            }
            (Frame::List { base, next, site, .. }, Some(tag)) => {
                if !bom.owns(reading, tag) {
                    reading.xml.skip()?;
                    continue;
                }
                let (base, site) = (*base, *site);
                let wanted = if site == Site::Service { "service" } else { "component" };
                reading.stand_at(base, *next);
                if tag.name != wanted {
                    let wrong = format!("`{}` where `{wanted}` belongs", cut(tag.name));
                    reading.repair_at(tag.at, &Path::Field(""), &wrong, "one all the same");
                }
                *next += 1;
                site.count(&mut bom.whole.counts);
                push_part(reading, stack, base, site, tag, spare.take());
            }
            (Frame::Pedigree { .. }, Some(tag)) => match tag.name {
                "ancestors" | "descendants" | "variants" if bom.owns(reading, tag) => {
                    push_list(reading, stack, &format!("/{}", tag.name), Site::Pedigree);
                }
                "commits" | "patches" => changed(reading, stack, tag)?,
                _ => reading.xml.skip()?,
            },
            (Frame::Part(level), Some(tag)) => match tag.space {
                Space::Graph if tag.name == "dependencies" => {
                    let reference = level.draft.reference.clone();
                    dependency::of_component(reading, reference)?;
                }
                Space::Vulnerability if tag.name == "vulnerabilities" => document::vulnerabilities(reading, bom)?,
                of if of == Space::Signature || tag.name == "signature" => {
                    bom.whole.signed += 1;
                    reading.xml.skip()?;
                }
                _ if !bom.owns(reading, tag) => reading.xml.skip()?,
                _ => step(reading, stack, tag)?,
            },
        }
    }
    Ok(())
}

/// Reads who changed a component, and where that can be seen.
fn changed<'a>(reading: &mut Reading<'a, '_, '_>, stack: &mut [Frame<'a>], tag: Tag<'a, Space>) -> Read<()> {
    let owner = stack.iter_mut().rev().find_map(|frame| match frame {
        Frame::Part(owner) => Some(owner),
        Frame::List { .. } | Frame::Pedigree { .. } => None,
    });
    match owner {
        Some(owner) if tag.name == "patches" => field::patches(reading, &mut owner.draft),
        Some(owner) => sweep::read(reading, &mut owner.draft, &"/pedigree/commits"),
        None => reading.xml.skip(),
    }
}

/// A field whose name is written in another case.
#[cold]
fn loosely(reading: &mut Reading<'_, '_, '_>, tag: Tag<'_, Space>) -> Option<field::Field> {
    let field = field::Field::loosely(tag.name.as_bytes())?;
    let wrong = format!("the element `{}` is written in another case", cut(tag.name));
    reading.repair_at(tag.at, &Path::Field(""), &wrong, "the field of that name");
    Some(field)
}

/// Reads one element of the component on top of the stack, or steps into it.
fn step<'a>(reading: &mut Reading<'a, '_, '_>, stack: &mut Vec<Frame<'a>>, tag: Tag<'a, Space>) -> Read<()> {
    let Some(Frame::Part(level)) = stack.last_mut() else { return Ok(()) };
    let Some(field) = field::Field::named(tag.name.as_bytes()).or_else(|| loosely(reading, tag)) else {
        return reading.xml.skip();
    };
    if level.seen & field.bit() != 0 && !field.is_repeatable() {
        reading.twice(tag.at, tag.name);
    }
    level.seen |= field.bit();
    let inside = level.site.inside();
    match field {
        field::Field::Components => push_list(reading, stack, "/components", inside),
        field::Field::Services => push_list(reading, stack, "/services", Site::Service),
        field::Field::Pedigree => {
            stack.push(Frame::Pedigree { base: reading.pointer.len() });
            reading.pointer.push_str("/pedigree");
        }
        field => field::read(reading, &mut level.draft, field)?,
    }
    Ok(())
}

/// Steps into a list; the pointer goes with it.
fn push_list(reading: &mut Reading<'_, '_, '_>, stack: &mut Vec<Frame<'_>>, field: &str, site: Site) {
    let outer = reading.pointer.len();
    reading.pointer.push_str(field);
    stack.push(Frame::List { outer, base: reading.pointer.len(), next: 0, site });
}

/// Steps into a component, to whose place the pointer was moved already; `base` is its length before.
fn push_part<'a>(
    reading: &mut Reading<'a, '_, '_>,
    stack: &mut Vec<Frame<'a>>,
    base: usize,
    site: Site,
    tag: Tag<'a, Space>,
    spare: Option<Box<Level<'a>>>,
) {
    let here = reading.pointer.len();
    let mut level = match spare {
        Some(mut level) => {
            level.renew(site, base, here);
            level
        }
        None => Box::new(Level::new(site, base, here, reading.wanted.clone())),
    };
    field::attributes(reading, &mut level, tag);
    stack.push(Frame::Part(level));
}
