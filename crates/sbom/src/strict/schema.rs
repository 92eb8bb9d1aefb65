//! The official JSON schemas, one an edition, offline: documents are held against the one of the version they declare.
use std::borrow::Cow;
use std::io::Read as _;
use std::sync::OnceLock;

use flate2::read::DeflateDecoder;
use jsonschema::{Registry, Validator};
use serde_json::Value;

use super::words::{complaint, pointer};
use super::{COMPLAINTS, Complaint, spdx2, spdx3};
use crate::json::Json;
use crate::{encoding, yaml};

macro_rules! schema {
    ($name:literal) => {
        include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".schema"))
    };
}

/// A schema as it lies in the library, and ready to use once it was needed.
pub(super) struct Edition {
    /// The format and the version.
    pub(super) title: &'static str,
    pub(super) deflated: &'static [u8],
    ready: OnceLock<Option<Validator>>,
}

const fn edition(title: &'static str, deflated: &'static [u8]) -> Edition {
    Edition { title, deflated, ready: OnceLock::new() }
}

static CYCLONEDX: [(&str, Edition); 6] = [
    ("1.2", edition("the official JSON schema of CycloneDX 1.2, strict edition", schema!("bom-1.2-strict"))),
    ("1.3", edition("the official JSON schema of CycloneDX 1.3, strict edition", schema!("bom-1.3-strict"))),
    ("1.4", edition("the official JSON schema of CycloneDX 1.4", schema!("bom-1.4"))),
    ("1.5", edition("the official JSON schema of CycloneDX 1.5", schema!("bom-1.5"))),
    ("1.6", edition("the official JSON schema of CycloneDX 1.6", schema!("bom-1.6"))),
    ("1.7", edition("the official JSON schema of CycloneDX 1.7", schema!("bom-1.7"))),
];

static SPDX: [(&str, Edition); 2] = [
    ("SPDX-2.2", edition("SPDX 2.2, its official JSON schema and its text", schema!("spdx-2.2"))),
    ("SPDX-2.3", edition("SPDX 2.3, its official JSON schema and its text", schema!("spdx-2.3"))),
];

pub(super) static SPDX3: [(&str, Edition); 2] = [
    ("3.0.0", edition("the official JSON schema of SPDX 3.0.0", schema!("spdx-3.0.0"))),
    ("3.0.1", edition("the official JSON schema of SPDX 3.0.1", schema!("spdx-3.0.1"))),
];

/// Schemas that others refer to, by the names they are referred to.
const NEIGHBOURS: [(&str, &[u8]); 3] = [
    ("http://cyclonedx.org/schema/spdx.SNAPSHOT.schema.json", schema!("spdx")),
    ("http://cyclonedx.org/schema/jsf-0.82.SNAPSHOT.schema.json", schema!("jsf-0.82")),
    ("http://cyclonedx.org/schema/cryptography-defs.SNAPSHOT.schema.json", schema!("cryptography-defs")),
];

/// Commas and brackets of a document that is held against a schema: each may become a value of some sixty bytes.
const VALUES: usize = 16 << 20;

/// The schema of the declared version, and what it finds wrong; `None` where there is none for it.
pub(super) fn check(format: &str, bytes: &[u8]) -> Option<(&'static str, Vec<Complaint>)> {
    let decoded = encoding::decode(bytes);
    // YAML is held as the JSON that it stands for.
    let text = match format {
        "spdx-yaml" => Cow::Owned(yaml::transcode(&decoded.text).json),
        _ => decoded.text,
    };
    let text = &*text;
    let of = |editions: &'static [(&str, Edition)], version: &str| {
        editions.iter().find(|(of, _)| *of == version).map(|(_, edition)| edition)
    };
    let edition = match format {
        "cyclonedx-json" => of(&CYCLONEDX, &Json::new(text).says("specVersion")?),
        "spdx-json" => of(&SPDX, &Json::new(text).says("spdxVersion")?),
        "spdx-yaml" => match Json::new(text).says("spdxVersion") {
            Some(version) => of(&SPDX, &version),
            None => of(&CYCLONEDX, &Json::new(text).says("specVersion")?),
        },
        "spdx3-json" => of(&SPDX3, spdx3::version(text)?),
        _ => None,
    }?;
    let document = match parsed(text) {
        Ok(document) => document,
        Err(complaint) => return Some((edition.title, vec![complaint])),
    };
    let complaints = if format == "spdx3-json" {
        spdx3::complaints(edition, &document)
    } else {
        let mut told = edition.validator().map_or_else(Vec::new, |validator| complaints(validator, &document, ""));
        if edition.is_of(&SPDX) {
            told.extend(spdx2::complaints(&document));
            told.truncate(COMPLAINTS);
        }
        told
    };
    Some((edition.title, complaints))
}

