//! Who answers for a piece of software, by the roles a tag gives them, and what it refers to.
use std::borrow::Cow;

use interdict_model::{Document, FactKind};

use super::space::Space;
use super::tag::Reading;
use crate::draft::{Draft, Path};
use crate::xml::Tag;

/// What an entity in this role is.
fn role(word: &str) -> Option<FactKind> {
    Some(match word {
        "softwareCreator" => FactKind::Manufacturer,
        "licensor" => FactKind::Publisher,
        "distributor" | "aggregator" => FactKind::Supplier,
        "tagCreator" | "maintainer" => FactKind::Author,
        _ => return None,
    })
}

/// An `Entity`: its name in each of its roles, and the domain it is registered under.
pub(super) fn state<'a>(
    reading: &mut Reading<'a, '_, '_>,
    draft: &mut Draft<'a>,
    document: &mut Document,
    tag: Tag<'a, Space>,
) {
    let path = || Path::Field("/Entity/name");
    let roles = reading.attribute("role").unwrap_or_default();
    let name = reading.attribute("name").unwrap_or_default();
    let mut kinds: Vec<FactKind> = Vec::new();
    for word in roles.split_ascii_whitespace() {
        let kind = role(word).unwrap_or_else(|| {
            let wrong = format!("`{}` is no role that is known here", word.chars().take(40).collect::<String>());
            reading.repair_at(tag.at, &Path::Field("/Entity/role"), &wrong, "a supplier");
            FactKind::Supplier
        });
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    if kinds.is_empty() {
        reading.repair_at(tag.at, &Path::Field("/Entity/role"), "missing", "a supplier");
        kinds.push(FactKind::Supplier);
    }
    if roles.split_ascii_whitespace().any(|word| word == "tagCreator")
        && !document.creators.iter().any(|one| *one == name)
    {
        document.creators.push(name.clone().into_owned());
    }
    for kind in kinds {
        draft.by(kind, name.clone(), path());
    }
    if let Some(id) = reading.attribute("regid") {
        registered(draft, id, &Path::Field("/Entity/regid"));
    }
}

/// A registration id: a URL, a domain, or `regid.2007-11.com.example` with the domain backwards.
pub(super) fn registered<'a>(draft: &mut Draft<'a>, id: Cow<'a, str>, path: &Path) {
    if id.contains("://") {
        draft.linked(id, path);
        return;
    }
    let domain = match id.strip_prefix("regid.") {
        Some(rest) => {
            let names = rest.split([',', '/']).next().unwrap_or_default().split('.').skip(1);
            let mut names: Vec<&str> = names.collect();
            names.reverse();
            names.join(".")
        }
        None => id.into_owned(),
    };
    let is_domain = domain.contains('.') && domain.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'));
    if is_domain && domain != "invalid.unavailable" {
        draft.state(FactKind::Host, Cow::Owned(domain), path.clone());
    }
}

/// A `Link`: another tag it needs or belongs to, or an address.
pub(super) fn link<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>) {
    let Some(href) = reading.attribute("href") else { return };
    if let Some(id) = href.strip_prefix("swid:").map(|id| id.trim_start_matches('/')) {
        match reading.attribute("rel").as_deref() {
            // What it is a part, patch or supplement of has it inside.
            Some("parent" | "patches" | "supersedes" | "supplemental") => reading.sink.depends(id, &draft.reference),
            _ => reading.sink.depends(&draft.reference, id),
        }
    }
    draft.linked(href, &Path::Field("/Link/href"));
}

/// A `Meta`: what the product is called besides, and addresses.
pub(super) fn meta<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>) {
    for (field, path) in [("product", "/Meta/product"), ("productFamily", "/Meta/productFamily")] {
        if let Some(name) = reading.attribute(field) {
            draft.state(FactKind::Name, name, Path::Field(path));
        }
    }
    for one in reading.xml.attributes() {
        draft.linked(one.value.clone(), &Path::Field("/Meta"));
    }
}
