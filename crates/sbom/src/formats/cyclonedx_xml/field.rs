//! The fields of a component or service, and what each one states.
use std::borrow::Cow;

use interdict_model::{FactKind, Scope};

use super::document::{Reading, cut};
use super::space::Space;
use super::{evidence, party, sweep};
use crate::cyclonedx::field::fields;
use crate::cyclonedx::spot::Spot;
use crate::cyclonedx::tree::{Level, Site};
use crate::cyclonedx::{role_of_property, scope};
use crate::draft::{Draft, Path, broken_purl, host};
use crate::formats::swid::embedded;
use crate::xml::{Read, Tag};

fields! {
    Name = b"name",
    Group = b"group",
    Version = b"version",
    VersionRange = b"versionRange",
    Purl = b"purl",
    Cpe = b"cpe",
    Swid = b"swid",
    Scope = b"scope",
    Supplier = b"supplier",
    Provider = b"provider",
    Publisher = b"publisher",
    Manufacturer = b"manufacturer" | b"manufacture",
    Author = b"author",
    Authors = b"authors",
    Copyright = b"copyright",
    Hashes = b"hashes",
    Licenses = b"licenses",
    References = b"externalReferences",
    Properties = b"properties",
    Evidence = b"evidence",
    Endpoints = b"endpoints",
    Data = b"data",
    ModelCard = b"modelCard",
    Patents = b"patentAssertions",
    Omnibor = b"omniborId",
    Swhid = b"swhid",
    Components = b"components",
    Services = b"services",
    Pedigree = b"pedigree",
}

impl Field {
    /// Whether a component may have several without a list around them (the schemas of 1.6 and 1.7).
    pub(super) const fn is_repeatable(self) -> bool {
        matches!(self, Self::Data | Self::Omnibor | Self::Swhid)
    }
}

/// Marks a component that says of itself that it comes from outside, beside the bits of its fields.
const EXTERNAL: u64 = 1 << 63;

/// Reads what stands in the start tag of a component or service.
pub(super) fn attributes<'a>(reading: &mut Reading<'a, '_, '_>, level: &mut Level<'a>, tag: Tag<'_, Space>) {
    if let Some(reference) = reading.attribute("bom-ref").or_else(|| reading.attribute("bomRef")) {
        level.draft.reference = reference;
    }
    match reading.attribute("type") {
        Some(word) => level.draft.is_file = word == "file",
        None if level.site == Site::Service => {}
        None => reading.repair_at(tag.at, &Path::Field("/type"), "missing", "a component of no known type"),
    }
    if reading.attribute("isExternal").is_some_and(|word| matches!(&*word, "true" | "1")) {
        level.seen |= EXTERNAL;
    }
}

/// Says what a component that was read to its end lacks or has too much of.
pub(super) fn check(reading: &mut Reading<'_, '_, '_>, level: &Level<'_>) {
    if level.seen & Field::Name.bit() == 0 {
        reading.repair(&Path::Field("/name"), "missing", "a component without a name");
    }
    if level.seen & Field::VersionRange.bit() != 0 && level.seen & EXTERNAL == 0 {
        let wrong = "a range of versions on a component that is not external";
        reading.repair(&Path::Field("/versionRange"), wrong, "the range");
    }
}

/// Reads one element of a component; those that hold further components are the walk's business.
pub(super) fn read<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, field: Field) -> Read<()> {
    match field {
        Field::Name => draft.called(reading.word()?, Path::Field("/name")),
        Field::Version => draft.versioned(reading.word()?, Path::Field("/version")),
        Field::Purl => {
            let (purl, path) = (reading.word()?, Path::Field("/purl"));
            if let Some(wrong) = broken_purl(&purl) {
                reading.repair(&path, &wrong, "the text as it is written");
            }
            // Told by its line here.
            draft.located_as_is(purl, path);
        }
        Field::Cpe => draft.state(FactKind::Cpe, reading.word()?, Path::Field("/cpe")),
        Field::Publisher => draft.by(FactKind::Publisher, reading.word()?, Path::Field("/publisher")),
        Field::Copyright => draft.state(FactKind::Copyright, reading.word()?, Path::Field("/copyright")),
        Field::Group => draft.group = Some(reading.word()?),
        Field::VersionRange => {
            let range = reading.word()?;
            draft.version.get_or_insert(range);
        }
        Field::Scope => needed(reading, draft)?,
        Field::Supplier => party::read(reading, draft, FactKind::Supplier, &"/supplier")?,
        Field::Provider => party::read(reading, draft, FactKind::Supplier, &"/provider")?,
        Field::Manufacturer => party::read(reading, draft, FactKind::Manufacturer, &"/manufacturer")?,
        Field::Author => match reading.bare()? {
            Some(word) => draft.by(FactKind::Author, word, Path::Field("/author")),
            None => party::read(reading, draft, FactKind::Author, &"/author")?,
        },
        Field::Authors => party::list(reading, draft, FactKind::Author, "/authors")?,
        Field::Swid => swid(reading, draft)?,
        Field::Hashes => hashes(reading, draft)?,
        Field::Licenses => {
            draft.licensed = true;
            licenses(reading, draft, "/licenses")?;
        }
        Field::Data => sweep::read(reading, draft, &"/data")?,
        Field::ModelCard => sweep::read(reading, draft, &"/modelCard")?,
        Field::Patents => sweep::read(reading, draft, &"/patentAssertions")?,
        Field::Omnibor => identifier(reading, draft, "/omniborId", "omnibor-id")?,
        Field::Swhid => identifier(reading, draft, "/swhid", "swhid")?,
        Field::References => references(reading, draft, Spot::Field("/externalReferences"))?,
        Field::Properties => properties(reading, draft, Spot::Field("/properties"))?,
        Field::Evidence => evidence::read(reading, draft)?,
        Field::Endpoints => {
            let mut index = 0;
            while reading.xml.child()?.is_some() {
                draft.linked(reading.word()?, &Path::Item("/endpoints", index, ""));
                index += 1;
            }
        }
        Field::Components | Field::Services | Field::Pedigree => reading.xml.skip()?,
    }
    Ok(())
}

