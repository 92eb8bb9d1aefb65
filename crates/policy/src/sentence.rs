//! The words of a verdict: the data's own sentence, and what the day, the user and the evidence make of it.
use std::fmt::Write as _;

use interdict_model::{CertaintyOfText, Effect, Instant, ProductClass, Profile, Relation, Scope};

use crate::reach::Subject;
use crate::regime::{Limb, Provision, Reading, Regime};
use crate::vocabulary::{acts, phrase, roles};

/// What stands before the data's sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mood {
    Plain,
    /// No profile: this is what it says to those it binds.
    ForWhom(Effect),
    ConfirmFirst,
    LeftOut,
    WhichAct,
    UnknownEntity,
    Begins(Instant),
    Suspended(Instant),
    Ended(Instant),
    Proposed,
    Unheard,
}

/// The data's sentence with its slot filled.
pub(crate) fn expand(template: &str, subject: &Subject) -> String {
    template.replace("{entity}", &subject.title)
}

/// A slot that [`expand`] would leave open.
pub(crate) fn unknown_slot(template: &str) -> Option<&str> {
    let mut rest = template;
    while let Some(start) = rest.find('{') {
        let open = rest.get(start..)?;
        let end = open.find('}').map_or(open.len(), |end| end + 1);
        let slot = open.get(..end)?;
        if slot != "{entity}" {
            return Some(slot);
        }
        rest = open.get(end..)?;
    }
    None
}

pub(crate) fn because(
    regime: &Regime,
    provision: &Provision,
    limb: &Limb,
    subject: &Subject,
    as_of: Instant,
    mood: &Mood,
) -> String {
    let mut text = match mood {
        Mood::Plain => String::new(),
        Mood::ForWhom(Effect::Prohibited) => format!("Would be prohibited for {}: ", whom(provision)),
        Mood::ForWhom(Effect::Review) => format!("To be reviewed by {}: ", whom(provision)),
        Mood::ForWhom(_) => format!("For {}: ", whom(provision)),
        Mood::ConfirmFirst => {
            format!("Confirm the finding first; the evidence is `{}` only: ", subject.certainty)
        }
        Mood::LeftOut => format!(
            "The evidence is `{}` only, and the SBOM that describes the product leaves the file out, where a declaration would have settled it; an omission does not serve, so this counts in full until it is explained: ",
            subject.certainty
        ),
        Mood::WhichAct => format!("Depends on the act, and the profile states none ({}): ", doing(provision)),
        Mood::UnknownEntity => "Nothing says what the found entity is, so this may apply: ".to_owned(),
        Mood::Begins(from) => format!("Not in force on {}; begins {from}: ", as_of.date()),
        Mood::Suspended(again) => format!("Suspended on {}; in force again from {again}: ", as_of.date()),
        Mood::Ended(end) => format!("Ended {end}: "),
        Mood::Proposed => "Proposed, not law: ".to_owned(),
        Mood::Unheard => format!("Not yet known on {}: ", as_of.date()),
    };
    if limb.reading == Reading::Ordinary {
        text.push_str("On an ordinary reading; no official guidance was found. ");
    }
    text.push_str(&expand(limb.because.as_ref().unwrap_or(&provision.because), subject));
    let speaks = !matches!(mood, Mood::Ended(_) | Mood::Unheard) && limb.effect > Effect::NotCovered;
    if let Some(confirm) = provision.confirm.as_ref().or(regime.confirm.as_ref()).filter(|_| speaks) {
        text.push_str(" Unverified: ");
        text.push_str(confirm);
    }
    if let Some(clock) = regime
        .reporting_at(as_of)
        .filter(|_| matches!(mood, Mood::Plain | Mood::LeftOut) && limb.effect == Effect::Prohibited)
    {
        let (first, then, under) = (clock.first, clock.then, &clock.under);
        let days = if first == 1 { "day" } else { "days" };
        let _ = write!(text, " {under} asks for a report within {first} business {days} and a second within {then}.");
    }
    text
}

