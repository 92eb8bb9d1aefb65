//! One finding as a component: how it is known, how sure, where it was seen, what the law says.
use interdict_model::{Certainty, FactKind, Finding, Locator, Match, Observation, Place, Scope, Technique};
use serde_json::{Map, Value, json};

use super::found::property;
use crate::inert::brief;
use crate::said::{self, WIDE};
use crate::view::View;
use crate::words;

/// Places listed for one component, at most.
const MOST: usize = 50;

pub(super) fn of(view: &View<'_>, finding: &Finding, reference: &str) -> Value {
    let mut component = Map::new();
    let mut set = |key: &str, value: Value| component.insert(key.to_owned(), value);
    set("type", json!("library"));
    set("bom-ref", json!(reference));
    set("name", json!(brief(&finding.title, WIDE)));
    if let Some(entity) = view.entity(finding) {
        set("manufacturer", json!({ "name": brief(entity.made_by.as_str(), WIDE) }));
    }
    set("description", json!(said::finding(finding)));
    set("scope", json!(scope(finding.scope)));
    if let Some(purl) = purl(finding) {
        set("purl", json!(purl));
    }
    if let Some(digest) = finding.digest.as_ref().filter(|_| finding.on.fragment().is_none()) {
        set("hashes", json!([{ "alg": "SHA-256", "content": digest.hex() }]));
    }
    let places: Vec<Value> = facts(finding).map(occurrence).collect();
    set("evidence", json!({ "identity": [identity(finding)], "occurrences": places }));
    set("properties", json!(properties(view, finding)));
    Value::Object(component)
}

const fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Required => "required",
        Scope::Optional => "optional",
        Scope::Excluded | Scope::Dev | Scope::Test | Scope::Build => "excluded",
    }
}

/// The package URL that a proof shows, where it is one.
pub(crate) fn purl(finding: &Finding) -> Option<&str> {
    let facts = finding.matches.iter().flat_map(|one| &one.proof);
    let mut purls = facts.filter(|fact| fact.fact.kind == FactKind::Purl).map(|fact| fact.fact.value.as_str());
    purls
        .find(|purl| purl.starts_with("pkg:") && purl.len() < 1_000 && purl.bytes().all(|byte| byte.is_ascii_graphic()))
}

/// Our three words on the scale that the format asks for.
const fn confidence(certainty: Certainty) -> f64 {
    match certainty {
        Certainty::Possible => 0.3,
        Certainty::Probable => 0.7,
        Certainty::Confirmed => 1.0,
    }
}

/// How it is known, and how sure.
pub(super) fn identity(finding: &Finding) -> Value {
    let methods: Vec<Value> = finding.matches.iter().take(MOST).flat_map(methods).collect();
    json!({
        "field": "name",
        "confidence": confidence(finding.certainty),
        "concludedValue": brief(&finding.title, WIDE),
        "methods": methods,
    })
}

fn methods(one: &Match) -> impl Iterator<Item = Value> + use<'_> {
    let techniques = if one.techniques.is_empty() { &[Technique::Other][..] } else { &one.techniques };
    techniques.iter().map(|technique| {
        json!({
            "technique": words::technique_name(*technique),
            "confidence": confidence(one.certainty),
            "value": brief(&format!("{}: {}", one.rule, one.because), WIDE * 2),
        })
    })
}

fn facts(finding: &Finding) -> impl Iterator<Item = &Observation> {
    finding.matches.iter().flat_map(|one| &one.proof).take(MOST)
}

/// Where it was seen, the document itself aside.
pub(super) fn occurrences_beside(finding: &Finding, document: &Locator) -> Vec<Value> {
    facts(finding).filter(|fact| fact.on.artifact() != document.as_str()).map(occurrence).collect()
}

fn occurrence(fact: &Observation) -> Value {
    let mut occurrence = Map::new();
    occurrence.insert("location".into(), json!(brief(fact.on.as_str(), WIDE * 5)));
    let mut context = format!("{} = {}", fact.fact.kind.name(), brief(&fact.fact.value, WIDE));
    match &fact.at {
        Place::Whole => {}
        Place::Bytes { start, .. } => {
            occurrence.insert("offset".into(), json!(start));
            context = format!("{context} at bytes {}", fact.at);
        }
        Place::Pointer(pointer) => context = format!("{context} at {}", brief(pointer, WIDE)),
    }
    if matches!(
        fact.fact.kind,
        FactKind::DefinedSymbol | FactKind::UndefinedSymbol | FactKind::Import | FactKind::Export
    ) {
        occurrence.insert("symbol".into(), json!(brief(&fact.fact.value, WIDE)));
    }
    occurrence.insert("additionalContext".into(), json!(context));
    Value::Object(occurrence)
}

/// The finding in a line, and what the law says of it: for a component that stood in the input already.
pub(super) fn remarks(view: &View<'_>, finding: &Finding) -> Vec<Value> {
    let line = format!(
        "{} {}, {}, {}, fingerprint {}, at {}",
        finding.id, finding.relation, finding.certainty, finding.witness, finding.fingerprint.0, finding.on
    );
    let mut remarks = vec![property("entity", finding.entity.as_str()), property("finding", &line)];
    remarks.extend(view.verdicts(finding).iter().map(|verdict| property("verdict", &said::verdict(view, verdict))));
    remarks
}

fn properties(view: &View<'_>, finding: &Finding) -> Vec<Value> {
    let mut properties = vec![
        property("entity", finding.entity.as_str()),
        property("fingerprint", &finding.fingerprint.0),
        property("relation", finding.relation.name()),
        property("certainty", finding.certainty.name()),
        property("witness", finding.witness.name()),
        property("where", finding.on.as_str()),
    ];
    properties.extend(view.verdicts(finding).iter().map(|verdict| property("verdict", &said::verdict(view, verdict))));
    properties
}
