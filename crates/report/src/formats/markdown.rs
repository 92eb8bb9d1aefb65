//! Markdown for a pull-request comment or a job summary: under 60 KB, details folded, nothing of an input is markup.
pub(super) mod escape;

use std::fmt::Write as _;
use std::io;

use interdict_model::{Effect, Finding, Report};

use super::{Look, Writer};
use crate::inert::brief;
use crate::said::{self, WIDE};
use crate::view::{View, Weight, facts, gaps, product_name};
use crate::words;
use escape::{code, plain};

pub(super) const ENTRY: Writer = Writer {
    id: "markdown",
    title: "for pull-request comments and job summaries, under 60 KB",
    extension: "md",
    write,
    bill: None,
};

/// GitHub refuses a comment over 65,536 characters; what is left under this is for the closing sections.
const BUDGET: usize = 44_000;
const SECTION: usize = 5_000;
const LIMIT: usize = 60_000;

fn write(report: &Report, _: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let view = View::of(report);
    let mut text = String::new();
    head(&view, &mut text);
    findings(&view, &mut text);
    section(&mut text, "Set aside by waiver", &waived(&view));
    section(&mut text, "For context: talks to it or names it", &context(&view));
    section(&mut text, "Not examined", &unseen(report));
    section(
        &mut text,
        "Notes",
        &report.legend.notes.iter().map(|note| format!("- {}", plain(note, WIDE * 2))).collect::<Vec<_>>(),
    );
    let packs: Vec<String> =
        report.packs.iter().map(|pack| plain(&format!("{} {}", pack.id, pack.version), WIDE)).collect();
    let tool = plain(&format!("{} {}", report.tool.name, report.tool.version), WIDE);
    push(&mut text, format_args!("\n<sub>{tool} with {}</sub>\n", packs.join(", ")));
    debug_assert!(text.len() < LIMIT, "{} bytes", text.len());
    out.write_all(text.as_bytes())
}

fn push(text: &mut String, what: std::fmt::Arguments<'_>) {
    let _ = text.write_fmt(what);
}

fn head(view: &View<'_>, text: &mut String) {
    let report = view.report;
    let whom = if report.profile.is_given() {
        format!("For {}", code(&report.profile.name, 80))
    } else {
        "No profile given".to_owned()
    };
    push(text, format_args!("## interdict: {}\n\n", report.outcome.name().to_uppercase()));
    push(text, format_args!("{whom}, as of {}. {}\n\n", report.as_of, words::outcome(report.outcome)));
    push(text, format_args!("{}.\n", said::counts(view)));
    for note in report.waivers.iter().take(20) {
        push(text, format_args!("\n{}\n", plain(&said::waiver_note(note), WIDE * 2)));
    }
}

fn findings(view: &View<'_>, text: &mut String) {
    let mut left = 0;
    for (product, findings) in view.products() {
        let own = words::makers_own(product).map(|own| format!("\n{own}\n")).unwrap_or_default();
        let title = format!("\n### {}\n{own}", code(&product_name(product), 80));
        let mut titled = false;
        for finding in findings {
            let block = block(view, finding);
            if left > 0 || text.len() + title.len() + block.len() > BUDGET {
                left += 1;
                continue;
            }
            if !titled {
                text.push_str(&title);
                titled = true;
            }
            text.push_str(&block);
        }
    }
    if left > 0 {
        push(
            text,
            format_args!(
                "\n… and {} that this comment has no room for; the JSON report has all.\n",
                words::count(left, "more finding")
            ),
        );
    }
}

