//! The answer of the law, and the words it is asked in.
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::entity::words;
use crate::{FindingId, Instant, RegimeId, Shared};

/// What one provision says of one finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// Which finding.
    pub finding: FindingId,
    /// Which regime.
    pub regime: RegimeId,
    /// Which of its provisions; empty where the regime has none that speaks of it.
    pub provision: Shared,
    /// What it says.
    pub effect: Effect,
    /// From when the provision says so.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub since: Option<Instant>,
    /// One or two sentences that name the instrument, the act and the date.
    pub because: Shared,
    /// The instrument, as lawyers cite it.
    pub citation: Shared,
    /// How sure the text of the law is.
    pub text: CertaintyOfText,
}

/// What a provision says, mildest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Effect {
    /// The regime does not speak of it.
    NotCovered,
    /// The regime names it and lets it be.
    Exempt,
    /// It will apply from a later day, or is proposed.
    Future,
    /// A warning; never a prohibition.
    Advisory,
    /// Depends on something that cannot be seen here.
    Review,
    /// Covered by the text.
    Prohibited,
}

/// The one answer of a report, mildest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Nothing found, and nothing that could matter left unexamined.
    Clear,
    /// Only warnings and notes.
    Advisory,
    /// Nothing found, but something that could matter was not examined.
    Inconclusive,
    /// A person must look.
    Review,
    /// A regime the profile is bound by prohibits it.
    Prohibited,
}

/// How well the wording behind a provision is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CertaintyOfText {
    /// Read in the legal text or an exact mirror.
    Primary,
    /// Read in a law firm's alert, an official press copy, a press report.
    Secondary,
    /// From memory.
    Memory,
    /// Our reading of a verified text; nobody official was found saying it.
    Inference,
}

/// What a bound person is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Role(pub String);

/// What a bound person does.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Act(pub String);

/// For whom a report judges.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Profile {
    /// `us-vendor`; several joined by `+`; empty where none was given.
    #[serde(default)]
    pub name: String,
    /// What it is for, in a line.
    #[serde(default)]
    pub title: String,
    /// What the user is.
    #[serde(default)]
    pub roles: Vec<Role>,
    /// What the user does.
    #[serde(default)]
    pub acts: Vec<Act>,
    /// Which jurisdictions are asked; empty means all.
    #[serde(default)]
    pub jurisdictions: Vec<String>,
}

impl Profile {
    /// Whether anybody is judged for at all.
    pub fn is_given(&self) -> bool {
        !self.roles.is_empty()
    }
}

words!(Effect {
    NotCovered = "not-covered",
    Exempt = "exempt",
    Future = "future",
    Advisory = "advisory",
    Review = "review",
    Prohibited = "prohibited",
});
words!(Outcome {
    Clear = "clear",
    Advisory = "advisory",
    Inconclusive = "inconclusive",
    Review = "review",
    Prohibited = "prohibited",
});
words!(CertaintyOfText { Primary = "primary", Secondary = "secondary", Memory = "memory", Inference = "inference" });
