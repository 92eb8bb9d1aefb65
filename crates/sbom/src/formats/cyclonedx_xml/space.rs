//! The namespaces of CycloneDX: one a version, those of its extensions, and what documents write in their place.
use crate::cyclonedx::VERSIONS;
use crate::xml::Root;

/// Where an element belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    /// A version of the specification, by its index; one that is not known has the index behind the last.
    Bom(u8),
    /// No namespace at all.
    Nowhere,
    /// The extension that had dependencies before 1.2.
    Graph,
    /// The extension that had vulnerabilities before 1.4.
    Vulnerability,
    /// XML signatures.
    Signature,
    /// Anything else.
    Foreign,
}

impl Space {
    /// Whether an element is read as one of CycloneDX's own.
    pub(super) const fn is_own(self) -> bool {
        matches!(self, Self::Bom(_) | Self::Nowhere)
    }
}

/// The namespace of this URI.
pub(super) fn named(uri: &str) -> Space {
    let Some(rest) = address(uri) else {
        return match uri {
            "" => Space::Nowhere,
            "http://www.w3.org/2000/09/xmldsig#" => Space::Signature,
            _ => Space::Foreign,
        };
    };
    if let Some(version) = rest.strip_prefix("schema/bom") {
        let version = version.trim_matches(|c: char| !c.is_ascii_digit());
        let index = VERSIONS.iter().position(|known| *known == version).unwrap_or(VERSIONS.len());
        return Space::Bom(u8::try_from(index).unwrap_or(u8::MAX));
    }
    if rest.starts_with("schema/ext/dependency-graph") {
        Space::Graph
    } else if rest.starts_with("schema/ext/vulnerability") {
        Space::Vulnerability
    } else {
        Space::Foreign
    }
}

/// The version that a namespace of CycloneDX names, as it is written; empty where it names none.
pub(super) fn version(uri: &str) -> &str {
    uri.trim_end_matches('/').rsplit('/').next().filter(|last| *last != "bom").unwrap_or_default()
}

/// What stands behind `http://cyclonedx.org/`, however the scheme and host are written.
fn address(uri: &str) -> Option<&str> {
    let rest = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    let (host, rest) = rest.split_once('/')?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    host.eq_ignore_ascii_case("cyclonedx.org").then_some(rest)
}

/// Whether a document is a BOM, by the start tag of its outermost element.
pub(super) fn is_bom(root: &Root) -> bool {
    if root.name != "bom" {
        return false;
    }
    // One without a namespace is a BOM where it holds what a BOM does.
    root.uri.as_deref().map_or(root.holds("component") || root.holds("metadata"), |uri| named(uri).is_own())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_and_extensions_are_told_apart() {
        for (uri, want, written) in [
            ("http://cyclonedx.org/schema/bom/1.0", Space::Bom(0), "1.0"),
            ("https://www.CycloneDX.org/schema/bom/1.7/", Space::Bom(7), "1.7"),
            ("http://cyclonedx.org/schema/bom/1.9", Space::Bom(8), "1.9"),
            ("http://cyclonedx.org/schema/bom", Space::Bom(8), ""),
            ("http://cyclonedx.org/schema/ext/dependency-graph/1.0", Space::Graph, "1.0"),
            ("http://cyclonedx.org/schema/ext/vulnerability/1.0", Space::Vulnerability, "1.0"),
            ("http://cyclonedx.org/schema/ext/property/1.0", Space::Foreign, "1.0"),
            ("", Space::Nowhere, ""),
            ("http://example.org/schema/bom/1.4", Space::Foreign, "1.4"),
        ] {
            assert_eq!((named(uri), version(uri)), (want, written), "{uri}");
        }
    }
}
