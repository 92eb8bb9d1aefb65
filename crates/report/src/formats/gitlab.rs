//! GitLab's code quality report: one entry a finding and one a material gap, up to some thousand.
use std::io;

use interdict_model::{Digest, Locator, Report};
use serde_json::{Value, json};

use super::{Look, Writer};
use crate::inert::brief;
use crate::inert_json;
use crate::said::{self, Level, WIDE};
use crate::view::{View, gaps, line};

pub(super) const ENTRY: Writer =
    Writer { id: "gitlab", title: "GitLab code quality report", extension: "json", write, bill: None };

fn write(report: &Report, _: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let view = View::of(report);
    let mut entries = Vec::new();
    let findings: Vec<_> = view.products().into_iter().flat_map(|(_, findings)| findings).collect();
    for finding in findings.iter().take(said::ENTRIES) {
        let severity = match said::gate_level(&view, finding) {
            Level::Error => "blocker",
            Level::Warning => "major",
            Level::Note => "info",
        };
        let verdict = view.verdicts(finding).first().map(|verdict| format!(" {}", said::verdict(&view, verdict)));
        let proof = said::proof(finding).map(|proof| format!(" {proof}")).unwrap_or_default();
        let text = format!("{}.{proof}{}", said::finding(finding), verdict.unwrap_or_default());
        let line = line(finding).map_or(1, |(line, _)| line);
        entries.push(entry(finding.entity.as_str(), severity, &text, &finding.fingerprint.0, (&finding.on, line)));
    }
    let (material, _, _) = gaps(report);
    for gap in material.iter().take(said::ENTRIES) {
        let print = format!("{}\n{}\n{:?}", gap.on, gap.reason.name(), gap.ranges);
        entries.push(entry(&format!("gap/{}", gap.reason.name()), "minor", &said::gap(gap), &print, (&gap.on, 1)));
    }
    // Who reads a part of it is told so, at the place that stands first.
    let left = [said::left(findings.len(), "finding"), said::left(material.len(), "gap")];
    let place = findings.first().map(|finding| &finding.on).or(material.first().map(|gap| &gap.on));
    for (text, place) in left.into_iter().flatten().zip(place.into_iter().cycle()) {
        entries.insert(0, entry("interdict/left-out", "major", &text, &text, (place, 1)));
    }
    inert_json::pretty(&entries, out)
}

/// GitLab shows one of several entries with the same fingerprint, so the place is part of it.
fn entry(check: &str, severity: &str, text: &str, print: &str, (on, line): (&Locator, u64)) -> Value {
    let path = on.artifact().split("!/").next().unwrap_or_default();
    json!({
        "description": format!("{text} ({})", brief(on.as_str(), WIDE)),
        "check_name": brief(check, WIDE),
        "fingerprint": Digest::of(format!("{print}\n{on}").as_bytes()).hex(),
        "severity": severity,
        "location": { "path": brief(path, WIDE * 5), "lines": { "begin": line } },
    })
}
