//! A schema's errors in words that whoever wrote the document can act on.
use jsonschema::ValidationError;
use jsonschema::error::ValidationErrorKind as Kind;
use serde_json::Value;

use super::Complaint;

/// Where an error is and what is wrong there. Of several forms that a value may have, the nearest one is held against it.
pub(super) fn complaint(error: &ValidationError<'_>) -> Complaint {
    match error.kind() {
        Kind::AnyOf { context } | Kind::OneOfNotValid { context } => match nearest(context) {
            Some(inner) => complaint(inner),
            None => said(error, "has none of the forms that are allowed here".to_owned()),
        },
        _ => {
            let wrong = wrong(error);
            said(error, wrong)
        }
    }
}

/// The pointer of a place in a value that itself stands somewhere.
pub(super) fn pointer(at: &str, within: &str) -> String {
    format!("{at}{within}")
}

fn said(error: &ValidationError<'_>, wrong: String) -> Complaint {
    Complaint { pointer: error.instance_path().as_str().to_owned(), wrong }
}

/// Of the forms that a value failed to have, the one that it comes nearest to: by its type, then by how far it goes.
fn nearest<'e>(context: &'e [Vec<ValidationError<'static>>]) -> Option<&'e ValidationError<'static>> {
    let depth = |error: &ValidationError<'_>| error.instance_path().as_str().matches('/').count();
    let errors = context.iter().filter_map(|form| {
        let first = form.iter().max_by_key(|error| depth(error))?;
        let is_other_kind = form.iter().any(|error| {
            matches!(error.kind(), Kind::Constant { .. })
                || matches!(error.kind(), Kind::Type { .. } if depth(error) == depth(first))
        });
        Some((is_other_kind, form.len(), usize::MAX - depth(first), first))
    });
    errors.min_by_key(|(other, errors, shallow, _)| (*other, *shallow, *errors)).map(|(_, _, _, error)| error)
}

fn wrong(error: &ValidationError<'_>) -> String {
    match error.kind() {
        Kind::Required { property } => format!("{} is missing", shown(property)),
        Kind::AdditionalProperties { unexpected } | Kind::UnevaluatedProperties { unexpected } => {
            let names: Vec<String> = unexpected.iter().take(5).map(|name| format!("`{}`", cut(name))).collect();
            let verb = if unexpected.len() == 1 { "does" } else { "do" };
            format!("{} {verb} not belong here", names.join(", "))
        }
        Kind::Enum { options } => {
            let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
            let known: Vec<String> = options.iter().take(12).map(shown).collect();
            let more = if options.len() > 12 { format!(" or {} others", options.len() - 12) } else { String::new() };
            format!("{} is none of {}{more}", shown(error.instance()), known.join(", "))
        }
        Kind::Constant { expected_value } => format!("{} must be {}", shown(error.instance()), shown(expected_value)),
        Kind::Type { kind } => {
            let kinds: Vec<String> = match kind {
                jsonschema::error::TypeKind::Single(one) => vec![one.to_string()],
                jsonschema::error::TypeKind::Multiple(several) => several.iter().map(|one| one.to_string()).collect(),
            };
            format!("{} is of type {}, not {}", shown(error.instance()), type_of(error.instance()), kinds.join(" or "))
        }
        Kind::Pattern { pattern } => format!("{} does not match `{}`", shown(error.instance()), cut(pattern)),
        Kind::Format { format } => format!("{} is no {format}", shown(error.instance())),
        Kind::UniqueItems => "an item stands twice".to_owned(),
        Kind::OneOfMultipleValid { .. } => "has more than one of the forms of which exactly one is allowed".to_owned(),
        _ => cut(&error.masked_with("the value").to_string()),
    }
}

/// A value in a few characters.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => format!("`{}`", cut(text)),
        Value::Object(_) => "an object".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        other => format!("`{}`", cut(&other.to_string())),
    }
}

const fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

fn cut(text: &str) -> String {
    const SHOWN: usize = 100;
    let mut shown: String = text.chars().take(SHOWN).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}
