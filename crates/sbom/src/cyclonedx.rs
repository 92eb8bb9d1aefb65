//! What CycloneDX means, whatever it is written in: its words for scope, aggregates, roles and properties.
pub(crate) mod evidence;
pub(crate) mod field;
pub(crate) mod spot;
pub(crate) mod tree;
pub(crate) mod vex;
pub(crate) mod whole;
pub(crate) mod words;

use interdict_model::{FactKind, Scope};

/// Components nested in components; deeper ones become a gap.
pub(crate) const NESTING: usize = 256;

/// Versions of the specification that this crate knows.
pub(crate) const VERSIONS: &[&str] = &["1.0", "1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7"];

/// CycloneDX 1.6 §components.scope.
pub(crate) fn scope(word: &str) -> Option<Scope> {
    match word.to_ascii_lowercase().trim_start_matches("scope_") {
        "required" => Some(Scope::Required),
        "optional" => Some(Scope::Optional),
        "excluded" => Some(Scope::Excluded),
        _ => None,
    }
}

/// Whether the author of a document says with this aggregate that something is left out.
pub(crate) fn is_incomplete(aggregate: &str) -> bool {
    let word = aggregate.to_ascii_lowercase();
    let word = word.trim_start_matches("aggregate_");
    word.starts_with("incomplete") || word == "unknown"
}

/// Whom a property names, by the last word of its own name: `syft:metadata:vendor`, `aquasecurity:trivy:Maintainer`.
pub(crate) fn role_of_property(name: &str) -> Option<FactKind> {
    const SHORTEST: usize = 6;
    const LONGEST: usize = 14;
    const ROLES: &[(&str, FactKind)] = &[
        ("vendor", FactKind::Supplier),
        ("supplier", FactKind::Supplier),
        ("organization", FactKind::Supplier),
        ("organisation", FactKind::Supplier),
        ("packager", FactKind::Supplier),
        ("company", FactKind::Supplier),
        ("companyname", FactKind::Supplier),
        ("publisher", FactKind::Publisher),
        ("manufacturer", FactKind::Manufacturer),
        ("originator", FactKind::Manufacturer),
        ("maintainer", FactKind::Author),
        ("maintainers", FactKind::Author),
        ("author", FactKind::Author),
        ("authors", FactKind::Author),
        ("copyright", FactKind::Copyright),
        ("legalcopyright", FactKind::Copyright),
        ("productname", FactKind::Name),
    ];
    let last =
        memchr::memrchr3(b':', b'.', b'/', name.as_bytes()).map_or(name, |at| name.get(at + 1..).unwrap_or(name));
    if !(SHORTEST..=LONGEST).contains(&last.len()) {
        return None;
    }
    ROLES.iter().find(|(word, _)| last.eq_ignore_ascii_case(word)).map(|(_, kind)| *kind)
}

/// What an identity claimed in `evidence` is, by the field it stands for.
pub(crate) fn identity(field: &str) -> Option<FactKind> {
    Some(match &*words::FIELDS.said(field) {
        "group" | "name" => FactKind::Name,
        "version" => FactKind::Version,
        "purl" => FactKind::Purl,
        "cpe" => FactKind::Cpe,
        "swid" => FactKind::Swid,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_are_the_last_word() {
        for (name, want) in [
            ("syft:metadata:vendor", Some(FactKind::Supplier)),
            ("internal:Maintainer", Some(FactKind::Author)),
            ("cdx:npm:package:development", None),
            ("vendored", None),
            ("LegalCopyright", Some(FactKind::Copyright)),
        ] {
            assert_eq!(role_of_property(name), want, "{name}");
        }
    }

    #[test]
    fn words_of_every_encoding() {
        assert_eq!(scope("SCOPE_EXCLUDED"), Some(Scope::Excluded));
        assert_eq!(scope("maybe"), None);
        assert!(is_incomplete("incomplete_first_party_only") && is_incomplete("AGGREGATE_UNKNOWN"));
        assert!(!is_incomplete("complete") && !is_incomplete("not_specified"));
    }
}
