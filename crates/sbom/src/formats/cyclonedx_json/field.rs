//! The fields of a component or service, and what each one states.
use std::borrow::Cow;

use interdict_model::{FactKind, Scope};

use super::party;
use super::{evidence, sweep};
use crate::cyclonedx::field::fields;
use crate::cyclonedx::spot::Spot;
use crate::cyclonedx::{role_of_property, scope};
use crate::draft::{Draft, Path, host};
use crate::formats::swid::embedded;
use crate::json::{Kind, Read};
use crate::reading::Reading;

fields! {
    Reference = b"bom-ref" | b"bomRef" | b"bom_ref",
    Type = b"type",
    Name = b"name",
    Group = b"group",
    Version = b"version",
    VersionRange = b"versionRange" | b"version_range",
    Purl = b"purl",
    Cpe = b"cpe",
    Swid = b"swid",
    Omnibor = b"omniborId" | b"omnibor_id",
    Swhid = b"swhid",
    Scope = b"scope",
    Supplier = b"supplier",
    Provider = b"provider",
    Publisher = b"publisher",
    Manufacturer = b"manufacturer" | b"manufacture",
    Author = b"author",
    Authors = b"authors",
    Copyright = b"copyright",
    Hashes = b"hashes",
    Licences = b"licenses",
    References = b"externalReferences" | b"external_references",
    Properties = b"properties",
    Evidence = b"evidence",
    Endpoints = b"endpoints",
    Data = b"data",
    ModelCard = b"modelCard" | b"model_card",
    Patents = b"patentAssertions" | b"patent_assertions",
    Components = b"components",
    Services = b"services",
    Pedigree = b"pedigree",
    Signature = b"signature",
    // What says nothing here, so that every other name is an odd one.
    Passed = b"description" | b"mime-type" | b"mimeType" | b"mime_type" | b"modified" | b"isExternal" | b"is_external" | b"tags"
        | b"cryptoProperties" | b"crypto_properties" | b"releaseNotes" | b"release_notes" | b"authenticated"
        | b"x-trust-boundary" | b"xTrustBoundary" | b"x_trust_boundary" | b"trustZone" | b"trust_zone",
}

/// Reads one field of a component; lists of further components are the walk's business.
pub(super) fn read<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, field: Field) -> Read<()> {
    match field {
        Field::Reference => draft.reference = reading.word(&Path::Field("/bom-ref"))?.unwrap_or_default(),
        Field::Name => state(reading, draft, "/name", Draft::called)?,
        Field::Version => state(reading, draft, "/version", Draft::versioned)?,
        Field::Purl => located(reading, draft)?,
        Field::Cpe => state(reading, draft, "/cpe", |draft, word, path| draft.state(FactKind::Cpe, word, path))?,
        Field::Publisher => state(reading, draft, "/publisher", |d, word, path| d.by(FactKind::Publisher, word, path))?,
        Field::Copyright => {
            state(reading, draft, "/copyright", |d, word, path| d.state(FactKind::Copyright, word, path))?;
        }
        Field::Group => draft.group = reading.word(&Path::Field("/group"))?,
        Field::Type => {
            let word = reading.word(&Path::Field("/type"))?;
            draft.is_file = word.is_some_and(|word| matches!(&*word, "file" | "CLASSIFICATION_FILE"));
        }
        Field::VersionRange => {
            let range = reading.word(&Path::Field("/versionRange"))?;
            draft.version = draft.version.take().or(range);
        }
        Field::Scope => needed(reading, draft)?,
        Field::Supplier => party::read(reading, draft, FactKind::Supplier, Spot::Field("/supplier"))?,
        Field::Provider => party::read(reading, draft, FactKind::Supplier, Spot::Field("/provider"))?,
        Field::Manufacturer => party::read(reading, draft, FactKind::Manufacturer, Spot::Field("/manufacturer"))?,
        Field::Author => match reading.json.kind()? {
            Kind::Object => party::read(reading, draft, FactKind::Author, Spot::Field("/author"))?,
            _ => state(reading, draft, "/author", |draft, word, path| draft.by(FactKind::Author, word, path))?,
        },
        Field::Authors => party::list(reading, draft, FactKind::Author, "/authors")?,
        Field::Swid => swid(reading, draft)?,
        Field::Omnibor => identifiers(reading, draft, "/omniborId", "omnibor-id")?,
        Field::Swhid => identifiers(reading, draft, "/swhid", "swhid")?,
        Field::Hashes => hashes(reading, &Path::Field("/hashes"), |reading, index, algorithm, hex| {
            let _ = reading;
            draft.hashed(algorithm, hex, Path::Item("/hashes", index, "/content"));
        })?,
        Field::Licences => {
            draft.licensed = true;
            licences(reading, draft, "/licenses")?;
        }
        Field::References => references(reading, draft, Spot::Field("/externalReferences"))?,
        Field::Properties => properties(reading, draft, Spot::Field("/properties"))?,
        Field::Evidence => evidence::read(reading, draft)?,
        Field::Endpoints => reading.list(&Path::Field("/endpoints"), |reading, index| {
            let path = Path::Item("/endpoints", index, "");
            if let Some(url) = reading.word(&path)? {
                draft.linked(url, &path);
            }
            Ok(())
        })?,
        Field::Data => sweep::read(reading, draft, "/data")?,
        Field::ModelCard => sweep::read(reading, draft, "/modelCard")?,
        Field::Patents => sweep::read(reading, draft, "/patentAssertions")?,
        Field::Components | Field::Services | Field::Pedigree | Field::Signature | Field::Passed => {
            reading.json.skip()?;
        }
    }
    Ok(())
}

