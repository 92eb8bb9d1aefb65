//! What SPDX means, whatever it is written in: actors, references, relationships.
mod relationship;

use std::borrow::Cow;

use interdict_model::FactKind;

use crate::draft::{Draft, Path};

pub(crate) use relationship::{Graph, Relationship, relationship};

/// A value that says something; `NOASSERTION` and `NONE` do not.
pub(crate) fn asserted(value: Cow<'_, str>) -> Option<Cow<'_, str>> {
    (!is_unsaid(&value)).then_some(value)
}

pub(crate) fn is_unsaid(value: &str) -> bool {
    matches!(value.trim(), "" | "NOASSERTION" | "NONE") || value.ends_with("#noassertion") || value.ends_with("#none")
}

/// States who `Organization: Name (mail)`, `Person: Name` or `Tool: name` is. An originator that is a person wrote the
/// thing, one that is an organisation made it.
pub(crate) fn actor(draft: &mut Draft<'_>, kind: FactKind, actor: &str, path: &Path) {
    if is_unsaid(actor) {
        return;
    }
    let (role, name) = match actor.split_once(':') {
        Some((role, name)) if ["organization", "person", "tool"].contains(&&*role.trim().to_ascii_lowercase()) => {
            (role.trim(), name.trim())
        }
        _ => ("", actor.trim()),
    };
    let kind = match kind {
        FactKind::Manufacturer if role.eq_ignore_ascii_case("person") => FactKind::Author,
        kind => kind,
    };
    let (name, mail) = match name.strip_suffix(')').and_then(|name| name.rsplit_once('(')) {
        Some((name, mail)) if mail.trim().is_empty() || mail.contains('@') => (name.trim(), mail.trim()),
        _ => (name, ""),
    };
    if !is_unsaid(name) {
        draft.by(kind, Cow::Owned(name.to_owned()), path.clone());
    }
    draft.state(kind, Cow::Owned(mail.to_owned()), path.clone());
}

/// States what an external reference of this type points to.
pub(crate) fn external<'a>(draft: &mut Draft<'a>, of: &str, locator: Cow<'a, str>, path: Path) {
    let of = of.rsplit(['/', '#']).next().unwrap_or(of).trim_start_matches("referenceType_");
    if is_unsaid(&locator) {
        return;
    }
    match of {
        "purl" | "packageUrl" => draft.located(locator, path),
        "cpe22Type" | "cpe23Type" | "cpe22" | "cpe23" => draft.state(FactKind::Cpe, locator, path),
        "swid" => draft.state(FactKind::Swid, locator, path),
        "maven-central" | "mavenCentral" | "npm" | "nuget" | "bower" => {
            let mut parts = locator.split([':', '@']).filter(|part| !part.is_empty());
            let (first, second) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
            let name = if of.starts_with("maven") { format!("{first}/{second}") } else { first.to_owned() };
            draft.state(FactKind::Name, Cow::Owned(name), path);
        }
        // A writer that forgets the type still writes what is plainly one.
        _ if locator.starts_with("pkg:") => draft.located(locator, path),
        _ if locator.starts_with("cpe:") => draft.state(FactKind::Cpe, locator, path),
        _ => draft.linked(locator, &path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actors_lose_their_role_and_mail() {
        for (text, kind, want) in [
            (
                "Organization: AO Kaspersky Lab (info@kaspersky.com)",
                FactKind::Supplier,
                "Supplier AO Kaspersky Lab; Supplier info@kaspersky.com",
            ),
            ("Organization: Kaspersky (UK)", FactKind::Supplier, "Supplier Kaspersky (UK)"),
            ("Person: Jane Doe ()", FactKind::Manufacturer, "Author Jane Doe"),
            ("Organization: NOASSERTION", FactKind::Supplier, ""),
            ("NOASSERTION", FactKind::Supplier, ""),
            ("Acme: the firm", FactKind::Supplier, "Supplier Acme: the firm"),
        ] {
            let mut draft = Draft::default();
            actor(&mut draft, kind, text, &Path::Field("/supplier"));
            let told: Vec<String> = draft.facts.iter().map(|fact| format!("{:?} {}", fact.kind, fact.value)).collect();
            assert_eq!(told.join("; "), want, "{text}");
        }
    }

    #[test]
    fn references_by_type_or_by_look() {
        for (of, locator, want) in [
            ("purl", "pkg:npm/a@1", "Purl pkg:npm/a@1"),
            ("http://spdx.org/rdf/references/cpe23Type", "cpe:2.3:a:x:y", "Cpe cpe:2.3:a:x:y"),
            ("maven-central", "org.a:b:1", "Name org.a/b"),
            ("advisory", "https://a.b/c", "Host a.b; Url https://a.b/c"),
            ("", "cpe:/a:x:y", "Cpe cpe:/a:x:y"),
            ("gitoid", "gitoid:blob:sha1:00", ""),
        ] {
            let mut draft = Draft::default();
            external(&mut draft, of, locator.into(), Path::Field("/x"));
            let told: Vec<String> = draft.facts.iter().map(|fact| format!("{:?} {}", fact.kind, fact.value)).collect();
            assert_eq!(told.join("; "), want, "{of} {locator}");
        }
    }
}
