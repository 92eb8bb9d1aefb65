//! Organisations, persons and tools: objects with a name, or the name itself.
use interdict_model::FactKind;

use super::field;
use crate::cyclonedx::spot::Spot;
use crate::draft::{Draft, Path};
use crate::json::{Keys, Kind, Read};
use crate::reading::Reading;

/// Parties in parties; a tool's supplier lies two deep.
const DEPTH: u8 = 3;

/// An organisation, person or tool.
pub(super) fn read<'a>(
    reading: &mut Reading<'a, '_, '_>,
    draft: &mut Draft<'a>,
    kind: FactKind,
    at: Spot<'_>,
) -> Read<()> {
    inside(reading, draft, kind, at, 0)
}

/// A list of organisations, persons or tools.
pub(super) fn list<'a>(
    reading: &mut Reading<'a, '_, '_>,
    draft: &mut Draft<'a>,
    kind: FactKind,
    at: &'static str,
) -> Read<()> {
    reading.list(&Path::Field(at), |reading, index| read(reading, draft, kind, Spot::Item(at, index)))
}

fn inside<'a>(
    reading: &mut Reading<'a, '_, '_>,
    draft: &mut Draft<'a>,
    kind: FactKind,
    at: Spot<'_>,
    depth: u8,
) -> Read<()> {
    match reading.json.kind()? {
        Kind::Object => {
            reading.json.open()?;
            let mut keys = Keys::default();
            while let Some(key) = reading.json.key()? {
                if keys.again(key.clone()) {
                    reading.twice_in(&at.path(""), &key);
                }
                field_of(reading, draft, kind, at, &key, depth)?;
            }
            Ok(())
        }
        Kind::Array if depth < DEPTH => {
            reading.repair(&at.path(""), "a list where one organisation belongs", "each of them");
            reading.list(&at.path(""), |reading, index| {
                let at = at.item("", index).to_string();
                inside(reading, draft, kind, Spot::Deep(&at), DEPTH)
            })
        }
        Kind::Text => {
            reading.repair(&at.path(""), "a text where an organisation belongs", "its name");
            let name = reading.json.text()?;
            draft.by(kind, name, at.path(""));
            Ok(())
        }
        wrong => reading.not(wrong, "an organisation", &at.path("")),
    }
}

/// One field of an organisation, person or tool.
pub(super) fn field<'a>(
    reading: &mut Reading<'a, '_, '_>,
    draft: &mut Draft<'a>,
    kind: FactKind,
    at: Spot<'_>,
    key: &str,
) -> Read<()> {
    field_of(reading, draft, kind, at, key, 0)
}

fn field_of<'a>(
    reading: &mut Reading<'a, '_, '_>,
    draft: &mut Draft<'a>,
    kind: FactKind,
    at: Spot<'_>,
    key: &str,
    depth: u8,
) -> Read<()> {
    let within = match key {
        "name" => return by(reading, draft, kind, at, "/name"),
        "url" => return urls(reading, draft, at),
        "vendor" => return by(reading, draft, kind, at, "/vendor"),
        "publisher" => return by(reading, draft, kind, at, "/publisher"),
        "group" => return by(reading, draft, kind, at, "/group"),
        "author" => return by(reading, draft, kind, at, "/author"),
        "email" => {
            if let Some(word) = reading.word(&at.path("/email"))? {
                draft.state(kind, word, at.path("/email"));
            }
            return Ok(());
        }
        // No fact: whose version it would be is not said where facts are kept.
        "version" => {
            let version = reading.word(&at.path("/version"))?;
            draft.version = draft.version.take().or(version);
            return Ok(());
        }
        "contact" => return contacts(reading, draft, kind, at),
        "externalReferences" | "external_references" => {
            return field::references(reading, draft, Spot::Deep(&at.path("/externalReferences").to_string()));
        }
        "supplier" => "/supplier",
        "provider" => "/provider",
        "manufacturer" | "manufacture" => "/manufacturer",
        "organization" => "/organization",
        "individual" => "/individual",
        "authors" => {
            let at = at.path("/authors").to_string();
            return reading.list(&Path::Deep(at.as_str().into()), |reading, index| {
                inside(reading, draft, kind, Spot::Deep(&format!("{at}/{index}")), DEPTH)
            });
        }
        _ => return reading.json.skip(),
    };
    if depth >= DEPTH {
        reading.ledger.too_deep(&at.path(within).to_string());
        return reading.json.skip();
    }
    inside(reading, draft, kind, Spot::Deep(&at.path(within).to_string()), depth + 1)
}

fn by<'a>(
    reading: &mut Reading<'a, '_, '_>,
    draft: &mut Draft<'a>,
    kind: FactKind,
    at: Spot<'_>,
    field: &'static str,
) -> Read<()> {
    // What is no text here is a person or organisation with a name of its own.
    if reading.json.kind()? == Kind::Object {
        let path = at.path(field);
        return reading.named(|name| draft.by(kind, name, path.clone()));
    }
    if let Some(name) = reading.word(&at.path(field))? {
        draft.by(kind, name, at.path(field));
    }
    Ok(())
}

fn urls<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, at: Spot<'_>) -> Read<()> {
    if reading.json.kind()? != Kind::Array {
        let path = at.path("/url");
        if let Some(url) = reading.word(&path)? {
            draft.linked(url, &path);
        }
        return Ok(());
    }
    let mut index = 0;
    reading.json.open()?;
    while reading.json.item()? {
        let path = at.item("/url", index);
        if let Some(url) = reading.word(&path)? {
            draft.linked(url, &path);
        }
        index += 1;
    }
    Ok(())
}

/// The persons of an organisation; one that stands without a list around it is one.
fn contacts<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, kind: FactKind, at: Spot<'_>) -> Read<()> {
    if reading.json.kind()? == Kind::Object {
        return contact(reading, draft, kind, &at.path("/contact").to_string());
    }
    reading.list(&at.path("/contact"), |reading, index| {
        contact(reading, draft, kind, &at.item("/contact", index).to_string())
    })
}

fn contact<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, kind: FactKind, at: &str) -> Read<()> {
    let at = Spot::Deep(at);
    reading.object(&at.path(""), |reading, key| {
        let field = match key {
            "name" => "/name",
            "email" => "/email",
            _ => return reading.json.skip(),
        };
        // A person of the organisation does not give it its name.
        if let Some(word) = reading.word(&at.path(field))? {
            draft.state(kind, word, at.path(field));
        }
        Ok(())
    })
}
