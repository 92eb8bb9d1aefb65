//! The law as a table: every clause, when it stands, and whether it does on a day.
use interdict_model::{Act, CertaintyOfText, Effect, Instant, RegimeId, Role};

use crate::ask::Phase;
use crate::regime::{Interval, Provision, Regime, Regimes, Status};

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

/// A provision that stands otherwise on a later day than on an earlier one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
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
    /// How it stood on the earlier day.
    pub before: Stand,
    /// How it stands on the later one.
    pub after: Stand,
    /// As lawyers cite it.
    pub citation: String,
}

/// How a provision stands on a day, all its stretches taken together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stand {
    /// Not even proposed.
    Unheard,
    /// Proposed since.
    Proposed(Instant),
    /// Made, and begins then.
    Begins(Instant),
    /// In force since.
    InForce(Instant),
    /// Was in force, and is again from then.
    Suspended(Instant),
    /// Over since.
    Ended(Instant),
}

impl Stand {
    /// The word that a table uses.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unheard => "unheard",
            Self::Proposed(_) => "proposed",
            Self::Begins(_) => "begins",
            Self::InForce(_) => "in-force",
            Self::Suspended(_) => "suspended",
            Self::Ended(_) => "ended",
        }
    }

    /// The instant it turns on.
    pub const fn instant(self) -> Option<Instant> {
        match self {
            Self::Unheard => None,
            Self::Proposed(at) | Self::Begins(at) | Self::InForce(at) | Self::Suspended(at) | Self::Ended(at) => {
                Some(at)
            }
        }
    }
}

/// How a provision of a regime stands on a day.
pub fn stand(regime: &Regime, provision: &Provision, as_of: Instant) -> Stand {
    match provision.phase(as_of) {
        Phase::InForce(Interval { from, .. }) if regime.status != Status::Proposed => Stand::InForce(from),
        Phase::InForce(Interval { from, .. }) | Phase::Proposed(from) => Stand::Proposed(from),
        Phase::Begins(from) => Stand::Begins(from),
        Phase::Suspended(again) => Stand::Suspended(again),
        Phase::Ended(end) => Stand::Ended(end),
        Phase::Unheard => Stand::Unheard,
    }
}

/// Every provision that stands otherwise on the later day, by regime, in the order of the law.
pub fn changes(regimes: &Regimes, earlier: Instant, later: Instant) -> Vec<Change> {
    let clauses = regimes.all().iter().flat_map(|regime| regime.provisions.iter().map(move |clause| (regime, clause)));
    let changed = clauses.filter_map(|(regime, provision)| {
        let (before, after) = (stand(regime, provision, earlier), stand(regime, provision, later));
        (before != after).then(|| Change {
            regime: regime.id.clone(),
            jurisdiction: regime.jurisdiction.clone(),
            provision: provision.id.clone(),
            title: provision.title.clone(),
            effect: strongest(provision),
            before,
            after,
            citation: provision.citation.clone(),
        })
    });
    changed.collect()
}

fn strongest(provision: &Provision) -> Effect {
    provision.covers.iter().map(|limb| limb.effect).max().unwrap_or(Effect::NotCovered)
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
                effect: strongest(provision),
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
