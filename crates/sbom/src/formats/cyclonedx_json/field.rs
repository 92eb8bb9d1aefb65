//! The fields of a component or service, and what each one states.
use std::borrow::Cow;

use interdict_model::{FactKind, Scope};

use crate::cyclonedx::{identity, role_of_property, scope};
use crate::draft::{Draft, Path};
use crate::json::{Kind, Read};
use crate::reading::Reading;

macro_rules! fields {
    ($($field:ident = $($name:literal)|+,)*) => {
        /// A field that is read; all others are passed over.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Field { $($field,)* }

        impl Field {
            #[inline]
            pub(super) fn named(key: &str) -> Option<Self> {
                match key { $($($name)|+ => Some(Self::$field),)* _ => None }
            }
        }
    };
}

fields! {
    Reference = "bom-ref" | "bomRef" | "bom_ref",
    Type = "type",
    Name = "name",
    Group = "group",
    Version = "version",
    VersionRange = "versionRange" | "version_range",
    Purl = "purl",
    Cpe = "cpe",
    Swid = "swid",
    Scope = "scope",
    Supplier = "supplier",
    Provider = "provider",
    Publisher = "publisher",
    Manufacturer = "manufacturer" | "manufacture",
    Author = "author",
    Authors = "authors",
    Copyright = "copyright",
    Hashes = "hashes",
    References = "externalReferences" | "external_references",
    Properties = "properties",
    Evidence = "evidence",
    Endpoints = "endpoints",
    Components = "components",
    Services = "services",
    Pedigree = "pedigree",
}

impl Field {
    pub(super) const fn bit(self) -> u64 {
        1 << self as u64
    }
}

/// Reads one field of a component; lists of further components are the walk's business.
pub(super) fn read<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, field: Field) -> Read<()> {
    match field {
        Field::Reference => draft.reference = reading.word(&Path::Field("/bom-ref"))?.unwrap_or_default(),
        Field::Name => state(reading, draft, "/name", Draft::called)?,
        Field::Version => state(reading, draft, "/version", Draft::versioned)?,
        Field::Purl => state(reading, draft, "/purl", Draft::located)?,
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
        Field::Scope => {
            if let Some(word) = reading.word(&Path::Field("/scope"))? {
                match scope(&word) {
                    // What is known to be for development or tests stays so.
                    Some(stated) if draft.scope == Scope::Required => draft.scope = stated,
                    Some(_) => {}
                    None => {
                        reading.repair(&Path::Field("/scope"), &format!("`{}` is no scope", cut(&word)), "`required`");
                    }
                }
            }
        }
        Field::Supplier => party(reading, draft, FactKind::Supplier, &"/supplier")?,
        Field::Provider => party(reading, draft, FactKind::Supplier, &"/provider")?,
        Field::Manufacturer => party(reading, draft, FactKind::Manufacturer, &"/manufacturer")?,
        Field::Author => match reading.json.kind()? {
            Kind::Object => party(reading, draft, FactKind::Author, &"/author")?,
            _ => state(reading, draft, "/author", |draft, word, path| draft.by(FactKind::Author, word, path))?,
        },
        Field::Authors => parties(reading, draft, FactKind::Author, "/authors")?,
        Field::Swid => swid(reading, draft)?,
        Field::Hashes => hashes(reading, draft)?,
        Field::References => references(reading, draft, "/externalReferences")?,
        Field::Properties => properties(reading, draft, "/properties")?,
        Field::Evidence => evidence(reading, draft)?,
        Field::Endpoints => reading.list(&Path::Field("/endpoints"), |reading, index| {
            let path = Path::Item("/endpoints", index, "");
            if let Some(url) = reading.word(&path)? {
                draft.linked(url, &path);
            }
            Ok(())
        })?,
        Field::Components | Field::Services | Field::Pedigree => reading.json.skip()?,
    }
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

/// An organisation or person: an object with a name, or the name itself.
pub(super) fn party<'a>(
    reading: &mut Reading<'a, '_, '_>,
    draft: &mut Draft<'a>,
    kind: FactKind,
    at: &dyn std::fmt::Display,
) -> Read<()> {
    let path = |rest: &str| Path::Deep(format!("{at}{rest}").into());
    if reading.json.kind()? != Kind::Object {
        let path = path("");
        let Some(name) = reading.json.scalar()? else {
            reading.repair(&path, "no object where an organisation belongs", "nothing");
            return Ok(());
        };
        reading.repair(&path, "a text where an organisation belongs", "its name");
        draft.by(kind, name, path);
        return Ok(());
    }
    reading.object(&Path::Field(""), |reading, key| party_field(reading, draft, kind, at, key))
}

