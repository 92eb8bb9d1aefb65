//! The law, told once: findings of which it says the same share a ruling, and each card points to it.
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

use interdict_model::{Effect, Finding, RegimeId, Verdict};

use super::super::Look;
use super::card::label;
use crate::page::{Page, Text, Tone};
use crate::view::View;
use crate::words;

/// How a verdict without a profile begins that would bind somebody.
const WOULD: &str = "Would be prohibited for ";
const COLUMN: usize = 6;

/// What is said of findings, each ruling once.
pub(super) struct Rulings<'a> {
    said: Vec<Vec<&'a Verdict>>,
    is_brief: bool,
}

impl<'a> Rulings<'a> {
    /// Those of these findings, in their order. Without a profile every regime that would prohibit it for somebody is part of the
    /// answer; in brief they are listed once for all findings that are alike in that.
    pub(super) fn of(view: &View<'a>, look: &Look, findings: impl Iterator<Item = &'a Finding>) -> Self {
        let mut rulings = Self { said: Vec::new(), is_brief: look.verbose == 0 };
        for finding in findings {
            let verdicts = view.verdicts(finding);
            match rulings.at(verdicts) {
                _ if verdicts.is_empty() => {}
                None => rulings.said.push(verdicts.to_vec()),
                Some(at) => {
                    if let Some(known) = rulings.said.get_mut(at) {
                        let is_new = |one: &&Verdict| !known.iter().any(|known| brief(known) == brief(one));
                        let new: Vec<&Verdict> = verdicts.iter().copied().filter(is_new).collect();
                        known.extend(new);
                    }
                }
            }
        }
        for said in &mut rulings.said {
            said.sort_by_key(|verdict| (Reverse(verdict.effect), *verdict));
        }
        rulings
    }

    /// Which ruling these verdicts are.
    fn at(&self, verdicts: &[&Verdict]) -> Option<usize> {
        let own = would(verdicts);
        // In brief the strongest alone is told in its own words.
        let told = if self.is_brief { 1 } else { usize::MAX };
        let is_same = |said: &Vec<&Verdict>| {
            if own.is_empty() || !self.is_brief { is_same(said, verdicts, told) } else { would(said) == own }
        };
        self.said.iter().position(is_same)
    }

    /// What a card says of it: the strongest word, and where the rest stands.
    pub(super) fn line(&self, view: &View<'_>, finding: &Finding) -> Text {
        let verdicts = view.verdicts(finding);
        let Some(strongest) = verdicts.first() else {
            return Text::new().plain("no regime that was asked speaks of it");
        };
        let text = match bound(verdicts).len() {
            0 => head(strongest).plain(" · ").plain(view.regime_title(&strongest.regime)),
            regimes => Text::new()
                .say(Tone::of_effect(strongest.effect), label(strongest.effect))
                .plain(format!(": {} would prohibit it for somebody", words::count(regimes, "regime"))),
        };
        match self.at(verdicts).filter(|_| self.said.len() > 1) {
            Some(at) => text.quiet(format!(" ({})", at + 1)),
            None => text,
        }
    }

    pub(super) fn write(&self, view: &View<'_>, look: &Look, page: &mut Page<'_>) -> io::Result<()> {
        if self.said.is_empty() {
            return Ok(());
        }
        page.blank()?;
        page.text(0, &Text::new().say(Tone::Strong, "What the law says"))?;
        for (at, verdicts) in self.said.iter().enumerate() {
            let number = if self.said.len() > 1 { format!("({})", at + 1) } else { String::new() };
            let would = bound(verdicts);
            if would.is_empty() || !self.is_brief {
                full(view, verdicts, &number, look, page)?;
            } else {
                for_whom(view, verdicts, &would, &number, page)?;
            }
        }
        Ok(())
    }
}

/// The regimes that would prohibit it, in short.
fn would<'v>(verdicts: &[&'v Verdict]) -> Vec<Brief<'v>> {
    bound(verdicts).into_iter().map(brief).collect()
}

/// An effect, under which regime, for whom.
type Brief<'v> = (Effect, &'v RegimeId, Option<&'v str>);

/// What the short form tells of a verdict.
fn brief(verdict: &Verdict) -> Brief<'_> {
    (verdict.effect, &verdict.regime, whom(verdict))
}

/// Whether the first so many of two lists say the same, of whichever findings.
fn is_same(one: &[&Verdict], other: &[&Verdict], told: usize) -> bool {
    let said = |verdict: &&Verdict| {
        (
            verdict.effect,
            verdict.regime.clone(),
            verdict.provision.clone(),
            verdict.since,
            verdict.because.clone(),
            verdict.citation.clone(),
        )
    };
    one.len().min(told) == other.len().min(told)
        && one.iter().take(told).map(said).eq(other.iter().take(told).map(said))
}

