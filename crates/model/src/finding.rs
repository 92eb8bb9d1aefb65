//! What the evidence shows: matches of rules, and the findings they fold into. Still no law.
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::entity::words;
use crate::few::few;
use crate::{Certainty, Digest, EntityId, Excerpt, Locator, Observation, Relation, RuleId, Scope, Shared, Technique};

/// A rule met by a thing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Match {
    /// Which rule.
    pub rule: RuleId,
    /// What it recognises.
    pub entity: EntityId,
    /// What the thing does with it.
    pub relation: Relation,
    /// The artifact or component.
    pub on: Locator,
    /// How sure the rule is by itself.
    pub certainty: Certainty,
    /// Why such a fact shows it: the rule's own sentence.
    pub because: Shared,
    /// How it is known.
    #[serde(deserialize_with = "few")]
    pub techniques: Vec<Technique>,
    /// Every fact that met a line of the rule, sorted.
    #[serde(deserialize_with = "few")]
    pub proof: Vec<Observation>,
    /// What stands where the first of them were seen.
    #[serde(skip_serializing_if = "Vec::is_empty", default, deserialize_with = "few")]
    pub excerpts: Vec<Excerpt>,
}

/// An entity is in a product, and every reason to think so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Finding {
    /// Unique in its report: `F-` and twelve hexadecimal digits.
    pub id: FindingId,
    /// The same for the same evidence in the same content, wherever it lies.
    pub fingerprint: Fingerprint,
    /// What was found.
    pub entity: EntityId,
    /// Its title.
    pub title: Shared,
    /// The strongest relation of its matches.
    pub relation: Relation,
    /// How sure all matches are together.
    pub certainty: Certainty,
    /// Where it lies: the artifact or component.
    pub on: Locator,
    /// Digest of the artifact it lies in.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub digest: Option<Digest>,
    /// The third-party product that integrates it.
    pub product: Product,
    /// How it got in: from the product down to the place.
    pub path: Vec<Step>,
    /// Of a component: the shortest way by each thing that the product needs itself and that brings it in, where its document
    /// says what needs what. Where the document names no product, by each thing that nothing needs.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub introducers: Vec<Vec<Step>>,
    /// How many more of these there are.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub introducers_untold: u64,
    /// Declared, observed, or both.
    pub witness: Witness,
    /// How it stands to the other side, and by what the two were matched; only where a document was held against files.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub agreement: Option<Agreement>,
    /// What the component is needed for.
    pub scope: Scope,
    /// Every reason, sorted.
    pub matches: Vec<Match>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// The product a finding was made in.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Product {
    /// Its name: from its SBOM, its metadata, or the input's.
    pub name: String,
    /// Its version, where known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub version: Option<String>,
    /// Who supplies it, where known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub supplier: Option<String>,
    /// What says so: an SBOM, a file, the input's name.
    pub known_from: String,
    /// Whether the maker of what was found makes the product too: then nobody else integrates it.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub is_makers_own: bool,
}

/// One step of the way in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Step {
    /// How this thing stands to the one before it.
    pub via: Via,
    /// What the thing is called.
    pub name: String,
    /// Where it is.
    pub locator: Locator,
}

/// How a step leads to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Via {
    /// Where the way starts.
    Product,
    /// A file in a folder or container.
    Contains,
    /// A dependency.
    DependsOn,
}

/// How the SBOM and the shipment agree about a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Witness {
    /// In the product, and its SBOM does not say so.
    ObservedOnly,
    /// In the product, and its SBOM says so.
    DeclaredAndObserved,
    /// Its SBOM says so; the product that was looked at does not show it.
    DeclaredOnly,
    /// There was only one side to look at.
    NotCompared,
}

/// How a finding stands to the other side: to what documents declare, or to the files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Agreement {
    /// In a word.
    pub state: Agreed,
    /// What it was held against: the declared component, or the file.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub with: Option<Locator>,
    /// What that is called, with its version.
    #[serde(skip_serializing_if = "String::is_empty", default)]
    pub called: String,
    /// By what the two were matched, the strongest first.
    pub by: Vec<Likeness>,
}

/// What an SBOM and the shipment it describes say of one thing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Agreed {
    /// In the files, and no document has it under any name.
    Undeclared,
    /// In the files, and a document has it under a name that does not say what it is.
    UnderAnotherName,
    /// In the files; one of several documents there declares such a thing, of another product, and nothing ties it to this file.
    ForAnotherProduct,
    /// In the files and in a document, with different versions.
    InAnotherVersion,
    /// In the files and in a document.
    DeclaredAndPresent,
    /// In a document; the files do not show it.
    DeclaredNotSeen,
}

/// One thing that a declared component and a file have in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Likeness {
    /// What of them.
    pub of: Alike,
    /// The value that both have.
    pub value: String,
}

/// What a declared component and a file may have in common, the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Alike {
    /// The digest of their bytes.
    Digest,
    /// The package URL, whatever its version.
    Purl,
    /// Name and version.
    NameAndVersion,
    /// The name.
    Name,
    /// The file's name.
    FileName,
    /// The package that put the file in place.
    Owner,
    /// What they were recognised as.
    Entity,
}

/// Unique in its report.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct FindingId(pub Shared);

/// Rests on the entity, the evidence and the content it was found in; not on its path, nor on the version of the pack.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Fingerprint(pub String);

impl fmt::Display for FindingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

words!(Agreed {
    Undeclared = "undeclared",
    UnderAnotherName = "under-another-name",
    ForAnotherProduct = "for-another-product",
    InAnotherVersion = "in-another-version",
    DeclaredAndPresent = "declared-and-present",
    DeclaredNotSeen = "declared-not-seen",
});
words!(Alike {
    Digest = "digest",
    Purl = "purl",
    NameAndVersion = "name-and-version",
    Name = "name",
    FileName = "file-name",
    Owner = "owner",
    Entity = "entity",
});
words!(Witness {
    ObservedOnly = "observed-only",
    DeclaredAndObserved = "declared-and-observed",
    DeclaredOnly = "declared-only",
    NotCompared = "not-compared",
});
