//! SARIF 2.1.0 for code scanning: one result a finding, one rule an entity, one notification a gap.
mod places;

use std::collections::BTreeMap;
use std::io;

use interdict_model::{Entity, EntityId, Finding, Gap, Report, State};
use serde_json::{Map, Value, json};

use super::{Look, Writer};
use crate::inert::brief;
use crate::inert_json;
use crate::said::{self, Level, WIDE};
use crate::view::{View, Weight};
use crate::words;
use places::Places;

pub(super) const ENTRY: Writer =
    Writer { id: "sarif", title: "SARIF 2.1.0, for code scanning", extension: "sarif", write, bill: None };

/// What GitHub takes in one run; beyond, the whole file would be refused.
const MOST_RESULTS: usize = 25_000;
const MOST_GAPS: usize = 5_000;

fn write(report: &Report, _: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let view = View::of(report);
    let mut places = Places::default();
    let rules = rules(&view);
    let index: BTreeMap<&str, usize> =
        rules.iter().enumerate().filter_map(|(at, rule)| Some((rule.get("id")?.as_str()?, at))).collect();
    let ordered =
        [Weight::Finding, Weight::Context, Weight::Waived].into_iter().flat_map(|weight| view.findings(weight));
    let results: Vec<Value> =
        ordered.take(MOST_RESULTS).map(|finding| result(&view, finding, &index, &mut places)).collect();
    let invocation = invocation(&view, &mut places);
    let run = json!({
        "tool": { "driver": {
            "name": brief(&report.tool.name, WIDE),
            "version": brief(&report.tool.version, WIDE),
            "informationUri": "https://github.com/interdict/interdict",
            "rules": rules,
            "notifications": notifications(),
            "properties": { "packs": report.packs },
        }},
        "automationDetails": { "id": format!("interdict/{}", super::super::uri::reference(brief(&report.profile.name, 80).as_bytes())) },
        "columnKind": "unicodeCodePoints",
        "artifacts": places.artifacts(),
        "invocations": [invocation],
        "results": results,
        "properties": {
            "outcome": report.outcome,
            "asOf": report.as_of,
            "profile": report.profile.name,
            "coverage": report.coverage,
            "notes": report.legend.notes.iter().map(|note| brief(note, WIDE * 4)).collect::<Vec<_>>(),
        },
    });
    let log = json!({ "version": "2.1.0", "$schema": "https://json.schemastore.org/sarif-2.1.0.json", "runs": [run] });
    inert_json::pretty(&log, out)
}

/// Text in which nothing reads as a placeholder or a link (SARIF 2.1.0 §3.11.5, §3.11.6).
fn message(text: &str) -> Value {
    let mut safe = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '{' => safe.push_str("{{"),
            '}' => safe.push_str("}}"),
            '\\' | '[' | ']' => safe.extend(['\\', character]),
            _ => safe.push(character),
        }
    }
    json!({ "text": safe })
}

/// Every entity that a finding names; the finding's own title stands in for an entity the legend lacks.
fn rules(view: &View<'_>) -> Vec<Value> {
    let mut entities: BTreeMap<&EntityId, (&str, Option<&Entity>)> = BTreeMap::new();
    for finding in &view.report.findings {
        entities.entry(&finding.entity).or_insert((&finding.title, view.entity(finding)));
    }
    entities.into_iter().map(|(id, (title, entity))| rule(id, title, entity)).collect()
}

fn rule(id: &EntityId, title: &str, entity: Option<&Entity>) -> Value {
    let title = brief(entity.map_or(title, |entity| &entity.title), WIDE);
    let about = entity.map(|entity| {
        format!(" It is a product of the class {}, made by {}.", entity.class, brief(entity.made_by.as_str(), WIDE))
    });
    let full = format!("{title} is part of what is looked at.{}", about.unwrap_or_default());
    let help = format!(
        "{full} What a regime says of it depends on the profile and the date: the result's message cites the provision. \
         `interdict explain` shows every proof, the way in, and what would raise or clear it."
    );
    let mut rule = json!({
        "id": brief(id.as_str(), WIDE),
        "shortDescription": message(&format!("Contains, calls or names {title}")),
        "fullDescription": message(&full),
        "help": message(&help),
        "defaultConfiguration": { "level": "warning" },
    });
    if let (Some(entity), Some(rule)) = (entity, rule.as_object_mut()) {
        rule.insert(
            "properties".into(),
            json!({ "tags": ["supply-chain", entity.class], "source": brief(&entity.source, WIDE) }),
        );
    }
    rule
}

