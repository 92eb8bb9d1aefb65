//! What the reader can do next, most useful first.
use std::collections::BTreeSet;
use std::io;

use interdict_model::{Outcome, Witness};

use crate::page::{Page, Text, Tone};
use crate::view::{View, Weight, gaps};

const COLUMN: usize = 10;

pub(super) fn write(view: &View<'_>, page: &mut Page<'_>) -> io::Result<()> {
    let mut label = "Next";
    for step in steps(view) {
        page.labelled(0, label, COLUMN, &step)?;
        label = "";
    }
    Ok(())
}

fn steps(view: &View<'_>) -> Vec<Text> {
    let mut steps = Vec::new();
    let worst = view.products().first().and_then(|(_, findings)| findings.first().copied());
    if let Some(finding) = worst {
        steps.push(
            Text::new()
                .say(Tone::Strong, format!("interdict explain {} REPORT.json", finding.id))
                .plain("  every proof, path and rule of it (save the report with -o json=REPORT.json)"),
        );
    }
    if worst.is_some() && !view.report.profile.is_given() {
        steps.push(
            Text::new()
                .say(Tone::Strong, "--profile NAME")
                .plain("  says for whom to judge; without one nothing is called prohibited"),
        );
    }
    let alone = |witness| view.findings(Weight::Finding).any(|finding| finding.witness == witness);
    if alone(Witness::NotCompared) {
        steps.push(
            Text::new().plain("Give the SBOM and the product together, to tell the declared from the undeclared."),
        );
    }
    let (material, _, _) = gaps(view.report);
    let needs: BTreeSet<&str> = material.iter().filter_map(|gap| gap.needs.as_deref()).collect();
    if !needs.is_empty() {
        let mut text = Text::new().plain("To close the gaps: ");
        for (at, need) in needs.iter().take(3).enumerate() {
            text = text.plain(if at == 0 { "" } else { "; " }).plain(need);
        }
        if needs.len() > 3 {
            text = text.plain(format!("; and {} more", needs.len() - 3));
        }
        steps.push(text.plain("."));
    } else if view.report.outcome == Outcome::Inconclusive {
        steps.push(Text::new().plain("Close the gaps above, or accept them by name with --accept-gaps GLOB."));
    }
    steps
}
