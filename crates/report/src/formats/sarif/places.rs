//! Places in SARIF: every container on the way is an artifact, and a member says whose child it is (§3.24).
use std::collections::BTreeMap;

use interdict_model::{Finding, Locator, Observation, Place};
use serde_json::{Map, Value, json};

use crate::inert::brief;
use crate::said::WIDE;
use crate::uri;
use crate::view::{line, strongest_proof};

/// Locations that show the rest of the evidence, at most.
const MOST_RELATED: usize = 20;

/// The table of artifacts, filled as locations are made.
#[derive(Default)]
pub(super) struct Places {
    known: BTreeMap<(Option<usize>, String), usize>,
    table: Vec<Value>,
}

impl Places {
    pub(super) fn artifacts(self) -> Vec<Value> {
        self.table
    }

    /// Where the finding lies; its strongest proof says which bytes.
    pub(super) fn of_finding(&mut self, finding: &Finding) -> Value {
        let fact = strongest_proof(finding).and_then(|(_, fact)| fact).filter(|fact| fact.on == finding.on);
        let mut place = self.location(&finding.on, fact.map(|fact| &fact.at));
        if let Some((line, text)) = line(finding)
            && let Some(Value::Object(physical)) = place.get_mut("physicalLocation")
        {
            let region = json!({ "startLine": line.max(1), "snippet": { "text": brief(text.trim(), WIDE * 2) } });
            physical.insert("region".into(), region);
        }
        let digest = finding.digest.as_ref().filter(|_| finding.on.fragment().is_none());
        if let (Some(digest), Some(at)) = (digest, self.index(&finding.on))
            && let Some(Value::Object(artifact)) = self.table.get_mut(at)
        {
            artifact.insert("hashes".into(), json!({ "sha-256": digest.hex() }));
        }
        if let Some(place) = place.as_object_mut() {
            place.insert("id".into(), json!(0));
        }
        place
    }

    /// Where each fact stands that met a rule.
    pub(super) fn of_proofs(&mut self, finding: &Finding) -> Vec<Value> {
        let facts = finding.matches.iter().flat_map(|one| &one.proof).take(MOST_RELATED);
        let mut related = Vec::new();
        for (at, fact) in facts.enumerate() {
            let mut place = self.location(&fact.on, Some(&fact.at));
            if let Some(place) = place.as_object_mut() {
                place.insert("id".into(), json!(at + 1));
                place.insert("message".into(), super::message(&words(fact)));
            }
            related.push(place);
        }
        related
    }

    pub(super) fn of_locator(&mut self, locator: &Locator) -> Value {
        self.location(locator, None)
    }

    fn location(&mut self, locator: &Locator, at: Option<&Place>) -> Value {
        let mut artifact = Map::new();
        if let Some(index) = self.index(locator) {
            artifact.insert("index".into(), json!(index));
            artifact.insert("uri".into(), json!(uri::steps(locator).pop().unwrap_or_default()));
        }
        let mut physical = json!({ "artifactLocation": artifact });
        if let (Some(Place::Bytes { start, end }), Some(physical)) = (at, physical.as_object_mut()) {
            let region = json!({ "byteOffset": start, "byteLength": end.saturating_sub(*start) });
            physical.insert("region".into(), region);
        }
        let mut logical = Map::new();
        logical.insert("fullyQualifiedName".into(), json!(brief(locator.as_str(), WIDE * 5)));
        if let Some(fragment) = locator.fragment() {
            logical.insert("name".into(), json!(brief(fragment, WIDE)));
            logical.insert("kind".into(), json!("package"));
        }
        if let Some(Place::Pointer(pointer)) = at {
            logical.insert("decoratedName".into(), json!(brief(pointer, WIDE)));
        }
        json!({ "physicalLocation": physical, "logicalLocations": [logical] })
    }

    /// The artifact's line in the table, with one for each container above it.
    fn index(&mut self, locator: &Locator) -> Option<usize> {
        let mut parent = None;
        for step in uri::steps(locator) {
            let next = self.table.len();
            let at = *self.known.entry((parent, step.clone())).or_insert(next);
            if at == next {
                let mut artifact = json!({ "location": { "uri": step } });
                if let (Some(above), Some(artifact)) = (parent, artifact.as_object_mut()) {
                    artifact.insert("parentIndex".into(), json!(above));
                }
                self.table.push(artifact);
            }
            parent = Some(at);
        }
        parent
    }
}

fn words(fact: &Observation) -> String {
    format!("{} `{}`, seen by {}", fact.fact.kind.name(), brief(&fact.fact.value, WIDE), brief(&fact.by.0, WIDE))
}