/// What is said of something that may be of any class, where it is not the same of all.
pub(crate) fn of_classes(classes: &[ProductClass], because: &str) -> String {
    let classes: Vec<_> = classes.iter().map(|class| format!("`{class}`")).collect();
    format!(
        "Only the maker is known, and which of its products this is decides. Were it of class {}: {because}",
        classes.join(" or ")
    )
}

/// Names the other clauses that say the same.
pub(crate) fn likewise(regime: &Regime, provisions: &[String], because: &mut String) {
    let titles = provisions.iter().filter_map(|id| regime.provisions.iter().find(|provision| provision.id == *id));
    let titles: Vec<_> = titles.map(|provision| provision.title.as_str()).collect();
    if !titles.is_empty() {
        let _ = write!(because, " The same instrument says likewise of: {}.", titles.join("; "));
    }
}

/// Why a look-alike or a name flags nothing.
pub(crate) fn unflagged(regime: &Regime, subject: &Subject) -> (String, CertaintyOfText) {
    let text = if subject.false_friend {
        format!("{} only looks like what {} speaks of.", subject.title, regime.citation)
    } else {
        format!("The name of {} is mentioned; {} does not speak of names.", subject.title, regime.citation)
    };
    (text, CertaintyOfText::Inference)
}

/// Why a regime that binds the user asks nothing of what the user does.
pub(crate) fn no_act(regime: &Regime, profile: &Profile) -> (String, CertaintyOfText) {
    let mut regulated: Vec<_> = regime.provisions.iter().flat_map(|provision| &provision.acts).collect();
    regulated.sort();
    regulated.dedup();
    let list = |ids: &mut dyn Iterator<Item = &str>| ids.map(|id| phrase(acts(), id)).collect::<Vec<_>>().join(", ");
    let theirs = list(&mut regulated.iter().map(|act| act.0.as_str()));
    let yours = list(&mut profile.acts.iter().map(|act| act.0.as_str()));
    (format!("{} speaks of {theirs}; the profile states {yours}.", regime.citation), regime.text)
}

/// Why no clause of a provision reaches a finding.
pub(crate) fn out_of_reach(regime: &Regime, provision: &Provision, subject: &Subject) -> (String, CertaintyOfText) {
    let citation = &regime.citation;
    let with_another = |change: &dyn Fn(&mut Subject)| {
        let mut other = subject.clone();
        change(&mut other);
        provision.covers.iter().any(|limb| limb.effect > Effect::NotCovered && limb.reach.holds(&other))
    };
    let delivered = with_another(&|other| other.scope = Scope::Required);
    let text = if delivered {
        format!(
            "{} is needed in `{}` scope only; {citation} speaks of what is delivered.",
            subject.title,
            scope(subject.scope)
        )
    } else if subject.relation == Relation::Connects && with_another(&|other| other.relation = Relation::Embeds) {
        format!(
            "The product can call {} where its user installs it and holds none of its code; {citation} speaks of the software itself.",
            subject.title
        )
    } else {
        let class = subject.class.map_or("unknown", ProductClass::name);
        format!("{citation} does not speak of {} (class `{class}`, relation `{}`).", subject.title, subject.relation)
    };
    (text, CertaintyOfText::Inference)
}

fn whom(provision: &Provision) -> String {
    provision.binds.iter().map(|role| phrase(roles(), &role.0)).collect::<Vec<_>>().join(", or ")
}

fn doing(provision: &Provision) -> String {
    provision.acts.iter().map(|act| phrase(acts(), &act.0)).collect::<Vec<_>>().join(", ")
}

const fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Required => "required",
        Scope::Optional => "optional",
        Scope::Excluded => "excluded",
        Scope::Dev => "dev",
        Scope::Test => "test",
        Scope::Build => "build",
    }
}

#[cfg(test)]
mod tests {
    use super::unknown_slot;

    #[test]
    fn slots() {
        assert_eq!(unknown_slot("no slot"), None);
        assert_eq!(unknown_slot("{entity} and {entity}"), None);
        assert_eq!(unknown_slot("{entity} by {maker}"), Some("{maker}"));
        assert_eq!(unknown_slot("{entity"), Some("{entity"));
    }
}
