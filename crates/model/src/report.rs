//! The report: a public contract, versioned by its `schema` field.
use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    Anomaly, Comparison, Digest, Entity, Finding, FindingId, FormatId, Gap, Instant, Locator, Observation, Outcome,
    Profile, Quality, Repair, SbomQuality, Verdict, Waiver, WaiverNote,
};

/// The value of [`Report::schema`].
pub const SCHEMA: &str = "interdict.report/1";

/// Everything that one run has to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// `interdict.report/1`.
    pub schema: String,
    /// What made it.
    pub tool: Tool,
    /// What it recognised with.
    pub packs: Vec<PackId>,
    /// What it was judged by.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub law: Vec<PackId>,
    /// The instant it judges for.
    pub as_of: Instant,
    /// For whom it judges.
    pub profile: Profile,
    /// The one answer.
    pub outcome: Outcome,
    /// Every target, and every document that was read in one.
    pub inputs: Vec<Input>,
    /// What was found, strongest first.
    pub findings: Vec<Finding>,
    /// Findings set aside, with why.
    pub waived: Vec<Waived>,
    /// Waivers that their owners should look at: expired, void, unused, ending soon.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub waivers: Vec<WaiverNote>,
    /// What was known before, where an earlier report was given.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub comparison: Option<Comparison>,
    /// Documents against the minimum elements of an SBOM, where that was asked for.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub sbom_quality: Vec<SbomQuality>,
    /// What the documents declare against what was seen.
    pub reconciliation: Vec<Reconciled>,
    /// What was looked at.
    pub coverage: Coverage,
    /// What was not.
    pub gaps: Vec<Gap>,
    /// What was wrong in documents and read on.
    #[serde(default)]
    pub repairs: Vec<Repair>,
    /// What was odd about containers.
    #[serde(default)]
    pub anomalies: Vec<Anomaly>,
    /// The entities and regimes that the report names.
    pub legend: Legend,
    /// Every fact, where `--evidence all` asked for it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub observations: Vec<Observation>,
    /// What the law says of each finding. Last, so that who judges anew need not read it.
    pub verdicts: Vec<Verdict>,
}

/// What made a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    /// `interdict`.
    pub name: String,
    /// Of the release.
    pub version: String,
}

/// Which pack, to the byte.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct PackId {
    /// `interdict/kaspersky`.
    pub id: String,
    /// Its own version: data moves faster than code.
    pub version: String,
    /// Of its canonical form.
    pub digest: Digest,
}

/// One target or document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Input {
    /// Where it is.
    pub locator: Locator,
    /// What it is; `directory` for a directory.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub format: Option<FormatId>,
    /// The version of the format a document states.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub version: Option<String>,
    /// Of its bytes; a directory has none.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub digest: Option<Digest>,
    /// What a document declares.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub counts: Option<Counts>,
    /// When a document was made, as it says.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub created: Option<String>,
    /// Who or what made a document, as it says.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub creators: Vec<String>,
    /// What a reader should know of a document as a whole.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub notes: Vec<String>,
    /// How much of a document's components carries what.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub quality: Option<Quality>,
}

impl Input {
    /// One of which no more is known than where it is and what it seems to be.
    pub fn new(locator: Locator, format: impl Into<FormatId>) -> Self {
        let (format, creators, notes) = (Some(format.into()), Vec::new(), Vec::new());
        Self {
            locator,
            format,
            version: None,
            digest: None,
            counts: None,
            created: None,
            creators,
            notes,
            quality: None,
        }
    }
}

/// What a document declares, so that it can be held against an independent counter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Counts {
    /// `CycloneDX`: entries of `components` at any depth, without the subject; SPDX 2: packages; SPDX 3: software packages.
    pub components: u64,
    /// Services, at any depth.
    pub services: u64,
    /// Files.
    pub files: u64,
    /// Snippets.
    pub snippets: u64,
    /// SPDX relationships; `CycloneDX` entries of `dependencies`.
    pub relationships: u64,
    /// Entries of `vulnerabilities`.
    pub vulnerabilities: u64,
}

/// A finding set aside.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Waived {
    /// Which finding.
    pub finding: FindingId,
    /// By what.
    pub waiver: Waiver,
}

/// One product's documents held against its files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reconciled {
    /// Where the product is.
    pub product: Locator,
    /// The documents that describe it.
    pub documents: Vec<Locator>,
    /// Findings in the product that no document declares.
    pub undeclared: Vec<FindingId>,
    /// Findings that a document declares and the product shows.
    pub confirmed: Vec<FindingId>,
    /// Findings that a document declares and the product does not show.
    pub unseen: Vec<FindingId>,
    /// Of the undeclared, those that a document has under another name.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub under_another_name: Vec<FindingId>,
    /// Of the confirmed, those that a document has in another version.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub in_another_version: Vec<FindingId>,
    /// Of the undeclared, those that a document declares which names another product than theirs.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub for_another_product: Vec<FindingId>,
}

/// What was looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Coverage {
    /// Files and members met.
    pub artifacts: u64,
    /// Of these, files on the disk; the others lie in containers.
    #[serde(default)]
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Those that at least one observer or unpacker read through.
    pub examined: u64,
    /// Components that documents declare.
    pub components: u64,
    /// Gaps, and how many of them are material and not accepted.
    pub gaps: u64,
    /// Of these, the material ones that nobody accepted.
    pub material_gaps: u64,
    /// Artifacts by format; `unknown` where nothing recognised one.
    pub formats: BTreeMap<String, u64>,
    /// Whether the run came to its end.
    pub complete: bool,
    /// How foreign parsers were contained: `full`, `limits-only` or `none`.
    pub isolation: String,
    /// Inputs and members that were recognised as something that can be examined.
    #[serde(skip_serializing_if = "is_default", default)]
    pub recognised: u64,
    /// Whether what was not examined was taken for granted at the user's word.
    #[serde(skip_serializing_if = "is_default", default)]
    pub allowed_incomplete: bool,
    /// What a reader should know of the examination; the legend repeats it.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub notes: Vec<String>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What the names in a report stand for, so that it can be read and judged again by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Legend {
    /// Every entity that a finding or its ancestors name.
    pub entities: Vec<Entity>,
    /// Every regime that a verdict names, by id.
    pub regimes: BTreeMap<String, RegimeNote>,
    /// What the reader should know of this report as a whole: accepted gaps, an incomplete run, a missing profile.
    pub notes: Vec<String>,
}

/// A regime in a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RegimeNote {
    /// Its title.
    pub title: String,
    /// Where it holds.
    pub jurisdiction: String,
    /// Who issued it.
    pub authority: String,
    /// How lawyers cite it.
    pub citation: String,
}
