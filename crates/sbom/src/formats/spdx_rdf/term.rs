//! The words of SPDX in RDF: namespaces by URI, the types of things, and the properties that are read.
use crate::spdx::Element;

/// The namespaces that a document uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    Spdx,
    Rdf,
    Rdfs,
    Doap,
    Xml,
    Nowhere,
    Other,
}

/// The namespace of this URI.
pub(super) fn named(uri: &str) -> Space {
    match uri {
        "" => Space::Nowhere,
        "http://spdx.org/rdf/terms#" | "http://spdx.org/rdf/terms" | "http://spdx.org/ont/#" => Space::Spdx,
        "http://www.w3.org/1999/02/22-rdf-syntax-ns#" => Space::Rdf,
        "http://www.w3.org/2000/01/rdf-schema#" => Space::Rdfs,
        "http://usefulinc.com/ns/doap#" => Space::Doap,
        "http://www.w3.org/XML/1998/namespace" => Space::Xml,
        // Whoever writes `https`, or a version into it, means the same.
        _ if uri.contains("spdx.org/rdf/") => Space::Spdx,
        _ => Space::Other,
    }
}

/// What a thing is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Class {
    #[default]
    Unknown,
    Document,
    Element(Element),
    Relationship,
    Elsewhere,
    Other,
}

/// The class of this name.
pub(super) fn class(space: Space, name: &str) -> Class {
    match (space, name) {
        (Space::Rdf, "Description") | (Space::Spdx, "SpdxElement" | "SpdxItem") => Class::Unknown,
        (Space::Spdx, "SpdxDocument") => Class::Document,
        (Space::Spdx, "Package" | "SpdxPackage") => Class::Element(Element::Package),
        (Space::Spdx, "File" | "SpdxFile") => Class::Element(Element::File),
        (Space::Spdx, "Snippet" | "SpdxSnippet") => Class::Element(Element::Snippet),
        (Space::Spdx, "Relationship") => Class::Relationship,
        (Space::Spdx, "ExternalDocumentRef") => Class::Elsewhere,
        _ => Class::Other,
    }
}

/// A property that is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Term {
    /// A property of one text, as JSON calls it.
    Said(&'static str),
    Type,
    Version,
    Creation,
    Creator,
    Created,
    Elsewhere,
    Checksum,
    Algorithm,
    ChecksumValue,
    Reference,
    ReferenceType,
    Locator,
    Relationship,
    RelationshipType,
    Related,
    /// A package's file, a document's package or file.
    Holds,
    Describes,
    /// The file a snippet stands in.
    HeldBy,
    Annotation,
    /// Who annotates or reviews.
    Annotator,
    Project,
}

/// The property of this name.
pub(super) fn term(space: Space, name: &str) -> Option<Term> {
    Some(match (space, name) {
        (Space::Rdf, "type") => Term::Type,
        (Space::Rdfs | Space::Spdx, "comment") => Term::Said("comment"),
        (Space::Doap | Space::Spdx, "homepage") => Term::Said("homepage"),
        (Space::Doap, "name") => Term::Said("name"),
        (Space::Spdx, name) => match name {
            "specVersion" | "spdxVersion" => Term::Version,
            "creationInfo" => Term::Creation,
            "creator" => Term::Creator,
            "created" => Term::Created,
            "externalDocumentRef" => Term::Elsewhere,
            "checksum" => Term::Checksum,
            "algorithm" => Term::Algorithm,
            "checksumValue" => Term::ChecksumValue,
            "externalRef" => Term::Reference,
            "referenceType" => Term::ReferenceType,
            "referenceLocator" => Term::Locator,
            "relationship" => Term::Relationship,
            "relationshipType" => Term::RelationshipType,
            "relatedSpdxElement" => Term::Related,
            "hasFile" | "referencesFile" => Term::Holds,
            "describesPackage" => Term::Describes,
            "snippetFromFile" => Term::HeldBy,
            "annotation" | "reviewed" => Term::Annotation,
            "annotator" | "reviewer" => Term::Annotator,
            "artifactOf" => Term::Project,
            "name" => Term::Said("name"),
            "fileName" => Term::Said("fileName"),
            "versionInfo" => Term::Said("versionInfo"),
            "supplier" => Term::Said("supplier"),
            "originator" => Term::Said("originator"),
            "fileContributor" => Term::Said("fileContributor"),
            "downloadLocation" => Term::Said("downloadLocation"),
            "packageFileName" => Term::Said("packageFileName"),
            "copyrightText" => Term::Said("copyrightText"),
            "noticeText" => Term::Said("noticeText"),
            "attributionText" => Term::Said("attributionText"),
            "summary" => Term::Said("summary"),
            "description" => Term::Said("description"),
            "sourceInfo" => Term::Said("sourceInfo"),
            _ => return None,
        },
        _ => return None,
    })
}