/// A package URL; what is none is a fact all the same.
fn located<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>) -> Read<()> {
    const AT: Path = Path::Field("/purl");
    let Some(purl) = reading.word(&AT)? else { return Ok(()) };
    draft.located(purl, AT);
    Ok(())
}

#[inline]
fn state<'a>(
    reading: &mut Reading<'a, '_, '_>,
    draft: &mut Draft<'a>,
    field: &'static str,
    say: impl FnOnce(&mut Draft<'a>, Cow<'a, str>, Path),
) -> Read<()> {
    if let Some(word) = reading.word(&Path::Field(field))? {
        say(draft, word, Path::Field(field));
    }
    Ok(())
}

fn needed<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>) -> Read<()> {
    let Some(word) = reading.word(&Path::Field("/scope"))? else { return Ok(()) };
    match scope(&word) {
        // What is known to be for development or tests stays so.
        Some(stated) if draft.scope == Scope::Required => draft.scope = stated,
        Some(_) => {}
        None => reading.repair(&Path::Field("/scope"), &format!("`{}` is no scope", cut(&word)), "`required`"),
    }
    Ok(())
}

/// Identifiers that are made of digests; nothing is compared with them here, so that they are kept as they are.
fn identifiers<'a>(
    reading: &mut Reading<'a, '_, '_>,
    draft: &mut Draft<'a>,
    at: &'static str,
    algorithm: &'static str,
) -> Read<()> {
    reading.list(&Path::Field(at), |reading, index| {
        if let Some(word) = reading.word(&Path::Item(at, index, ""))? {
            draft.hashed(algorithm, word, Path::Item(at, index, ""));
        }
        Ok(())
    })
}

fn swid<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>) -> Read<()> {
    reading.object(&Path::Field("/swid"), |reading, key| match key {
        "tagId" | "tag_id" => {
            state(reading, draft, "/swid/tagId", |draft, word, path| draft.state(FactKind::Swid, word, path))
        }
        "name" => state(reading, draft, "/swid/name", |draft, word, path| draft.state(FactKind::Name, word, path)),
        "url" => state(reading, draft, "/swid/url", |draft, word, path| draft.linked(word, &path)),
        "text" => attached(reading, draft),
        _ => reading.json.skip(),
    })
}

/// A whole tag, attached to the component as text.
fn attached<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>) -> Read<()> {
    let path = Path::Field("/swid/text");
    let (mut text, mut is_base64) = (None, false);
    if reading.json.kind()? == Kind::Object {
        reading.object(&path, |reading, key| {
            match key {
                "content" | "value" => text = reading.word(&path)?,
                "encoding" => is_base64 = reading.word(&path)?.is_some_and(|word| word == "base64"),
                _ => reading.json.skip()?,
            }
            Ok(())
        })?;
    } else {
        text = reading.json.scalar()?;
    }
    if let Some(Err(wrong)) = text.map(|text| embedded(draft, &text, is_base64)) {
        reading.repair(&path, wrong, "what could be read of it");
    }
    Ok(())
}

/// Digests with their algorithms; what stands twice in one object is two digests.
fn hashes<'a, 's, 't>(
    reading: &mut Reading<'a, 's, 't>,
    at: &Path,
    mut each: impl FnMut(&mut Reading<'a, 's, 't>, usize, &str, Cow<'a, str>),
) -> Read<()> {
    reading.list(at, |reading, index| {
        let (mut algorithm, mut content): (Option<Cow<'a, str>>, Option<Cow<'a, str>>) = (None, None);
        reading.object(at, |reading, key| {
            match key {
                "alg" => algorithm = reading.word(at)?,
                "content" | "value" => {
                    if let Some(first) = std::mem::replace(&mut content, reading.word(at)?) {
                        each(reading, index, algorithm.as_deref().unwrap_or_default(), first);
                    }
                }
                _ => reading.json.skip()?,
            }
            Ok(())
        })?;
        if let (Some(algorithm), Some(content)) = (algorithm, content) {
            each(reading, index, &algorithm, content);
        }
        Ok(())
    })
}

