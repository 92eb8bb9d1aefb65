//! One regime asked about one subject: what each of its clauses says.
use interdict_model::{CertaintyOfText, Effect, Instant, ProductClass, Profile, Relation};

use crate::reach::Subject;
use crate::regime::{Interval, Limb, Provision, Reading, Regime, Status, lies_in};
use crate::sentence::{self, Mood};

/// For whom and when.
#[derive(Clone, Copy)]
pub(crate) struct Asker<'a> {
    pub(crate) profile: &'a Profile,
    pub(crate) as_of: Instant,
    pub(crate) strict: bool,
}

/// What one clause says; a verdict without its finding.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) provision: String,
    pub(crate) effect: Effect,
    pub(crate) since: Option<Instant>,
    pub(crate) because: String,
    pub(crate) citation: String,
    pub(crate) text: CertaintyOfText,
    pub(crate) reading: Reading,
    /// What the clause says before day, user and evidence are looked at.
    stated: Effect,
    /// Other clauses that say the same.
    likewise: Vec<String>,
}

/// When a provision stands, seen from an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    InForce(Interval),
    /// Begins for the first time.
    Begins(Instant),
    /// In force before, and again from then.
    Suspended(Instant),
    Ended(Instant),
    Proposed(Instant),
    /// Not even proposed yet.
    Unheard,
}

impl Provision {
    pub(crate) fn phase(&self, as_of: Instant) -> Phase {
        if let Some(current) = self.in_force.iter().find(|interval| interval.holds(as_of)) {
            return Phase::InForce(*current);
        }
        let past = self.in_force.iter().rev().find_map(|interval| interval.until.filter(|until| *until <= as_of));
        let next = self.in_force.iter().map(|interval| interval.from).find(|from| *from > as_of);
        match (past, next, self.proposed) {
            (Some(_), Some(next), _) => Phase::Suspended(next),
            (None, Some(next), _) => Phase::Begins(next),
            (Some(past), None, _) => Phase::Ended(past),
            (None, None, Some(proposed)) if proposed <= as_of => Phase::Proposed(proposed),
            (None, None, _) => Phase::Unheard,
        }
    }

    fn binds(&self, profile: &Profile) -> bool {
        self.binds.iter().any(|role| profile.roles.contains(role))
    }

    fn regulates(&self, profile: &Profile) -> bool {
        self.acts.is_empty() || profile.acts.is_empty() || self.acts.iter().any(|act| profile.acts.contains(act))
    }
}

impl Asker<'_> {
    /// Whether this regime is asked at all: its place, and whether it speaks to the user.
    pub(crate) fn asks(&self, regime: &Regime) -> bool {
        let wanted = &self.profile.jurisdictions;
        let here = wanted.is_empty() || wanted.iter().any(|place| lies_in(&regime.jurisdiction, place));
        here && (!self.profile.is_given() || regime.provisions.iter().any(|provision| provision.binds(self.profile)))
    }

    /// Everything the regime says of the subject; at least one answer where the regime names its maker.
    pub(crate) fn ask(&self, regime: &Regime, subject: &Subject) -> Vec<Answer> {
        if subject.made_by.as_ref().is_some_and(|by| !regime.made_by.contains(by)) && !subject.false_friend {
            return Vec::new();
        }
        if subject.false_friend || subject.relation == Relation::Mentions {
            // Nothing is asked for on a name alone; for a given profile the answer is recorded.
            let silent = !self.profile.is_given();
            return if silent { Vec::new() } else { vec![silence(regime, sentence::unflagged(regime, subject))] };
        }
        let applicable: Vec<_> = regime.provisions.iter().filter(|provision| self.applies(provision)).collect();
        if applicable.is_empty() {
            return vec![silence(regime, sentence::no_act(regime, self.profile))];
        }
        if let Some(exempt) = exempt(regime, subject) {
            return vec![exempt];
        }
        let mut answers: Vec<_> = applicable.iter().map(|provision| self.clause(regime, provision, subject)).collect();
        if answers.iter().any(|answer| answer.effect > Effect::NotCovered) {
            answers.retain(|answer| answer.effect > Effect::NotCovered);
        } else {
            // One reason is enough; the one that the data states goes before the one that is deduced.
            answers.sort_by_key(|answer| answer.provision.is_empty());
            answers.truncate(1);
        }
        if self.profile.is_given() { answers } else { fold(regime, answers) }
    }

    fn applies(&self, provision: &Provision) -> bool {
        if self.profile.is_given() {
            provision.binds(self.profile) && provision.regulates(self.profile)
        } else {
            provision.regulates(self.profile)
        }
    }

    /// What a clause says; of what may be of any class, what it says of every one, and else that it depends.
    fn clause(&self, regime: &Regime, provision: &Provision, subject: &Subject) -> Answer {
        let is_named =
            |limb: &Limb| limb.reach.classes.contains(&ProductClass::Undetermined) && limb.reach.holds(subject);
        if subject.class != Some(ProductClass::Undetermined) || provision.covers.iter().any(is_named) {
            return self.provision(regime, provision, subject);
        }
        let of = |class: &ProductClass| {
            let subject = Subject { class: Some(*class), ..subject.clone() };
            (*class, exempt(regime, &subject).unwrap_or_else(|| self.provision(regime, provision, &subject)))
        };
        depending(ProductClass::DETERMINED.iter().map(of).collect())
            .unwrap_or_else(|| self.provision(regime, provision, subject))
    }

    fn provision(&self, regime: &Regime, provision: &Provision, subject: &Subject) -> Answer {
        let mut reaching = provision.covers.iter().filter(|limb| limb.reach.holds(subject));
        // Of an unknown thing the worst that may apply, of a known one the first.
        let limb = if subject.class.is_none() { reaching.max_by_key(|limb| limb.effect) } else { reaching.next() };
        let Some(limb) = limb else {
            return silence(regime, sentence::out_of_reach(regime, provision, subject));
        };
        let stated = self.stated(limb, subject);
        let (effect, since, mood) = self.weigh(regime, provision, stated, subject);
        Answer {
            provision: provision.id.clone(),
            effect,
            since,
            because: sentence::because(regime, provision, limb, subject, self.as_of, &mood),
            citation: provision.citation.clone(),
            text: limb.text.unwrap_or(provision.text),
            reading: limb.reading,
            stated,
            likewise: Vec::new(),
        }
    }

    /// What the limb says by itself.
    fn stated(&self, limb: &Limb, subject: &Subject) -> Effect {
        let effect = limb.strict.filter(|_| self.strict).unwrap_or(limb.effect);
        // Data cannot say otherwise, and a pack of somebody else's is data.
        if subject.relation == Relation::Connects { effect.min(Effect::Review) } else { effect }
    }

    /// What remains of it on this day, for this user, on this evidence.
    fn weigh(
        &self,
        regime: &Regime,
        provision: &Provision,
        stated: Effect,
        subject: &Subject,
    ) -> (Effect, Option<Instant>, Mood) {
        if stated == Effect::NotCovered {
            return (Effect::NotCovered, None, Mood::Plain);
        }
        let phase = provision.phase(self.as_of);
        let current = match phase {
            Phase::InForce(current) if regime.status != Status::Proposed => current,
            Phase::InForce(Interval { from, .. }) | Phase::Begins(from) => {
                return (Effect::Future, Some(from), Mood::Begins(from));
            }
            Phase::Suspended(again) => return (Effect::Future, Some(again), Mood::Suspended(again)),
            Phase::Proposed(_) => return (Effect::Future, None, Mood::Proposed),
            Phase::Ended(end) => return (Effect::NotCovered, None, Mood::Ended(end)),
            Phase::Unheard => return (Effect::NotCovered, None, Mood::Unheard),
        };
        let since = Some(current.from);
        if stated < Effect::Prohibited {
            let mood = if self.profile.is_given() { Mood::Plain } else { Mood::ForWhom(stated) };
            return (stated, since, mood);
        }
        if !self.profile.is_given() {
            return (Effect::Review, since, Mood::ForWhom(stated));
        }
        if subject.class.is_none() || subject.made_by.is_none() {
            return (Effect::Review, since, Mood::UnknownEntity);
        }
        let is_sure = subject.certainty >= provision.at_least;
        // To leave a component out of an SBOM must not serve: what a declaration would have settled counts in full.
        if !is_sure && !subject.left_out {
            return (Effect::Review, since, Mood::ConfirmFirst);
        }
        if self.profile.acts.is_empty() {
            return (Effect::Review, since, Mood::WhichAct);
        }
        (Effect::Prohibited, since, if is_sure { Mood::Plain } else { Mood::LeftOut })
    }
}

