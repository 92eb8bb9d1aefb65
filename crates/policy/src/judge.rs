//! What the regimes say of findings: every verdict, and the one outcome.
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use interdict_model::{
    Effect, Entity, Finding, FindingId, Gap, Instant, Outcome, Profile, RegimeId, Relation, Verdict,
};

use crate::ask::{Answer, Asker};
use crate::outcome::{self, Doubt};
use crate::reach::{Subject, Subjects};
use crate::regime::{Regime, Regimes};

/// Everything a judgement rests on.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// What was found.
    pub findings: &'a [Finding],
    /// The entities that the findings and their ancestors name.
    pub entities: &'a [Entity],
    /// Who is asked.
    pub regimes: &'a Regimes,
    /// For whom; without roles nobody is judged for.
    pub profile: &'a Profile,
    /// On which instant.
    pub as_of: Instant,
    /// Whether doubtful texts are read strictly.
    pub strict: bool,
    /// Findings set aside: judged and shown, but not counted in the outcome.
    pub waived: &'a [FindingId],
    /// What was not looked at, weighed (see [`crate::weigh`]).
    pub gaps: &'a [Gap],
    /// Whether the run came to its end.
    pub complete: bool,
    /// How many inputs were recognised as something that can be examined.
    pub recognised: u64,
    /// Whether the user takes gaps and an early end for granted.
    pub allow_incomplete: bool,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// By finding, strongest first.
    pub verdicts: Vec<Verdict>,
    /// The regimes that they name.
    pub named: Vec<RegimeId>,
    /// The one answer.
    pub outcome: Outcome,
    /// Why the coverage does not carry a milder outcome; empty where it does.
    pub doubts: Vec<Doubt>,
    /// What a reader should know of the judgement as a whole.
    pub notes: Vec<String>,
}

/// Judges findings under the regimes of the profile, on an instant.
pub fn judge(question: &Question<'_>) -> Judged {
    let asker = Asker { profile: question.profile, as_of: question.as_of, strict: question.strict };
    let regimes: Vec<_> = question.regimes.all().iter().filter(|regime| asker.asks(regime)).collect();
    let is_asked = question.profile.is_given() && (!regimes.is_empty() || was_searched(question));
    let subjects = Subjects::of(question.findings, question.entities);
    let mut known: BTreeMap<Subject, Vec<Verdict>> = BTreeMap::new();
    let mut verdicts = Vec::new();
    let mut worst = None;
    let waived: BTreeSet<_> = question.waived.iter().collect();
    let mut findings: Vec<&Finding> = question.findings.iter().collect();
    findings.sort_by(|a, b| a.id.cmp(&b.id));
    for finding in findings {
        let subject = subjects.subject(finding);
        let floor = floor(&subject, is_asked);
        let said = known.entry(subject).or_insert_with_key(|subject| {
            let of = |regime: &&Regime| {
                let id = regime.id.clone();
                asker.ask(regime, subject).into_iter().map(move |answer| answer.verdict(id.clone())).collect::<Vec<_>>()
            };
            let mut said: Vec<Verdict> = regimes.iter().flat_map(of).collect();
            said.sort_by(|a, b| {
                (Reverse(a.effect), &a.regime, &a.provision).cmp(&(Reverse(b.effect), &b.regime, &b.provision))
            });
            said
        });
        if !waived.contains(&finding.id) {
            let strongest = said.iter().map(|verdict| verdict.effect).max();
            worst = worst.max(floor).max(strongest.and_then(outcome::of_effect));
        }
        verdicts.extend(said.iter().map(|verdict| Verdict { finding: finding.id.clone(), ..verdict.clone() }));
    }
    let named: BTreeSet<RegimeId> = known.values().flatten().map(|verdict| verdict.regime.clone()).collect();
    let (outcome, doubts) = outcome::conclude(question, worst);
    let notes = outcome::notes(question, &doubts, regimes.is_empty());
    Judged { verdicts, named: named.into_iter().collect(), outcome, doubts, notes }
}

impl Answer {
    /// The same of no finding yet; what its verdicts say is one text for all of them.
    fn verdict(self, regime: RegimeId) -> Verdict {
        Verdict {
            finding: FindingId::default(),
            regime,
            provision: self.provision.into(),
            effect: self.effect,
            since: self.since,
            because: self.because.into(),
            citation: self.citation.into(),
            text: self.text,
        }
    }
}

/// Whether the law of one of the profile's places was searched for in vain.
fn was_searched(question: &Question<'_>) -> bool {
    let places = &question.profile.jurisdictions;
    question.regimes.none_found().iter().any(|none| places.contains(&none.jurisdiction))
}

/// A finding that flags is never nothing, whatever the regimes say: a note for those they do not reach, and a question
/// where nobody said who asks, or no law answers.
fn floor(subject: &Subject, is_asked: bool) -> Option<Outcome> {
    let inside = !matches!(subject.relation, Relation::Connects | Relation::Mentions);
    let floor = if is_asked { Outcome::Advisory } else { Outcome::Review };
    (inside && !subject.false_friend).then_some(floor)
}

/// The strongest of a regime's answers.
pub(crate) fn strongest(answers: &[Answer]) -> Effect {
    answers.iter().map(|answer| answer.effect).max().unwrap_or(Effect::NotCovered)
}
