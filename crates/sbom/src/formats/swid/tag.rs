//! Tags, wherever they stand in a document: a walk with a stack of its own.
use interdict_model::{Document, FactKind, Part};

use super::entity;
use super::file::{self, Folder};
use super::space::{Space, year};
use crate::cyclonedx::whole::SIGNED;
use crate::draft::{Draft, Path};
use crate::xml::{Event, Read, Reading as Xml, Tag};

/// The element that is a tag since 2015.
pub(super) const TAG: &str = "SoftwareIdentity";
/// The element that was a tag in 2009.
pub(super) const OLD_TAG: &str = "software_identification_tag";

pub(super) type Reading<'a, 's, 't> = Xml<'a, 's, 't, Space>;

/// A tag as far as it was read.
pub(super) struct Known<'a> {
    pub(super) draft: Draft<'a>,
    pub(super) pointer: String,
    /// Files of it that were told.
    pub(super) files: u64,
}

/// An element that was stepped into and not yet read to its end.
enum Frame<'a> {
    Tag(Box<Known<'a>>),
    Folder(Folder),
    /// Somebody of 2009, whose name stands in an element inside.
    Somebody(FactKind, &'a str),
    /// What nothing is known of; what is inside may be.
    Other,
}

/// Reads every tag of a document; what was half read at a fault is told as far as it is known.
pub(super) fn read(reading: &mut Reading<'_, '_, '_>, document: &mut Document) -> Read<()> {
    let mut stack = Vec::new();
    let mut outside = Known { draft: Draft::default(), pointer: String::new(), files: 0 };
    let read = steps(reading, document, &mut stack, &mut outside);
    while let Some(frame) = stack.pop() {
        if let Frame::Tag(known) = frame {
            known.draft.tell(&known.pointer, reading.sink);
        }
    }
    outside.draft.tell_facts(Part::WHOLE, "", reading.sink);
    reading.pointer.clear();
    read
}

fn steps<'a>(
    reading: &mut Reading<'a, '_, '_>,
    document: &mut Document,
    stack: &mut Vec<Frame<'a>>,
    outside: &mut Known<'a>,
) -> Read<()> {
    loop {
        match reading.xml.next()? {
            Event::Open(tag) => open(reading, document, stack, outside, tag)?,
            Event::Close => {
                if let Some(Frame::Tag(known)) = stack.pop() {
                    close(reading, &known);
                }
            }
            Event::Text(_) => {}
            Event::End => return Ok(()),
        }
    }
}

fn close(reading: &mut Reading<'_, '_, '_>, known: &Known<'_>) {
    reading.pointer.clone_from(&known.pointer);
    for (lacks, field) in [(known.draft.name.is_none(), "/name"), (known.draft.reference.is_empty(), "/tagId")] {
        if lacks {
            reading.repair(&Path::Field(field), "missing", "a tag without it");
        }
    }
    reading.pointer.clear();
    known.draft.tell(&known.pointer, reading.sink);
}

/// The innermost tag, or what stands outside of all tags.
fn innermost<'s, 'a>(stack: &'s mut [Frame<'a>], outside: &'s mut Known<'a>) -> &'s mut Known<'a> {
    stack
        .iter_mut()
        .rev()
        .find_map(|frame| match frame {
            Frame::Tag(known) => Some(&mut **known),
            _ => None,
        })
        .unwrap_or(outside)
}

