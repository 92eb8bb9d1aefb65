//! Packages, files and snippets: what each of their fields states.
use std::borrow::Cow;

use super::document::Spdx;
use crate::draft::{Draft, Path};
use crate::json::{Kind, Read};
use crate::reading::Reading;
use crate::spdx::{Element, Property, external, property, state};

/// Reads a list of elements.
pub(super) fn list<'a>(
    reading: &mut Reading<'a, '_, '_>,
    spdx: &mut Spdx<'a, '_>,
    field: &'static str,
    element: Element,
) -> Read<()> {
    let outer = reading.pointer.len();
    reading.pointer.push_str(field);
    let base = reading.pointer.len();
    reading.list(&Path::Field(""), |reading, index| {
        reading.stand_at(base, index);
        one(reading, spdx, element, false)?;
        reading.pointer.truncate(base);
        Ok(())
    })?;
    reading.pointer.truncate(outer);
    Ok(())
}

/// What a document is about: ids, or in version 2.1 the packages and files themselves.
pub(super) fn described<'a>(reading: &mut Reading<'a, '_, '_>, spdx: &mut Spdx<'a, '_>) -> Read<()> {
    let outer = reading.pointer.len();
    reading.pointer.push_str("/documentDescribes");
    let base = reading.pointer.len();
    reading.list(&Path::Field(""), |reading, index| {
        reading.stand_at(base, index);
        match reading.json.kind()? {
            Kind::Object => one(reading, spdx, Element::Package, true)?,
            _ => {
                if let Some(subject) = reading.word(&Path::Field(""))? {
                    reading.sink.depends("SPDXRef-DOCUMENT", &subject);
                }
            }
        }
        reading.pointer.truncate(base);
        Ok(())
    })?;
    reading.pointer.truncate(outer);
    Ok(())
}

/// What an element holds, and what holds it.
#[derive(Default)]
struct Inside<'a> {
    parts: Vec<Cow<'a, str>>,
    /// Offsets of lists of files.
    files: Vec<usize>,
    held_by: Option<Cow<'a, str>>,
}

/// One element, also where version 2.1 wraps it in an object `{"Package": …}`.
fn one<'a>(reading: &mut Reading<'a, '_, '_>, spdx: &mut Spdx<'a, '_>, element: Element, is_subject: bool) -> Read<()> {
    let kind = reading.json.kind()?;
    if kind != Kind::Object {
        element.count(&mut spdx.counts);
        return reading.not(kind, element.name(), &Path::Field(""));
    }
    let mut draft = Draft::wanting(reading.wanted.clone());
    draft.is_subject = is_subject;
    let mut element = element;
    let mut inside = Inside::default();
    let read = reading.object(&Path::Field(""), |reading, key| {
        if let "Package" | "File" | "Snippet" = key
            && reading.json.kind()? == Kind::Object
        {
            element = match key {
                "Package" => Element::Package,
                "File" => Element::File,
                _ => Element::Snippet,
            };
            return reading
                .object(&Path::Field(""), |reading, key| field(reading, &mut draft, element, key, &mut inside));
        }
        field(reading, &mut draft, element, key, &mut inside)
    });
    element.count(&mut spdx.counts);
    draft.is_subject |= spdx.outline.graph.subjects.contains(&*draft.reference);
    draft.scope = spdx.outline.graph.scope(&draft.reference);
    if draft.reference.is_empty() && !inside.parts.is_empty() {
        draft.reference = Cow::Owned(reading.pointer.clone());
    }
    // What was half read at a fault is told as far as it is known.
    draft.tell(&reading.pointer, reading.sink);
    for part in &inside.parts {
        reading.sink.depends(&draft.reference, part);
    }
    if let Some(file) = inside.held_by {
        reading.sink.depends(&file, &draft.reference);
    }
    read?;
    // Version 2.1 lets a package hold its files; one level, for files hold none.
    let after = reading.json.offset();
    for at in inside.files {
        reading.json.seek(at);
        list(reading, spdx, "/files", Element::File)?;
    }
    reading.json.seek(after);
    Ok(())
}

