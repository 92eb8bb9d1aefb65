//! What became of one report's findings in another, for people and for programs.
use std::collections::BTreeMap;
use std::io;

use interdict_model::{Change, Comparison, Finding, FindingId, Gone, Instant, Relation, Report, State};
use serde::Serialize;

use crate::formats::Look;
use crate::inert_json;
use crate::page::{Page, Text, Tone};
use crate::view::{View, Weight};
use crate::words;

/// Whether something counts as new in a report that holds its comparison: nothing that only names or talks to a component does,
/// nor what is set aside.
pub fn counts(report: &Report) -> bool {
    let view = View::of(report);
    view.findings(Weight::Finding).any(|finding| view.change(finding).is_some_and(|change| change.counts))
}

/// The comparison of a report with the findings it speaks of.
pub fn json(new: &Report, out: &mut dyn io::Write) -> io::Result<()> {
    #[derive(Serialize)]
    struct Answer<'a> {
        schema: &'static str,
        counts: BTreeMap<&'static str, usize>,
        comparison: Option<&'a Comparison>,
        findings: &'a [Finding],
    }
    let counts = tally(&View::of(new));
    let (comparison, findings) = (new.comparison.as_ref(), new.findings.as_slice());
    inert_json::pretty(&Answer { schema: "interdict.diff/1", counts, comparison, findings }, out)
}

/// How many findings of each state, and how many are gone; names and connectors, which no gate fails on, left out.
fn tally(view: &View<'_>) -> BTreeMap<&'static str, usize> {
    let mut counts: BTreeMap<_, _> = State::ALL.iter().map(|state| (state.name(), 0)).collect();
    for finding in view.report.findings.iter().filter(|finding| view.weight(finding) != Weight::Context) {
        if let Some(change) = view.change(finding) {
            *counts.entry(change.state.name()).or_default() += 1;
        }
    }
    let gone = view.report.comparison.iter().flat_map(|comparison| &comparison.gone);
    counts.insert("fixed", gone.filter(|gone| gone.relation < Relation::Connects).count());
    counts
}

/// `1 new, 3 unchanged, 1 fixed`.
pub(crate) fn numbers(view: &View<'_>) -> String {
    let counts = tally(view);
    let order = State::ALL.iter().map(|state| state.name()).chain(["fixed"]);
    let told: Vec<String> = order
        .filter_map(|name| counts.get(name).filter(|count| **count > 0).map(|count| format!("{count} {name}")))
        .collect();
    if told.is_empty() { "nothing on either side".to_owned() } else { told.join(", ") }
}

/// What is new first, then what is back, changed, moved, gone; what is unchanged is counted.
pub fn table(old: &Report, new: &Report, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let page = &mut Page::new(look, out);
    let Some(comparison) = &new.comparison else { return Ok(()) };
    let view = View::of(new);
    let (tone, word) = if counts(new) { (Tone::Bad, "NEW FINDINGS") } else { (Tone::Good, "NOTHING NEW") };
    let head = Text::new().say(tone, word).plain(format!("  {}", numbers(&view)));
    page.text(0, &head)?;
    let when = |report: &Report| format!("{} ({})", day(report.as_of), report.outcome);
    page.text(0, &Text::new().quiet(format!("from {} to {}", when(old), when(new))))?;
    if old.profile != new.profile {
        page.text(
            0,
            &Text::new().say(Tone::Doubt, "The two were judged for different profiles: verdicts are not compared."),
        )?;
    }
    for report in [old, new] {
        if report.coverage.material_gaps > 0 {
            let gaps = words::count(report.coverage.material_gaps, "gap");
            let text = format!("The report of {} has {gaps} that could hide something.", day(report.as_of));
            page.text(0, &Text::new().say(Tone::Doubt, text))?;
        }
    }
    let found: BTreeMap<&FindingId, &Finding> = new.findings.iter().map(|finding| (&finding.id, finding)).collect();
    for state in State::ALL {
        let told = |change: &&Change| {
            let finding = found.get(&change.finding);
            let context = finding.is_none_or(|finding| view.weight(finding) == Weight::Context);
            change.state == *state && (look.verbose > 0 || !context)
        };
        let changes: Vec<&Change> = comparison.changes.iter().filter(told).collect();
        if changes.is_empty() || (*state == State::Unchanged && look.verbose == 0) {
            continue;
        }
        page.blank()?;
        page.text(0, &Text::new().say(Tone::Strong, heading(*state)))?;
        for change in changes {
            if let Some(finding) = found.get(&change.finding) {
                line(&view, finding, change, page)?;
            }
        }
    }
    let told = |gone: &&Gone| look.verbose > 0 || gone.relation < Relation::Connects;
    gone(&comparison.gone.iter().filter(told).collect::<Vec<_>>(), page)
}

const fn heading(state: State) -> &'static str {
    match state {
        State::New => "New",
        State::Reintroduced => "Reintroduced: was gone before",
        State::Changed => "Changed: known, with other evidence or another weight",
        State::Moved => "Moved: the same bytes or component elsewhere",
        State::Unchanged => "Unchanged",
    }
}

fn line(view: &View<'_>, finding: &Finding, change: &Change, page: &mut Page<'_>) -> io::Result<()> {
    let effect = view.effect(finding).map_or("no verdict", |effect| effect.name());
    let tone = if change.counts && view.weight(finding) == Weight::Finding { Tone::Bad } else { Tone::Plain };
    let text =
        Text::new().say(tone, &finding.title).plain(format!("  {}, {}; {effect}", finding.relation, finding.certainty));
    page.spread(2, text, &finding.id.0)?;
    page.text(4, &Text::new().plain(finding.on.as_str()))?;
    if let Some(was) = &change.was {
        page.text(4, &Text::new().quiet("was ").plain(was.as_str()))?;
    }
    if change.counts && change.state == State::Changed {
        page.text(4, &Text::new().say(Tone::Doubt, "weighs more than it did, and counts as new"))?;
    }
    Ok(())
}

fn gone(gone: &[&Gone], page: &mut Page<'_>) -> io::Result<()> {
    if gone.is_empty() {
        return Ok(());
    }
    page.blank()?;
    page.text(0, &Text::new().say(Tone::Strong, "Fixed: not found any more"))?;
    for one in gone {
        let text = Text::new().plain(&one.title).quiet(format!("  not since {}", day(one.since)));
        page.spread(2, text, one.fingerprint.0.get(..12).unwrap_or_default())?;
        page.text(4, &Text::new().plain(one.on.as_str()))?;
    }
    Ok(())
}

fn day(at: Instant) -> String {
    crate::formats::moment(at)
}
