//! Packages, files and snippets: what each of their fields states.
use std::borrow::Cow;

use interdict_model::FactKind;

use super::document::Spdx;
use crate::draft::{Draft, Path};
use crate::json::{Kind, Read};
use crate::reading::Reading;
use crate::spdx::{actor, asserted, external};

/// What an element of a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    Package,
    File,
    Snippet,
}

impl Element {
    const fn name(self) -> &'static str {
        match self {
            Self::Package => "a package",
            Self::File => "a file",
            Self::Snippet => "a snippet",
        }
    }

    fn count(self, spdx: &mut Spdx<'_, '_>) {
        match self {
            Self::Package => spdx.counts.components += 1,
            Self::File => spdx.counts.files += 1,
            Self::Snippet => spdx.counts.snippets += 1,
        }
    }
}

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

/// Fields that say who or what an element is, and so must not stand twice with two meanings.
const ONCE: &[&str] =
    &["SPDXID", "name", "fileName", "versionInfo", "supplier", "originator", "externalRefs", "checksums"];

/// One element, also where version 2.1 wraps it in an object `{"Package": …}`.
fn one<'a>(reading: &mut Reading<'a, '_, '_>, spdx: &mut Spdx<'a, '_>, element: Element, is_subject: bool) -> Read<()> {
    let kind = reading.json.kind()?;
    if kind != Kind::Object {
        element.count(spdx);
        return reading.not(kind, element.name(), &Path::Field(""));
    }
    let mut draft = Draft::default();
    draft.is_subject = is_subject;
    let mut element = element;
    let (mut inside, mut files) = (Vec::new(), Vec::new());
    let mut seen = 0_u8;
    let read = reading.object(&Path::Field(""), |reading, key| {
        match key {
            "Package" | "File" | "Snippet" if reading.json.kind()? == Kind::Object => {
                element = match key {
                    "Package" => Element::Package,
                    "File" => Element::File,
                    _ => Element::Snippet,
                };
                return reading.object(&Path::Field(""), |reading, key| {
                    field(reading, &mut draft, element, key, &mut inside, &mut files)
                });
            }
            _ => {
                let bit = ONCE.iter().position(|once| *once == key).map_or(0, |at| 1_u8 << at);
                if seen & bit != 0 {
                    reading.twice(key);
                }
                seen |= bit;
            }
        }
        field(reading, &mut draft, element, key, &mut inside, &mut files)
    });
    element.count(spdx);
    draft.is_subject |= spdx.outline.graph.subjects.contains(&*draft.reference);
    draft.scope = spdx.outline.graph.scope(&draft.reference);
    if draft.reference.is_empty() && !inside.is_empty() {
        draft.reference = Cow::Owned(reading.pointer.clone());
    }
    // What was half read at a fault is told as far as it is known.
    draft.tell(&reading.pointer, reading.sink);
    for part in &inside {
        reading.sink.depends(&draft.reference, part);
    }
    read?;
    // Version 2.1 lets a package hold its files; one level, for files hold none.
    let after = reading.json.offset();
    for at in files {
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
    inside: &mut Vec<Cow<'a, str>>,
    files: &mut Vec<usize>,
) -> Read<()> {
    match (key, element) {
        ("SPDXID" | "id", _) => draft.reference = reading.word(&Path::Field("/SPDXID"))?.unwrap_or_default(),
        ("name", Element::File) | ("fileName", _) => {
            if let Some(path) = reading.word(&Path::Field("/fileName"))? {
                draft.name.get_or_insert_with(|| path.clone());
                draft.placed(path, &Path::Field("/fileName"));
            }
        }
        ("name", _) => {
            if let Some(name) = reading.word(&Path::Field("/name"))?.and_then(asserted) {
                draft.called(name, Path::Field("/name"));
            }
        }
        ("versionInfo", _) => {
            if let Some(version) = reading.word(&Path::Field("/versionInfo"))?.and_then(asserted) {
                draft.versioned(version, Path::Field("/versionInfo"));
            }
        }
        ("supplier", _) => actors(reading, draft, "/supplier", FactKind::Supplier)?,
        ("originator", _) => actors(reading, draft, "/originator", FactKind::Manufacturer)?,
        ("fileContributors", _) => actors(reading, draft, "/fileContributors", FactKind::Author)?,
        ("homepage" | "downloadLocation", _) => {
            let path = Path::Field(if key == "homepage" { "/homepage" } else { "/downloadLocation" });
            if let Some(url) = reading.word(&path)?.and_then(asserted) {
                draft.linked(url, &path);
            }
        }
        ("packageFileName", _) => {
            if let Some(name) = reading.word(&Path::Field("/packageFileName"))?.and_then(asserted) {
                draft.placed(name, &Path::Field("/packageFileName"));
            }
        }
        ("copyrightText" | "noticeText", _) => {
            let path = Path::Field(if key == "copyrightText" { "/copyrightText" } else { "/noticeText" });
            if let Some(text) = reading.word(&path)?.and_then(asserted) {
                draft.state(FactKind::Copyright, text, path);
            }
        }
        ("attributionTexts", _) => reading.list(&Path::Field("/attributionTexts"), |reading, index| {
            let path = Path::Item("/attributionTexts", index, "");
            if let Some(text) = reading.word(&path)?.and_then(asserted) {
                draft.state(FactKind::Copyright, text, path);
            }
            Ok(())
        })?,
        ("checksums", _) => checksums(reading, draft)?,
        ("externalRefs", _) => references(reading, draft)?,
        ("hasFiles", _) => reading.list(&Path::Field("/hasFiles"), |reading, index| {
            inside.extend(reading.word(&Path::Item("/hasFiles", index, ""))?);
            Ok(())
        })?,
        ("files", Element::Package) => {
            reading.json.kind()?;
            files.push(reading.json.offset());
            reading.json.skip()?;
        }
        _ => reading.json.skip()?,
    }
    Ok(())
}

/// One actor, or a list of them.
fn actors<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, at: &'static str, kind: FactKind) -> Read<()> {
    if reading.json.kind()? != Kind::Array {
        if let Some(who) = reading.word(&Path::Field(at))? {
            actor(draft, kind, &who, &Path::Field(at));
        }
        return Ok(());
    }
    reading.list(&Path::Field(at), |reading, index| {
        let path = Path::Item(at, index, "");
        if let Some(who) = reading.word(&path)? {
            actor(draft, kind, &who, &path);
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
