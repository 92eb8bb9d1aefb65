//! What a document leaves unsaid: counts that change what a reader may conclude from it, and the minimum elements of an SBOM.
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Locator;

/// What of its own data a document states.
#[expect(clippy::struct_excessive_bools, reason = "each answers a question of its own")]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct States {
    /// A person or an organisation that wrote it.
    pub author: bool,
    /// A tool that wrote it.
    pub tool: bool,
    /// That tool's version.
    pub tool_version: bool,
    /// A signature; nobody verified it.
    pub signature: bool,
    /// Where in the life of the software it was made: before, during or after the build.
    pub context: bool,
    /// Its own version or serial number.
    pub revision: bool,
    /// How complete it is, or what is unknown.
    pub completeness: bool,
    /// Whether its reader looks at licences at all.
    pub licences_read: bool,
}

/// How much of a document's components carries what, files and the subject left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Quality {
    /// All of them.
    pub components: u64,
    /// With a name.
    pub named: u64,
    /// With a version.
    pub versioned: u64,
    /// With somebody who supplies, makes, publishes or wrote them.
    pub supplied: u64,
    /// With an identifier: a purl, a CPE name, a SWID tag.
    pub identified: u64,
    /// With a digest.
    pub hashed: u64,
    /// With a licence, be it stated as unknown.
    pub licensed: u64,
    /// That need something or are needed; `None` where ways were left out.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub related: Option<u64>,
    /// Of the document.
    pub states: States,
}

/// One document held against the minimum elements of an SBOM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SbomQuality {
    /// Which.
    pub document: Locator,
    /// How old it is at the instant the report judges for, in days.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub age_days: Option<i64>,
    /// What changes what a reader may conclude, a sentence each.
    pub remarks: Vec<String>,
    /// Element by element.
    pub elements: Vec<Element>,
}

/// One minimum element.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Element {
    /// `ntia-2021` or `cisa-2026`.
    pub standard: String,
    /// As the standard calls it.
    pub name: String,
    /// On how many it is there.
    pub met: u64,
    /// Of how many; 1 for what the document states once.
    pub of: u64,
    /// Where the standard asks for it.
    pub source: String,
}
