//! What a regime is once compiled: plain data that a build can store and a reader can list.
use interdict_model::{
    Act, Certainty, CertaintyOfText, Effect, EntityId, Instant, OrganisationId, PackId, ProductClass, RegimeId,
    Relation, Role, Scope,
};
use serde::{Deserialize, Serialize};

/// Every regime that is asked, sorted by id.
#[expect(clippy::struct_field_names, reason = "a list of regimes is what it is called")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Regimes {
    pub(crate) regimes: Vec<Regime>,
    pub(crate) none_found: Vec<NoneFound>,
    /// Which packs they are from, to the byte.
    pub(crate) packs: Vec<PackId>,
}

/// A body of law.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Regime {
    /// `us-bis-icts-kaspersky`.
    pub id: RegimeId,
    /// What people call it.
    pub title: String,
    /// `us`, `us-vt`, `de`, `eu`.
    pub jurisdiction: String,
    /// Who issued it.
    pub authority: String,
    /// What kind of thing it is.
    pub nature: Nature,
    /// Whether it is law.
    pub status: Status,
    /// As lawyers cite it.
    pub citation: String,
    /// How well its text is known.
    pub text: CertaintyOfText,
    /// Whose products it speaks of.
    pub made_by: Vec<OrganisationId>,
    /// The profile that asks it most often.
    pub profile: String,
    /// What follows from a breach.
    pub penalties: Option<String>,
    /// What a reader should know besides.
    pub notes: Vec<String>,
    /// What should be checked with the text itself before anyone relies on it.
    pub confirm: Option<String>,
    /// Where it was read.
    pub sources: Vec<String>,
    /// The names on its own list.
    pub listed: Vec<Listed>,
    /// What must be reported, and when.
    pub reporting: Vec<Reporting>,
    /// What it lets be; asked first.
    pub exemptions: Vec<Exemption>,
    /// Its clauses.
    pub provisions: Vec<Provision>,
}

/// One clause.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provision {
    /// Unique in its regime.
    pub id: String,
    /// In a few words.
    pub title: String,
    /// Whom it binds or, for a warning, addresses.
    pub binds: Vec<Role>,
    /// What it speaks of doing.
    pub acts: Vec<Act>,
    /// What it says of what; the first limb that reaches a finding decides.
    pub covers: Vec<Limb>,
    /// When it is in force, in order.
    pub in_force: Vec<Interval>,
    /// Since when it is proposed, where it is not law.
    pub proposed: Option<Instant>,
    /// The evidence it takes; below that, a person must confirm first.
    pub at_least: Certainty,
    /// As lawyers cite it.
    pub citation: String,
    /// How well its text is known.
    pub text: CertaintyOfText,
    /// Names the instrument, the act and the date; `{entity}` stands for what was found.
    pub because: String,
    /// What should be checked before anyone relies on it.
    pub confirm: Option<String>,
}

/// From an instant up to, not including, another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval {
    /// The first instant.
    pub from: Instant,
    /// The first instant after it.
    pub until: Option<Instant>,
}

/// What a provision says of one kind of thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limb {
    /// Of what.
    pub reach: Reach,
    /// What it says.
    pub effect: Effect,
    /// What it says on the strict reading, where that differs.
    pub strict: Option<Effect>,
    /// How the text has to be read to say so.
    pub reading: Reading,
    /// Its own sentence, where the provision's does not do.
    pub because: Option<String>,
    /// How well this is known, where it differs from the provision's.
    pub text: Option<CertaintyOfText>,
}

/// Which findings are spoken of; an empty list of classes or entities means any.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reach {
    /// Of what class the entity is.
    pub classes: Vec<ProductClass>,
    /// How the product stands to the entity.
    pub relations: Vec<Relation>,
    /// What the component is needed for.
    pub scopes: Vec<Scope>,
    /// Only these entities and what is part of them.
    pub entities: Vec<EntityId>,
    /// Not these entities, nor what is part of them.
    pub not_entities: Vec<EntityId>,
    /// Only the maker's own products, or only others'.
    pub standing: Option<Standing>,
    /// Only where an engine of the same maker is, or is not, in the same product.
    pub beside_engine: Option<bool>,
}

/// What a regime lets be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exemption {
    /// Unique in its regime.
    pub id: String,
    /// Of what.
    pub reach: Reach,
    /// The words that exempt it, where they were read.
    pub quote: String,
    /// As lawyers cite it.
    pub citation: String,
    /// How well its text is known.
    pub text: CertaintyOfText,
    /// `{entity}` stands for what was found.
    pub because: String,
}

/// A name on the instrument's own list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// As reported.
    pub name: String,
    /// A company or a person.
    pub party: Party,
    /// Where it sits, where the list says so.
    pub place: Option<String>,
}

/// A clock that runs from a discovery, in business days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reporting {
    /// Which text of the instrument.
    pub under: String,
    /// When that text is the current one.
    pub in_force: Interval,
    /// Days for the first report.
    pub first: u16,
    /// Days for the second.
    pub then: u16,
    /// As lawyers cite it.
    pub citation: String,
}

/// A place that was searched, and nothing found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct NoneFound {
    /// Where.
    pub jurisdiction: String,
    /// What was found instead.
    pub note: String,
    /// How well this is known.
    pub text: CertaintyOfText,
}

macro_rules! words {
    ($(#[$doc:meta])* $type:ident { $($(#[$each:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $type { $($(#[$each])* $variant,)* }

        impl $type {
            /// The word that data and tables use.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $word,)* }
            }
        }
    };
}