fn parsed(text: &str) -> Result<Value, Complaint> {
    let bytes = text.as_bytes();
    let values = memchr::memchr3_iter(b',', b'{', b'[', bytes).count();
    if values > VALUES {
        let wrong = format!("the document has more than {VALUES} values and was not held against its schema");
        return Err(Complaint { pointer: String::new(), wrong });
    }
    serde_json::from_str(text).map_err(|why| {
        let pointer = format!("line {}, column {}", why.line(), why.column());
        let wrong = why.to_string();
        let wrong = wrong.rsplit_once(" at line").map_or(wrong.as_str(), |(wrong, _)| wrong);
        Complaint { pointer, wrong: format!("cannot be held against its schema: {wrong}") }
    })
}

/// What a validator finds wrong with a value that stands at this pointer.
pub(super) fn complaints(validator: &Validator, value: &Value, at: &str) -> Vec<Complaint> {
    let errors = validator.iter_errors(value).take(COMPLAINTS);
    errors.map(|error| complaint(&error)).map(|one| Complaint { pointer: pointer(at, &one.pointer), ..one }).collect()
}

impl Edition {
    fn is_of(&self, editions: &[(&str, Self)]) -> bool {
        editions.iter().any(|(_, edition)| edition.title == self.title)
    }

    pub(super) fn validator(&self) -> Option<&Validator> {
        // A schema that does not compile is a fault of ours that a test would show; it refuses nothing.
        self.ready.get_or_init(|| compiled(&value(self.deflated)?)).as_ref()
    }
}

pub(super) fn inflated(deflated: &[u8]) -> Option<Vec<u8>> {
    let mut text = Vec::new();
    DeflateDecoder::new(deflated).read_to_end(&mut text).ok()?;
    Some(text)
}

pub(super) fn value(deflated: &[u8]) -> Option<Value> {
    serde_json::from_slice(&inflated(deflated)?).ok()
}

pub(super) fn compiled(schema: &Value) -> Option<Validator> {
    let mut registry = Registry::new();
    for (name, deflated) in NEIGHBOURS {
        registry = registry.add(name, value(deflated)?).ok()?;
    }
    let registry = registry.prepare().ok()?;
    let options = jsonschema::options().with_registry(&registry).should_validate_formats(true);
    let options = options.with_format("idn-email", is_mail).without_content_encoding_support("base64");
    options.build(schema).ok()
}

/// RFC 6531 in what matters: one part before the last `@`, a host behind it, nothing that ends an address.
fn is_mail(text: &str) -> bool {
    text.rsplit_once('@').is_some_and(|(who, host)| {
        let plain = |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c.is_control());
        plain(who) && plain(host) && !who.contains('@') && !host.starts_with(['.', '-']) && !host.ends_with(['.', '-'])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_compiles() {
        for (version, edition) in CYCLONEDX.iter().chain(&SPDX).chain(&SPDX3) {
            assert!(edition.validator().is_some(), "{version}");
        }
    }

    #[test]
    fn addresses() {
        for (text, want) in [("a@b.c", true), ("ю@почта.рф", true), ("a.b", false), ("a b@c", false), ("@c", false)]
        {
            assert_eq!(is_mail(text), want, "{text}");
        }
    }
}
