//! Every element of a graph, wherever it nests: one pass over the text, with a stack of its own.
use std::borrow::Cow;
use std::fmt::Write as _;

use super::names::{Class, Names};
use crate::json::{Json, Kind, Read};

/// Lists and objects inside one another; deeper ones are a gap.
pub(super) const DEPTH: usize = 128;

/// An element that was met.
#[derive(Clone, Debug)]
pub(super) struct Found<'a> {
    /// Where its object begins.
    pub(super) at: usize,
    pub(super) class: Class,
    pub(super) id: Cow<'a, str>,
    /// It uses a name that only SPDX 3 has.
    pub(super) is_spdx: bool,
    /// Its type is written out as a whole IRI, which needs no context.
    pub(super) is_whole: bool,
}

/// Something that is met on the way.
pub(super) enum Met<'a> {
    Element(Found<'a>),
    /// The object around the graph: a key that stands there a second time.
    Twice,
    /// The graph stands under this key.
    Wrapped(Cow<'a, str>),
    /// A value where an element belongs.
    NoElement(Kind),
    TooDeep,
}

/// What an object says of itself, before anything else of it is read.
#[derive(Debug, Default)]
pub(super) struct Look<'a> {
    pub(super) class: Option<Class>,
    pub(super) id: Cow<'a, str>,
    /// It uses a name that only SPDX 3 has.
    pub(super) is_spdx: bool,
    /// Its type is written out as a whole IRI, which needs no context.
    is_whole: bool,
    /// It says what it is, whether or not that is known here.
    is_typed: bool,
}

/// Reads the type and the id of the object that comes next; as far as it can, where it breaks.
pub(super) fn look<'a>(mut json: Json<'a>, names: &Names) -> Look<'a> {
    let mut look = Look::default();
    let mut is_named = false;
    let _ = keys(&mut json, names, &mut look, &mut is_named);
    if look.class.is_none() && !look.is_typed && is_named && !look.id.is_empty() {
        look.class = Some(Class::Untyped);
    }
    look
}

fn keys<'a>(json: &mut Json<'a>, names: &Names, look: &mut Look<'a>, is_named: &mut bool) -> Read<()> {
    json.open()?;
    while let Some(key) = json.key()? {
        match names.local(&key) {
            "type" => {
                look.is_typed = true;
                each_type(json, |word| {
                    look.is_whole |= word.contains("spdx.org/rdf/3");
                    let class = Class::named(names.local(word));
                    look.is_spdx |= matches!(class, Some(Class::Document | Class::CreationInfo));
                    look.class = look.class.or(class);
                })?;
            }
            "spdxId" => {
                look.is_spdx |= &*key == "spdxId";
                if let Some(id) = json.scalar()? {
                    look.id = id;
                }
            }
            "name" => {
                *is_named = true;
                json.skip()?;
            }
            _ => json.skip()?,
        }
    }
    Ok(())
}

fn each_type(json: &mut Json<'_>, mut say: impl FnMut(&str)) -> Read<()> {
    if json.kind()? == Kind::Array {
        json.open()?;
        while json.item()? {
            if let Some(word) = json.scalar()? {
                say(&word);
            }
        }
    } else if let Some(word) = json.scalar()? {
        say(&word);
    }
    Ok(())
}

/// One container that was stepped into.
struct Frame {
    is_object: bool,
    /// The length of the pointer to it.
    base: usize,
    /// The next item's number.
    index: usize,
    /// The object around a graph: only the graph in it is looked into.
    is_around: bool,
}

/// Tells everything that is met, in the order of the text, with its pointer; returns where the document ends.
pub(super) fn walk<'a>(json: &mut Json<'a>, names: &Names, met: &mut dyn FnMut(&str, Met<'a>) -> Read<()>) -> Read<()> {
    let mut pointer = String::new();
    let mut frames: Vec<Frame> = Vec::new();
    let mut around: Vec<Cow<'a, str>> = Vec::new();
    enter(json, names, &pointer, &mut frames, met)?;
    loop {
        let outermost = frames.len() == 1;
        let Some(frame) = frames.last_mut() else { return Ok(()) };
        pointer.truncate(frame.base);
        if frame.is_object {
            let Some(key) = json.key()? else {
                frames.pop();
                continue;
            };
            if frame.is_around {
                if outermost && around.contains(&key) {
                    step(&mut pointer, &key);
                    met(&pointer, Met::Twice)?;
                    pointer.truncate(frame.base);
                } else if outermost && around.len() < 64 {
                    around.push(key.clone());
                }
                if !matches!(names.local(&key), "@graph" | "@included" | "sbom") {
                    json.skip()?;
                    continue;
                }
                if key == "sbom" {
                    met(&pointer, Met::Wrapped(key.clone()))?;
                }
            } else if is_leaf(names.local(&key)) {
                json.skip()?;
                continue;
            }
            step(&mut pointer, &key);
        } else {
            if !json.item()? {
                frames.pop();
                continue;
            }
            // Writing to a `String` cannot fail.
            let _ = write!(pointer, "/{}", frame.index);
            frame.index += 1;
        }
        enter(json, names, &pointer, &mut frames, met)?;
    }
}

/// Steps into the value that comes next where it is a container, and tells the element that it is.
fn enter<'a>(
    json: &mut Json<'a>,
    names: &Names,
    pointer: &str,
    frames: &mut Vec<Frame>,
    met: &mut dyn FnMut(&str, Met<'a>) -> Read<()>,
) -> Read<()> {
    let kind = json.kind()?;
    if !matches!(kind, Kind::Object | Kind::Array) {
        if frames.iter().all(|frame| frame.is_around || !frame.is_object) {
            met(pointer, Met::NoElement(kind))?;
        }
        return json.skip();
    }
    if frames.len() >= DEPTH {
        met(pointer, Met::TooDeep)?;
        return json.skip();
    }
    let mut is_around = false;
    if kind == Kind::Object {
        let at = json.offset();
        let look = look(json.again(at), names);
        // Outside a graph stand contexts, graphs, and elements that are a document by themselves.
        let outside = frames.iter().all(|frame| frame.is_around || !frame.is_object);
        is_around = look.class.is_none() && outside && !pointer.contains("@graph");
        if let Some(class) = look.class {
            met(
                pointer,
                Met::Element(Found {
                    at,
                    class,
                    id: look.id,
                    is_spdx: look.is_spdx || look.is_whole,
                    is_whole: look.is_whole,
                }),
            )?;
        }
    }
    json.open()?;
    frames.push(Frame { is_object: kind == Kind::Object, base: pointer.len(), index: 0, is_around });
    Ok(())
}

/// Properties that hold no elements.
fn is_leaf(name: &str) -> bool {
    matches!(
        name,
        "@context"
            | "verifiedUsing"
            | "externalIdentifier"
            | "externalIdentifiers"
            | "externalRef"
            | "contentIdentifier"
            | "extension"
            | "import"
            | "imports"
            | "namespaceMap"
    )
}

/// One step down a pointer; a key of any length takes a bounded part of it.
fn step(pointer: &mut String, key: &str) {
    const LONGEST: usize = 128;
    pointer.push('/');
    for character in key.chars().take(LONGEST) {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}
