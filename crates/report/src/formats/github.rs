//! Workflow commands for GitHub Actions: an annotation a finding, a warning a material gap, a notice for the rest, as many as are shown.
use std::io;

use interdict_model::{Finding, Locator, Report};

use super::{Look, Writer};
use crate::inert::brief;
use crate::said::{self, Level, WIDE};
use crate::view::{View, Weight, gaps, line};
use crate::words;

pub(super) const ENTRY: Writer =
    Writer { id: "github", title: "annotations for GitHub Actions", extension: "txt", write, bill: None };

/// Annotations of one kind that GitHub shows of a step; it drops the others without a word.
const SHOWN: usize = 10;

/// The kinds, the loudest first.
const KINDS: [(&str, Level); 3] = [("error", Level::Error), ("warning", Level::Warning), ("notice", Level::Note)];

/// One annotation: where, its title, its text.
type Annotation<'a> = (&'a Locator, Option<(u64, &'a str)>, String, String);

fn write(report: &Report, _: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let view = View::of(report);
    let found: Vec<&Finding> = view.products().into_iter().flat_map(|(_, findings)| findings).collect();
    let (material, _, _) = gaps(report);
    let waived: Vec<&Finding> =
        view.findings(Weight::Waived).filter(|finding| view.waiver(finding).is_some()).collect();
    let (mut lines, mut left) = (Vec::new(), Vec::new());
    for (kind, level) in KINDS {
        let own: Vec<&Finding> =
            found.iter().copied().filter(|finding| said::gate_level(&view, finding) == level).collect();
        // What matters more stands first where not all can stand.
        let all = own.len()
            + match level {
                Level::Error => 0,
                Level::Warning => material.len(),
                Level::Note => waived.len(),
            };
        // The first notice is the outcome.
        let most = SHOWN - usize::from(level == Level::Note);
        let findings = own.into_iter().map(|finding| of_finding(&view, finding));
        let aside: Box<dyn Iterator<Item = Annotation<'_>>> = match level {
            Level::Error => Box::new(std::iter::empty()),
            Level::Warning => {
                Box::new(material.iter().map(|gap| (&gap.on, None, "Not examined".to_owned(), said::gap(gap))))
            }
            Level::Note => Box::new(waived.iter().map(|finding| of_waived(&view, finding))),
        };
        lines.extend(findings.chain(aside).take(most).map(|annotation| (kind, annotation)));
        if all > most {
            left.push(words::count(all - most, kind));
        }
    }
    let mut counts = said::counts(&view);
    if !left.is_empty() {
        counts = format!(
            "{counts}\n{} left out here: GitHub shows {SHOWN} annotations of a kind a step. The JSON report has all.",
            left.join(" and ")
        );
    }
    annotate(out, "notice", None, &format!("interdict: {}", said::outcome(&view)), &counts)?;
    for (kind, (on, line, title, text)) in lines {
        annotate(out, kind, Some((on, line)), &title, &text)?;
    }
    Ok(())
}

fn of_finding<'a>(view: &View<'a>, finding: &'a Finding) -> Annotation<'a> {
    let mut text = said::finding(finding);
    for line in [said::proof(finding), view.verdicts(finding).first().map(|verdict| said::verdict(view, verdict))] {
        text.push('\n');
        text.push_str(&line.unwrap_or_default());
    }
    (&finding.on, line(finding), titled(finding), text.trim_end().to_owned())
}

fn of_waived<'a>(view: &View<'a>, finding: &'a Finding) -> Annotation<'a> {
    (&finding.on, line(finding), titled(finding), view.waiver(finding).map(said::waiver).unwrap_or_default())
}

fn titled(finding: &Finding) -> String {
    format!("{} ({})", brief(&finding.title, WIDE), finding.id)
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
