//! The shape of a pack's files before they are compiled.
use std::collections::BTreeMap;

use interdict_model::{Certainty, Relation};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use toml::{Spanned, Value};

use crate::portrait::{RawEntity, RawOrganisation};
use crate::versions::Range;

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct File {
    pub(crate) pack: Option<Spanned<Meta>>,
    #[serde(default)]
    pub(crate) organisation: Vec<Spanned<RawOrganisation>>,
    #[serde(default)]
    pub(crate) entity: Vec<Spanned<RawEntity>>,
    #[serde(default)]
    pub(crate) rule: Vec<Spanned<RawRule>>,
    #[serde(default)]
    pub(crate) integrator: Vec<Spanned<RawIntegrator>>,
    /// Law and profiles may stand in the same file; others read them.
    #[serde(default, rename = "law")]
    pub(crate) _law: Vec<IgnoredAny>,
    #[serde(default, rename = "profile")]
    pub(crate) _profile: Vec<IgnoredAny>,
}

/// What a pack says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Meta {
    /// `interdict/kaspersky`.
    pub id: String,
    /// Its own version: data moves faster than code.
    pub version: String,
    /// What it is for.
    #[serde(default)]
    pub title: String,
    /// The day it was made, `2026-11-24`.
    #[serde(default)]
    pub issued: String,
    /// The last day it should be used; empty where it has none.
    #[serde(default)]
    pub expires: String,
    /// The oldest version of interdict that understands it.
    #[serde(default)]
    pub minimum_tool: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct RawRule {
    pub(crate) id: String,
    pub(crate) identifies: Spanned<String>,
    pub(crate) relation: Relation,
    pub(crate) certainty: Spanned<Certainty>,
    pub(crate) because: String,
    pub(crate) source: String,
    #[serde(default)]
    pub(crate) scope: RawScope,
    pub(crate) when: Vec<Spanned<BTreeMap<String, Value>>>,
    #[serde(default)]
    pub(crate) holds: Vec<Spanned<Value>>,
    #[serde(default)]
    pub(crate) fails: Vec<Spanned<Value>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum RawScope {
    #[default]
    Thing,
    Container,
}

/// A product that integrates an entity, or did: see [`crate::Integrator`].
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct RawIntegrator {
    pub(crate) id: String,
    pub(crate) identifies: Spanned<String>,
    pub(crate) product: String,
    pub(crate) technology: String,
    #[serde(default)]
    pub(crate) versions: Vec<Range>,
    #[serde(default)]
    pub(crate) period: String,
    pub(crate) status: String,
    pub(crate) confirm: String,
    pub(crate) source: String,
    /// `vendor:product`, with globs.
    #[serde(default)]
    pub(crate) cpe: Vec<String>,
    /// Regular expressions.
    #[serde(default)]
    pub(crate) name: Vec<String>,
    /// What a supplier's name must hold beside a name.
    #[serde(default)]
    pub(crate) supplier: Option<String>,
    #[serde(default)]
    pub(crate) package_name: Vec<String>,
    /// How a package URL begins.
    #[serde(default)]
    pub(crate) purl: Vec<String>,
    #[serde(default)]
    pub(crate) holds: Vec<Spanned<Value>>,
    #[serde(default)]
    pub(crate) fails: Vec<Spanned<Value>>,
    /// The product in versions that are not meant.
    #[serde(default)]
    pub(crate) other_versions: Vec<Spanned<Value>>,
}
