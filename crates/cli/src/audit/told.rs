//! A portfolio as a table and as JSON.
use interdict_model::{Finding, Gap, Instant, Outcome, Profile, Relation, Report, Witness};
use serde_json::{Value, json};

use super::Delivery;

/// Findings and gaps told of each supplier in the table; JSON has all.
const MOST: usize = 8;

pub(super) fn table(deliveries: &[Delivery], worst: Outcome, profile: &Profile, as_of: Instant) -> String {
    let whom = if profile.name.is_empty() { "nobody in particular" } else { &profile.name };
    let mut lines = vec![
        format!(
            "{}  {} suppliers, for {whom}, as of {}\n",
            worst.name().to_uppercase(),
            deliveries.len(),
            as_of.date()
        ),
        format!(
            "{:<28} {:<13} {:>5} {:>10} {:>9} {:>8} {:>12}",
            "supplier", "outcome", "SBOMs", "undeclared", "confirmed", "declared", "not examined"
        ),
    ];
    for one in deliveries {
        let count = |witness: Witness| inside(&one.report).filter(|finding| finding.witness == witness).count();
        let alone = count(Witness::DeclaredOnly) + count(Witness::NotCompared);
        lines.push(format!(
            "{:<28} {:<13} {:>5} {:>10} {:>9} {:>8} {:>12}",
            one.name,
            one.report.outcome.name(),
            documents(&one.report),
            count(Witness::ObservedOnly),
            count(Witness::DeclaredAndObserved),
            alone,
            open(&one.report).count()
        ));
    }
    for one in deliveries {
        let told: Vec<_> = inside(&one.report).map(finding).chain(open(&one.report).map(gap)).collect();
        if told.is_empty() {
            continue;
        }
        lines.push(format!("\n{}  {}", one.name, one.report.outcome.name().to_uppercase()));
        lines.extend(told.iter().take(MOST).cloned());
        if told.len() > MOST {
            lines.push(format!("  and {} more: interdict scan it alone", told.len() - MOST));
        }
    }
    lines.push(
        "\nundeclared: in the delivery, and its SBOM does not say so · confirmed: both say so · declared: one side only was seen\n\
         not examined: what could hide something and was not looked at; nothing is said of it"
            .to_owned(),
    );
    lines.join("\n")
}

pub(super) fn json(deliveries: &[Delivery], worst: Outcome, profile: &Profile, as_of: Instant) -> Value {
    let suppliers = deliveries.iter().map(|one| {
        let report = &one.report;
        let of = |witness: Witness| -> Vec<Value> {
            inside(report)
                .filter(|finding| finding.witness == witness)
                .map(|finding| as_json(finding, report))
                .collect()
        };
        json!({
            "supplier": one.name,
            "outcome": report.outcome,
            "documents": documents(report),
            "undeclared": of(Witness::ObservedOnly),
            "confirmed": of(Witness::DeclaredAndObserved),
            "declared_only": of(Witness::DeclaredOnly),
            "not_compared": of(Witness::NotCompared),
            "not_examined": open(report).collect::<Vec<_>>(),
            "coverage": report.coverage,
        })
    });
    json!({
        "schema": "interdict.audit/1",
        "as_of": as_of,
        "profile": profile,
        "outcome": worst,
        "packs": deliveries.first().map(|one| &one.report.packs),
        "law": deliveries.first().map(|one| &one.report.law),
        "suppliers": suppliers.collect::<Vec<_>>(),
    })
}

fn as_json(finding: &Finding, report: &Report) -> Value {
    let verdicts = report.verdicts.iter().filter(|verdict| verdict.finding == finding.id);
    json!({
        "id": finding.id,
        "fingerprint": finding.fingerprint,
        "entity": finding.entity,
        "title": finding.title,
        "relation": finding.relation,
        "certainty": finding.certainty,
        "on": finding.on,
        "product": finding.product,
        "waived": report.waived.iter().any(|waived| waived.finding == finding.id),
        "verdicts": verdicts.collect::<Vec<_>>(),
    })
}

/// What is in the delivery or said to be; neither connectors nor mentions.
fn inside(report: &Report) -> impl Iterator<Item = &Finding> {
    report.findings.iter().filter(|finding| !matches!(finding.relation, Relation::Connects | Relation::Mentions))
}

fn open(report: &Report) -> impl Iterator<Item = &Gap> {
    report.gaps.iter().filter(|gap| gap.material && gap.accepted.is_none())
}

fn documents(report: &Report) -> usize {
    report.inputs.iter().filter(|input| input.counts.is_some()).count()
}

fn finding(finding: &Finding) -> String {
    let witness = match finding.witness {
        Witness::ObservedOnly => "UNDECLARED",
        Witness::DeclaredAndObserved => "confirmed",
        Witness::DeclaredOnly => "declared, not seen",
        Witness::NotCompared => "one side only",
    };
    let (certainty, relation) = (finding.certainty, finding.relation);
    shown(&format!("  {witness:<18} {} ({certainty}, {relation}) {}  {}", finding.title, finding.on, finding.id))
}

fn gap(gap: &Gap) -> String {
    shown(&format!("  {:<18} {}: {}", "not examined", gap.on, gap.detail))
}

/// What an input says must not steer a terminal.
fn shown(text: &str) -> String {
    const WIDE: usize = 240;
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(WIDE).collect()
}
