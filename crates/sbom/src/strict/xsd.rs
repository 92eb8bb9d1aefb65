//! The official XML schemas of CycloneDX, one an edition, offline: documents are held against the one whose namespace they name.
use std::sync::OnceLock;

use uppsala::{Document, Parser, ValidationError, XsdValidator};

use super::schema::inflated;
use super::{COMPLAINTS, Complaint, caught};
use crate::{encoding, xml};

/// Elements nested in one another: components in components take two each. The validator goes down by calling itself.
const NESTING: u32 = 128;
/// Tags of a document that is held against a schema: each may become a few hundred bytes.
const TAGS: usize = 4 << 20;

/// A schema as it lies in the library, and ready to use once it was needed.
struct Edition {
    version: &'static str,
    title: &'static str,
    deflated: &'static [u8],
    ready: OnceLock<Option<XsdValidator>>,
}

macro_rules! editions {
    ($($version:literal),*) => {
        [$(Edition {
            version: $version,
            title: concat!("the official XML schema of CycloneDX ", $version),
            deflated: include_bytes!(concat!(env!("OUT_DIR"), "/bom-", $version, ".xsd")),
            ready: OnceLock::new(),
        }),*]
    };
}

static EDITIONS: [Edition; 8] = editions!("1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7");

/// The schema of the edition that the outermost element belongs to, and what it finds wrong; `None` where there is none for it.
pub(super) fn check(bytes: &[u8]) -> Option<(&'static str, Vec<Complaint>)> {
    let uri = xml::root(bytes)?.uri?;
    let version = uri.strip_prefix("http://cyclonedx.org/schema/bom/")?;
    let edition = EDITIONS.iter().find(|edition| edition.version == version)?;
    Some((edition.title, complaints(edition, &encoding::decode(bytes).text)))
}

fn complaints(edition: &Edition, text: &str) -> Vec<Complaint> {
    let unheld = |why: String| {
        vec![Complaint {
            pointer: String::new(),
            wrong: format!("the document was not held against its schema: {why}"),
        }]
    };
    let tags = memchr::memchr_iter(b'<', text.as_bytes()).count();
    if tags > TAGS {
        return unheld(format!("it has more than {TAGS} tags"));
    }
    // What the decoder made of it is UTF-8, whatever it says of itself.
    let text = text.trim_start_matches('\u{feff}');
    let document = match Parser::new().with_max_depth(NESTING).parse(text) {
        Ok(document) => document,
        Err(why) => return unheld(why.to_string()),
    };
    match caught(|| edition.held(&document)) {
        Ok(complaints) => complaints,
        Err(gave_up) => unheld(gave_up),
    }
}

impl Edition {
    fn held(&self, document: &Document<'_>) -> Vec<Complaint> {
        // A schema that does not compile is a fault of ours that a test would show; it refuses nothing.
        let validator = self.ready.get_or_init(|| compiled(&inflated(self.deflated)?)).as_ref();
        let told = validator.map(|validator| validator.validate(document)).unwrap_or_default();
        told.into_iter().take(COMPLAINTS).map(complaint).collect()
    }
}

fn compiled(schema: &[u8]) -> Option<XsdValidator> {
    let schema = uppsala::parse(std::str::from_utf8(schema).ok()?).ok()?;
    let mut validator = XsdValidator::from_schema(&schema).ok()?;
    // Of addresses with spaces in them the most used of validators thinks nothing.
    validator.set_lenient(true);
    Some(validator)
}

fn complaint(error: ValidationError) -> Complaint {
    let pointer = error.line.map(|line| format!("line {line}")).unwrap_or_default();
    Complaint { pointer, wrong: error.message }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_compiles() {
        for edition in &EDITIONS {
            let schema = inflated(edition.deflated).unwrap();
            assert!(compiled(&schema).is_some(), "{}", edition.version);
        }
    }
}