/// One field of an organisation, person or tool.
pub(super) fn party_field<'a>(
    reading: &mut Reading<'a, '_, '_>,
    draft: &mut Draft<'a>,
    kind: FactKind,
    at: &dyn std::fmt::Display,
    key: &str,
) -> Read<()> {
    let path = |rest: &str| Path::Deep(format!("{at}{rest}").into());
    match key {
        "name" | "vendor" | "publisher" | "author" | "group" | "email" => {
            let path = path(&format!("/{key}"));
            if let Some(name) = reading.word(&path)? {
                if key == "email" { draft.state(kind, name, path) } else { draft.by(kind, name, path) }
            }
        }
        "supplier" | "provider" | "manufacturer" => {
            // One level only: these hold organisations, not tools.
            let path = path(&format!("/{key}/name"));
            reading.named(|name| draft.by(kind, name, path.clone()))?;
        }
        "url" => {
            let path = path("/url");
            reading.list(&path, |reading, _| {
                if let Some(url) = reading.word(&path)? {
                    draft.linked(url, &path);
                }
                Ok(())
            })?;
        }
        "contact" => {
            let path = path("/contact");
            reading.list(&path, |reading, _| {
                reading.object(&path, |reading, key| {
                    match key {
                        "email" | "name" => {
                            if let Some(word) = reading.word(&path)? {
                                draft.state(kind, word, path.clone());
                            }
                        }
                        _ => reading.json.skip()?,
                    }
                    Ok(())
                })
            })?;
        }
        _ => reading.json.skip()?,
    }
    Ok(())
}

/// A list of organisations, persons or tools.
pub(super) fn parties<'a>(
    reading: &mut Reading<'a, '_, '_>,
    draft: &mut Draft<'a>,
    kind: FactKind,
    at: &str,
) -> Read<()> {
    let path = Path::Deep(at.into());
    reading.list(&path, |reading, index| party(reading, draft, kind, &format_args!("{at}/{index}")))
}

fn swid<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>) -> Read<()> {
    reading.object(&Path::Field("/swid"), |reading, key| match key {
        "tagId" | "tag_id" => {
            state(reading, draft, "/swid/tagId", |draft, word, path| draft.state(FactKind::Swid, word, path))
        }
        "name" => state(reading, draft, "/swid/name", |draft, word, path| draft.state(FactKind::Name, word, path)),
        "url" => state(reading, draft, "/swid/url", |draft, word, path| draft.linked(word, &path)),
        _ => reading.json.skip(),
    })
}

fn hashes<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>) -> Read<()> {
    reading.list(&Path::Field("/hashes"), |reading, index| {
        let (mut algorithm, mut content) = (None, None);
        reading.object(&Path::Item("/hashes", index, ""), |reading, key| {
            match key {
                "alg" => algorithm = reading.word(&Path::Item("/hashes", index, "/alg"))?,
                "content" | "value" => content = reading.word(&Path::Item("/hashes", index, "/content"))?,
                _ => reading.json.skip()?,
            }
            Ok(())
        })?;
        if let (Some(algorithm), Some(content)) = (algorithm, content) {
            draft.hashed(&algorithm, content, Path::Item("/hashes", index, "/content"));
        }
        Ok(())
    })
}

