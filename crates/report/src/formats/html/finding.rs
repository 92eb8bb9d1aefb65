//! The findings: each a card with its evidence, the way in, and what every provision says.
use std::collections::BTreeSet;

use interdict_model::{Effect, Finding, Locator, Match, Observation, Place, Verdict};

use super::law::Provisions;
use super::{Html, MOST, excerpt, ways};
use crate::said;
use crate::settles::settles;
use crate::view::{View, Weight, facts, product_name};
use crate::words;

/// Cards that stand open; a longer page is easier to read folded.
const OPEN: usize = 20;

/// Facts of one reason that stand open.
const FACTS: usize = 4;

pub(super) fn write(view: &View<'_>, provisions: &Provisions<'_>, page: &mut Html) {
    let mut law = Law { provisions, told: BTreeSet::new() };
    page.section("findings", "Findings");
    filter(page);
    let mut shown = 0;
    let mut total = 0;
    for (product, findings) in view.products() {
        total += findings.len();
        if shown >= MOST {
            continue;
        }
        page.raw("<div class=\"product\">\n").element("h3", "", &product_name(product));
        let supplier = product
            .supplier
            .as_deref()
            .filter(|supplier| !supplier.is_empty())
            .map(|by| format!("by {by}; "))
            .unwrap_or_default();
        page.element("p", "quiet", &format!("{supplier}known from {}", product.known_from)).raw("\n");
        if let Some(own) = words::makers_own(product) {
            page.element("p", "", own).raw("\n");
        }
        for finding in findings {
            if shown < MOST {
                card(view, finding, shown < OPEN, &mut law, page);
                shown += 1;
            }
        }
        page.raw("</div>\n");
    }
    if total == 0 {
        page.raw("<p>Nothing of what is looked for was found.</p>\n");
    }
    page.more(total, "finding");
    for (weight, title) in [
        (Weight::Waived, "Set aside by waiver"),
        (Weight::Context, "For context: talks to it or names it; none of it is inside"),
    ] {
        rest(view, weight, title, page);
    }
    page.raw("</section>\n");
}

/// Hidden until the script that serves it runs.
fn filter(page: &mut Html) {
    page.raw("<form id=\"filter\" role=\"search\" aria-label=\"Filter the findings\" hidden>\n<label>Search <input type=\"search\" id=\"filter-words\" autocomplete=\"off\"></label>\n");
    page.raw("<label>Verdict <select id=\"filter-effect\"><option value=\"\">any</option>");
    for effect in Effect::ALL.iter().rev() {
        page.put(format_args!("<option>{effect}</option>"));
    }
    page.raw("</select></label>\n<label>Witness <select id=\"filter-witness\"><option value=\"\">any</option>");
    for witness in interdict_model::Witness::ALL {
        page.put(format_args!("<option>{witness}</option>"));
    }
    page.raw("</select></label>\n<button type=\"button\" id=\"filter-open\">Open all</button>\n<output id=\"filter-shown\" aria-live=\"polite\"></output>\n</form>\n");
}

fn card(view: &View<'_>, finding: &Finding, open: bool, law: &mut Law<'_>, page: &mut Html) {
    let effect = view.effect(finding);
    let class = effect.map_or("none", Effect::name);
    page.put(format_args!(
        "<article class=\"finding {class}\" data-effect=\"{class}\" data-witness=\"{}\" id=\"",
        finding.witness
    ))
    .text(&finding.id.0)
    .raw("\">\n");
    page.raw("<h4>");
    match effect {
        Some(effect) => page.put(format_args!("<span class=\"effect {effect}\">{effect}</span> ")),
        None => page.raw("<span class=\"effect\">no verdict</span> "),
    };
    page.put(format_args!("<span class=\"witness {}\">", finding.witness))
        .text(words::witness(finding))
        .raw("</span> ");
    if let Some(state) = said::state(view, finding) {
        page.element("span", "witness", &state).raw(" ");
    }
    page.text(&finding.title).raw("</h4>\n");
    page.put(format_args!(
        "<p><strong>{}</strong>: {} <span class=\"quiet\">({}; {})</span></p>\n",
        finding.certainty,
        words::relation(finding.relation),
        finding.relation,
        words::certainty(finding.certainty)
    ));
    page.raw("<p class=\"where\">").element("code", "", finding.on.as_str()).raw("</p>\n");
    if let Some(verdict) = view.verdicts(finding).first() {
        page.raw("<p class=\"ruling\">");
        law.ruling(view, verdict, page);
        page.raw("</p>\n");
    }
    if finding.introducers.len() < 2 {
        path(finding, page);
    }
    ways::write(finding, page);
    for anomaly in view.lower_layers(finding) {
        page.element("p", "layer", &anomaly.detail).raw("\n");
    }
    page.put(format_args!("<details{}><summary>Evidence, law, identity</summary>\n", if open { " open" } else { "" }));
    page.element("p", "", words::witness_means(finding)).raw("\n");
    unsettled(finding, page);
    if let Some(told) = said::agreement(finding) {
        page.raw("<p>").prose(&told).raw("</p>\n");
    }
    let mut shown = BTreeSet::new();
    for one in finding.matches.iter().take(50) {
        evidence(one, &mut shown, page);
    }
    verdicts(view, finding, law, page);
    page.raw("<dl>");
    page.pair("id", &finding.id.0).pair("fingerprint", &finding.fingerprint.0).pair("entity", finding.entity.as_str());
    if let Some(digest) = &finding.digest {
        page.pair("digest", &digest.to_string());
    }
    if let Some(scope) = words::scope(finding.scope) {
        page.pair("scope", scope);
    }
    page.raw("</dl>\n</details>\n</article>\n");
}

