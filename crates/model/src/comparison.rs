//! A report held against an earlier one: what is new, what is known, what is gone.
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::entity::words;
use crate::{EntityId, FindingId, Fingerprint, Instant, Locator, Outcome, PackId, Relation};

/// What became of an earlier report's findings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Comparison {
    /// The instant the earlier report judged for.
    pub as_of: Instant,
    /// What it recognised with.
    pub packs: Vec<PackId>,
    /// What the gate goes by: the outcome of what counts as new, and of the coverage. Absent where two stored reports were compared.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub outcome: Option<Outcome>,
    /// Every finding of the report, in the report's order.
    pub changes: Vec<Change>,
    /// What earlier reports found and this one does not, by place.
    pub gone: Vec<Gone>,
}

/// What one finding is in the light of the earlier report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// Which finding.
    pub finding: FindingId,
    /// New, known, or back again.
    pub state: State,
    /// Whether a gate that fails on what is new fails on it: it is new, it is back, or it weighs more than it did.
    pub counts: bool,
    /// Where it was, if it was elsewhere or other.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub was: Option<Locator>,
}

/// How a finding stands to an earlier report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Nothing of the kind was known.
    New,
    /// It was known, was gone, and is back.
    Reintroduced,
    /// The same thing in its place or under its name, with other evidence: another build, another version, another weight.
    Changed,
    /// The same evidence in another place.
    Moved,
    /// The same evidence in the same place.
    Unchanged,
}

/// A finding that is not there any more.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Gone {
    /// Where it was.
    pub on: Locator,
    /// Its fingerprint, by which it is known again.
    pub fingerprint: Fingerprint,
    /// What it was.
    pub entity: EntityId,
    /// Its title.
    pub title: String,
    /// What the thing did with it.
    pub relation: Relation,
    /// The product it was in.
    pub product: String,
    /// The instant of the first report that lacks it.
    pub since: Instant,
}

words!(State {
    New = "new",
    Reintroduced = "reintroduced",
    Changed = "changed",
    Moved = "moved",
    Unchanged = "unchanged",
});