/// Licences say here only who gives them, and where they are.
pub(super) fn licences<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, at: &'static str) -> Read<()> {
    reading.list(&Path::Field(at), |reading, index| {
        let path = Path::Item(at, index, "");
        if reading.json.kind()? != Kind::Object {
            return reading.json.skip();
        }
        reading.object(&path, |reading, key| match key {
            "license" if reading.json.kind()? == Kind::Object => reading.object(&path, |reading, key| match key {
                "url" => {
                    let path = Path::Item(at, index, "/license/url");
                    if let Some(url) = reading.word(&path)? {
                        draft.linked(url, &path);
                    }
                    Ok(())
                }
                "licensing" => sweep::read(reading, draft, &format!("{at}/{index}/license/licensing")),
                "properties" => draft
                    .aside(|draft| properties(reading, draft, Spot::Deep(&format!("{at}/{index}/license/properties")))),
                _ => reading.json.skip(),
            }),
            "licensing" => sweep::read(reading, draft, &format!("{at}/{index}/licensing")),
            "expressionDetails" | "expressionDetailed" | "expression_detailed" => {
                sweep::read(reading, draft, &format!("{at}/{index}/expressionDetails"))
            }
            "properties" => {
                draft.aside(|draft| properties(reading, draft, Spot::Deep(&format!("{at}/{index}/properties"))))
            }
            _ => reading.json.skip(),
        })
    })
}

/// URLs and their hosts, and the digests of what is there; `url` is a text, or in some writers an object that holds one.
pub(super) fn references<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, at: Spot<'_>) -> Read<()> {
    if reading.json.kind()? == Kind::Object && matches!(at, Spot::Deep(_)) {
        return reference(reading, draft, at);
    }
    reading.list(&at.path(""), |reading, index| match at {
        Spot::Field(list) => reference(reading, draft, Spot::Item(list, index)),
        _ => reference(reading, draft, Spot::Deep(&at.field_of(index, "").to_string())),
    })
}

fn reference<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, at: Spot<'_>) -> Read<()> {
    reading.object(&at.path(""), |reading, key| {
        match key {
            "url" => {
                let path = at.path("/url");
                if reading.json.kind()? == Kind::Object {
                    reading.repair(&path, "an object where a text belongs", "its `url`");
                    return reading.object(&path, |reading, key| match key {
                        "url" => party::field(reading, draft, FactKind::Author, at, key),
                        _ => reading.json.skip(),
                    });
                }
                if let Some(url) = reading.word(&path)? {
                    draft.linked(url, &path);
                }
            }
            "hashes" => hashes(reading, &at.path("/hashes"), |_, index, algorithm, hex| {
                let path = || Path::Deep(format!("{}/content", at.item("/hashes", index)).into());
                draft.hash_of_other(algorithm, hex, path);
            })?,
            "properties" => {
                draft.aside(|draft| properties(reading, draft, Spot::Deep(&at.path("/properties").to_string())))?;
            }
            _ => reading.json.skip()?,
        }
        Ok(())
    })
}

/// Properties: a URL is a URL, a name like `…:vendor` says whose it is, everything else says nothing here.
pub(super) fn properties<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, at: Spot<'_>) -> Read<()> {
    reading.list(&at.path(""), |reading, index| {
        let (mut name, mut value) = (None, None);
        let path = || at.field_of(index, "/value");
        if reading.json.kind()? != Kind::Object {
            return reading.object(&at.field_of(index, ""), |_, _| Ok(()));
        }
        reading.json.open()?;
        while let Some(key) = reading.json.key()? {
            match &*key {
                "name" => name = reading.word(&at.field_of(index, ""))?,
                // A value may be of any type in the wild, and most of them say nothing here.
                "value" => {
                    if let Some(first) = std::mem::replace(&mut value, reading.json.scalar()?) {
                        reading.twice_in(&at.field_of(index, ""), &key);
                        property(draft, name.as_deref(), first, path);
                    }
                }
                _ => reading.json.skip()?,
            }
        }
        if let Some(value) = value {
            property(draft, name.as_deref(), value, path);
        }
        Ok(())
    })
}

fn property<'a>(draft: &mut Draft<'a>, name: Option<&str>, value: Cow<'a, str>, path: impl FnOnce() -> Path) {
    match name.and_then(role_of_property) {
        Some(kind @ (FactKind::Name | FactKind::Copyright)) => draft.state(kind, value, path()),
        Some(kind) => draft.by(kind, value, path()),
        None => {
            if let Some("cdx:npm:package:development" | "cdx:composer:package:isDevRequirement") = name
                && value == "true"
            {
                draft.scope = Scope::Dev;
            }
            if host(&value).is_some() {
                draft.linked(value, &path());
            }
        }
    }
}

fn cut(word: &str) -> String {
    word.chars().take(40).collect()
}
