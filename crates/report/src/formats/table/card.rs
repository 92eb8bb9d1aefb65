//! One finding on the screen: who says so, what, how sure, where, the proof, the way in, the law's word.
use std::io;

use interdict_model::{Certainty, Effect, Finding, Observation, Via, Witness};

use super::law::Rulings;
use crate::page::{Page, Text, Tone};
use crate::settles::settles;
use crate::view::{View, is_unsettled, strongest_proof};
use crate::words;

const COLUMN: usize = 8;

pub(super) fn write(view: &View<'_>, finding: &Finding, rulings: &Rulings<'_>, page: &mut Page<'_>) -> io::Result<()> {
    page.spread(2, state(title(Text::new(), finding), view, finding), &finding.id.0)?;
    let mut row = |label: &str, text: &Text| page.labelled(4, label, COLUMN, text);
    row("what", &what(finding))?;
    row("where", &Text::new().plain(finding.on.as_str()))?;
    if let Some(text) = proof(finding) {
        row("proof", &text)?;
    }
    if let Some(told) = crate::said::agreement(finding).filter(|_| finding.on.fragment().is_none()) {
        row("sbom", &Text::new().prose(&told))?;
    }
    if let Some(text) = way_in(finding) {
        row("way in", &text)?;
    }
    for anomaly in view.lower_layers(finding) {
        let text = Text::new().prose(&anomaly.detail);
        row(
            "layer",
            &if anomaly.on == finding.on { text } else { text.quiet(" (").quiet(anomaly.on.as_str()).quiet(")") },
        )?;
    }
    page.labelled(4, "law", COLUMN, &rulings.line(view, finding))
}

/// The finding in two lines.
pub(super) fn line(view: &View<'_>, finding: &Finding, page: &mut Page<'_>) -> io::Result<()> {
    let mut text = Text::new();
    if let Some(verdict) = view.verdicts(finding).first() {
        text = text.say(Tone::of_effect(verdict.effect), label(verdict.effect)).plain("  ");
    }
    let text =
        state(title(text, finding), view, finding).plain(format!("  {}, {}", finding.relation, finding.certainty));
    page.spread(2, text, &finding.id.0)?;
    page.text(4, &Text::new().plain(finding.on.as_str()))
}

fn title(text: Text, finding: &Finding) -> Text {
    let tone = match finding.witness {
        Witness::ObservedOnly => Tone::Bad,
        Witness::DeclaredOnly => Tone::Doubt,
        _ => Tone::Strong,
    };
    text.say(tone, words::witness(finding)).plain("  ").say(Tone::Strong, &finding.title)
}

/// New or known, where an earlier report was given.
fn state(text: Text, view: &View<'_>, finding: &Finding) -> Text {
    match view.change(finding) {
        Some(change) if change.counts => text.plain("  ").say(Tone::Bad, change.state.name().to_uppercase()),
        Some(change) => text.plain("  ").quiet(format!("known: {}", change.state)),
        None => text,
    }
}

fn what(finding: &Finding) -> Text {
    let tone = if is_unsettled(finding) { Tone::Doubt } else { Tone::Strong };
    let mut text = Text::new().say(tone, finding.certainty.name());
    if finding.certainty == Certainty::Possible {
        text = text.plain(format!(", {}", words::certainty(finding.certainty)));
        if let Some(open) = settles(finding).first() {
            text = text.plain(format!(" ({})", open.confirms));
        }
    }
    text = text.plain(format!(": {} ({})", words::relation(finding.relation), finding.relation));
    if let Some(scope) = words::scope(finding.scope) {
        text = text.plain(format!(" · {scope}"));
    }
    text
}

fn proof(finding: &Finding) -> Option<Text> {
    let (best, fact) = strongest_proof(finding)?;
    let mut text = Text::new();
    if let Some(fact) = fact {
        text = seen(text, finding, fact).plain(": ");
    }
    text = text.prose(&best.because);
    let others = finding.matches.len().saturating_sub(1);
    if others > 0 {
        text = text.quiet(format!(" (and {})", words::count(others, "more reason")));
    }
    Some(text)
}

fn seen(text: Text, finding: &Finding, fact: &Observation) -> Text {
    let text =
        text.plain(fact.fact.kind.name().replace('-', " ")).plain(" `").say(Tone::Strong, &fact.fact.value).plain("`");
    let text = match words::place(&fact.at) {
        Some(place) => text.plain(" at ").plain(place),
        None => text,
    };
    if fact.on == finding.on { text } else { text.plain(" in ").plain(fact.on.as_str()) }
}

/// The steps, where they say more than the locator.
fn way_in(finding: &Finding) -> Option<Text> {
    if finding.path.len() < 3 && finding.path.iter().all(|step| step.via != Via::DependsOn) {
        return None;
    }
    let mut text = Text::new();
    for (at, step) in finding.path.iter().enumerate() {
        if at > 0 {
            text = text.quiet(if step.via == Via::DependsOn { " needs " } else { " holds " });
        }
        text = text.plain(&step.name);
    }
    Some(text)
}

pub(super) const fn label(effect: Effect) -> &'static str {
    match effect {
        Effect::NotCovered => "not covered",
        Effect::Exempt => "exempt",
        Effect::Future => "future",
        Effect::Advisory => "advisory",
        Effect::Review => "REVIEW",
        Effect::Prohibited => "PROHIBITED",
    }
}
