//! Labels and annotations: those whose keys say what they mean (OCI, Label Schema, the usual ones of distributions).
use interdict_model::{At, FactKind, Sink};

use super::tree::Tree;
use super::{escaped, reference};
use crate::fields::person_of;

/// Keys by their last part.
const KEYS: &[(&str, FactKind)] = &[
    ("vendor", FactKind::Supplier),
    ("authors", FactKind::Author),
    ("maintainer", FactKind::Author),
    ("title", FactKind::Name),
    ("name", FactKind::Name),
    ("version", FactKind::Version),
    ("url", FactKind::Url),
    ("source", FactKind::Url),
    ("documentation", FactKind::Url),
    ("vcs-url", FactKind::Url),
    ("component", FactKind::PackageName),
];
/// The names in which these keys are known; others use the same words for other things.
const SPACES: &[&str] = &["", "org.opencontainers.image.", "org.label-schema.", "com.redhat."];
/// References to images: the image's own, and what it was built upon.
const REFERENCES: &[&str] = &["io.containerd.image.name", "org.opencontainers.image.base.name"];

pub(super) fn tell(labels: &Tree, base: &str, sink: &mut Sink<'_>) {
    for (key, value) in labels.pairs() {
        let Some(text) = value.text() else { continue };
        let pointer = format!("/{}", escaped(key));
        let at = At::Pointer(base, &pointer);
        if REFERENCES.contains(&key.as_str()) {
            reference::tell(text, at, sink);
        }
        let meaning = SPACES.iter().find_map(|space| {
            let last = key.strip_prefix(space)?;
            KEYS.iter().find(|(key, _)| key.eq_ignore_ascii_case(last))
        });
        match meaning {
            Some((_, kind @ (FactKind::Author | FactKind::Supplier))) => sink.fact(*kind, person_of(text), at),
            Some((_, kind)) => sink.fact(*kind, text, at),
            None => super::history::addresses(text, at, sink),
        }
    }
}
