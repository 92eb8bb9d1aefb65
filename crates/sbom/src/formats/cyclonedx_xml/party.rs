//! Organisations, persons and tools: whoever answers for a thing, with names, addresses and contacts.
use std::fmt::Display;

use interdict_model::FactKind;

use super::document::Reading;
use super::field;
use crate::cyclonedx::spot::Spot;
use crate::draft::{Draft, Path};
use crate::xml::Read;

/// Reads an organisation, person or tool. Text in its place is its name.
pub(super) fn read<'a>(
    reading: &mut Reading<'a, '_, '_>,
    draft: &mut Draft<'a>,
    kind: FactKind,
    at: &dyn Display,
) -> Read<()> {
    let path = |rest: &str| Path::Deep(format!("{at}{rest}").into());
    let start = reading.xml.offset();
    if let Some(bare) = reading.bare()? {
        if !bare.is_empty() {
            reading.repair_at(start, &path(""), "a text where an organisation belongs", "its name");
            draft.by(kind, bare, path(""));
        }
        return Ok(());
    }
    while let Some(tag) = reading.xml.child()? {
        match tag.name {
            "name" | "vendor" | "publisher" | "author" | "group" => {
                draft.by(kind, reading.word()?, path(&format!("/{}", tag.name)));
            }
            "email" => draft.state(kind, reading.word()?, path("/email")),
            // No fact: whose version it would be is not said where facts are kept.
            "version" => draft.version = Some(reading.word()?),
            "supplier" | "provider" | "manufacturer" | "organization" | "individual" => {
                inner(reading, draft, kind, &format!("{at}/{}", tag.name))?;
            }
            "authors" => {
                while reading.xml.child()?.is_some() {
                    inner(reading, draft, kind, &format!("{at}/authors"))?;
                }
            }
            "externalReferences" => field::references(reading, draft, Spot::Deep(&format!("{at}/externalReferences")))?,
            "url" => draft.linked(reading.word()?, &path("/url")),
            "contact" => contact(reading, draft, kind, &path("/contact"))?,
            _ => reading.xml.skip()?,
        }
    }
    Ok(())
}

/// A party in a party: it names nobody further.
fn inner<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, kind: FactKind, at: &str) -> Read<()> {
    let path = |rest: &str| Path::Deep(format!("{at}{rest}").into());
    if let Some(bare) = reading.bare()? {
        draft.by(kind, bare, path(""));
        return Ok(());
    }
    while let Some(tag) = reading.xml.child()? {
        match tag.name {
            "name" => draft.by(kind, reading.word()?, path("/name")),
            "email" => draft.state(kind, reading.word()?, path("/email")),
            "url" => draft.linked(reading.word()?, &path("/url")),
            "contact" => contact(reading, draft, kind, &path("/contact"))?,
            _ => reading.xml.skip()?,
        }
    }
    Ok(())
}

fn contact<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, kind: FactKind, path: &Path) -> Read<()> {
    while let Some(tag) = reading.xml.child()? {
        match tag.name {
            "email" | "name" => draft.state(kind, reading.word()?, path.clone()),
            _ => reading.xml.skip()?,
        }
    }
    Ok(())
}

/// A list of organisations, persons or tools.
pub(super) fn list<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, kind: FactKind, at: &str) -> Read<()> {
    let mut index = 0;
    while reading.xml.child()?.is_some() {
        read(reading, draft, kind, &format_args!("{at}/{index}"))?;
        index += 1;
    }
    Ok(())
}

/// Who wrote the document: tools one by one, or since 1.5 lists of components and services.
pub(super) fn tools<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>) -> Read<()> {
    let mut index = 0;
    while let Some(tag) = reading.xml.child()? {
        if matches!(tag.name, "components" | "services") {
            list(reading, draft, FactKind::Tool, &format!("/metadata/tools/{}", tag.name))?;
        } else {
            read(reading, draft, FactKind::Tool, &format_args!("/metadata/tools/{index}"))?;
            index += 1;
        }
    }
    Ok(())
}
