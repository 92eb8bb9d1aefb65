//! How a regime is written: the TOML of one file, before anything is checked.
use interdict_model::{
    Certainty, CertaintyOfText, Effect, EntityId, OrganisationId, ProductClass, RegimeId, Relation, Scope,
};
use serde::Deserialize;
use toml::Spanned;

use crate::regime::{Listed, Nature, Party, Reading, Regime, Standing, Status};

/// A file: one regime with its clauses and cases, or places where none was found.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct File {
    pub(crate) regime: Option<Spanned<Header>>,
    #[serde(default)]
    pub(crate) listed: Vec<ListedSource>,
    #[serde(default)]
    pub(crate) reporting: Vec<ReportingSource>,
    /// What every provision covers that does not say so itself.
    #[serde(default)]
    pub(crate) covers: Vec<Spanned<LimbSource>>,
    #[serde(default)]
    pub(crate) exemption: Vec<ExemptionSource>,
    #[serde(default)]
    pub(crate) provision: Vec<ProvisionSource>,
    #[serde(default)]
    pub(crate) case: Vec<CaseSource>,
    #[serde(default)]
    pub(crate) none_found: Vec<NoneFoundSource>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Header {
    pub(crate) id: Spanned<String>,
    pub(crate) title: Spanned<String>,
    pub(crate) jurisdiction: Spanned<String>,
    pub(crate) authority: Spanned<String>,
    pub(crate) nature: Nature,
    #[serde(default = "in_force")]
    pub(crate) status: Status,
    pub(crate) citation: Spanned<String>,
    pub(crate) text: CertaintyOfText,
    pub(crate) made_by: Vec<OrganisationId>,
    pub(crate) profile: Spanned<String>,
    pub(crate) penalties: Option<String>,
    #[serde(default)]
    pub(crate) notes: Vec<String>,
    pub(crate) confirm: Option<String>,
    pub(crate) sources: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct ListedSource {
    pub(crate) name: Spanned<String>,
    pub(crate) party: Party,
    pub(crate) place: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct ReportingSource {
    pub(crate) under: Spanned<String>,
    pub(crate) in_force: Spanned<Vec<Spanned<String>>>,
    pub(crate) first: u16,
    pub(crate) then: u16,
    pub(crate) citation: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct LimbSource {
    #[serde(default)]
    pub(crate) classes: Vec<ProductClass>,
    pub(crate) relations: Option<Vec<Relation>>,
    pub(crate) scopes: Option<Vec<Scope>>,
    #[serde(default)]
    pub(crate) entities: Vec<EntityId>,
    #[serde(default)]
    pub(crate) not_entities: Vec<EntityId>,
    pub(crate) standing: Option<Standing>,
    pub(crate) beside_engine: Option<bool>,
    /// The provision's, where it is not said.
    pub(crate) effect: Option<Effect>,
    pub(crate) strict: Option<Effect>,
    #[serde(default = "literal")]
    pub(crate) reading: Reading,
    pub(crate) because: Option<Spanned<String>>,
    pub(crate) text: Option<CertaintyOfText>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct ExemptionSource {
    pub(crate) id: Spanned<String>,
    #[serde(default)]
    pub(crate) classes: Vec<ProductClass>,
    pub(crate) relations: Option<Vec<Relation>>,
    pub(crate) scopes: Option<Vec<Scope>>,
    #[serde(default)]
    pub(crate) entities: Vec<EntityId>,
    #[serde(default)]
    pub(crate) not_entities: Vec<EntityId>,
    pub(crate) standing: Option<Standing>,
    pub(crate) quote: String,
    pub(crate) citation: Spanned<String>,
    pub(crate) text: CertaintyOfText,
    pub(crate) because: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct ProvisionSource {
    pub(crate) id: Spanned<String>,
    pub(crate) title: Spanned<String>,
    pub(crate) binds: Vec<Spanned<String>>,
    pub(crate) acts: Vec<Spanned<String>>,
    pub(crate) effect: Spanned<Effect>,
    #[serde(default)]
    pub(crate) covers: Vec<Spanned<LimbSource>>,
    #[serde(default)]
    pub(crate) in_force: Vec<Spanned<Vec<Spanned<String>>>>,
    pub(crate) proposed: Option<Spanned<String>>,
    #[serde(default = "probable")]
    pub(crate) at_least: Certainty,
    pub(crate) citation: Spanned<String>,
    pub(crate) text: CertaintyOfText,
    pub(crate) because: Spanned<String>,
    pub(crate) confirm: Option<String>,
}

/// A finding that was never made, and what the regime must say of it.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct CaseSource {
    pub(crate) name: Spanned<String>,
    pub(crate) as_of: Spanned<String>,
    /// None: nobody is judged for.
    #[serde(default)]
    pub(crate) roles: Vec<Spanned<String>>,
    #[serde(default)]
    pub(crate) acts: Vec<Spanned<String>>,
    pub(crate) class: ProductClass,
    pub(crate) relation: Relation,
    #[serde(default)]
    pub(crate) scope: Scope,
    #[serde(default = "confirmed")]
    pub(crate) certainty: Certainty,
    /// The entity's id; any of the class where it is not said.
    pub(crate) entity: Option<String>,
    #[serde(default = "others")]
    pub(crate) standing: Standing,
    #[serde(default)]
    pub(crate) beside_engine: bool,
    #[serde(default)]
    pub(crate) left_out: bool,
    #[serde(default)]
    pub(crate) strict: bool,
    /// The strongest verdict.
    pub(crate) expect: Spanned<Effect>,
    /// Of this provision alone.
    pub(crate) provision: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct NoneFoundSource {
    pub(crate) jurisdiction: Spanned<String>,
    pub(crate) note: Spanned<String>,
    pub(crate) text: CertaintyOfText,
}

fn in_force() -> Status {
    Status::InForce
}

fn literal() -> Reading {
    Reading::Literal
}

fn probable() -> Certainty {
    Certainty::Probable
}

fn confirmed() -> Certainty {
    Certainty::Confirmed
}

fn others() -> Standing {
    Standing::Other
}

/// The regime without its clauses.
impl From<Header> for Regime {
    fn from(header: Header) -> Self {
        Self {
            id: RegimeId(header.id.into_inner().into()),
            title: header.title.into_inner(),
            jurisdiction: header.jurisdiction.into_inner(),
            authority: header.authority.into_inner(),
            nature: header.nature,
            status: header.status,
            citation: header.citation.into_inner(),
            text: header.text,
            made_by: header.made_by,
            profile: header.profile.into_inner(),
            penalties: header.penalties,
            notes: header.notes,
            confirm: header.confirm,
            sources: header.sources.into_iter().map(Spanned::into_inner).collect(),
            listed: Vec::new(),
            reporting: Vec::new(),
            exemptions: Vec::new(),
            provisions: Vec::new(),
        }
    }
}

impl From<ListedSource> for Listed {
    fn from(source: ListedSource) -> Self {
        Self { name: source.name.into_inner(), party: source.party, place: source.place }
    }
}
