//! What was seen, and what could not be seen; nothing here judges.
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Fact, Locator, Shared};

/// One thing seen.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Observation {
    /// The artifact or component it was seen on.
    pub on: Locator,
    /// What was seen.
    pub fact: Fact,
    /// Where exactly.
    pub at: Place,
    /// Who saw it.
    pub by: ObserverId,
}

/// The id of an observer or unpacker: its file's name, `pe`, `cyclonedx-json`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct ObserverId(pub Shared);

impl From<&str> for ObserverId {
    fn from(id: &str) -> Self {
        Self(id.into())
    }
}

impl fmt::Display for ObserverId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where in an artifact.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// The artifact as a whole: its name, its digest.
    Whole,
    /// Bytes from `start` up to, not including, `end`.
    Bytes {
        /// The first byte.
        start: u64,
        /// One past the last byte.
        end: u64,
    },
    /// A JSON pointer (RFC 6901), or its likeness for other documents: a line, an element path.
    Pointer(String),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole => f.write_str("whole"),
            Self::Bytes { start, end } => write!(f, "{start:#x}..{end:#x}"),
            Self::Pointer(pointer) => f.write_str(pointer),
        }
    }
}

/// What stands where a fact was seen, as it is, with a little of what surrounds it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Excerpt {
    /// The place of the fact that it shows.
    pub at: Place,
    /// The offset of its first byte, or the number of its first line.
    pub from: u64,
    /// Which of its bytes are the fact, as `[start, end)` from its beginning.
    pub marked: (u64, u64),
    /// What stands there.
    pub shown: Shown,
}

/// The content of an excerpt.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Shown {
    /// Bytes, in hexadecimal.
    Bytes(String),
    /// Lines of a document.
    Text(String),
}

/// Something that should have been looked at and was not: a *known unknown*.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Gap {
    /// The artifact it concerns.
    pub on: Locator,
    /// Why it was not looked at.
    pub reason: GapReason,
    /// Who noticed.
    pub by: ObserverId,
    /// What the artifact seemed to be; empty where nothing is known.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub seems: Option<String>,
    /// One sentence for the reader: the place, what stood there, what was expected.
    pub detail: String,
    /// The bytes concerned, as `[start, end)`; empty means all of it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub ranges: Vec<(u64, u64)>,
    /// What would close it: a password, a missing part, a raised limit.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub needs: Option<String>,
    /// Whether it could hide what is looked for; decided by policy, false until then.
    #[serde(default)]
    pub material: bool,
    /// The pattern by which the user accepted it, where one did.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub accepted: Option<String>,
}

/// Why something was not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GapReason {
    /// Locked by a password or key.
    Encrypted,
    /// Broken, cut short, or against its own format.
    Malformed,
    /// A limit of ours was met.
    OverLimit,
    /// A format nothing here reads.
    Unsupported,
    /// Packed or obfuscated code.
    Packed,
    /// The operating system refused.
    Unreadable,
    /// Two honest readings differ.
    Ambiguous,
    /// An external part was not supplied.
    Missing,
    /// Took too long.
    TimedOut,
    /// Our parser died on it.
    Crashed,
    /// It changed while it was read.
    Changed,
}

impl GapReason {
    /// Every one.
    pub const ALL: [Self; 11] = [
        Self::Encrypted,
        Self::Malformed,
        Self::OverLimit,
        Self::Unsupported,
        Self::Packed,
        Self::Unreadable,
        Self::Ambiguous,
        Self::Missing,
        Self::TimedOut,
        Self::Crashed,
        Self::Changed,
    ];

    /// The word that reports use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Encrypted => "encrypted",
            Self::Malformed => "malformed",
            Self::OverLimit => "over-limit",
            Self::Unsupported => "unsupported",
            Self::Packed => "packed",
            Self::Unreadable => "unreadable",
            Self::Ambiguous => "ambiguous",
            Self::Missing => "missing",
            Self::TimedOut => "timed-out",
            Self::Crashed => "crashed",
            Self::Changed => "changed",
        }
    }
}

/// Something wrong in a document that was read on regardless, and what was assumed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Repair {
    /// The document.
    pub input: Locator,
    /// Where in it: a JSON pointer, a line.
    pub pointer: String,
    /// What was wrong, in words its author can act on.
    pub wrong: String,
    /// What was assumed instead.
    pub assumed: String,
}

/// Something odd about a container that a reader should know; never followed, never hidden.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Anomaly {
    /// The container or member.
    pub on: Locator,
    /// One kebab-case word: `duplicate-name`, `path-traversal`, `overlapping-members`.
    pub kind: String,
    /// One sentence.
    pub detail: String,
}
