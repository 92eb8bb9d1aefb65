//! OpenVEX 0.2.0: what the findings say of each product, as statements about the entity.
use std::io;

use interdict_model::{Digest, Effect, Finding, Outcome, Report, Witness};
use serde_json::{Map, Value, json};

use super::{Look, Writer};
use crate::bom::is_settled;
use crate::inert::brief;
use crate::inert_json;
use crate::said::{self, WIDE};
use crate::uri::urn;
use crate::view::{View, Weight, product_name};
use crate::words;

pub(super) const ENTRY: Writer =
    Writer { id: "openvex", title: "OpenVEX 0.2.0 statements", extension: "json", write, bill: None };

fn write(report: &Report, _: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let view = View::of(report);
    let weights = [Weight::Finding, Weight::Waived, Weight::Context];
    let statements: Vec<Value> =
        weights.into_iter().flat_map(|weight| view.findings(weight)).map(|finding| statement(&view, finding)).collect();
    let statements = if statements.is_empty() { vec![nothing_found(report)] } else { statements };
    let mut canonical = Vec::new();
    inert_json::compact(report, &mut canonical)?;
    let document = json!({
        "@context": "https://openvex.dev/ns/v0.2.0",
        "@id": format!("urn:interdict:vex:{}", Digest::of(&canonical).hex()),
        "author": format!("{} {}", brief(&report.tool.name, WIDE), brief(&report.tool.version, WIDE)),
        "role": "Scanner",
        "timestamp": report.as_of,
        "version": 1,
        "tooling": report.packs.iter().map(|pack| format!("{} {}", brief(&pack.id, WIDE), brief(&pack.version, WIDE))).collect::<Vec<_>>().join(", "),
        "statements": statements,
    });
    inert_json::pretty(&document, out)
}

/// The format wants at least one statement; clear is said only where the report itself is clear.
fn nothing_found(report: &Report) -> Value {
    let mut statement = json!({
        "vulnerability": {
            "@id": urn("pack", &report.packs.first().map(|pack| brief(&pack.id, WIDE)).unwrap_or_default()),
            "name": "interdict:any",
            "description": "Any entity of the packs is part of the product",
        },
        "products": report.inputs.iter().map(|input| json!({ "@id": urn("place", &brief(input.locator.as_str(), WIDE * 5)) })).collect::<Vec<_>>(),
        "status": "under_investigation",
        "status_notes": words::outcome(report.outcome),
    });
    if let (Outcome::Clear, Some(statement)) = (report.outcome, statement.as_object_mut()) {
        statement.insert("status".into(), json!("not_affected"));
        statement.insert("justification".into(), json!("component_not_present"));
    }
    statement
}

/// What OpenVEX can say of it: `affected` asks for what to do, `not_affected` for why.
fn statement(view: &View<'_>, finding: &Finding) -> Value {
    let mut statement = Map::new();
    let mut set = |key: &str, value: Value| statement.insert(key.to_owned(), value);
    set(
        "vulnerability",
        json!({
            "@id": urn("entity", finding.entity.as_str()),
            "name": format!("interdict:{}", brief(finding.entity.as_str(), WIDE)),
            "description": format!("{} is part of the product", brief(&finding.title, WIDE)),
        }),
    );
    set("products", json!([product(finding)]));
    set("status_notes", json!(notes(view, finding)));
    if let Some(waiver) = view.waiver(finding) {
        let waiver = said::waiver(waiver);
        if is_settled(finding) {
            set("status", json!("affected"));
            set("action_statement", json!(waiver));
        } else {
            set("status", json!("under_investigation"));
            set("status_notes", json!(format!("{} {waiver}", notes(view, finding))));
        }
        return Value::Object(statement);
    }
    match view.effect(finding) {
        Some(Effect::Prohibited) if finding.witness != Witness::DeclaredOnly => {
            set("status", json!("affected"));
            set("action_statement", json!("Ship a build without it, or do not ship to those the regime binds."));
        }
        Some(effect) if effect < Effect::Review || view.weight(finding) == Weight::Context => {
            set("status", json!("not_affected"));
            let why = match effect {
                Effect::NotCovered => "No regime that was asked covers it",
                Effect::Exempt => "The regimes that were asked exempt it",
                Effect::Future => "No regime that was asked is in force on this date",
                Effect::Advisory | Effect::Review | Effect::Prohibited => {
                    "Authorities warn of it; no regime that was asked prohibits it"
                }
            };
            set(
                "impact_statement",
                json!(format!("{why}, as of {}. The component is there all the same.", view.report.as_of)),
            );
        }
        None if view.weight(finding) == Weight::Context => {
            set("status", json!("not_affected"));
            set("impact_statement", json!(format!("Of the component: {}.", words::relation(finding.relation))));
        }
        _ => {
            set("status", json!("under_investigation"));
        }
    }
    Value::Object(statement)
}

fn product(finding: &Finding) -> Value {
    let mut within = json!({ "@id": urn("place", &brief(finding.on.as_str(), WIDE * 5)) });
    if let (Some(digest), Some(within)) = (&finding.digest, within.as_object_mut()) {
        within.insert("hashes".into(), json!({ "sha-256": digest.hex() }));
    }
    json!({ "@id": urn("product", &brief(&product_name(&finding.product), WIDE)), "subcomponents": [within] })
}

fn notes(view: &View<'_>, finding: &Finding) -> String {
    let mut notes = format!("{} {}", words::witness_means(finding), said::finding(finding));
    if let Some(proof) = said::proof(finding) {
        notes = format!("{notes}. {}", proof.trim_end_matches('.'));
    }
    if let Some(verdict) = view.verdicts(finding).first() {
        notes = format!("{notes}. {}", said::verdict(view, verdict));
    }
    notes
}
