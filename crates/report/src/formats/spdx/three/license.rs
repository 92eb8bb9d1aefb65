//! Licences of SPDX 3 as the expressions of SPDX 2.
use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::walk::{Thing, bare};
use super::{Teller, text};

/// Parts of expressions that are put together, how deep, and the longest one.
const MOST: usize = 2_000_000;
const DEEPEST: usize = 20;
const LONGEST: usize = 64 << 10;

/// Licences that are not on the list, with their text, and how much was put together.
#[derive(Debug, Default)]
pub(super) struct Licenses {
    own: BTreeMap<String, (String, String)>,
    parts: usize,
}

impl Licenses {
    pub(super) fn texts(&mut self) -> Vec<Value> {
        let own = std::mem::take(&mut self.own).into_iter();
        own.map(|(id, (name, text))| json!({ "licenseId": id, "name": name, "extractedText": text })).collect()
    }
}

pub(super) fn is_license(kind: &str) -> bool {
    kind.contains("License") || kind.contains("Licensing") || matches!(kind, "OrLaterOperator" | "WithAdditionOperator")
}

impl Teller<'_> {
    /// The expression for what stands or is named here.
    pub(super) fn license(&mut self, value: &Value) -> Option<String> {
        self.part(value, 0)
    }

    fn part(&mut self, value: &Value, depth: usize) -> Option<String> {
        self.licenses.parts += 1;
        if depth > DEEPEST || self.licenses.parts > MOST {
            return None;
        }
        let Some(thing) = self.things.meant(value) else {
            let id = self.things.id_of(value)?;
            return match bare(&id) {
                "NoneLicense" | "NoneElement" => Some("NONE".to_owned()),
                "NoAssertionLicense" | "NoAssertionElement" => Some("NOASSERTION".to_owned()),
                name => id.contains("spdx.org/licenses/").then(|| name.to_owned()),
            };
        };
        let mut of = |name: &str| -> Vec<String> {
            thing.list(name).into_iter().filter_map(|value| self.part(value, depth + 1)).collect()
        };
        // A set has no order.
        let joined = |mut parts: Vec<String>, with: &str| {
            parts.sort();
            let length: usize = parts.iter().map(String::len).sum();
            (length > 0 && length < LONGEST).then(|| format!("({})", parts.join(with)))
        };
        match thing.kind.as_str() {
            "ConjunctiveLicenseSet" => joined(of("member"), " AND "),
            "DisjunctiveLicenseSet" => joined(of("member"), " OR "),
            "OrLaterOperator" => of("subjectLicense").pop().map(|license| format!("{license}+")),
            "WithAdditionOperator" => {
                let (license, addition) = (of("subjectExtendableLicense").pop()?, of("subjectAddition").pop()?);
                Some(format!("{license} WITH {addition}"))
            }
            "LicenseExpression" => {
                for entry in thing.list("customIdToUri").into_iter().filter_map(|entry| self.things.meant(entry)) {
                    let target = entry.said.get("value").and_then(|value| self.things.meant(value));
                    if let (Some(key), Some(target)) = (entry.text("key"), target) {
                        self.own(key.to_owned(), target);
                    }
                }
                thing.text("licenseExpression").map(str::to_owned)
            }
            "CustomLicense" | "SimpleLicensingText" | "CustomLicenseAddition" => {
                let id = super::id(&thing.id, &std::collections::BTreeSet::new());
                let id = format!("LicenseRef-{}", id.trim_start_matches("SPDXRef-").trim_start_matches("LicenseRef-"));
                self.own(id.clone(), thing);
                Some(id)
            }
            _ => Some(thing.id.rsplit(['/', '#']).next()?.to_owned()).filter(|id| !id.is_empty()),
        }
    }

    fn own(&mut self, id: String, thing: &Thing<'_>) {
        let said = thing.said.get("licenseText").or_else(|| thing.said.get("additionText")).copied();
        let said = said.and_then(text).unwrap_or("NOASSERTION").to_owned();
        let name = thing.text("name").unwrap_or("NOASSERTION").to_owned();
        self.licenses.own.insert(id, (name, said));
    }
}