fn block(view: &View<'_>, finding: &Finding) -> String {
    let mut text = String::new();
    let strongest = view.verdicts(finding).first();
    let label = strongest.map_or("no verdict".to_owned(), |verdict| match verdict.effect {
        Effect::Prohibited | Effect::Review => format!("**{}**", verdict.effect.name().to_uppercase()),
        mild => mild.to_string(),
    });
    let state = said::state(view, finding).map(|state| format!("{state} · ")).unwrap_or_default();
    push(
        &mut text,
        format_args!(
            "\n- {label} · {state}**{}** · {} · {}: {}\n",
            plain(&finding.title, 100),
            words::witness(finding),
            finding.certainty,
            words::relation(finding.relation)
        ),
    );
    push(&mut text, format_args!("  {}\n", code(finding.on.as_str(), WIDE)));
    push(
        &mut text,
        format_args!("  <details><summary>Proof, way in, law ({})</summary>\n\n", plain(&finding.id.0, 40)),
    );
    for one in finding.matches.iter().take(4) {
        push(&mut text, format_args!("  - {}: {}\n", code(one.rule.as_str(), 80), plain(&one.because, WIDE)));
        for fact in facts(one).take(3) {
            let place = words::place(&fact.at).map(|place| format!(" at {}", code(&place, 80))).unwrap_or_default();
            push(&mut text, format_args!("    - {} {}{place}\n", fact.fact.kind.name(), code(&fact.fact.value, 100)));
        }
    }
    if let Some(told) = said::agreement(finding) {
        push(&mut text, format_args!("  - {}\n", plain(&told, WIDE * 3)));
    }
    if finding.path.len() > 1 {
        let steps: Vec<String> = finding.path.iter().take(12).map(|step| code(&step.name, 80)).collect();
        push(&mut text, format_args!("  - way in: {}\n", steps.join(" → ")));
    }
    for anomaly in view.lower_layers(finding).into_iter().take(4) {
        push(&mut text, format_args!("  - layer: {}\n", plain(&anomaly.detail, WIDE)));
    }
    for verdict in view.verdicts(finding).iter().filter(|verdict| verdict.effect != Effect::NotCovered).take(6) {
        push(&mut text, format_args!("  - {}\n", plain(&said::verdict(view, verdict), WIDE * 3)));
    }
    text.push_str("\n  </details>\n");
    text
}

fn waived(view: &View<'_>) -> Vec<String> {
    let line = |finding: &Finding| {
        let waiver = view.waiver(finding).map(said::waiver).unwrap_or_default();
        format!("- {} {}: {}", plain(&finding.title, 100), code(&finding.id.0, 40), plain(&waiver, WIDE * 2))
    };
    view.findings(Weight::Waived).map(line).collect()
}

fn context(view: &View<'_>) -> Vec<String> {
    let line = |finding: &Finding| {
        format!("- {}: {} in {}", finding.relation, plain(&finding.title, 100), code(finding.on.as_str(), WIDE))
    };
    view.findings(Weight::Context).map(line).collect()
}

fn unseen(report: &Report) -> Vec<String> {
    let (material, minor, accepted) = gaps(report);
    let mut lines: Vec<String> = material
        .iter()
        .map(|gap| format!("- {}: {}", code(gap.on.as_str(), WIDE), plain(&brief(&said::gap(gap), WIDE * 2), WIDE * 2)))
        .collect();
    for (list, what) in [(minor, "could not hide what is looked for"), (accepted, "accepted by name")] {
        if !list.is_empty() {
            lines.push(format!("- {}, {what}", words::count(list.len(), "more gap")));
        }
    }
    lines
}

/// A folded list, cut where its share of the room ends.
fn section(text: &mut String, title: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    push(text, format_args!("\n<details><summary>{title} ({})</summary>\n\n", lines.len()));
    let mut used = 0;
    let fitting = lines.iter().take_while(|line| {
        used += line.len() + 1;
        used < SECTION / 2
    });
    let mut shown = 0;
    for line in fitting {
        push(text, format_args!("{line}\n"));
        shown += 1;
    }
    if shown < lines.len() {
        push(text, format_args!("- … and {} more\n", lines.len() - shown));
    }
    text.push_str("\n</details>\n");
}