/// URLs and their hosts; `url` is a text, or since 1.5 in some writers an object that holds one.
pub(super) fn references<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, at: &'static str) -> Read<()> {
    reading.list(&Path::Field(at), |reading, index| {
        reading.object(&Path::Item(at, index, ""), |reading, key| {
            let path = Path::Item(at, index, "/url");
            match key {
                "url" => {
                    if let Some(url) = reading.word(&path)? {
                        draft.linked(url, &path);
                    }
                }
                _ => reading.json.skip()?,
            }
            Ok(())
        })
    })
}

/// Properties: a URL is a URL, a name like `…:vendor` says whose it is, everything else says nothing here.
pub(super) fn properties<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, at: &'static str) -> Read<()> {
    reading.list(&Path::Field(at), |reading, index| {
        let (mut name, mut value) = (None, None);
        reading.object(&Path::Item(at, index, ""), |reading, key| {
            match key {
                "name" => name = reading.word(&Path::Item(at, index, "/name"))?,
                // A value may be of any type in the wild, and most of them say nothing here.
                "value" => value = reading.json.scalar()?,
                _ => reading.json.skip()?,
            }
            Ok(())
        })?;
        let Some(value) = value else { return Ok(()) };
        let path = Path::Item(at, index, "/value");
        match name.as_deref().and_then(role_of_property) {
            Some(kind @ (FactKind::Name | FactKind::Copyright)) => draft.state(kind, value, path),
            Some(kind) => draft.by(kind, value, path),
            None => {
                match name.as_deref() {
                    Some("cdx:npm:package:development" | "cdx:composer:package:isDevRequirement")
                        if value == "true" =>
                    {
                        draft.scope = Scope::Dev;
                    }
                    _ => {}
                }
                draft.linked(value, &path);
            }
        }
        Ok(())
    })
}

fn evidence<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>) -> Read<()> {
    reading.objects(&Path::Field("/evidence"), |reading, key| match key {
        // One object in 1.5, a list since 1.6: both are right.
        "identity" if reading.json.kind()? == Kind::Object => claimed(reading, draft, 0),
        "identity" => reading.list(&Path::Field("/evidence/identity"), |reading, index| claimed(reading, draft, index)),
        "occurrences" => reading.list(&Path::Field("/evidence/occurrences"), |reading, index| {
            let path = Path::Item("/evidence/occurrences", index, "/location");
            reading.object(&path, |reading, key| {
                match key {
                    "location" => {
                        if let Some(location) = reading.word(&path)? {
                            draft.state(FactKind::OwnedPath, location, path.clone());
                        }
                    }
                    _ => reading.json.skip()?,
                }
                Ok(())
            })
        }),
        "copyright" => reading.list(&Path::Field("/evidence/copyright"), |reading, index| {
            let path = Path::Item("/evidence/copyright", index, "/text");
            reading.object(&path, |reading, key| {
                match key {
                    "text" => {
                        if let Some(text) = reading.word(&path)? {
                            draft.state(FactKind::Copyright, text, path.clone());
                        }
                    }
                    _ => reading.json.skip()?,
                }
                Ok(())
            })
        }),
        _ => reading.json.skip(),
    })
}

fn claimed<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, index: usize) -> Read<()> {
    let (mut of, mut claim) = (None, None);
    reading.object(&Path::Item("/evidence/identity", index, ""), |reading, key| {
        match key {
            "field" => of = reading.word(&Path::Item("/evidence/identity", index, "/field"))?,
            "concludedValue" | "concluded_value" => {
                claim = reading.word(&Path::Item("/evidence/identity", index, "/concludedValue"))?;
            }
            _ => reading.json.skip()?,
        }
        Ok(())
    })?;
    if let (Some(kind), Some(claim)) = (of.as_deref().and_then(identity), claim) {
        draft.state(kind, claim, Path::Item("/evidence/identity", index, "/concludedValue"));
    }
    Ok(())
}

fn cut(word: &str) -> String {
    word.chars().take(40).collect()
}
