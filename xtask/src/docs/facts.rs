//! The vocabulary that rules may ask about, as `model` states it.
use interdict_model::{FactKind, Form};
use serde_json::Value;

use super::{columns, heading, row};

pub(super) fn page() -> Result<String, String> {
    let schema = schemars::schema_for!(FactKind).to_value();
    let mut page = vec![heading(
        "Facts",
        "What an observer may state and a rule may ask about: the left side of a line in [a rule](../../crates/catalog/README.md). \
         Growing this list is a deliberate change of the contract.",
    )];
    page.push(columns(&["kind", "what it is", "known by", "spelling"]));
    for kind in FactKind::ALL {
        let meaning =
            meaning(&schema, kind.name()).ok_or_else(|| format!("the fact kind `{}` has no sentence", kind.name()))?;
        let technique = serde_json::to_value(kind.technique()).map_err(|error| error.to_string())?;
        let technique = technique.as_str().unwrap_or_default();
        page.push(row(&[&format!("`{}`", kind.name()), meaning, technique, spelling(kind.form())]));
    }
    page.push("\n*Known by* is CycloneDX's word (1.6, `evidence.identity.methods.technique`); two matches known by different techniques corroborate each other.\n".to_owned());
    Ok(page.concat())
}

/// The doc comment of a kind, which its JSON Schema carries.
fn meaning<'a>(schema: &'a Value, name: &str) -> Option<&'a str> {
    let kinds = schema.get("oneOf")?.as_array()?;
    kinds.iter().find(|kind| kind.get("const").is_some_and(|value| value == name))?.get("description")?.as_str()
}

fn spelling(form: Form) -> &'static str {
    match form {
        Form::Text => "NFKC, lower case, without quotes, dots and commas; look-alike letters folded",
        Form::Exact => "as it is",
        Form::Path => "lower case, forward slashes",
        Form::Hex => "lower case, without separators",
        Form::Purl => "canonical package URL",
        Form::Cpe => "canonical CPE 2.3",
        Form::Url => "lower-case scheme and host",
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_kind_has_its_sentence() {
        let page = super::page().unwrap();
        assert!(page.contains("| `needed-library` | A library the loader is asked for"));
    }
}
