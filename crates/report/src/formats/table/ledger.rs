//! What was looked at and what was not: gaps, repairs, anomalies, coverage, notes.
use std::collections::{BTreeMap, BTreeSet};
use std::io;

use interdict_model::{Gap, Report};

use super::super::Look;
use super::more;
use crate::page::{Page, Text, Tone};
use crate::view::{View, gaps};
use crate::words;

const MOST: usize = 6;
const COLUMN: usize = 10;

pub(super) fn write(view: &View<'_>, look: &Look, page: &mut Page<'_>) -> io::Result<()> {
    let report = view.report;
    not_examined(report, look, page)?;
    page.blank()?;
    oddities(report, look, page)?;
    coverage(report, page)?;
    for note in &report.legend.notes {
        page.labelled(0, "Note", COLUMN, &Text::new().prose(note))?;
    }
    Ok(())
}

fn not_examined(report: &Report, look: &Look, page: &mut Page<'_>) -> io::Result<()> {
    let (material, minor, accepted) = gaps(report);
    if report.gaps.is_empty() {
        return Ok(());
    }
    page.blank()?;
    let head = Text::new().say(Tone::Strong, "Not examined").quiet(": ");
    let head = if material.is_empty() {
        head.plain("nothing that could hide what is looked for")
    } else {
        head.say(Tone::Doubt, format!("{} that could hide what is looked for", words::count(material.len(), "thing")))
    };
    page.text(0, &head)?;
    let most = if look.verbose > 0 { usize::MAX } else { MOST };
    for gap in material.iter().take(most) {
        row(gap, "", page)?;
    }
    more(material.len(), most, "such thing", page)?;
    for (list, what) in [(minor, "that could not"), (accepted, "accepted")] {
        if look.verbose > 0 {
            for gap in &list {
                row(gap, what, page)?;
            }
        } else if !list.is_empty() {
            page.text(
                2,
                &Text::new().quiet(format!(
                    "and {} {what} ({})",
                    words::thousands(list.len() as u64),
                    by_reason(&list)
                )),
            )?;
        }
    }
    Ok(())
}

fn row(gap: &Gap, remark: &str, page: &mut Page<'_>) -> io::Result<()> {
    let mut text = Text::new().plain(gap.on.as_str()).quiet(" · ").prose(&gap.detail);
    if let Some(needs) = &gap.needs {
        text = text.quiet(" · needs ").plain(needs);
    }
    if let Some(pattern) = &gap.accepted {
        text = text.quiet(" · accepted by ").plain(pattern);
    } else if !remark.is_empty() {
        text = text.quiet(format!(" ({remark})"));
    }
    page.labelled(2, gap.reason.name(), 13, &text)
}

fn by_reason(gaps: &[&Gap]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for gap in gaps {
        *counts.entry(gap.reason.name()).or_default() += 1;
    }
    let parts: Vec<String> = counts.into_iter().map(|(reason, number)| format!("{number} {reason}")).collect();
    parts.join(", ")
}

fn oddities(report: &Report, look: &Look, page: &mut Page<'_>) -> io::Result<()> {
    if !report.repairs.is_empty() {
        let documents: BTreeSet<_> = report.repairs.iter().map(|repair| &repair.input).collect();
        let text = format!(
            "{} in {}: what was wrong and what was assumed stands in the report",
            words::count(report.repairs.len(), "fault"),
            words::count(documents.len(), "document")
        );
        page.labelled(0, "Repaired", COLUMN, &Text::new().plain(text))?;
        for repair in report.repairs.iter().filter(|_| look.verbose > 0) {
            let text = Text::new().plain(repair.input.as_str()).quiet(" ").plain(&repair.pointer).quiet(": ");
            page.text(COLUMN, &text.prose(&repair.wrong).quiet(" → ").prose(&repair.assumed))?;
        }
    }
    if !report.anomalies.is_empty() {
        page.labelled(
            0,
            "Odd",
            COLUMN,
            &Text::new().plain(format!("{} in containers", words::count(report.anomalies.len(), "strange thing"))),
        )?;
        for anomaly in report.anomalies.iter().filter(|_| look.verbose > 0) {
            let text = Text::new()
                .plain(anomaly.on.as_str())
                .quiet(" ")
                .plain(&anomaly.kind)
                .quiet(": ")
                .prose(&anomaly.detail);
            page.text(COLUMN, &text)?;
        }
    }
    Ok(())
}

fn coverage(report: &Report, page: &mut Page<'_>) -> io::Result<()> {
    let coverage = &report.coverage;
    let mut text = Text::new().plain(format!(
        "{} ({}), {} examined; {} declared; {}",
        words::count(coverage.artifacts, "artifact"),
        words::bytes(coverage.bytes),
        if coverage.examined == coverage.artifacts { "all".to_owned() } else { words::thousands(coverage.examined) },
        words::count(coverage.components, "component"),
        words::count(coverage.gaps, "gap"),
    ));
    if !coverage.complete {
        text = text.say(Tone::Doubt, "; the run did not come to its end");
    }
    page.labelled(0, "Coverage", COLUMN, &text)?;
    let packs: Vec<String> = report.packs.iter().map(|pack| format!("{} {}", pack.id, pack.version)).collect();
    let text = format!("{} {} with {}", report.tool.name, report.tool.version, packs.join(", "));
    page.labelled(0, "By", COLUMN, &Text::new().quiet(text))
}
