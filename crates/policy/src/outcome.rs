//! The one answer of a report; `clear` exists only where the coverage was proven complete.
use interdict_model::{Effect, Gap, Outcome};

use crate::judge::Question;

/// Why nothing found does not mean that nothing is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// So many gaps could hide something, and nobody accepted them.
    MaterialGaps(usize),
    /// The run ended early.
    Incomplete,
    /// No input was anything that can be examined.
    NothingRecognised,
}

/// That everything that could matter was examined, or its absence accepted; [`Complete::prove`] alone makes one.
struct Complete(());

impl Complete {
    fn prove(question: &Question<'_>) -> Result<Self, Vec<Doubt>> {
        let mut doubts = Vec::new();
        let open = question.gaps.iter().filter(|gap| is_open(gap)).count();
        if open > 0 && !question.allow_incomplete {
            doubts.push(Doubt::MaterialGaps(open));
        }
        if !question.complete && !question.allow_incomplete {
            doubts.push(Doubt::Incomplete);
        }
        if question.recognised == 0 && !are_known_to_be_nothing(question.gaps) {
            doubts.push(Doubt::NothingRecognised);
        }
        if doubts.is_empty() { Ok(Self(())) } else { Err(doubts) }
    }
}

/// Whether every target is a file of which the user said that it may be nothing that can be examined, as most files are that
/// somebody is about to commit. A folder of such is no answer: it may be the wrong one.
fn are_known_to_be_nothing(gaps: &[Gap]) -> bool {
    let mut targets =
        gaps.iter().filter(|gap| matches!(gap.seems.as_deref(), Some("target" | "target-file"))).peekable();
    targets.peek().is_some() && targets.all(|gap| gap.seems.as_deref() == Some("target-file") && gap.accepted.is_some())
}

impl From<Complete> for Outcome {
    fn from(_: Complete) -> Self {
        Self::Clear
    }
}

fn is_open(gap: &Gap) -> bool {
    gap.material && gap.accepted.is_none()
}

/// What an effect makes of a report; `None` where it takes nothing from a clear one.
pub(crate) fn of_effect(effect: Effect) -> Option<Outcome> {
    match effect {
        Effect::Prohibited => Some(Outcome::Prohibited),
        Effect::Review => Some(Outcome::Review),
        Effect::Advisory => Some(Outcome::Advisory),
        Effect::NotCovered | Effect::Exempt | Effect::Future => None,
    }
}

pub(crate) fn conclude(question: &Question<'_>, worst: Option<Outcome>) -> (Outcome, Vec<Doubt>) {
    match (worst, Complete::prove(question)) {
        (None, Ok(complete)) => (complete.into(), Vec::new()),
        (Some(worst), Ok(_)) => (worst, Vec::new()),
        (worst, Err(doubts)) => (worst.map_or(Outcome::Inconclusive, |worst| worst.max(Outcome::Inconclusive)), doubts),
    }
}

/// What a reader should know of the judgement as a whole.
pub(crate) fn notes(question: &Question<'_>, doubts: &[Doubt], nobody_asked: bool) -> Vec<String> {
    let mut notes = Vec::new();
    let profile = question.profile;
    if !profile.is_given() {
        notes.push(
            "No profile was given: nothing is called prohibited; each verdict says for whom it would be.".to_owned(),
        );
    } else if profile.acts.is_empty() {
        notes.push("The profile states roles and no acts: nothing is called prohibited.".to_owned());
    }
    if nobody_asked {
        notes.push("No regime is known that speaks to this profile in these jurisdictions.".to_owned());
    }
    for place in question.regimes.none_found() {
        if profile.jurisdictions.contains(&place.jurisdiction) {
            notes.push(format!("No regime was found for `{}`: {}", place.jurisdiction, place.note));
        }
    }
    for doubt in doubts {
        notes.push(match doubt {
            Doubt::MaterialGaps(1) => "One thing that could matter was not examined.".to_owned(),
            Doubt::MaterialGaps(count) => format!("{count} things that could matter were not examined."),
            Doubt::Incomplete => "The run did not come to its end.".to_owned(),
            Doubt::NothingRecognised => "No input was recognised as something that can be examined.".to_owned(),
        });
    }
    let accepted = question.gaps.iter().filter(|gap| gap.material && gap.accepted.is_some()).count();
    if accepted > 0 {
        notes.push(format!("Gaps that could matter and were accepted by the user: {accepted}."));
    }
    let open = question.gaps.iter().filter(|gap| is_open(gap)).count();
    if question.allow_incomplete && (open > 0 || !question.complete) {
        notes.push("What was not examined was taken for granted at the user's word.".to_owned());
    }
    if !question.waived.is_empty() {
        notes.push(format!("Findings set aside by waivers: {}.", question.waived.len()));
    }
    notes
}
