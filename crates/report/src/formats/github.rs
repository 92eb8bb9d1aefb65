//! Workflow commands for GitHub Actions: an annotation a finding, a warning a material gap, a notice for the rest.
use std::io;

use interdict_model::{Locator, Report};

use super::{Look, Writer};
use crate::inert::brief;
use crate::said::{self, Level, WIDE};
use crate::view::{View, Weight, gaps, line};

pub(super) const ENTRY: Writer =
    Writer { id: "github", title: "annotations for GitHub Actions", extension: "txt", write, bill: None };

fn write(report: &Report, _: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let view = View::of(report);
    annotate(out, "notice", None, &format!("interdict: {}", said::outcome(&view)), &said::counts(&view))?;
    for finding in view.products().into_iter().flat_map(|(_, findings)| findings) {
        let kind = match said::gate_level(&view, finding) {
            Level::Error => "error",
            Level::Warning => "warning",
            Level::Note => "notice",
        };
        let mut text = said::finding(finding);
        for line in [said::proof(finding), view.verdicts(finding).first().map(|verdict| said::verdict(&view, verdict))]
        {
            text.push('\n');
            text.push_str(&line.unwrap_or_default());
        }
        annotate(
            out,
            kind,
            Some((&finding.on, line(finding))),
            &format!("{} ({})", brief(&finding.title, WIDE), finding.id),
            text.trim_end(),
        )?;
    }
    let (material, _, _) = gaps(report);
    for gap in material {
        annotate(out, "warning", Some((&gap.on, None)), "Not examined", &said::gap(gap))?;
    }
    for finding in view.findings(Weight::Waived) {
        let Some(waiver) = view.waiver(finding) else { continue };
        annotate(
            out,
            "notice",
            Some((&finding.on, line(finding))),
            &format!("{} ({})", brief(&finding.title, WIDE), finding.id),
            &said::waiver(waiver),
        )?;
    }
    Ok(())
}

/// One line; in its data only what the runner decodes again.
fn annotate(
    out: &mut dyn io::Write,
    kind: &str,
    on: Option<(&Locator, Option<(u64, &str)>)>,
    title: &str,
    text: &str,
) -> io::Result<()> {
    let file = on.map(|(on, line)| {
        let path = on.artifact().split("!/").next().unwrap_or_default();
        let line = line.map(|(line, _)| format!("line={line},")).unwrap_or_default();
        format!("file={},{line}", property(&brief(path, WIDE * 2)))
    });
    let place = on.map(|(on, _)| format!("{}\n", brief(on.as_str(), WIDE * 2))).unwrap_or_default();
    writeln!(out, "::{kind} {}title={}::{}", file.unwrap_or_default(), property(title), data(&format!("{place}{text}")))
}

/// As the runner's toolkit encodes data (`actions/toolkit`, `command.ts`).
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