fn field<'a>(
    reading: &mut Reading<'a, '_, '_>,
    draft: &mut Draft<'a>,
    element: Element,
    key: &str,
    inside: &mut Inside<'a>,
) -> Read<()> {
    if let Some((property, place)) = property(element, key) {
        return texts(reading, draft, property, place);
    }
    match (key, element) {
        ("SPDXID" | "id", _) => draft.reference = reading.word(&Path::Field("/SPDXID"))?.unwrap_or_default(),
        ("checksums", _) => checksums(reading, draft)?,
        (refs, _) if refs.eq_ignore_ascii_case("externalRefs") => references(reading, draft)?,
        ("annotations", _) => super::note::annotations(reading, draft)?,
        ("artifactOfs", _) => super::note::projects(reading, draft)?,
        ("snippetFromFile", _) => {
            if let Some(file) = reading.word(&Path::Field("/snippetFromFile"))? {
                inside.held_by = Some(file);
            }
        }
        ("hasFiles", _) => reading.list(&Path::Field("/hasFiles"), |reading, index| {
            inside.parts.extend(reading.word(&Path::Item("/hasFiles", index, ""))?);
            Ok(())
        })?,
        ("files", Element::Package) => {
            reading.json.kind()?;
            inside.files.push(reading.json.offset());
            reading.json.skip()?;
        }
        _ => reading.json.skip()?,
    }
    Ok(())
}

/// What a property says: one text, or each of a list of them.
fn texts<'a>(
    reading: &mut Reading<'a, '_, '_>,
    draft: &mut Draft<'a>,
    property: Property,
    place: &'static str,
) -> Read<()> {
    let path = Path::Field(place);
    if reading.json.kind()? != Kind::Array {
        if let Some(text) = reading.word(&path)? {
            state(draft, property, text, path);
        }
        return Ok(());
    }
    if !matches!(property, Property::Contributor | Property::Copyright) {
        reading.repair(&path, "a list where a text belongs", "each of its texts");
    }
    reading.list(&path, |reading, index| {
        let path = Path::Item(place, index, "");
        if let Some(text) = reading.word(&path)? {
            state(draft, property, text, path);
        }
        Ok(())
    })
}

fn checksums<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>) -> Read<()> {
    reading.list(&Path::Field("/checksums"), |reading, index| {
        let (mut algorithm, mut value) = (None, None);
        reading.object(&Path::Item("/checksums", index, ""), |reading, key| {
            match key {
                "algorithm" => algorithm = reading.word(&Path::Item("/checksums", index, "/algorithm"))?,
                "checksumValue" => value = reading.word(&Path::Item("/checksums", index, "/checksumValue"))?,
                _ => reading.json.skip()?,
            }
            Ok(())
        })?;
        if let (Some(algorithm), Some(value)) = (algorithm, value) {
            draft.hashed(&algorithm, value, Path::Item("/checksums", index, "/checksumValue"));
        }
        Ok(())
    })
}

fn references<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>) -> Read<()> {
    reading.list(&Path::Field("/externalRefs"), |reading, index| {
        let (mut of, mut locator) = (None, None);
        reading.object(&Path::Item("/externalRefs", index, ""), |reading, key| {
            match key {
                "referenceType" => of = reading.word(&Path::Item("/externalRefs", index, "/referenceType"))?,
                "referenceLocator" => {
                    locator = reading.word(&Path::Item("/externalRefs", index, "/referenceLocator"))?;
                }
                _ => reading.json.skip()?,
            }
            Ok(())
        })?;
        if let Some(locator) = locator {
            let path = Path::Item("/externalRefs", index, "/referenceLocator");
            external(draft, of.as_deref().unwrap_or_default(), locator, path);
        }
        Ok(())
    })
}