fn open<'a>(
    reading: &mut Reading<'a, '_, '_>,
    document: &mut Document,
    stack: &mut Vec<Frame<'a>>,
    outside: &mut Known<'a>,
    tag: Tag<'a, Space>,
) -> Read<()> {
    if tag.space == Space::Signature && tag.name == "Signature" {
        if !document.notes.iter().any(|note| note == SIGNED) {
            document.notes.push(SIGNED.to_owned());
        }
        return reading.xml.skip();
    }
    if !tag.space.is_own() {
        stack.push(Frame::Other);
        return Ok(());
    }
    let frame = match tag.name {
        TAG | OLD_TAG => Frame::Tag(Box::new(begin(reading, document, tag))),
        "Directory" | "File" | "Process" => {
            let folder = stack.iter().rev().find_map(|frame| match frame {
                Frame::Folder(folder) => Some(folder.clone()),
                _ => None,
            });
            let folder = folder.unwrap_or_default();
            let known = innermost(stack, outside);
            if tag.name == "Directory" {
                Frame::Folder(folder.inside(reading))
            } else {
                file::tell(reading, known, &folder, tag);
                document.counts.files += u64::from(tag.name == "File");
                Frame::Other
            }
        }
        "Entity" => {
            entity::state(reading, &mut innermost(stack, outside).draft, document, tag);
            Frame::Other
        }
        "Link" => {
            document.counts.relationships += 1;
            entity::link(reading, &mut innermost(stack, outside).draft);
            Frame::Other
        }
        "Meta" => {
            entity::meta(reading, &mut innermost(stack, outside).draft);
            Frame::Other
        }
        name => return old(reading, stack, outside, name),
    };
    stack.push(frame);
    Ok(())
}

/// Steps into a tag.
fn begin<'a>(reading: &mut Reading<'a, '_, '_>, document: &mut Document, tag: Tag<'a, Space>) -> Known<'a> {
    let index = document.counts.components;
    document.counts.components += 1;
    let pointer = if index == 0 { format!("/{}", tag.name) } else { format!("/{}/{index}", tag.name) };
    if document.version.is_none() {
        document.version = year(reading.xml.uri()).map(str::to_owned);
        if document.version.is_none() {
            let at = Path::Deep(pointer.as_str().into());
            reading.repair_at(tag.at, &at, "it stands in no namespace of a known year", "one of 2015");
        }
    }
    let mut draft = Draft::default();
    if let Some(id) = reading.attribute("tagId") {
        draft.reference.clone_from(&id);
        draft.state(FactKind::Swid, id, Path::Field("/tagId"));
    }
    if let Some(name) = reading.attribute("name") {
        draft.called(name, Path::Field("/name"));
    }
    if let Some(version) = reading.attribute("version") {
        draft.versioned(version, Path::Field("/version"));
    }
    Known { draft, pointer, files: 0 }
}

/// Elements of 2009, which hold in texts what attributes hold since.
fn old<'a>(
    reading: &mut Reading<'a, '_, '_>,
    stack: &mut Vec<Frame<'a>>,
    outside: &mut Known<'a>,
    name: &'a str,
) -> Read<()> {
    let above = stack.last().and_then(|frame| match frame {
        Frame::Somebody(kind, who) => Some((*kind, *who)),
        _ => None,
    });
    let draft = &mut innermost(stack, outside).draft;
    match (name, above) {
        ("software_creator", _) => stack.push(Frame::Somebody(FactKind::Manufacturer, "/software_creator")),
        ("software_licensor", _) => stack.push(Frame::Somebody(FactKind::Publisher, "/software_licensor")),
        ("tag_creator", _) => stack.push(Frame::Somebody(FactKind::Author, "/tag_creator")),
        ("product_version", _) => stack.push(Frame::Somebody(FactKind::Version, "/product_version")),
        ("name", Some((FactKind::Version, _))) => {
            draft.versioned(reading.word()?, Path::Field("/product_version/name"));
        }
        ("name", Some((kind, who))) => draft.by(kind, reading.word()?, Path::Deep(format!("{who}/name").into())),
        ("regid", Some((_, who))) => {
            entity::registered(draft, reading.word()?, &Path::Deep(format!("{who}/regid").into()));
        }
        ("product_title", _) => draft.called(reading.word()?, Path::Field("/product_title")),
        ("unique_id", _) => {
            let id = reading.word()?;
            if draft.reference.is_empty() {
                draft.reference.clone_from(&id);
            }
            draft.state(FactKind::Swid, id, Path::Field("/software_id/unique_id"));
        }
        ("tag_creator_regid", _) => {
            entity::registered(draft, reading.word()?, &Path::Field("/software_id/tag_creator_regid"));
        }
        _ => stack.push(Frame::Other),
    }
    Ok(())
}