fn result(view: &View<'_>, finding: &Finding, index: &BTreeMap<&str, usize>, places: &mut Places) -> Value {
    let level = match said::level(view, finding) {
        Level::Error => "error",
        Level::Warning => "warning",
        Level::Note => "note",
    };
    let mut text = format!("{}.", said::finding(finding));
    if let Some(proof) = said::proof(finding) {
        text = format!("{text} {proof}");
    }
    if let Some(verdict) = view.verdicts(finding).first() {
        text = format!("{text} {}", said::verdict(view, verdict));
    }
    let id = brief(finding.entity.as_str(), WIDE);
    let mut result = Map::new();
    if let Some(at) = index.get(id.as_str()) {
        result.insert("ruleIndex".into(), json!(at));
    }
    result.insert("ruleId".into(), json!(id));
    result.insert("level".into(), json!(level));
    result.insert("message".into(), message(&text));
    result.insert("locations".into(), json!([places.of_finding(finding)]));
    let related = places.of_proofs(finding);
    if !related.is_empty() {
        result.insert("relatedLocations".into(), json!(related));
    }
    result.insert("partialFingerprints".into(), json!({ "interdict/v1": finding.fingerprint }));
    if let Some(change) = view.change(finding) {
        let state = match change.state {
            State::New | State::Reintroduced => "new",
            State::Changed => "updated",
            State::Moved | State::Unchanged => "unchanged",
        };
        result.insert("baselineState".into(), json!(state));
    }
    if let Some(waiver) = view.waiver(finding) {
        let accepted = json!([{ "kind": "external", "status": "accepted", "justification": said::waiver(waiver) }]);
        result.insert("suppressions".into(), accepted);
    }
    result.insert("properties".into(), properties(view, finding));
    Value::Object(result)
}

fn properties(view: &View<'_>, finding: &Finding) -> Value {
    let verdicts: Vec<Value> = view
        .verdicts(finding)
        .iter()
        .map(|verdict| {
            json!({
                "regime": verdict.regime, "provision": verdict.provision, "effect": verdict.effect,
                "since": verdict.since, "citation": brief(&verdict.citation, WIDE),
            })
        })
        .collect();
    let path: Vec<String> =
        finding.path.iter().map(|step| format!("{} {}", words::via(step.via), brief(&step.name, WIDE))).collect();
    json!({
        "finding": finding.id, "relation": finding.relation, "certainty": finding.certainty, "witness": finding.witness,
        "scope": finding.scope, "product": brief(&crate::view::product_name(&finding.product), WIDE),
        "path": path, "rules": finding.matches.iter().map(|one| &one.rule).collect::<Vec<_>>(), "verdicts": verdicts,
    })
}

fn invocation(view: &View<'_>, places: &mut Places) -> Value {
    let report = view.report;
    let mut notices: Vec<Value> = report.gaps.iter().take(MOST_GAPS).map(|gap| notification(gap, places)).collect();
    let left = report.gaps.len().saturating_sub(MOST_GAPS);
    let cut = report.findings.len().saturating_sub(MOST_RESULTS);
    for (left, what) in [(left, "gap"), (cut, "finding")] {
        if left > 0 {
            let text = format!("{} left out here; the JSON report has all.", words::count(left, what));
            notices.push(json!({ "level": "warning", "message": message(&text), "descriptor": { "id": "cut" } }));
        }
    }
    json!({ "executionSuccessful": report.coverage.complete, "toolExecutionNotifications": notices })
}

fn notification(gap: &Gap, places: &mut Places) -> Value {
    let accepted = gap.accepted.as_deref().map(|by| format!(" (accepted by {})", brief(by, WIDE))).unwrap_or_default();
    json!({
        "level": if gap.material && gap.accepted.is_none() { "warning" } else { "note" },
        "descriptor": { "id": format!("gap/{}", gap.reason.name()) },
        "message": message(&format!("{}{accepted}", said::gap(gap))),
        "locations": [places.of_locator(&gap.on)],
    })
}

fn notifications() -> Vec<Value> {
    use interdict_model::GapReason as Why;
    let reasons = [
        Why::Encrypted,
        Why::Malformed,
        Why::OverLimit,
        Why::Unsupported,
        Why::Packed,
        Why::Unreadable,
        Why::Ambiguous,
        Why::Missing,
        Why::TimedOut,
        Why::Crashed,
        Why::Changed,
    ];
    let gaps = reasons.into_iter().map(|reason| {
        json!({
            "id": format!("gap/{}", reason.name()),
            "shortDescription": message(&format!("Not examined: {}", words::gap(reason))),
        })
    });
    gaps.chain([json!({ "id": "cut", "shortDescription": message("More than one file of this format may hold") })])
        .collect()
}
