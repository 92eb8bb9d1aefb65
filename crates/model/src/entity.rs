//! What is recognised and what a regime covers: organisations, entities, and how a thing relates to one.
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Shared;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        pub struct $name(pub Shared);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.into())
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id! {
    /// `kaspersky/av-sdk`.
    EntityId
}
id! {
    /// `kaspersky`.
    OrganisationId
}
id! {
    /// `kaspersky/av-sdk/unix-api`; never reused.
    RuleId
}
id! {
    /// `us-bis-icts-kaspersky`.
    RegimeId
}

/// A maker of software.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Organisation {
    /// Its id.
    pub id: OrganisationId,
    /// Its name in a report.
    pub title: String,
    /// Every other name, in any script.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Whether it only looks like one that is meant; such a one never flags.
    #[serde(default)]
    pub false_friend: bool,
    /// Where this is known from.
    pub source: String,
}

/// What a rule recognises and a regime covers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Entity {
    /// Its id.
    pub id: EntityId,
    /// Its name in a report.
    pub title: String,
    /// What kind of product it is.
    pub class: ProductClass,
    /// Of one that is not determined: what its code is taken for where the code itself was seen.
    #[serde(default)]
    pub code_class: Option<ProductClass>,
    /// The wider entity it belongs to.
    #[serde(default)]
    pub part_of: Option<EntityId>,
    /// Who makes it.
    pub made_by: OrganisationId,
    /// Whether it only looks like one that is meant; such a one never flags.
    #[serde(default)]
    pub false_friend: bool,
    /// Where this is known from.
    pub source: String,
}

/// What kind of product an entity is; regimes cover by class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ProductClass {
    /// Anti-virus engines, SDKs, bases, products.
    AntiVirus,
    /// Endpoint protection, detection and response, its agents.
    Endpoint,
    /// Any other cybersecurity product.
    OtherCybersecurity,
    /// Software that protects nothing: test libraries, user-interface kits.
    NonSecurity,
    /// Threat-intelligence feeds, interfaces and their clients.
    ThreatIntelligence,
    /// Training.
    Training,
    /// Consulting.
    Consulting,
    /// Only the maker is known: it may be of any of the others.
    Undetermined,
}

impl ProductClass {
    /// Every class that something known is of.
    pub const DETERMINED: &'static [Self] = &[
        Self::AntiVirus,
        Self::Endpoint,
        Self::OtherCybersecurity,
        Self::NonSecurity,
        Self::ThreatIntelligence,
        Self::Training,
        Self::Consulting,
    ];
}

/// What a match says the thing does with the entity, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// The artifact or component is the entity itself.
    Is,
    /// The entity's code or data is inside.
    Embeds,
    /// It calls the entity's code, which may lie elsewhere.
    Links,
    /// A document or text says so.
    Declares,
    /// It can call a service or product that its user installs; none of the entity's code.
    Connects,
    /// The name only.
    Mentions,
}

/// How sure a match or finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// Needs another witness.
    Possible,
    /// More likely than not.
    Probable,
    /// Proven by a fact that nothing else shows.
    Confirmed,
}

macro_rules! words {
    ($type:ident { $($variant:ident = $word:literal),* $(,)? }) => {
        impl $type {
            /// Every value, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The word that rules and reports use.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.name())
            }
        }
    };
}
pub(crate) use words;

words!(ProductClass {
    AntiVirus = "anti-virus",
    Endpoint = "endpoint",
    OtherCybersecurity = "other-cybersecurity",
    NonSecurity = "non-security",
    ThreatIntelligence = "threat-intelligence",
    Training = "training",
    Consulting = "consulting",
    Undetermined = "undetermined",
});
words!(Relation {
    Is = "is",
    Embeds = "embeds",
    Links = "links",
    Declares = "declares",
    Connects = "connects",
    Mentions = "mentions",
});
words!(Certainty { Possible = "possible", Probable = "probable", Confirmed = "confirmed" });