/// What it rests on while it is not certain, and what would settle that.
fn unsettled(finding: &Finding, page: &mut Html) {
    for open in settles(finding) {
        let told = format!(
            "It rests on {}. What would confirm it: {}; what would show that it is none: {}.",
            open.fact(),
            open.confirms,
            open.clears
        );
        page.raw("<p>").prose(&told).raw("</p>\n");
    }
}

/// The way in as a row of boxes.
fn path(finding: &Finding, page: &mut Html) {
    if finding.path.len() < 2 {
        return;
    }
    page.raw("<ol class=\"path\" aria-label=\"How it got in\">");
    for (at, step) in finding.path.iter().take(40).enumerate() {
        page.raw("<li>");
        if at > 0 {
            page.element("span", "via", words::via(step.via));
        }
        page.raw("<span class=\"step\" title=\"")
            .text(step.locator.as_str())
            .raw("\">")
            .text(&step.name)
            .raw("</span></li>");
    }
    page.raw("</ol>\n");
}

/// A reason with its facts; what stands at a place is shown once for all reasons that rest on it.
fn evidence<'a>(one: &'a Match, shown: &mut BTreeSet<(&'a Locator, &'a Place)>, page: &mut Html) {
    page.raw("<div class=\"match\">\n<p>").element("code", "", one.rule.as_str());
    page.put(format_args!(" <span class=\"quiet\">{}, {}</span><br>", one.relation, one.certainty))
        .prose(&one.because)
        .raw("</p>\n<ul class=\"proof\">\n");
    let facts: Vec<&Observation> = facts(one).take(50).collect();
    let (first, rest) = facts.split_at(facts.len().min(FACTS));
    for seen in first {
        fact(one, seen, page);
        let here = one.excerpts.iter().filter(|excerpt| excerpt.at == seen.at);
        for excerpt in here.filter(|excerpt| shown.insert((&one.on, &excerpt.at))) {
            excerpt::write(excerpt, page);
        }
        page.raw("</li>\n");
    }
    page.raw("</ul>\n");
    if !rest.is_empty() {
        let more = words::count(rest.len(), "more fact");
        page.put(format_args!("<details class=\"more\"><summary>{more}</summary>\n<ul class=\"proof\">\n"));
        for seen in rest {
            fact(one, seen, page);
            page.raw("</li>\n");
        }
        page.raw("</ul>\n</details>\n");
    }
    page.raw("</div>\n");
}

/// A fact and its place, its item left open.
fn fact(one: &Match, seen: &Observation, page: &mut Html) {
    page.put(format_args!("<li><span class=\"kind\">{}</span> ", seen.fact.kind.name())).element(
        "mark",
        "",
        &seen.fact.value,
    );
    match &seen.at {
        Place::Whole => {}
        Place::Bytes { start, end } => {
            page.put(format_args!(
                " <span class=\"place\">bytes {start:#x}–{end:#x} ({})</span>",
                words::bytes(end.saturating_sub(*start))
            ));
        }
        Place::Pointer(pointer) => {
            page.raw(" ").element("span", "place", pointer);
        }
    }
    if seen.on != one.on {
        page.raw(" in ").element("code", "", seen.on.as_str());
    }
}

fn verdicts(view: &View<'_>, finding: &Finding, law: &mut Law<'_>, page: &mut Html) {
    if view.verdicts(finding).is_empty() {
        page.raw("<p>No regime that was asked speaks of it.</p>\n");
        return;
    }
    page.raw("<ul class=\"verdicts\">\n");
    for verdict in view.verdicts(finding) {
        page.raw("<li>");
        law.ruling(view, verdict, page);
        page.raw("</li>\n");
    }
    page.raw("</ul>\n");
}

/// What the law says, in its own words the first time, and with a way to them from then on.
struct Law<'a> {
    provisions: &'a Provisions<'a>,
    told: BTreeSet<usize>,
}

impl Law<'_> {
    fn ruling(&mut self, view: &View<'_>, verdict: &Verdict, page: &mut Html) {
        page.put(format_args!("<span class=\"effect {0}\">{0}</span> ", verdict.effect));
        if let Some(since) = verdict.since {
            page.put(format_args!("since {} ", since.date()));
        }
        page.element("strong", "", view.regime_title(&verdict.regime)).raw(" ").element("code", "", &verdict.provision);
        match self.provisions.anchor(verdict) {
            Some(at) if !self.told.insert(at) => {
                page.put(format_args!(" <a href=\"#law-{at}\">as the law says</a> "));
            }
            _ => {
                page.raw(": ").prose(&verdict.because).raw(" ");
            }
        }
        page.element("cite", "", &verdict.citation);
    }
}

fn rest(view: &View<'_>, weight: Weight, title: &str, page: &mut Html) {
    let findings: Vec<&Finding> = view.findings(weight).collect();
    if findings.is_empty() {
        return;
    }
    page.element("h3", "", title).raw("\n<ul class=\"rest\">\n");
    for finding in findings.iter().take(MOST) {
        page.raw("<li><strong>")
            .text(&finding.title)
            .put(format_args!("</strong> <span class=\"quiet\">{}, {}</span> ", finding.relation, finding.certainty));
        page.element("code", "", finding.on.as_str());
        let more = view.waiver(finding).map(said::waiver).or_else(|| said::proof(finding));
        page.element("p", "quiet", &more.unwrap_or_default()).raw("</li>\n");
    }
    page.raw("</ul>\n").more(findings.len(), "finding");
}
