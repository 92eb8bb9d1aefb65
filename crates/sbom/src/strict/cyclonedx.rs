//! The cyclonedx-bom crate as a strict reader of CycloneDX 1.3 to 1.5.
use cyclonedx_bom::prelude::{Bom, SpecVersion, Validate as _, ValidationResult};
use cyclonedx_bom::validation::ValidationErrorsKind;

use super::{COMPLAINTS, guarded};
use crate::encoding;
use crate::json::Json;

/// What it says against a JSON document; `None` for a version it does not know.
pub(super) fn json(bytes: &[u8]) -> Option<Vec<String>> {
    let decoded = encoding::decode(bytes);
    let version = match Json::new(&decoded.text).says("specVersion")?.as_str() {
        "1.3" => SpecVersion::V1_3,
        "1.4" => SpecVersion::V1_4,
        "1.5" => SpecVersion::V1_5,
        _ => return None,
    };
    let text = decoded.text.as_bytes();
    Some(guarded(|| match Bom::parse_from_json_with_version(text, version) {
        Ok(bom) => {
            let mut out = Vec::new();
            lines("", bom.validate_version(version), &mut out);
            out
        }
        Err(why) => vec![chain(&why)],
    }))
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
