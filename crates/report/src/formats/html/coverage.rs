//! What was looked at: the ledger, a map of the formats, the inputs, the packs, the notes.
use interdict_model::Report;

use super::{Html, MOST, treemap};
use crate::words;

pub(super) fn write(report: &Report, page: &mut Html) {
    let coverage = &report.coverage;
    page.section("coverage", "Coverage");
    page.raw("<dl class=\"figures\">\n");
    for (term, number) in [
        ("artifacts", words::thousands(coverage.artifacts)),
        ("read", words::bytes(coverage.bytes)),
        ("examined", words::thousands(coverage.examined)),
        ("components declared", words::thousands(coverage.components)),
        ("gaps", words::thousands(coverage.gaps)),
        ("material gaps", words::thousands(coverage.material_gaps)),
    ] {
        page.raw("<div>").pair(term, &number).raw("</div>");
    }
    page.raw("</dl>\n");
    if !coverage.complete {
        page.raw("<p class=\"warn\">The run did not come to its end: what is not listed here may not have been looked at.</p>\n");
    }
    if !coverage.isolation.is_empty() {
        page.element("p", "quiet", &format!("Containment of foreign parsers: {}", coverage.isolation)).raw("\n");
    }
    treemap::write(&coverage.formats, page);
    inputs(report, page);
    page.raw("<h3>Recognised with</h3>\n<ul>\n");
    for pack in &report.packs {
        page.raw("<li>")
            .text(&format!("{} {}", pack.id, pack.version))
            .raw(" ")
            .element("code", "", &pack.digest.to_string())
            .raw("</li>\n");
    }
    page.raw("</ul>\n");
    if !report.legend.notes.is_empty() {
        page.raw("<h3>Notes</h3>\n<ul>\n");
        for note in report.legend.notes.iter().take(MOST) {
            page.element("li", "", note).raw("\n");
        }
        page.raw("</ul>\n");
    }
    page.raw("</section>\n");
}

fn inputs(report: &Report, page: &mut Html) {
    page.raw("<h3>Inputs</h3>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Inputs\"><table>\n<caption>Targets, and the documents read in them</caption>\n<thead><tr><th scope=\"col\">Input</th><th scope=\"col\">Format</th><th scope=\"col\">Components</th><th scope=\"col\">Files</th><th scope=\"col\">Relationships</th></tr></thead>\n<tbody>\n");
    for input in report.inputs.iter().take(MOST) {
        page.raw("<tr><th scope=\"row\">").element("code", "", input.locator.as_str());
        if let Some(digest) = &input.digest {
            page.element("p", "quiet", &digest.to_string());
        }
        let format = input.format.as_ref().map(|format| format.0.as_str()).unwrap_or_default();
        page.raw("</th>").element("td", "", &format!("{format} {}", input.version.as_deref().unwrap_or_default()));
        let counts = input.counts.map(|counts| [counts.components, counts.files, counts.relationships]);
        for at in 0..3 {
            let number = counts.and_then(|counts| counts.get(at).copied()).map(words::thousands);
            page.element("td", "figure", &number.unwrap_or_default());
        }
        page.raw("</tr>\n");
    }
    page.raw("</tbody>\n</table></div>\n").more(report.inputs.len(), "input");
}
