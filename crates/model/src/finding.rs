//! What the evidence shows: matches of rules, and the findings they fold into. Still no law.
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::entity::words;
use crate::{Certainty, Digest, EntityId, Locator, Observation, Relation, RuleId, Scope, Technique};

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
    pub because: String,
    /// How it is known.
    pub techniques: Vec<Technique>,
    /// Every fact that met a line of the rule, sorted.
    pub proof: Vec<Observation>,
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
    pub title: String,
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

/// Unique in its report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct FindingId(pub String);

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

words!(Witness {
    ObservedOnly = "observed-only",
    DeclaredAndObserved = "declared-and-observed",
    DeclaredOnly = "declared-only",
    NotCompared = "not-compared",
});
