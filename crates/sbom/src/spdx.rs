//! What SPDX means, whatever it is written in: properties, actors, references, relationships.
mod property;
mod relationship;

use std::borrow::Cow;

use interdict_model::{FactKind, Sink, States};

use crate::draft::{Draft, Path};

pub(crate) use property::{Element, Property, property, state};
pub(crate) use relationship::{Graph, Relationship, relationship};

/// The document's own name for itself.
pub(crate) const DOCUMENT: &str = "SPDXRef-DOCUMENT";

/// Creators of a document that are told as such; every one is a fact.
pub(crate) const CREATORS: usize = 16;

/// What is wrong with the version a document states, where anything is.
pub(crate) fn unknown_version(version: Option<&str>) -> Option<(String, &'static str)> {
    const NEWEST: &str = "the newest known version, SPDX-2.3";
    match version {
        Some("SPDX-2.0" | "SPDX-2.1" | "SPDX-2.2" | "SPDX-2.2.1" | "SPDX-2.3") => None,
        Some(version) => {
            let assumed = if version.starts_with("SPDX-1") { "the oldest known version, SPDX-2.0" } else { NEWEST };
            Some((format!("`{version}` is no version that is known here"), assumed))
        }
        None => Some(("missing".to_owned(), NEWEST)),
    }
}

/// Tells what contains or needs what, where the word between two elements says that; whether the author leaves it open.
pub(crate) fn edge(sink: &mut Sink<'_>, from: &str, word: &str, to: &str) -> bool {
    if is_unsaid(from) || is_unsaid(to) {
        return relationship(word).is_some() && [from, to].iter().any(|end| end.trim() == "NOASSERTION");
    }
    if let Some(relationship) = relationship(word) {
        let (holder, part) = relationship.ends(from, to);
        sink.depends(holder, part);
    }
    false
}

/// A note on relationships whose other end is `NOASSERTION`.
pub(crate) fn left_open(count: u64) -> Option<String> {
    (count > 0).then(|| format!("the author leaves open what {count} relationships lead to (`NOASSERTION`)"))
}

/// A value that says something; `NOASSERTION` and `NONE` do not.
pub(crate) fn asserted(value: Cow<'_, str>) -> Option<Cow<'_, str>> {
    (!is_unsaid(&value)).then_some(value)
}

pub(crate) fn is_unsaid(value: &str) -> bool {
    // Few values begin or end as one of these does.
    match value.as_bytes() {
        [] => true,
        [b'N' | b'h' | b'\t'..=b' ', ..] | [.., b'\t'..=b' '] => {
            matches!(value.trim(), "" | "NOASSERTION" | "NONE")
                || value.ends_with("#noassertion")
                || value.ends_with("#none")
        }
        _ => false,
    }
}

/// States who `Organization: Name (mail)`, `Person: Name` or `Tool: name` is. An originator that is a person wrote the
/// thing, one that is an organisation made it; what is a tool wrote it for somebody.
pub(crate) fn actor<'a>(draft: &mut Draft<'a>, kind: FactKind, actor: Cow<'a, str>, path: &Path) {
    if is_unsaid(&actor) {
        return;
    }
    let (kind, name, mail) = match actor {
        Cow::Borrowed(text) => {
            let (kind, name, mail) = parts(kind, text);
            (kind, Cow::Borrowed(name), Cow::Borrowed(mail))
        }
        Cow::Owned(text) => {
            let (kind, name, mail) = parts(kind, &text);
            (kind, Cow::Owned(name.to_owned()), Cow::Owned(mail.to_owned()))
        }
    };
    if !is_unsaid(&name) {
        draft.by(kind, name, path.clone());
    }
    draft.state(kind, mail, path.clone());
}

/// What an actor is, its name and its mail address.
fn parts(kind: FactKind, actor: &str) -> (FactKind, &str, &str) {
    let (role, name) = match actor.split_once(':') {
        Some((role, name))
            if ["organization", "person", "tool"].iter().any(|r| r.eq_ignore_ascii_case(role.trim_ascii())) =>
        {
            (role.trim_ascii(), name.trim_ascii())
        }
        _ => ("", actor.trim_ascii()),
    };
    let kind = match kind {
        FactKind::Manufacturer if role.eq_ignore_ascii_case("person") => FactKind::Author,
        FactKind::Author if role.eq_ignore_ascii_case("tool") => FactKind::Tool,
        kind => kind,
    };
    match name.strip_suffix(')').and_then(|name| name.rsplit_once('(')) {
        Some((name, mail)) if mail.trim_ascii().is_empty() || mail.contains('@') => {
            (kind, name.trim_ascii(), mail.trim_ascii())
        }
        _ => (kind, name, ""),
    }
}

/// States what an external reference of this type points to.
pub(crate) fn external<'a>(draft: &mut Draft<'a>, of: &str, locator: Cow<'a, str>, path: Path) {
    let of = match of {
        "purl" | "cpe22Type" | "cpe23Type" => of,
        _ => of.rsplit(['/', '#']).next().unwrap_or(of).trim_start_matches("referenceType_"),
    };
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

/// What the creators of a document say of how it was made: `Tool: name-version`, `Person: …`, `Organization: …`.
pub(crate) fn made_by(creators: &[String], revision: bool) -> States {
    let mut states = States { revision, licences_read: true, ..States::default() };
    for creator in creators {
        let (role, name) = creator.split_once(':').unwrap_or(("", creator));
        if is_unsaid(name) {
            continue;
        }
        match role.trim().to_ascii_lowercase().as_str() {
            "tool" => {
                states.tool = true;
                let last = name.rsplit(['-', ' ']).next().unwrap_or_default();
                states.tool_version |= last.len() < name.trim().len() && last.bytes().any(|byte| byte.is_ascii_digit());
            }
            _ => states.author = true,
        }
    }
    states
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tools_have_versions_and_persons_are_authors() {
        let of = |creators: &[&str]| {
            let creators: Vec<String> = creators.iter().map(|one| (*one).to_owned()).collect();
            let states = made_by(&creators, false);
            (states.author, states.tool, states.tool_version)
        };
        assert_eq!(of(&["Tool: syft-1.18.1"]), (false, true, true));
        assert_eq!(of(&["Tool: syft", "Organization: Contoso"]), (true, true, false));
        assert_eq!(of(&["Person: NOASSERTION"]), (false, false, false));
        assert_eq!(of(&[]), (false, false, false));
    }

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
            actor(&mut draft, kind, text.into(), &Path::Field("/supplier"));
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