words! {
    /// What kind of thing a regime is.
    Nature {
        /// Forbids kinds of dealings between private parties.
        TransactionProhibition = "transaction-prohibition",
        /// Asks for a licence to export.
        ExportControl = "export-control",
        /// Blocks persons and their property.
        BlockingSanctions = "blocking-sanctions",
        /// Freezes funds, forbids payment.
        AssetFreeze = "asset-freeze",
        /// Orders agencies.
        Directive = "directive",
        /// Forbids public bodies to use.
        UseProhibition = "use-prohibition",
        /// Forbids to buy, or to provide to government.
        ProcurementProhibition = "procurement-prohibition",
        /// Forbids to spend public funds.
        FundingBan = "funding-ban",
        /// Refuses authorization of equipment.
        EquipmentBan = "equipment-ban",
        /// Forbids on devices of government.
        DeviceBan = "device-ban",
        /// Orders replacement.
        ReplacementDuty = "replacement-duty",
        /// Takes off a list of vendors.
        VendorListRemoval = "vendor-list-removal",
        /// Sets requirements.
        Requirements = "requirements",
        /// Warns; binds nobody.
        Warning = "warning",
        /// Advises; binds nobody.
        Guidance = "guidance",
        /// States a wish; binds nobody.
        Resolution = "resolution",
    }
}

words! {
    /// Whether a regime is law.
    Status {
        /// In force, in its intervals.
        InForce = "in-force",
        /// Overtaken by another one, not revoked.
        Superseded = "superseded",
        /// Not law yet.
        Proposed = "proposed",
    }
}

words! {
    /// How a text has to be read to cover a thing.
    Reading {
        /// It says so.
        Literal = "literal",
        /// An ordinary reading; nobody official was found saying it.
        Ordinary = "ordinary",
    }
}

words! {
    /// Whose product a finding lies in.
    Standing {
        /// The maker's own.
        Own = "own",
        /// Somebody else's.
        Other = "other",
    }
}

words! {
    /// What a listed name is.
    Party {
        /// A company or another body.
        Organisation = "organisation",
        /// A human being.
        Person = "person",
    }
}

impl Nature {
    /// Whether it binds nobody; such a regime can never prohibit.
    pub const fn is_advice(self) -> bool {
        matches!(self, Self::Warning | Self::Guidance | Self::Resolution)
    }
}

impl From<Vec<Regime>> for Regimes {
    fn from(mut regimes: Vec<Regime>) -> Self {
        regimes.sort_by(|a, b| a.id.cmp(&b.id));
        Self { regimes, ..Self::default() }
    }
}

impl Regimes {
    /// Every regime, sorted by id.
    pub fn all(&self) -> &[Regime] {
        &self.regimes
    }

    /// Which packs they are from, to the byte.
    pub fn packs(&self) -> &[PackId] {
        &self.packs
    }

    /// The same, known to be from this pack.
    #[must_use]
    pub fn pinned(mut self, pack: PackId) -> Self {
        self.packs = vec![pack];
        self
    }

    /// The places that were searched in vain, sorted.
    pub fn none_found(&self) -> &[NoneFound] {
        &self.none_found
    }

    /// Those that hold in these places, or in a part of one; all, where no place is named.
    #[must_use]
    pub fn within(&self, places: &[String]) -> Self {
        let wanted = |place: &str| places.is_empty() || places.iter().any(|wanted| lies_in(place, wanted));
        Self {
            regimes: self.regimes.iter().filter(|regime| wanted(&regime.jurisdiction)).cloned().collect(),
            none_found: self.none_found.iter().filter(|none| wanted(&none.jurisdiction)).cloned().collect(),
            packs: self.packs.clone(),
        }
    }

    /// Whether any law is known here for this place or a part of it, or was searched for.
    pub fn know(&self, place: &str) -> bool {
        let mut known = self.places();
        known.any(|known| lies_in(known, place))
    }

    /// Every place of which law is known, or was searched in vain.
    pub fn places(&self) -> impl Iterator<Item = &str> {
        let with_law = self.regimes.iter().map(|regime| regime.jurisdiction.as_str());
        with_law.chain(self.none_found.iter().map(|none| none.jurisdiction.as_str()))
    }

    /// The regime of this id.
    pub fn get(&self, id: &RegimeId) -> Option<&Regime> {
        self.regimes.iter().find(|regime| regime.id == *id)
    }

    /// These and the others; where both hold an id, the other's regime counts.
    #[must_use]
    pub fn with(mut self, others: Self) -> Self {
        self.regimes.retain(|regime| others.get(&regime.id).is_none());
        self.regimes.extend(others.regimes);
        self.regimes.sort_by(|a, b| a.id.cmp(&b.id));
        self.none_found.extend(others.none_found);
        self.none_found.sort();
        self.none_found.dedup();
        self.packs.extend(others.packs);
        self
    }
}

/// `us-vt` lies in `us`; `us` does not lie in `us-vt`.
pub(crate) fn lies_in(place: &str, wanted: &str) -> bool {
    place == wanted || place.strip_prefix(wanted).is_some_and(|rest| rest.starts_with('-'))
}

impl Regime {
    /// The clock that runs for what is discovered at this instant.
    pub fn reporting_at(&self, as_of: Instant) -> Option<&Reporting> {
        self.reporting.iter().find(|clock| clock.in_force.holds(as_of))
    }
}

impl Interval {
    /// Whether the instant lies in it.
    pub fn holds(self, as_of: Instant) -> bool {
        self.from <= as_of && self.until.is_none_or(|until| as_of < until)
    }
}