fn needed<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>) -> Read<()> {
    let at = reading.xml.offset();
    let word = reading.word()?;
    match scope(&word) {
        // What is known to be for development or tests stays so.
        Some(stated) if draft.scope == Scope::Required => draft.scope = stated,
        Some(_) => {}
        None => {
            let wrong = format!("`{}` is no scope", cut(&word));
            reading.repair_at(at, &Path::Field("/scope"), &wrong, "`required`");
        }
    }
    Ok(())
}

fn swid<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>) -> Read<()> {
    if let Some(id) = reading.attribute("tagId") {
        draft.state(FactKind::Swid, id, Path::Field("/swid/tagId"));
    }
    if let Some(name) = reading.attribute("name") {
        draft.state(FactKind::Name, name, Path::Field("/swid/name"));
    }
    while let Some(tag) = reading.xml.child()? {
        match tag.name {
            "url" => draft.linked(reading.word()?, &Path::Field("/swid/url")),
            "text" => {
                let is_base64 = reading.attribute("encoding").is_some_and(|word| word == "base64");
                let text = reading.word()?;
                if let Err(wrong) = embedded(draft, &text, is_base64) {
                    reading.repair_at(tag.at, &Path::Field("/swid/text"), wrong, "what could be read of it");
                }
            }
            _ => reading.xml.skip()?,
        }
    }
    Ok(())
}

fn hashes<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>) -> Read<()> {
    let mut index = 0;
    while let Some(tag) = reading.xml.child()? {
        let algorithm = reading.attribute("alg");
        let hex = reading.word()?;
        let path = Path::Item("/hashes", index, "/content");
        if !is_digest(&hex) {
            let wrong = format!("`{}` is no digest in hexadecimal", cut(&hex));
            reading.repair_at(tag.at, &path, &wrong, "the text as it is written");
        }
        let algorithm = algorithm.unwrap_or_else(|| {
            let (word, assumed) = by_length(&hex);
            reading.repair_at(tag.at, &Path::Item("/hashes", index, "/alg"), "missing", assumed);
            Cow::Borrowed(word)
        });
        draft.hashed(&algorithm, hex, path);
        index += 1;
    }
    Ok(())
}

/// Whether a text is as long as the digests that there are, and hexadecimal.
fn is_digest(hex: &str) -> bool {
    matches!(hex.len(), 32 | 40 | 64 | 96 | 128) && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The algorithm whose digests are this long, and what that assumes.
fn by_length(hex: &str) -> (&'static str, &'static str) {
    match hex.len() {
        32 => ("MD5", "MD5, by the length of the digest"),
        40 => ("SHA-1", "SHA-1, by the length of the digest"),
        64 => ("SHA-256", "SHA-256, by the length of the digest"),
        _ => ("", "nothing"),
    }
}

/// Identifiers that are made of digests; nothing is compared with them here, so that they are kept as they are.
fn identifier<'a>(
    reading: &mut Reading<'a, '_, '_>,
    draft: &mut Draft<'a>,
    at: &'static str,
    algorithm: &str,
) -> Read<()> {
    let word = reading.word()?;
    draft.hashed(algorithm, word, Path::Field(at));
    Ok(())
}

