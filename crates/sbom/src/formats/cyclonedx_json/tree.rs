//! Components in components: a walk with a stack of its own, so that depth costs no recursion.
use super::document::Bom;
use super::field::{self, Field};
use super::sweep;
use crate::cyclonedx::NESTING;
use crate::cyclonedx::tree::{Frame, Level, Site, finish, leave, unwind};
use crate::draft::{Draft, Path};
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
    // The room that one component took is used again for the next.
    let mut spare = None;
    while let Some(top) = stack.last_mut() {
        match top {
            Frame::List { outer, base, next, site } => {
                let (outer, base, site) = (*outer, *base, *site);
                if reading.json.item()? {
                    reading.stand_at(base, *next);
                    *next += 1;
                    site.count(&mut bom.whole.counts);
                    push_spare(reading, stack, base, site, spare.take())?;
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
                    Some("commits") => changed(reading, stack, "/pedigree/commits")?,
                    Some("patches") => changed(reading, stack, "/pedigree/patches")?,
                    Some(_) => reading.json.skip()?,
                    None => leave(stack, &mut reading.pointer, base),
                }
            }
            Frame::Part(level) => match fields(reading, bom, level)? {
                Some((Field::Components, nested)) => push_list(reading, bom, stack, "/components", nested)?,
                Some((Field::Services, _)) => push_list(reading, bom, stack, "/services", Site::Service)?,
                Some(_) => push_pedigree(reading, stack)?,
                None => spare = finish(stack, &mut reading.pointer, reading.sink),
            },
        }
    }
    Ok(())
}

/// Reads fields of a component up to one that holds further components, or to the end.
fn fields<'a>(reading: &mut Reading<'a, '_, '_>, bom: &mut Bom, level: &mut Level<'a>) -> Read<Option<(Field, Site)>> {
    while let Some(key) = reading.json.key()? {
        let Some(field) = Field::named(key.as_bytes()).or_else(|| loosely(reading, &key)) else {
            reading.json.skip()?;
            continue;
        };
        if field == Field::Passed {
            reading.json.skip()?;
            continue;
        }
        if level.seen & field.bit() != 0 {
            reading.twice(&key);
        }
        level.seen |= field.bit();
        match field {
            Field::Components | Field::Services | Field::Pedigree => return Ok(Some((field, level.site.inside()))),
            Field::Signature => {
                bom.whole.signed += 1;
                reading.json.skip()?;
            }
            field => field::read(reading, &mut level.draft, field)?,
        }
    }
    Ok(None)
}

/// A field whose name is written in another case: some readers take it for the one that the standard names.
#[cold]
fn loosely(reading: &mut Reading<'_, '_, '_>, key: &str) -> Option<Field> {
    let bare = key.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let field = Field::loosely(bare.as_bytes())?;
    let shown = key.chars().take(40).collect::<String>();
    reading.repair(
        &Path::Field(""),
        &format!("the key `{shown}` is no name of the standard as it is written"),
        "the field of that name",
    );
    Some(field)
}

/// Reads who changed a component, and where that can be seen.
fn changed<'a>(reading: &mut Reading<'a, '_, '_>, stack: &mut [Frame<'a>], at: &str) -> Read<()> {
    let owner = stack.iter_mut().rev().find_map(|frame| match frame {
        Frame::Part(owner) => Some(owner),
        Frame::List { .. } | Frame::Pedigree { .. } => None,
    });
    match owner {
        Some(owner) => sweep::read(reading, &mut owner.draft, at),
        None => reading.json.skip(),
    }
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
            if may_be_map(reading) {
                let place = reading.pointer.clone();
                reading.ledger.unread(|| {
                    format!("an object stands where a list belongs, in `{place}`; what it holds may be what is listed")
                });
            }
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

/// Whether the object that comes next may hold parts by their names, and be none itself.
fn may_be_map(reading: &Reading<'_, '_, '_>) -> bool {
    /// Fields of a part that are objects.
    const OBJECTS: &[&str] = &[
        "cryptoProperties",
        "evidence",
        "manufacturer",
        "modelCard",
        "pedigree",
        "provider",
        "releaseNotes",
        "signature",
        "supplier",
        "swid",
    ];
    let mut ahead = reading.json.clone();
    let mut first = || {
        ahead.open()?;
        let key = ahead.key()?;
        Ok::<_, crate::json::Fault>(key.is_some_and(|key| !OBJECTS.contains(&&*key)) && ahead.kind()? == Kind::Object)
    };
    first().unwrap_or(false)
}

/// Steps into a component, to whose place the pointer was moved already; `base` is its length before.
fn push_part<'a>(reading: &mut Reading<'a, '_, '_>, stack: &mut Vec<Frame<'a>>, base: usize, site: Site) -> Read<()> {
    push_spare(reading, stack, base, site, None)
}

fn push_spare<'a>(
    reading: &mut Reading<'a, '_, '_>,
    stack: &mut Vec<Frame<'a>>,
    base: usize,
    site: Site,
    spare: Option<Box<Level<'a>>>,
) -> Read<()> {
    let kind = reading.json.kind()?;
    if kind != Kind::Object {
        return no_part(reading, stack, base, site, kind);
    }
    reading.json.open()?;
    let here = reading.pointer.len();
    let level = match spare {
        Some(mut level) => {
            level.renew(site, base, here);
            level
        }
        None => Box::new(Level::new(site, base, here, reading.wanted.clone())),
    };
    stack.push(Frame::Part(level));
    Ok(())
}

/// What stands where a component belongs: a list of components, or a text that names one.
#[cold]
fn no_part<'a>(
    reading: &mut Reading<'a, '_, '_>,
    stack: &mut Vec<Frame<'a>>,
    base: usize,
    site: Site,
    kind: Kind,
) -> Read<()> {
    match kind {
        Kind::Array if stack.len() < 2 * NESTING => {
            reading.repair(&Path::Field(""), "a list where a component belongs", "each of its items");
            reading.json.open()?;
            stack.push(Frame::List { outer: base, base: reading.pointer.len(), next: 0, site });
        }
        Kind::Text => {
            reading.repair(&Path::Field(""), "a text where a component belongs", "a component of that name");
            let mut draft = Draft::wanting(reading.wanted.clone());
            let name = reading.json.text()?;
            if name.starts_with("pkg:") {
                draft.located(name, Path::Field(""));
            } else {
                draft.called(name, Path::Field(""));
            }
            draft.tell(&reading.pointer, reading.sink);
            reading.pointer.truncate(base);
        }
        kind => {
            reading.not(kind, "a component", &Path::Field(""))?;
            reading.pointer.truncate(base);
        }
    }
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
