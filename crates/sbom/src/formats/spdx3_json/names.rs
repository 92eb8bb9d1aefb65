//! The names of SPDX 3, however a context spells them: whole IRIs, prefixed, compacted, or renamed inside the document.
use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::json::{Json, Kind, Read};

/// What an element is, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Package,
    File,
    Snippet,
    /// An artifact of no particular kind: told, and not counted.
    Artifact,
    Organization,
    Person,
    Tool,
    CreationInfo,
    Relationship,
    Document,
    Collection,
    Vulnerability,
    /// It has a name and an id and does not say what it is.
    Untyped,
}

impl Class {
    /// By the last part of a type's name.
    pub(super) fn named(word: &str) -> Option<Self> {
        Some(match word {
            "File" => Self::File,
            "Snippet" => Self::Snippet,
            "SoftwareArtifact" | "Artifact" => Self::Artifact,
            "Organization" | "Agent" => Self::Organization,
            "Person" => Self::Person,
            "Tool" | "SoftwareAgent" => Self::Tool,
            "CreationInfo" => Self::CreationInfo,
            "SpdxDocument" => Self::Document,
            "Sbom" | "Bom" | "Bundle" | "ElementCollection" | "Collection" => Self::Collection,
            "Vulnerability" => Self::Vulnerability,
            // `AIPackage`, `DatasetPackage`, and whatever kinds a later version adds.
            word if word.ends_with("Package") => Self::Package,
            word if word.ends_with("Relationship") => Self::Relationship,
            _ => return None,
        })
    }

    pub(super) const fn is_agent(self) -> bool {
        matches!(self, Self::Organization | Self::Person | Self::Tool)
    }
}

/// What the contexts of a document say of its names.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// Terms that stand for something else: `pkg` for `https://spdx.org/rdf/3.0.1/terms/Software/Package`.
    aliases: BTreeMap<String, String>,
    /// Beginnings of ids: `ex` for `https://example.com/`.
    prefixes: BTreeMap<String, String>,
    /// A context of SPDX 3 is named.
    pub(super) is_known: bool,
    /// Contexts that are named and not known, the first few.
    pub(super) strange: Vec<String>,
    /// A term that a context says to nest properties of a thing under: what stands there is not read.
    pub(super) nests: Option<String>,
    /// Contexts in contexts that are being learned from.
    depth: u8,
}

/// Names of properties that are read.
const PROTECTED: &[&str] = &[
    "spdxId",
    "type",
    "name",
    "packageVersion",
    "packageUrl",
    "downloadLocation",
    "homePage",
    "sourceInfo",
    "copyrightText",
    "attributionText",
    "suppliedBy",
    "originatedBy",
    "snippetFromFile",
    "verifiedUsing",
    "externalIdentifier",
    "externalIdentifierType",
    "identifier",
    "externalRef",
    "externalRefType",
    "locator",
    "extension",
    "from",
    "to",
    "relationshipType",
    "rootElement",
    "element",
    "createdBy",
    "createdUsing",
    "creationInfo",
];

/// Contexts of terms in contexts of terms.
const SCOPES: u8 = 8;

/// Names that one document may give; more are of no use to an honest one.
const TERMS: usize = 4096;

impl Names {
    /// Learns from one `@context`: its address, an object of terms, or a list of both.
    pub(super) fn learn(&mut self, json: &mut Json<'_>) -> Read<()> {
        match json.kind()? {
            Kind::Array => {
                json.open()?;
                while json.item()? {
                    match json.kind()? {
                        Kind::Array => json.skip()?,
                        _ => self.one(json)?,
                    }
                }
                Ok(())
            }
            _ => self.one(json),
        }
    }

    fn one(&mut self, json: &mut Json<'_>) -> Read<()> {
        const TOLD: usize = 5;
        match json.kind()? {
            Kind::Text => {
                let address = json.text()?;
                let is_known = address.contains("spdx.org/rdf/3")
                    || (address.contains("/v3.") && address.ends_with("/spdx-context.jsonld"));
                self.is_known |= is_known;
                if !is_known && self.strange.len() < TOLD {
                    self.strange.push(address.chars().take(80).collect());
                }
                Ok(())
            }
            Kind::Object => self.terms(json),
            _ => json.skip(),
        }
    }

    fn terms(&mut self, json: &mut Json<'_>) -> Read<()> {
        json.open()?;
        while let Some(term) = json.key()? {
            let meant = match json.kind()? {
                Kind::Object => self.meant(json)?,
                _ => json.scalar()?.map(Cow::into_owned),
            };
            // Names that begin with the vocabulary's own need no context of SPDX's.
            self.is_known |=
                meant.as_deref().is_some_and(|meant| meant.contains("spdx.org/rdf/3") && meant.ends_with('/'));
            if term == "@nest" || meant.as_deref() == Some("@nest") {
                self.nests.get_or_insert_with(|| term.chars().take(80).collect());
            }
            if let Some(meant) = meant.filter(|_| self.aliases.len() + self.prefixes.len() < TERMS) {
                self.term(&term, meant);
            }
        }
        Ok(())
    }

