//! What was looked at: bytes with a place, and the units of software that documents declare.
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::Locator;

/// Bytes with a place and a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Artifact {
    /// Where it is.
    pub locator: Locator,
    /// What it holds; only for artifacts that a finding, a match by hash or a comparison needs it for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub digest: Option<Digest>,
    /// In bytes.
    pub size: u64,
    /// What its content says it is.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub format: Option<FormatId>,
}

/// SHA-256, written `sha256:` and 64 lower-case hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Digest(String);

impl Digest {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(format!("sha256:{}", hex(&Sha256::digest(bytes))))
    }

    /// The 64 hexadecimal digits.
    pub fn hex(&self) -> &str {
        self.0.strip_prefix("sha256:").unwrap_or(&self.0)
    }
}

/// A digest in the making.
#[derive(Clone, Debug, Default)]
pub struct Hasher(Sha256);

impl Hasher {
    /// These bytes come next.
    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Of all that came.
    pub fn finished(self) -> Digest {
        Digest(format!("sha256:{}", hex(&self.0.finalize())))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).filter_map(|n| char::from_digit(u32::from(n), 16)).collect()
}

/// What a format is called: an open vocabulary, `elf`, `cyclonedx-json`, `zip`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct FormatId(pub String);

impl From<&str> for FormatId {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

impl fmt::Display for FormatId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A unit of software that a document says is there. What rules read is in the observations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Component {
    /// The document and the component's place in it.
    pub locator: Locator,
    /// As the document writes it.
    pub name: String,
    /// As the document writes it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub version: Option<String>,
    /// As the document writes it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub purl: Option<String>,
    /// Who the document says supplies it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub supplier: Option<String>,
    /// What it is needed for.
    pub scope: Scope,
    /// Digests the document states, as `algorithm:hex`.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub digests: Vec<String>,
    /// The components it depends on or contains.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub depends_on: Vec<Locator>,
}

/// What a component is needed for; `required` where a document says nothing, as CycloneDX 1.6 §components.scope rules.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// In what is delivered, at run time.
    #[default]
    Required,
    /// May be there at run time.
    Optional,
    /// Stated not to be in what is delivered.
    Excluded,
    /// Used to develop.
    Dev,
    /// Used to test.
    Test,
    /// Used to build.
    Build,
}
