//! Organisations, persons and tools: whoever answers for a thing, with names, addresses and contacts.
use std::borrow::Cow;
use std::fmt::Display;

use interdict_model::FactKind;

use super::document::Reading;
use crate::draft::{Draft, Path};
use crate::xml::Read;

/// Reads an organisation, person or tool; returns its name. Text in its place is its name.
pub(super) fn read<'a>(
    reading: &mut Reading<'a, '_, '_>,
    draft: &mut Draft<'a>,
    kind: FactKind,
    at: &dyn Display,
) -> Read<Cow<'a, str>> {
    let path = |rest: &str| Path::Deep(format!("{at}{rest}").into());
    let mut name = Cow::Borrowed("");
    let start = reading.xml.offset();
    if let Some(bare) = reading.bare()? {
        if !bare.is_empty() {
            reading.repair_at(start, &path(""), "a text where an organisation belongs", "its name");
            draft.by(kind, bare.clone(), path(""));
        }
        return Ok(bare);
    }
    while let Some(tag) = reading.xml.child()? {
        match tag.name {
            "name" | "vendor" | "publisher" | "author" | "group" => {
                let word = reading.word()?;
                if tag.name == "name" {
                    name.clone_from(&word);
                }
                draft.by(kind, word, path(&format!("/{}", tag.name)));
            }
            "email" => draft.state(kind, reading.word()?, path("/email")),
            "supplier" | "provider" | "manufacturer" => {
                named(reading, draft, kind, &path(&format!("/{}/name", tag.name)))?;
            }
            "url" => draft.linked(reading.word()?, &path("/url")),
            "contact" => contact(reading, draft, kind, &path("/contact"))?,
            _ => reading.xml.skip()?,
        }
    }
    Ok(name)
}

/// The name of an organisation, one level deep only.
fn named<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, kind: FactKind, path: &Path) -> Read<()> {
    if let Some(bare) = reading.bare()? {
        draft.by(kind, bare, path.clone());
        return Ok(());
    }
    while let Some(tag) = reading.xml.child()? {
        match tag.name {
            "name" => draft.by(kind, reading.word()?, path.clone()),
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

/// A list of organisations, persons or tools; returns their names.
pub(super) fn list<'a>(
    reading: &mut Reading<'a, '_, '_>,
    draft: &mut Draft<'a>,
    kind: FactKind,
    at: &str,
) -> Read<Vec<Cow<'a, str>>> {
    let mut names = Vec::new();
    while reading.xml.child()?.is_some() {
        names.push(read(reading, draft, kind, &format_args!("{at}/{}", names.len()))?);
    }
    Ok(names)
}

/// Who wrote the document: tools one by one, or since 1.5 lists of components and services.
pub(super) fn tools<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>) -> Read<Vec<Cow<'a, str>>> {
    let mut names = Vec::new();
    let mut index = 0;
    while let Some(tag) = reading.xml.child()? {
        match tag.name {
            "components" | "services" => {
                let at = format!("/metadata/tools/{}", tag.name);
                names.extend(list(reading, draft, FactKind::Author, &at)?);
            }
            _ => {
                names.push(read(reading, draft, FactKind::Author, &format_args!("/metadata/tools/{index}"))?);
                index += 1;
            }
        }
    }
    Ok(names)
}