/// Licences say here only who gives them, where they are, and how their texts are encoded.
pub(super) fn licenses<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, at: &'static str) -> Read<()> {
    let mut index = 0;
    while let Some(tag) = reading.xml.child()? {
        match tag.name {
            "license" => license(reading, draft, at, index)?,
            "licensing" => sweep::read(reading, draft, &format_args!("{at}/{index}/licensing"))?,
            "expressionDetailed" | "expression-detailed" | "expressionDetails" => {
                sweep::read(reading, draft, &format_args!("{at}/{index}/expressionDetails"))?;
            }
            _ => reading.xml.skip()?,
        }
        index += 1;
    }
    Ok(())
}

fn license<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, at: &'static str, index: usize) -> Read<()> {
    while let Some(tag) = reading.xml.child()? {
        match tag.name {
            "text" => encoded(reading, tag, at)?,
            "url" => draft.linked(reading.word()?, &Path::Item(at, index, "/license/url")),
            "licensing" => sweep::read(reading, draft, &format_args!("{at}/{index}/license/licensing"))?,
            "properties" => draft
                .aside(|draft| properties(reading, draft, Spot::Deep(&format!("{at}/{index}/license/properties"))))?,
            _ => reading.xml.skip()?,
        }
    }
    Ok(())
}

/// Passes over an attached text, and says where its encoding is none.
fn encoded(reading: &mut Reading<'_, '_, '_>, tag: Tag<'_, Space>, at: &'static str) -> Read<()> {
    if let Some(word) = reading.attribute("encoding").filter(|word| word != "base64") {
        let wrong = format!("`{}` is no encoding of a text", cut(&word));
        reading.repair_at(tag.at, &Path::Field(at), &wrong, "nothing; the text is not read");
    }
    reading.xml.skip()
}

/// Patches say here only where they are.
pub(super) fn patches<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>) -> Read<()> {
    let mut index = 0;
    while let Some(tag) = reading.xml.child()? {
        let is_known = |word: &Cow<'_, str>| matches!(&**word, "unofficial" | "monkey" | "backport" | "cherry-pick");
        if let Some(word) = reading.attribute("type").filter(|word| !is_known(word)) {
            let wrong = format!("`{}` is no type of a patch", cut(&word));
            reading.repair_at(tag.at, &Path::Field("/patches"), &wrong, "nothing; it is read all the same");
        }
        sweep::read(reading, draft, &format_args!("/pedigree/patches/{index}"))?;
        index += 1;
    }
    Ok(())
}

/// URLs and their hosts, and the digests of what is there.
pub(super) fn references<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, at: Spot<'_>) -> Read<()> {
    let mut index = 0;
    while reading.xml.child()?.is_some() {
        match at {
            Spot::Field(list) => reference(reading, draft, Spot::Item(list, index))?,
            _ => reference(reading, draft, Spot::Deep(&at.field_of(index, "").to_string()))?,
        }
        index += 1;
    }
    Ok(())
}

/// One reference that was stepped into.
pub(super) fn reference<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, at: Spot<'_>) -> Read<()> {
    while let Some(tag) = reading.xml.child()? {
        match tag.name {
            "url" => draft.linked(reading.word()?, &at.path("/url")),
            "hashes" => {
                let mut index = 0;
                while reading.xml.child()?.is_some() {
                    let algorithm = reading.attribute("alg").unwrap_or_default();
                    let path = || Path::Deep(format!("{}/content", at.item("/hashes", index)).into());
                    draft.hash_of_other(&algorithm, reading.word()?, path);
                    index += 1;
                }
            }
            "properties" => {
                draft.aside(|draft| properties(reading, draft, Spot::Deep(&at.path("/properties").to_string())))?;
            }
            _ => reading.xml.skip()?,
        }
    }
    Ok(())
}

/// Properties: a URL is a URL, a name like `…:vendor` says whose it is, everything else says nothing here.
pub(super) fn properties<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, at: Spot<'_>) -> Read<()> {
    let mut index = 0;
    while let Some(tag) = reading.xml.child()? {
        let name = reading.attribute("name");
        let aside = reading.attribute("value");
        let mut value = reading.word()?;
        let path = || at.field_of(index, "/value");
        if name.is_none() {
            let path = at.field_of(index, "/name");
            reading.repair_at(tag.at, &path, "missing", "a property without a name");
        }
        if let Some(aside) = aside {
            reading.repair_at(tag.at, &path(), "the value stands in an attribute", "the attribute's value");
            value = if value.is_empty() { aside } else { Cow::Owned(format!("{value} {aside}")) };
        }
        match name.as_deref().and_then(role_of_property) {
            Some(kind @ (FactKind::Name | FactKind::Copyright)) => draft.state(kind, value, path()),
            Some(kind) => draft.by(kind, value, path()),
            None => {
                if matches!(
                    name.as_deref(),
                    Some("cdx:npm:package:development" | "cdx:composer:package:isDevRequirement")
                ) && value == "true"
                {
                    draft.scope = Scope::Dev;
                }
                if host(&value).is_some() {
                    draft.linked(value, &path());
                }
            }
        }
        index += 1;
    }
    Ok(())
}
