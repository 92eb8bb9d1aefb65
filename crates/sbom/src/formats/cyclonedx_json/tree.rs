//! Components in components: a walk with a stack of its own, so that depth costs no recursion.
use std::borrow::Cow;

use interdict_model::Scope;

use super::document::Bom;
use super::field::{self, Field};
use crate::cyclonedx::NESTING;
use crate::draft::{Draft, Path};
use crate::json::{Kind, Read};
use crate::reading::Reading;

/// Where a component stands, and so what it counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Site {
    /// In the document's own lists.
    Counted,
    /// `metadata.component`.
    Subject,
    /// In what is no list of the document: below the subject, or in a declaration.
    Aside,
    /// In how the thing was made.
    Formulation,
    /// Where another component comes from or went to: facts of that one.
    Pedigree,
    /// A service.
    Service,
}

enum Frame<'a> {
    /// `outer` is the pointer's length before the list, `base` with it.
    List {
        outer: usize,
        base: usize,
        next: usize,
        site: Site,
    },
    Part(Box<Level<'a>>),
    /// The object whose lists hold ancestors, descendants and variants.
    Pedigree {
        base: usize,
    },
}

struct Level<'a> {
    draft: Draft<'a>,
    site: Site,
    /// The pointer's length before this thing, and with it.
    base: usize,
    here: usize,
    seen: u64,
    children: Vec<Cow<'a, str>>,
}

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
    while let Some(frame) = stack.pop() {
        if let Frame::Part(level) = &frame {
            reading.pointer.truncate(level.here);
            stack.push(frame);
            finish(reading, &mut stack);
        }
    }
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
                    count(bom, site);
                    push_part(reading, stack, base, site)?;
                } else {
                    leave(reading, stack, outer);
                }
            }
            Frame::Pedigree { base } => {
                let base = *base;
                match reading.json.key()?.as_deref() {
                    Some("ancestors") => push_list(reading, bom, stack, "/ancestors", Site::Pedigree)?,
                    Some("descendants") => push_list(reading, bom, stack, "/descendants", Site::Pedigree)?,
                    Some("variants") => push_list(reading, bom, stack, "/variants", Site::Pedigree)?,
                    Some(_) => reading.json.skip()?,
                    None => leave(reading, stack, base),
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
                    let nested = match level.site {
                        Site::Subject => Site::Aside,
                        site => site,
                    };
                    match field {
                        Field::Components => push_list(reading, bom, stack, "/components", nested)?,
                        Field::Services => push_list(reading, bom, stack, "/services", Site::Service)?,
                        Field::Pedigree => push_pedigree(reading, stack)?,
                        field => field::read(reading, &mut level.draft, field)?,
                    }
                }
                None => finish(reading, stack),
            },
        }
    }
    Ok(())
}

fn count(bom: &mut Bom, site: Site) {
    match site {
        Site::Counted => bom.counts.components += 1,
        Site::Service => bom.counts.services += 1,
        Site::Subject | Site::Aside | Site::Formulation | Site::Pedigree => {}
    }
}

fn leave(reading: &mut Reading<'_, '_, '_>, stack: &mut Vec<Frame<'_>>, base: usize) {
    reading.pointer.truncate(base);
    stack.pop();
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
            count(bom, site);
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
    let scope = if site == Site::Formulation { Scope::Build } else { Scope::Required };
    let mut draft = Draft::default();
    draft.scope = scope;
    draft.is_subject = site == Site::Subject;
    let here = reading.pointer.len();
    stack.push(Frame::Part(Box::new(Level { draft, site, base, here, seen: 0, children: Vec::new() })));
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

/// Tells the component on top of the stack, or gives its facts to the one whose pedigree it is in.
fn finish<'a>(reading: &mut Reading<'a, '_, '_>, stack: &mut Vec<Frame<'a>>) {
    let Some(Frame::Part(mut level)) = stack.pop() else { return };
    level.draft.complete();
    let nested = matches!(stack.iter().rev().find(|frame| !matches!(frame, Frame::List { .. })), Some(Frame::Part(_)));
    if level.site == Site::Pedigree {
        let owner = stack.iter_mut().rev().find_map(|frame| match frame {
            Frame::Part(owner) if owner.site != Site::Pedigree => Some(owner),
            _ => None,
        });
        if let Some(owner) = owner {
            let between = reading.pointer.get(owner.here..).unwrap_or_default();
            owner.draft.adopt(&level.draft, between);
        }
    } else {
        // A thing without a name of its own is referred to by its place.
        if level.draft.reference.is_empty() && (nested || !level.children.is_empty()) {
            level.draft.reference = Cow::Owned(reading.pointer.clone());
        }
        level.draft.tell(&reading.pointer, reading.sink);
        for child in &level.children {
            reading.sink.depends(&level.draft.reference, child);
        }
        let parent = stack.iter_mut().rev().find_map(|frame| match frame {
            Frame::Part(parent) => Some(parent),
            Frame::List { .. } | Frame::Pedigree { .. } => None,
        });
        if let Some(parent) = parent.filter(|_| nested) {
            parent.children.push(std::mem::take(&mut level.draft.reference));
        }
    }
    reading.pointer.truncate(level.base);
}
