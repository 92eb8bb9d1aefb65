//! The verdict matrix: every regime asked about five standard situations, by the profile that asks it most often.
use interdict_model::{
    Certainty, CertaintyOfText, Effect, Instant, OrganisationId, ProductClass, Profile, RegimeId, Relation, Scope,
};

use crate::ask::{Answer, Asker};
use crate::reach::Subject;
use crate::regime::{Reading, Regimes, Standing};

/// A standard situation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Situation {
    /// (a) A product embeds the anti-virus SDK.
    SdkEmbedded,
    /// (b) A product bundles a white-labelled engine.
    WhiteLabel,
    /// (c) A product has a connector to an engine that its user installs.
    Connector,
    /// (d) A product uses an open-source library that protects nothing.
    OpenSource,
    /// (e) A product consumes threat-intelligence feeds.
    ThreatIntelligence,
}

/// One regime's row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatrixRow {
    /// The regime.
    pub regime: RegimeId,
    /// The profile that asked.
    pub profile: String,
    /// One for each of [`Situation::ALL`].
    pub cells: Vec<Cell>,
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// About which situation.
    pub situation: Situation,
    /// The strongest verdict.
    pub effect: Effect,
    /// V violation, L likely, R review, A advisory, X exempt, F future, N not covered.
    pub letter: char,
    /// Its sentence.
    pub because: String,
    /// How well its text is known.
    pub text: CertaintyOfText,
}

impl Situation {
    /// All five, in order.
    pub const ALL: &'static [Self] =
        &[Self::SdkEmbedded, Self::WhiteLabel, Self::Connector, Self::OpenSource, Self::ThreatIntelligence];

    /// `a` to `e`.
    pub const fn letter(self) -> char {
        match self {
            Self::SdkEmbedded => 'a',
            Self::WhiteLabel => 'b',
            Self::Connector => 'c',
            Self::OpenSource => 'd',
            Self::ThreatIntelligence => 'e',
        }
    }

    fn subject(self, made_by: Option<&OrganisationId>) -> Subject {
        let (class, relation, title) = match self {
            Self::SdkEmbedded => (ProductClass::AntiVirus, Relation::Embeds, "an embedded anti-virus SDK"),
            Self::WhiteLabel => (ProductClass::AntiVirus, Relation::Is, "a white-labelled engine"),
            Self::Connector => (ProductClass::AntiVirus, Relation::Connects, "a customer-installed engine"),
            Self::OpenSource => (ProductClass::NonSecurity, Relation::Declares, "an open-source library"),
            Self::ThreatIntelligence => {
                (ProductClass::ThreatIntelligence, Relation::Declares, "a threat-intelligence feed")
            }
        };
        Subject {
            lineage: Vec::new(),
            title: title.to_owned(),
            made_by: made_by.cloned(),
            class: Some(class),
            relation,
            scope: Scope::Required,
            certainty: Certainty::Confirmed,
            standing: Standing::Other,
            beside_engine: false,
            false_friend: false,
            left_out: false,
        }
    }
}

/// The matrix on a day; a regime whose profile is not among these has no row.
pub fn matrix(regimes: &Regimes, profiles: &[Profile], as_of: Instant) -> Vec<MatrixRow> {
    let mut rows = Vec::new();
    for regime in regimes.all() {
        let Some(profile) = profiles.iter().find(|profile| profile.name == regime.profile) else { continue };
        let asker = Asker { profile, as_of, strict: false };
        let cells = Situation::ALL
            .iter()
            .filter_map(|situation| {
                let answers = asker.ask(regime, &situation.subject(regime.made_by.first()));
                let strongest = answers.into_iter().max_by_key(|answer| answer.effect)?;
                Some(cell(*situation, strongest))
            })
            .collect();
        rows.push(MatrixRow { regime: regime.id.clone(), profile: profile.name.clone(), cells });
    }
    rows
}

fn cell(situation: Situation, answer: Answer) -> Cell {
    let letter = match answer.effect {
        Effect::Prohibited if answer.reading == Reading::Ordinary => 'L',
        Effect::Prohibited => 'V',
        Effect::Review => 'R',
        Effect::Advisory => 'A',
        Effect::Future => 'F',
        Effect::Exempt => 'X',
        Effect::NotCovered => 'N',
    };
    Cell { situation, effect: answer.effect, letter, because: answer.because, text: answer.text }
}
