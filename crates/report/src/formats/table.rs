//! One screen for a person at a terminal: is it in there, where, how sure, what now.
mod card;
mod context;
mod law;
mod ledger;
mod next;
mod quality;

use std::io;

use interdict_model::{Report, Witness};

use self::law::Rulings;
use super::{Look, Writer, moment};
use crate::page::{Page, Text, Tone};
use crate::said;
use crate::view::{View, Weight, gaps, product_name};
use crate::words;

pub(super) const ENTRY: Writer =
    Writer { id: "table", title: "one screen for a person at a terminal", extension: "txt", write, bill: None };

/// Findings shown in full before the rest get a line each, and lines before the rest are counted.
const CARDS: usize = 6;
const LINES: usize = 24;

fn write(report: &Report, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let view = View::of(report);
    let page = &mut Page::new(look, out);
    headline(&view, page)?;
    findings(&view, look, page)?;
    context::write(&view, look, page)?;
    quality::write(report, page)?;
    ledger::write(&view, look, page)?;
    next::write(&view, page)
}

fn headline(view: &View<'_>, page: &mut Page<'_>) -> io::Result<()> {
    let report = view.report;
    let whom = if !report.profile.is_given() {
        "no profile given".to_owned()
    } else if report.profile.name.is_empty() {
        let roles: Vec<&str> = report.profile.roles.iter().map(|role| role.0.as_str()).collect();
        format!("for {}", roles.join(", "))
    } else {
        format!("for {}", report.profile.name)
    };
    let first = Text::new()
        .say(Tone::of_outcome(report.outcome), report.outcome.name().to_uppercase())
        .plain("  ")
        .say(Tone::Strong, whom)
        .plain(format!(", as of {}", moment(report.as_of)));
    page.text(0, &first)?;
    page.text(0, &Text::new().plain(words::outcome(report.outcome)).plain(" ").plain(summary(view)))?;
    gate(view, page)
}

/// Against a baseline the gate goes by what is new; the headline stays what it is.
fn gate(view: &View<'_>, page: &mut Page<'_>) -> io::Result<()> {
    let Some(comparison) = &view.report.comparison else { return Ok(()) };
    let text = Text::new().plain(format!(
        "Against the report of {}: {}.",
        moment(comparison.as_of),
        crate::compared::numbers(view)
    ));
    let Some(outcome) = comparison.outcome else { return page.text(0, &text) };
    page.text(
        0,
        &text
            .plain(" What is new alone is ")
            .say(Tone::of_outcome(outcome), outcome.name())
            .plain(": the gate goes by that."),
    )
}

/// What was found, in one sentence of numbers.
fn summary(view: &View<'_>) -> String {
    let found: Vec<_> = view.findings(Weight::Finding).collect();
    let mut parts = Vec::new();
    if !found.is_empty() {
        let undeclared = found.iter().filter(|finding| finding.witness == Witness::ObservedOnly).count();
        let products = view.products().len();
        let hidden = if undeclared > 0 { format!(", {undeclared} undeclared") } else { String::new() };
        parts.push(format!(
            "{} in {}{hidden}",
            words::count(found.len(), "finding"),
            words::count(products, "product")
        ));
    }
    let context = view.findings(Weight::Context).count();
    if context > 0 {
        parts.push(format!("{} or connector{}", words::count(context, "mention"), if context == 1 { "" } else { "s" }));
    }
    let waived = view.findings(Weight::Waived).count();
    if waived > 0 {
        parts.push(format!("{waived} set aside by waiver"));
    }
    let (material, _, _) = gaps(view.report);
    if !material.is_empty() {
        parts.push(format!("{} that could hide something", words::count(material.len(), "gap")));
    }
    if parts.is_empty() { String::new() } else { format!("{}.", parts.join("; ")) }
}

fn findings(view: &View<'_>, look: &Look, page: &mut Page<'_>) -> io::Result<()> {
    let (cards, lines) = if look.verbose > 0 { (usize::MAX, usize::MAX) } else { (CARDS, LINES) };
    let mut shown: usize = 0;
    let mut left = 0;
    let told = view.products().into_iter().flat_map(|(_, findings)| findings).take(cards);
    let rulings = Rulings::of(view, look, told);
    for (product, findings) in view.products() {
        if shown >= cards.saturating_add(lines) {
            left += findings.len();
            continue;
        }
        page.blank()?;
        let mut name = Text::new().say(Tone::Strong, product_name(product));
        if let Some(supplier) = product.supplier.as_deref().filter(|supplier| !supplier.is_empty()) {
            name = name.plain(" by ").plain(supplier);
        }
        page.spread(0, name, &format!("known from {}", crate::inert::brief(&product.known_from, 60)))?;
        if let Some(own) = words::makers_own(product) {
            page.text(2, &Text::new().say(Tone::Doubt, own))?;
        }
        for finding in findings {
            shown += 1;
            if shown <= cards {
                card::write(view, finding, &rulings, page)?;
            } else if shown <= cards.saturating_add(lines) {
                card::line(view, finding, page)?;
            } else {
                left += 1;
            }
        }
    }
    if left > 0 {
        page.text(
            2,
            &Text::new()
                .plain(format!("… and {}: -v shows all, -o json=FILE keeps all", words::count(left, "more finding"))),
        )?;
    }
    rulings.write(view, look, page)?;
    waived(view, look, page)
}

fn waived(view: &View<'_>, look: &Look, page: &mut Page<'_>) -> io::Result<()> {
    let aside: Vec<_> = view.findings(Weight::Waived).collect();
    if aside.is_empty() && view.report.waivers.is_empty() {
        return Ok(());
    }
    page.blank()?;
    if !aside.is_empty() {
        page.text(0, &Text::new().say(Tone::Strong, "Set aside by waiver"))?;
    }
    let most = if look.verbose > 0 { usize::MAX } else { LINES };
    for finding in aside.iter().take(most) {
        let Some(waiver) = view.waiver(finding) else { continue };
        let text = Text::new()
            .plain(&finding.title)
            .plain(" in ")
            .plain(product_name(&finding.product))
            .quiet(format!(" {} ", finding.id))
            .plain(format!("until {}: ", waiver.until))
            .plain(&waiver.reason)
            .plain(" — ")
            .plain(&waiver.owner)
            .plain(waiver.ticket.as_ref().map(|ticket| format!(", {ticket}")).unwrap_or_default());
        page.text(2, &text)?;
    }
    more(aside.len(), most, "waived finding", page)?;
    for note in view.report.waivers.iter().take(most) {
        page.text(0, &Text::new().say(Tone::Doubt, said::waiver_note(note)))?;
    }
    Ok(())
}

/// Says how many more there are, where some were left out.
fn more(total: usize, shown: usize, what: &str, page: &mut Page<'_>) -> io::Result<()> {
    let left = total.saturating_sub(shown);
    if left == 0 {
        return Ok(());
    }
    page.text(2, &Text::new().quiet(format!("… and {}", words::count(left, &format!("more {what}")))))
}
