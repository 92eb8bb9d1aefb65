//! What only talks to it or names it: a line for each, most telling first.
use std::collections::BTreeMap;
use std::io;

use interdict_model::{Finding, Relation};

use super::super::Look;
use super::more;
use crate::page::{Page, Text, Tone};
use crate::view::{View, Weight, strongest_proof};
use crate::words;

const MOST: usize = 6;

pub(super) fn write(view: &View<'_>, look: &Look, page: &mut Page<'_>) -> io::Result<()> {
    let mut groups: BTreeMap<(Relation, &str), Vec<&Finding>> = BTreeMap::new();
    for finding in view.findings(Weight::Context) {
        if !view.is_false_friend(finding) {
            groups.entry((finding.relation, &finding.title)).or_default().push(finding);
        }
    }
    if groups.is_empty() {
        return false_friends(view, page);
    }
    page.blank()?;
    page.text(
        0,
        &Text::new().say(Tone::Strong, "For context").quiet(": talks to it or names it; none of it is inside"),
    )?;
    let most = if look.verbose > 0 { usize::MAX } else { MOST };
    for ((relation, title), findings) in groups.iter().take(most) {
        let mut text = group(title, findings);
        // Whether it is switched on is what a connector is about.
        if *relation == Relation::Connects
            && let Some((best, _)) = findings.first().and_then(|first| strongest_proof(first))
        {
            text = text.plain(": ").prose(&best.because);
        }
        page.labelled(2, relation.name(), 10, &text)?;
        if look.verbose > 0 {
            for finding in findings.iter().skip(1) {
                page.text(12, &Text::new().plain(finding.on.as_str()).quiet(format!("  {}", finding.id)))?;
            }
        }
    }
    more(groups.len(), most, "kind of mention", page)?;
    false_friends(view, page)
}

/// What was recognised as something else, with why it was not flagged.
fn false_friends(view: &View<'_>, page: &mut Page<'_>) -> io::Result<()> {
    let mut groups: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in view.findings(Weight::Context).filter(|finding| view.is_false_friend(finding)) {
        groups.entry(&finding.title).or_default().push(finding);
    }
    if groups.is_empty() {
        return Ok(());
    }
    page.blank()?;
    page.text(0, &Text::new().say(Tone::Strong, "Not flagged").quiet(": somebody else's, easily taken for it"))?;
    for (title, findings) in groups.iter().take(MOST) {
        let because = findings.first().and_then(|first| first.matches.first()).map_or("", |one| one.because.as_str());
        page.text(2, &group(title, findings).plain(": ").prose(because))?;
    }
    more(groups.len(), MOST, "look-alike", page)
}

fn group(title: &str, findings: &[&Finding]) -> Text {
    let mut text = Text::new().plain(title);
    let Some(first) = findings.first() else { return text };
    text = text.quiet(" in ").plain(first.on.as_str());
    let fact = strongest_proof(first).and_then(|(_, fact)| fact);
    if let Some(place) = fact.and_then(|fact| words::place(&fact.at)) {
        text = text.quiet(" at ").plain(place);
    }
    if findings.len() > 1 {
        text = text.plain(format!(" and {}", words::count(findings.len() - 1, "other place")));
    }
    text.quiet(format!("  {}", first.id))
}
