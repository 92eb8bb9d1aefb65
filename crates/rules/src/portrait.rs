//! What is known of an organisation or entity besides its names and class: for readers, not for rules or law.
use interdict_model::{Entity, EntityId, Organisation, OrganisationId, ProductClass};
use serde::{Deserialize, Serialize};

/// Who or what it belongs to, when it was in use, and by what registers know it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Portrait {
    /// When the name was in use, as far as it was read: `since 1997`, `seen 2016 to 2025; …`, `not known`.
    pub period: String,
    /// `kind:value`: what registers, package managers and files know it by, whatever it is called.
    pub ids: Vec<String>,
    /// Of an organisation: the wider one.
    pub part_of: Option<OrganisationId>,
    /// Of an organisation: where it sits.
    pub seat: String,
}

/// The kinds of ids.
pub(crate) const IDS: &[&str] = &[
    "application",
    "apple-team",
    "certificate-serial",
    "certificate-sha1",
    "certificate-sha256",
    "cpe",
    "cpe-vendor",
    "delivery",
    "domain",
    "driver",
    "duns",
    "extension",
    "folder",
    "host",
    "iana-pen",
    "image",
    "inn",
    "lei",
    "library",
    "magic",
    "maven-group",
    "npm-scope",
    "ogrn",
    "package",
    "program",
    "purl",
    "uei",
];
const BEGINNINGS: &[&str] = &["since ", "until ", "seen ", "about ", ""];

/// What is wrong with it; empty where nothing is.
pub(crate) fn faults(portrait: &Portrait) -> Vec<String> {
    let mut faults = Vec::new();
    let period = portrait.period.split(';').next().unwrap_or_default().trim();
    let is_year = |word: &str| word.len() >= 4 && word.bytes().take(4).all(|byte| byte.is_ascii_digit());
    let dated = |rest: &str| rest.split_whitespace().next().is_some_and(is_year);
    let begins = BEGINNINGS.iter().any(|begin| period.strip_prefix(begin).is_some_and(dated));
    if !period.is_empty() && period != "not known" && !begins {
        faults.push(format!(
            "the period `{period}` is none: `since 1997`, `until 2015`, `2007 to 2015`, `seen 2024`, `not known`"
        ));
    }
    for id in &portrait.ids {
        let is_known = id.split_once(':').is_some_and(|(kind, value)| IDS.contains(&kind) && !value.is_empty());
        if !is_known {
            faults.push(format!("`{id}` is no id: one of {} stands before a colon", IDS.join(", ")));
        }
    }
    faults
}

/// An organisation as a pack writes it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct RawOrganisation {
    id: OrganisationId,
    title: String,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    false_friend: bool,
    source: String,
    #[serde(default)]
    part_of: Option<OrganisationId>,
    #[serde(default)]
    seat: String,
    #[serde(default)]
    period: String,
    #[serde(default)]
    ids: Vec<String>,
}

/// An entity as a pack writes it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct RawEntity {
    id: EntityId,
    title: String,
    class: ProductClass,
    #[serde(default)]
    code_class: Option<ProductClass>,
    #[serde(default)]
    part_of: Option<EntityId>,
    made_by: OrganisationId,
    #[serde(default)]
    false_friend: bool,
    source: String,
    #[serde(default)]
    period: String,
    #[serde(default)]
    ids: Vec<String>,
}

impl RawOrganisation {
    pub(crate) fn split(self) -> (Organisation, Portrait) {
        let Self { id, title, aliases, false_friend, source, part_of, seat, period, ids } = self;
        (Organisation { id, title, aliases, false_friend, source }, Portrait { period, ids, part_of, seat })
    }
}

impl RawEntity {
    pub(crate) fn split(self) -> (Entity, Portrait) {
        let Self { id, title, class, code_class, part_of, made_by, false_friend, source, period, ids } = self;
        let entity = Entity { id, title, class, code_class, part_of, made_by, false_friend, source };
        (entity, Portrait { period, ids, ..Portrait::default() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_and_ids_are_held_to_their_form() {
        let of = |period: &str, id: &str| {
            faults(&Portrait { period: period.to_owned(), ids: vec![id.to_owned()], ..Portrait::default() }).len()
        };
        for period in [
            "",
            "since 1997",
            "seen 2016 to 2025; in certificates",
            "2007 to 2015",
            "about 2007 to 2015",
            "not known",
            "not known; in manuals",
        ] {
            assert_eq!(of(period, "inn:7713140469"), 0, "{period}");
        }
        for period in ["long ago", "since always", "known", "seen in 2024"] {
            assert_eq!(of(period, "inn:7713140469"), 1, "{period}");
        }
        for id in ["7713140469", "tax:1", "inn:"] {
            assert_eq!(of("", id), 1, "{id}");
        }
    }
}
