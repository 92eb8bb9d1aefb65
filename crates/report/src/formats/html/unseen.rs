//! What was not examined, what was mended, what was odd.
use interdict_model::{Gap, Report};

use super::{Html, MOST};
use crate::view::gaps;
use crate::words;

pub(super) fn write(report: &Report, page: &mut Html) {
    page.section("unseen", "Not examined");
    let (material, minor, accepted) = gaps(report);
    if report.gaps.is_empty() {
        page.raw("<p>Everything that was met was examined.</p>\n");
    }
    list("Could hide what is looked for", &material, true, page);
    list("Could not hide what is looked for", &minor, false, page);
    list("Accepted by name", &accepted, false, page);
    repairs(report, page);
    anomalies(report, page);
    page.raw("</section>\n");
}

fn list(title: &str, gaps: &[&Gap], open: bool, page: &mut Html) {
    if gaps.is_empty() {
        return;
    }
    fold(title, gaps.len(), open, page);
    page.raw("<ul class=\"gaps\">\n");
    for gap in gaps.iter().take(MOST) {
        page.put(format_args!("<li><span class=\"reason\">{}</span> ", gap.reason.name())).element(
            "code",
            "",
            gap.on.as_str(),
        );
        page.raw("<br>").text(&gap.detail).put(format_args!(" <span class=\"quiet\">({}", words::gap(gap.reason)));
        if let Some(seems) = &gap.seems {
            page.raw("; seems to be ").text(seems);
        }
        page.raw(")</span>");
        if let Some(needs) = &gap.needs {
            page.element("p", "needs", &format!("To close it: {needs}"));
        }
        if let Some(pattern) = &gap.accepted {
            page.element("p", "quiet", &format!("Accepted by {pattern}"));
        }
        page.raw("</li>\n");
    }
    page.raw("</ul>\n").more(gaps.len(), "gap").raw("</details>\n");
}

fn fold(title: &str, number: usize, open: bool, page: &mut Html) {
    page.put(format_args!(
        "<details{}><summary>{title} <span class=\"number\">{number}</span></summary>\n",
        if open { " open" } else { "" }
    ));
}

fn repairs(report: &Report, page: &mut Html) {
    if report.repairs.is_empty() {
        return;
    }
    fold("Wrong in documents, and read on", report.repairs.len(), false, page);
    page.raw("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Repairs\"><table>\n<thead><tr><th scope=\"col\">Document</th><th scope=\"col\">Place</th><th scope=\"col\">Wrong</th><th scope=\"col\">Assumed</th></tr></thead>\n<tbody>\n");
    for repair in report.repairs.iter().take(MOST) {
        page.raw("<tr><td>")
            .element("code", "", repair.input.as_str())
            .raw("</td><td>")
            .element("code", "", &repair.pointer)
            .raw("</td>");
        page.element("td", "", &repair.wrong).element("td", "", &repair.assumed).raw("</tr>\n");
    }
    page.raw("</tbody>\n</table></div>\n").more(report.repairs.len(), "repair").raw("</details>\n");
}

fn anomalies(report: &Report, page: &mut Html) {
    if report.anomalies.is_empty() {
        return;
    }
    fold("Odd about containers", report.anomalies.len(), false, page);
    page.raw("<ul class=\"gaps\">\n");
    for anomaly in report.anomalies.iter().take(MOST) {
        page.raw("<li>").element("span", "reason", &anomaly.kind).raw(" ").element("code", "", anomaly.on.as_str());
        page.raw("<br>").text(&anomaly.detail).raw("</li>\n");
    }
    page.raw("</ul>\n").more(report.anomalies.len(), "strange thing").raw("</details>\n");
}
