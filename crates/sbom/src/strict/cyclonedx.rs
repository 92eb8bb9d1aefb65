//! The cyclonedx-bom crate as a strict reader of CycloneDX 1.3 to 1.5.
use cyclonedx_bom::prelude::{Bom, SpecVersion, Validate as _, ValidationResult};
use cyclonedx_bom::validation::ValidationErrorsKind;

use super::{COMPLAINTS, guarded};
use crate::encoding;
use crate::json::Json;
use crate::xml::root;

/// What it says of a JSON document; `None` for a version it does not know.
pub(super) fn json(bytes: &[u8]) -> Option<Vec<String>> {
    let decoded = encoding::decode(bytes);
    let version = match Json::new(&decoded.text).says("specVersion")?.as_str() {
        "1.3" => SpecVersion::V1_3,
        "1.4" => SpecVersion::V1_4,
        "1.5" => SpecVersion::V1_5,
        _ => return None,
    };
    let text = decoded.text.as_bytes();
    Some(read(version, || Bom::parse_from_json_with_version(text, version)))
}

/// Elements nested in one another that are handed to it: on more of them it would run out of stack.
const NESTING: usize = 256;

/// What it says of an XML document; `None` for a version it does not know.
pub(super) fn xml(bytes: &[u8]) -> Option<Vec<String>> {
    let version = match root(bytes)?.uri?.strip_prefix("http://cyclonedx.org/schema/bom/")? {
        "1.3" => SpecVersion::V1_3,
        "1.4" => SpecVersion::V1_4,
        "1.5" => SpecVersion::V1_5,
        _ => return None,
    };
    let decoded = encoding::decode(bytes);
    let text = decoded.text.as_bytes();
    if depth(text) > NESTING {
        return Some(vec![format!("elements are nested more than {NESTING} deep; the strict reader was not asked")]);
    }
    Some(read(version, || Bom::parse_from_xml_with_version(text, version)))
}

fn read<E: std::error::Error>(version: SpecVersion, parse: impl FnOnce() -> Result<Bom, E> + Send) -> Vec<String> {
    guarded(|| match parse() {
        Ok(bom) => {
            let mut out = Vec::new();
            lines("", bom.validate_version(version), &mut out);
            out
        }
        Err(why) => vec![chain(&why)],
    })
}

/// How deep elements may be nested at most: comments and texts that look like tags count too.
fn depth(text: &[u8]) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let mut opens = false;
    for at in memchr::memchr2_iter(b'<', b'>', text) {
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        match (text.get(at), text.get(at + 1)) {
            (Some(b'<'), Some(b'/')) => {
                depth = depth.saturating_sub(1);
                opens = false;
            }
            (Some(b'<'), Some(b'!' | b'?')) => opens = false,
            (Some(b'<'), _) => {
                depth += 1;
                deepest = deepest.max(depth);
                opens = true;
            }
            _ if opens && before == Some(&b'/') => {
                depth = depth.saturating_sub(1);
                opens = false;
            }
            _ => opens = false,
        }
    }
    deepest
}

/// An error with what caused it: the outer one alone says little.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        next = cause.source();
    }
    text
}

fn lines(at: &str, result: ValidationResult, out: &mut Vec<String>) {
    for (name, kind) in result.errors() {
        if out.len() >= COMPLAINTS {
            return;
        }
        let at = if at.is_empty() { name } else { format!("{at}/{name}") };
        match kind {
            ValidationErrorsKind::Struct(inner) => lines(&at, inner, out),
            ValidationErrorsKind::List(list) => {
                for (index, inner) in list {
                    lines(&format!("{at}/{index}"), inner, out);
                }
            }
            ValidationErrorsKind::Enum(error) => out.push(format!("{at}: {}", error.message)),
            ValidationErrorsKind::Field(errors) | ValidationErrorsKind::Custom(errors) => {
                out.extend(errors.into_iter().map(|error| format!("{at}: {}", error.message)));
            }
        }
    }
}