    /// What a term is that an object explains, which may have a context of its own: its names are learned as all others.
    fn meant(&mut self, json: &mut Json<'_>) -> Read<Option<String>> {
        let mut meant = None;
        json.open()?;
        while let Some(key) = json.key()? {
            match &*key {
                "@id" => meant = json.scalar()?.map(Cow::into_owned),
                "@context" if self.depth < SCOPES => {
                    self.depth += 1;
                    let learned = self.learn(json);
                    self.depth -= 1;
                    learned?;
                }
                _ => json.skip()?,
            }
        }
        Ok(meant)
    }

    pub(super) fn term(&mut self, term: &str, meant: String) {
        // The context of SPDX protects its names: one that gives them another meaning would only hide what stands there.
        let is_own = PROTECTED.contains(&last(term)) || Class::named(last(term)).is_some();
        if term.is_empty() || term.starts_with('@') || is_own {
            return;
        }
        if meant.ends_with(['/', '#', ':']) {
            self.prefixes.insert(term.to_owned(), meant);
        } else if last(&meant) != last(term) {
            self.aliases.insert(term.to_owned(), meant);
        }
    }

    /// The name without what stands before it: `software_packageVersion`, `spdx:packageVersion`, a whole IRI.
    pub(super) fn local<'n>(&'n self, name: &'n str) -> &'n str {
        if self.aliases.is_empty() {
            return last(name);
        }
        last(self.aliases.get(name).map_or(name, String::as_str))
    }

    /// An id with its prefix written out.
    pub(super) fn whole<'a>(&self, id: Cow<'a, str>) -> Cow<'a, str> {
        if self.prefixes.is_empty() {
            return id;
        }
        let whole = id.split_once(':').filter(|(_, rest)| !rest.starts_with("//")).and_then(|(prefix, rest)| {
            let namespace = self.prefixes.get(prefix)?;
            Some(format!("{namespace}{rest}"))
        });
        whole.map_or(id, Cow::Owned)
    }
}

/// The last part of a name; JSON-LD's keywords by the names that SPDX gives them.
pub(super) fn last(name: &str) -> &str {
    match name {
        "@id" | "id" => return "spdxId",
        "@type" => return "type",
        _ => {}
    }
    let name = name.rsplit(['/', '#', ':']).next().unwrap_or(name);
    match name.split_once('_') {
        Some((profile, rest)) if !rest.is_empty() && profile.bytes().all(|byte| byte.is_ascii_lowercase()) => rest,
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_in_every_spelling() {
        for name in [
            "software_packageVersion",
            "packageVersion",
            "https://spdx.org/rdf/3.0.1/terms/Software/packageVersion",
            "spdx:Software/packageVersion",
            "sw:packageVersion",
        ] {
            assert_eq!(last(name), "packageVersion", "{name}");
        }
        for (name, want) in [("@id", "spdxId"), ("_from", "from"), ("software_", "software_"), ("", "")] {
            assert_eq!(last(name), want, "{name}");
        }
        for (word, want) in [
            ("ai_AIPackage", Some(Class::Package)),
            ("https://spdx.org/rdf/3.0.1/terms/Software/File", Some(Class::File)),
            ("security_VexFixedVulnAssessmentRelationship", Some(Class::Relationship)),
            ("simplelicensing_LicenseExpression", None),
        ] {
            assert_eq!(Class::named(last(word)), want, "{word}");
        }
    }

    #[test]
    fn a_context_inside_the_document_renames() {
        let mut names = Names::default();
        let context = r#"["https://spdx.org/rdf/3.0.1/spdx-context.jsonld", {"ex": "https://e.x/", "@base": "b/",
            "parcel": "https://spdx.org/rdf/3.0.1/terms/Software/Package", "title": {"@id": "core:name"}, "kind": "@type"}]"#;
        names.learn(&mut Json::new(context)).unwrap();
        assert!(names.is_known && names.strange.is_empty());
        assert_eq!(
            ["parcel", "title", "kind", "type"].map(|name| names.local(name)),
            ["Package", "name", "type", "type"]
        );
        assert_eq!(names.whole("ex:a".into()), "https://e.x/a");
        assert_eq!(names.whole("ex://a".into()), "ex://a");
        names.learn(&mut Json::new(r#""https://a.b/c""#)).unwrap();
        assert_eq!(names.strange, ["https://a.b/c"]);
    }
}