/// What the regime lets be. What is not known to be exempt is not exempt.
fn exempt(regime: &Regime, subject: &Subject) -> Option<Answer> {
    let mut exempting = regime.exemptions.iter().filter(|_| subject.class.is_some());
    let exemption = exempting.find(|exemption| exemption.reach.holds(subject))?;
    Some(Answer {
        provision: exemption.id.clone(),
        effect: Effect::Exempt,
        since: None,
        because: sentence::expand(&exemption.because, subject),
        citation: exemption.citation.clone(),
        text: exemption.text,
        reading: Reading::Literal,
        stated: Effect::Exempt,
        likewise: Vec::new(),
    })
}

/// One answer from those for every class: the one they all give, or else the strongest, as a question.
fn depending(each: Vec<(ProductClass, Answer)>) -> Option<Answer> {
    let strength = |answer: &Answer| (answer.effect, answer.stated);
    let strongest = each.iter().map(|(_, answer)| strength(answer)).max()?;
    let mildest = each.iter().map(|(_, answer)| strength(answer)).min()?;
    let classes: Vec<_> =
        each.iter().filter(|(_, answer)| strength(answer) == strongest).map(|(class, _)| *class).collect();
    let is_nothing = strongest.0 <= Effect::Exempt;
    let wanted = if is_nothing { mildest } else { strongest };
    let answer = each.into_iter().map(|(_, answer)| answer).find(|answer| strength(answer) == wanted)?;
    if strongest == mildest || is_nothing {
        return Some(answer);
    }
    let (effect, stated) = (answer.effect.min(Effect::Review), answer.stated.min(Effect::Review));
    Some(Answer { effect, stated, because: sentence::of_classes(&classes, &answer.because), ..answer })
}

/// Nobody in particular is told once what several clauses say alike, and which they are.
fn fold(regime: &Regime, answers: Vec<Answer>) -> Vec<Answer> {
    let mut folded: Vec<Answer> = Vec::new();
    for answer in answers {
        let alike = |other: &&mut Answer| {
            (other.effect, other.since, other.stated, other.text)
                == (answer.effect, answer.since, answer.stated, answer.text)
        };
        match folded.iter_mut().find(alike) {
            Some(first) => first.likewise.push(answer.provision),
            None => folded.push(answer),
        }
    }
    for answer in &mut folded {
        sentence::likewise(regime, &answer.likewise, &mut answer.because);
    }
    folded
}

fn silence(regime: &Regime, (because, text): (String, CertaintyOfText)) -> Answer {
    Answer {
        provision: String::new(),
        effect: Effect::NotCovered,
        since: None,
        because,
        citation: regime.citation.clone(),
        text,
        reading: Reading::Literal,
        stated: Effect::NotCovered,
        likewise: Vec::new(),
    }
}
