//! A rule as the matcher uses it: compiled, normalised, plain data.
use std::fmt;

use crate::literal::Needs;
use crate::versions::Range;
use interdict_model::{Certainty, EntityId, FactKind, Relation, RuleId, Shared};
use serde::{Deserialize, Serialize};

/// How an entity is recognised.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Never reused.
    pub id: RuleId,
    /// What it recognises.
    pub identifies: EntityId,
    /// What a match says the thing does with the entity.
    pub relation: Relation,
    /// How sure it is by itself.
    pub certainty: Certainty,
    /// Why such a fact shows it, in a sentence.
    pub because: Shared,
    /// Where this is known from.
    pub source: String,
    /// Whether different things in one folder or container may meet its lines.
    pub in_container: bool,
    /// Any of these.
    pub when: Vec<Clause>,
    /// The product it knows, where all it knows is that this one integrates the entity, or did.
    pub integrator: Option<Integrator>,
}

/// A product that is known to integrate an entity, or to have done so.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Integrator {
    /// Maker and name.
    pub product: String,
    /// What of the entity it integrates.
    pub technology: String,
    /// The versions that are meant; all where empty.
    pub versions: Vec<Range>,
    /// The years, where they are known.
    pub period: String,
    /// What became of it.
    pub status: String,
    /// What would settle it.
    pub confirm: String,
}

impl fmt::Display for Integrator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Known integrator: {}, {}", self.product, self.technology)?;
        if !self.versions.is_empty() {
            let ranges: Vec<String> = self.versions.iter().map(Range::words).collect();
            write!(f, "; versions {}", ranges.join(", or "))?;
        }
        if !self.period.is_empty() {
            write!(f, "; {}", self.period)?;
        }
        write!(f, "; status: {}; confirm with: {}.", self.status, self.confirm)
    }
}

/// Every line of it, on the same thing. There is no `not`: the absence of a fact is not a fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clause {
    /// The lines.
    pub lines: Vec<Line>,
}

/// One question about one kind of fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// The kind.
    pub kind: FactKind,
    /// What its value must be; of `content`, the name of a needle.
    pub test: Test,
    /// What a value must hold at least: worked out once, when the pack is compiled.
    pub needs: Needs,
}

/// A test of one canonical value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Test {
    /// The whole value is one of these.
    OneOf(Vec<String>),
    /// At least so many different values of the list, each on a fact of its own.
    AtLeast(usize, Vec<String>),
    /// The value begins so.
    Prefix(String),
    /// The value ends so.
    Suffix(String),
    /// The value holds this.
    Contains(String),
    /// The value holds this with no word character beside it.
    Word(String),
    /// The whole value meets the pattern.
    Glob(String),
    /// A part of the value meets the regular expression.
    Regex(String),
    /// The value, a version, lies in one of these.
    Versions(Vec<Range>),
    /// The value, a CPE name, is of one of these, `vendor:product` with globs, and its version in one of the ranges, if any.
    Products(Vec<String>, Vec<Range>),
}

impl Test {
    /// How many different values must be met.
    pub(crate) fn needed(&self) -> usize {
        match self {
            Self::AtLeast(count, _) => *count,
            _ => 1,
        }
    }

    /// The values it compares whole, where that is all it does.
    pub(crate) fn whole_values(&self) -> Option<&[String]> {
        match self {
            Self::OneOf(values) | Self::AtLeast(_, values) => Some(values),
            _ => None,
        }
    }
}
