//! What the documents declare against what was seen, product by product.
use std::collections::BTreeMap;

use interdict_model::{Finding, FindingId};

use super::{Html, MOST};
use crate::view::View;

pub(super) fn write(view: &View<'_>, page: &mut Html) {
    page.section("compared", "Declared and observed");
    let reconciled = &view.report.reconciliation;
    if reconciled.is_empty() {
        page.raw("<p>There was only one side to look at: no document to hold against files, or no files to hold against a document.</p>\n</section>\n");
        return;
    }
    let known: BTreeMap<&FindingId, &Finding> =
        view.report.findings.iter().map(|finding| (&finding.id, finding)).collect();
    page.raw("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Products compared\"><table>\n<caption>Each product's documents held against its files</caption>\n");
    page.raw("<thead><tr><th scope=\"col\">Product</th><th scope=\"col\">In the files, not declared</th><th scope=\"col\">Declared and in the files</th><th scope=\"col\">Declared, not in the files</th></tr></thead>\n<tbody>\n");
    for one in reconciled.iter().take(MOST) {
        page.raw("<tr><th scope=\"row\">").element("code", "", one.product.as_str());
        for document in one.documents.iter().take(20) {
            page.element("p", "quiet", document.as_str());
        }
        page.raw("</th>");
        for (ids, class) in [
            (&one.undeclared, "observed-only"),
            (&one.confirmed, "declared-and-observed"),
            (&one.unseen, "declared-only"),
        ] {
            page.raw("<td>");
            if ids.is_empty() {
                page.raw("<span class=\"quiet\">none</span>");
            }
            for id in ids.iter().take(50) {
                let title = known.get(id).map_or(id.0.as_str(), |finding| finding.title.as_str());
                page.put(format_args!("<p><span class=\"witness {class}\"><a href=\"#"))
                    .text(&id.0)
                    .raw("\">")
                    .text(title)
                    .raw("</a></span></p>");
            }
            if ids.len() > 50 {
                page.put(format_args!("<p class=\"quiet\">… and {} more</p>", ids.len() - 50));
            }
            page.raw("</td>");
        }
        page.raw("</tr>\n");
    }
    page.raw("</tbody>\n</table></div>\n").more(reconciled.len(), "product").raw("</section>\n");
}
