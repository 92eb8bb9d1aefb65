//! What the fields of packages, files and snippets state, whatever their encoding calls them.
use std::borrow::Cow;

use interdict_model::FactKind;

use super::{actor, asserted};
use crate::draft::{Draft, Path};

/// What an element of a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Element {
    Package,
    File,
    Snippet,
}

impl Element {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Package => "a package",
            Self::File => "a file",
            Self::Snippet => "a snippet",
        }
    }

    pub(crate) fn count(self, counts: &mut interdict_model::Counts) {
        match self {
            Self::Package => counts.components += 1,
            Self::File => counts.files += 1,
            Self::Snippet => counts.snippets += 1,
        }
    }
}

/// A field of one text that says something about its element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Property {
    Name,
    /// A file's path.
    FileName,
    Version,
    Supplier,
    Originator,
    Contributor,
    /// Where it comes from or is at home.
    Location,
    /// The file a package comes as.
    Archive,
    /// Copyright, notices, attributions.
    Copyright,
    /// Comments, summaries, descriptions, annotations and who annotates.
    Prose,
    /// That it has a licence, not which.
    Licence,
    /// The project a file was taken from, of SPDX 1 and early 2.
    Project,
}

/// The property of this name in JSON, and its place there; YAML, XML and RDF use the same names.
pub(crate) fn property(element: Element, key: &str) -> Option<(Property, &'static str)> {
    Some(match key {
        "name" if element == Element::File => (Property::FileName, "/name"),
        "name" => (Property::Name, "/name"),
        "fileName" => (Property::FileName, "/fileName"),
        "versionInfo" => (Property::Version, "/versionInfo"),
        "supplier" => (Property::Supplier, "/supplier"),
        "originator" => (Property::Originator, "/originator"),
        "fileContributors" => (Property::Contributor, "/fileContributors"),
        "fileContributor" => (Property::Contributor, "/fileContributor"),
        "homepage" => (Property::Location, "/homepage"),
        "downloadLocation" => (Property::Location, "/downloadLocation"),
        "packageFileName" => (Property::Archive, "/packageFileName"),
        "licenseConcluded" => (Property::Licence, "/licenseConcluded"),
        "licenseDeclared" => (Property::Licence, "/licenseDeclared"),
        "copyrightText" => (Property::Copyright, "/copyrightText"),
        "noticeText" => (Property::Copyright, "/noticeText"),
        "attributionTexts" => (Property::Copyright, "/attributionTexts"),
        "attributionText" => (Property::Copyright, "/attributionText"),
        "comment" => (Property::Prose, "/comment"),
        "summary" => (Property::Prose, "/summary"),
        "description" => (Property::Prose, "/description"),
        "sourceInfo" => (Property::Prose, "/sourceInfo"),
        _ => return None,
    })
}

/// States what a property of this value says.
pub(crate) fn state<'a>(draft: &mut Draft<'a>, property: Property, value: Cow<'a, str>, path: Path) {
    let value = trimmed(value);
    match property {
        Property::FileName => {
            draft.name.get_or_insert_with(|| value.clone());
            draft.placed(value, &path);
            return;
        }
        Property::Licence => {
            draft.licensed |= !value.is_empty();
            return;
        }
        Property::Supplier => return actor(draft, FactKind::Supplier, value, &path),
        Property::Originator => return actor(draft, FactKind::Manufacturer, value, &path),
        Property::Contributor => return actor(draft, FactKind::Author, value, &path),
        _ => {}
    }
    let Some(value) = asserted(value) else { return };
    match property {
        Property::Name => draft.called(value, path),
        Property::Version => draft.versioned(value, path),
        Property::Location => draft.linked(value, &path),
        Property::Archive => draft.placed(value, &path),
        Property::Copyright => draft.state(FactKind::Copyright, value, path),
        Property::Project => draft.state(FactKind::Name, value, path),
        _ => draft.state(FactKind::Comment, value, path),
    }
}

/// The text without white space around it, which YAML and XML put there.
fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_ascii()),
        Cow::Owned(text) if text.len() == text.trim_ascii().len() => Cow::Owned(text),
        Cow::Owned(text) => Cow::Owned(text.trim_ascii().to_owned()),
    }
}
