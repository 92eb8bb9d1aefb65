//! A finding set aside by its owner: with a reason, an end, and bound to the evidence.
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::entity::words;
use crate::{EntityId, FindingId, Fingerprint};

/// A finding set aside by its owner, with reason and end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Waiver {
    /// Bound to the evidence: another build of the file voids it.
    pub fingerprint: Fingerprint,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Where it is tracked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// The last day it holds, `2026-12-31`.
    pub until: String,
    /// What was set aside; a finding of another entity is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<EntityId>,
    /// Where: a pattern of locators, `*` any run, `?` one character. Elsewhere the same content is not set aside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
}

/// A waiver that its owner should look at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct WaiverNote {
    /// Why.
    pub standing: WaiverStanding,
    /// Which.
    pub waiver: Waiver,
    /// The findings concerned: set aside still, no longer, or what stands now where the waived one stood.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<FindingId>,
}

/// Why a waiver should be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WaiverStanding {
    /// Its last day is over, or is no date: it sets nothing aside.
    Expired,
    /// Where it points, the evidence is another one: it sets nothing aside.
    Void,
    /// No finding is what it speaks of.
    Unused,
    /// It holds for thirty more days at most.
    EndsSoon,
}

words!(WaiverStanding { Expired = "expired", Void = "void", Unused = "unused", EndsSoon = "ends-soon" });
