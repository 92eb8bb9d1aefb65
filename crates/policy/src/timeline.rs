//! The law as a table: every clause, when it stands, and whether it does on a day.
use interdict_model::{Act, CertaintyOfText, Effect, Instant, RegimeId, Role};

use crate::ask::Phase;
use crate::regime::{Regimes, Status};

/// One stretch of one provision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Of which regime.
    pub regime: RegimeId,
    /// Where it holds.
    pub jurisdiction: String,
    /// Which clause.
    pub provision: String,
    /// In a few words.
    pub title: String,
    /// The strongest that it says of anything.
    pub effect: Effect,
    /// From when; when it was proposed, for what is.
    pub since: Option<Instant>,
    /// Until when, where it ended or will.
    pub until: Option<Instant>,
    /// How it stands on the day that was asked for.
    pub state: State,
    /// Whom it binds or addresses.
    pub binds: Vec<Role>,
    /// What it speaks of doing.
    pub acts: Vec<Act>,
    /// As lawyers cite it.
    pub citation: String,
    /// How well its text is known.
    pub text: CertaintyOfText,
}

/// How a stretch stands to a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// The day is past it.
    Ended,
    /// The day lies in it.
    InForce,
    /// The day is before it.
    Begins,
    /// Not law.
    Proposed,
}

impl State {
    /// The word that a table uses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ended => "ended",
            Self::InForce => "in-force",
            Self::Begins => "begins",
            Self::Proposed => "proposed",
        }
    }
}

/// Every stretch of every provision, by regime, in the order of the law.
pub fn timeline(regimes: &Regimes, as_of: Instant) -> Vec<Row> {
    let mut rows = Vec::new();
    for regime in regimes.all() {
        for provision in &regime.provisions {
            let mut row = Row {
                regime: regime.id.clone(),
                jurisdiction: regime.jurisdiction.clone(),
                provision: provision.id.clone(),
                title: provision.title.clone(),
                effect: provision.covers.iter().map(|limb| limb.effect).max().unwrap_or(Effect::NotCovered),
                since: provision.proposed,
                until: None,
                state: State::Proposed,
                binds: provision.binds.clone(),
                acts: provision.acts.clone(),
                citation: provision.citation.clone(),
                text: provision.text,
            };
            if provision.in_force.is_empty() || regime.status == Status::Proposed {
                if provision.phase(as_of) == Phase::Unheard {
                    row.state = State::Begins;
                }
                rows.push(row);
                continue;
            }
            for interval in &provision.in_force {
                row.since = Some(interval.from);
                row.until = interval.until;
                row.state = match interval.until {
                    Some(until) if until <= as_of => State::Ended,
                    _ if interval.holds(as_of) => State::InForce,
                    _ => State::Begins,
                };
                rows.push(row.clone());
            }
        }
    }
    rows
}