/// The regimes that would prohibit it for somebody, by the first verdict that says so; none where a profile was judged.
fn bound<'a>(verdicts: &[&'a Verdict]) -> Vec<&'a Verdict> {
    let mut seen = BTreeSet::new();
    let would = verdicts.iter().filter(|verdict| verdict.because.starts_with(WOULD));
    would.filter(|verdict| seen.insert(&verdict.regime)).copied().collect()
}

fn head(verdict: &Verdict) -> Text {
    let text = Text::new().say(Tone::of_effect(verdict.effect), label(verdict.effect));
    match verdict.since {
        Some(since) => text.plain(format!(" since {}", since.date())),
        None => text,
    }
}

/// The strongest in its own words, the others by name.
fn full(view: &View<'_>, verdicts: &[&Verdict], number: &str, look: &Look, page: &mut Page<'_>) -> io::Result<()> {
    let open = look.verbose > 0;
    let told = verdicts.iter().take_while(|verdict| open && verdict.effect >= Effect::Review).count().max(1);
    for (at, verdict) in verdicts.iter().take(told).enumerate() {
        let title = view.regime_title(&verdict.regime);
        let text = head(verdict).plain(" · ").plain(title).plain(": ").prose(&verdict.because);
        let text = text.quiet(" [").quiet(&verdict.citation).quiet("]");
        page.labelled(2, if at == 0 { number } else { "" }, COLUMN, &text)?;
    }
    also(verdicts.get(told..).unwrap_or_default(), page)
}

/// For whom a verdict without a profile would hold.
fn whom(verdict: &Verdict) -> Option<&str> {
    let whom = verdict.because.strip_prefix(WOULD)?;
    Some(whom.split_once(": ").map_or(whom, |(whom, _)| whom))
}

/// Nobody was named: who would be bound where, by which regime.
fn for_whom(
    view: &View<'_>,
    verdicts: &[&Verdict],
    would: &[&Verdict],
    number: &str,
    page: &mut Page<'_>,
) -> io::Result<()> {
    let text = Text::new().say(Tone::Doubt, "Would be prohibited for").quiet(" (-v tells it in the law's words)");
    page.labelled(2, number, COLUMN, &text)?;
    let mut places: BTreeMap<&str, Text> = BTreeMap::new();
    for verdict in would {
        let note = view.report.legend.regimes.get(verdict.regime.as_str());
        // States stand with their country.
        let code = note.map_or("", |note| note.jurisdiction.as_str());
        let code = code.split_once('-').map_or(code, |(country, _)| country);
        let text = places.remove(code).map_or_else(Text::new, |text| text.plain("; "));
        let text = text.plain(whom(verdict).unwrap_or_default()).quiet(" (").quiet(verdict.regime.as_str()).quiet(")");
        places.insert(code, text);
    }
    for (code, text) in places {
        page.labelled(4, code, COLUMN - 2, &text)?;
    }
    let is_told = |verdict: &&&Verdict| would.iter().any(|told| told.regime == verdict.regime);
    let rest: Vec<&Verdict> = verdicts.iter().filter(|verdict| !is_told(verdict)).copied().collect();
    also(&rest, page)
}

/// Several provisions of one regime that say the same are one thing to read.
fn also(rest: &[&Verdict], page: &mut Page<'_>) -> io::Result<()> {
    let (spoken, silent): (Vec<&Verdict>, Vec<&Verdict>) =
        rest.iter().copied().partition(|verdict| verdict.effect != Effect::NotCovered);
    let mut text = Text::new();
    let alike = spoken.chunk_by(|a, b| (a.effect, &a.regime) == (b.effect, &b.regime));
    let mut last = None;
    for (at, group) in alike.enumerate() {
        let Some(verdict) = group.first() else { continue };
        text = text.plain(if at == 0 { "" } else { "; " });
        if last != Some(verdict.effect) {
            text = text.say(Tone::of_effect(verdict.effect), label(verdict.effect)).plain(" ");
        }
        last = Some(verdict.effect);
        text = text.plain(verdict.regime.as_str());
        if group.len() > 1 {
            text = text.plain(format!(" ({})", words::count(group.len(), "provision")));
        }
    }
    if !silent.is_empty() {
        let joint = if spoken.is_empty() { "" } else { "; " };
        text = text.quiet(format!("{joint}not covered by {}", words::count(silent.len(), "other provision")));
    }
    if rest.is_empty() { Ok(()) } else { page.labelled(2, "also", COLUMN, &text) }
}
