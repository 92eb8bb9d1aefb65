//! What is to be added to the input's BOM: evidence to the components that stand, and the components that do not.
use std::collections::{BTreeMap, BTreeSet};

use interdict_model::{Finding, Input, Locator, Place, Witness};
use serde_json::Value;

use super::found::{assembly, is_component, products, remarks};
use super::tree::{Spot, Standing};
use super::{component, waiver};
use crate::inert::brief;
use crate::said::WIDE;
use crate::view::View;

/// Components that one finding is written to, at most.
const SPOTS: usize = 8;

/// What to add, in the terms of the JSON encoding.
pub(super) struct Plan {
    pub(super) annotations: BTreeMap<Spot, Annotation>,
    /// New entries of `components`.
    pub(super) components: Vec<Value>,
    /// The new components that the BOM's subject holds.
    pub(super) held: Vec<String>,
    pub(super) vulnerabilities: Vec<Value>,
    /// Properties of the metadata.
    pub(super) remarks: Vec<Value>,
}

/// What is added to one component.
#[derive(Default)]
pub(super) struct Annotation {
    /// A `bom-ref` for one that has none and needs one.
    pub(super) reference: Option<String>,
    pub(super) identity: Vec<Value>,
    pub(super) occurrences: Vec<Value>,
    pub(super) remarks: Vec<Value>,
}

/// Where in this document each finding was seen.
pub(super) fn spots<'a>(view: &View<'a>, document: &Locator) -> Vec<(&'a Finding, BTreeSet<Spot>)> {
    let of = |finding: &'a Finding| {
        let facts = finding.matches.iter().flat_map(|one| &one.proof);
        let here = facts.filter(|fact| fact.on.artifact() == document.as_str());
        let pointers = here.filter_map(|fact| match &fact.at {
            Place::Pointer(pointer) => Spot::of(pointer),
            _ => None,
        });
        (finding, pointers.collect())
    };
    view.report.findings.iter().filter(|finding| is_component(finding)).map(of).collect()
}

/// A beginning for new references that no reference in this text has.
pub(super) fn stem(text: &str) -> Result<String, String> {
    let is_free = |stem: &String| !text.contains(&format!("\"{stem}F-")) && !text.contains(&format!("'{stem}F-"));
    let stems = (1..100).map(|at| if at == 1 { "interdict:".to_owned() } else { format!("interdict-{at}:") });
    let found = std::iter::once(String::new()).chain(stems).find(is_free);
    found.ok_or_else(|| "every reference that could be given is taken".to_owned())
}

impl Plan {
    pub(super) fn of(
        view: &View<'_>,
        input: &Input,
        spots: &[(&Finding, BTreeSet<Spot>)],
        standing: &Standing,
        stem: &str,
    ) -> Self {
        let digest = input.digest.as_ref().map(|digest| format!(", {digest}")).unwrap_or_default();
        let mut plan = Self {
            annotations: BTreeMap::new(),
            components: Vec::new(),
            held: Vec::new(),
            vulnerabilities: Vec::new(),
            remarks: remarks(view.report, &format!("kept: {}{digest}", input.locator)),
        };
        let places: Vec<Vec<&Spot>> =
            spots.iter().map(|(_, spots)| spots.iter().filter(|spot| standing.contains_key(spot)).collect()).collect();
        let mut declared: BTreeMap<_, &Spot> = BTreeMap::new();
        for ((finding, _), places) in spots.iter().zip(&places) {
            if let Some(spot) = places.iter().find(|spot| !spot.is_service()) {
                declared.entry((&finding.entity, &finding.product)).or_insert(spot);
            }
        }
        let mut beside = Vec::new();
        for ((finding, _), places) in spots.iter().zip(&places) {
            let mut places = places.clone();
            // What the files show is the component that the document declares: one thing, two witnesses.
            if places.is_empty() && finding.witness == Witness::DeclaredAndObserved {
                places.extend(declared.get(&(&finding.entity, &finding.product)).copied());
            }
            if places.is_empty() {
                beside.push(*finding);
            }
            for spot in places.iter().take(SPOTS) {
                plan.annotate(view, input, finding, spot, standing, stem);
            }
        }
        plan.add(view, input, &beside, stem);
        plan
    }

    fn annotate(
        &mut self,
        view: &View<'_>,
        input: &Input,
        finding: &Finding,
        spot: &Spot,
        standing: &Standing,
        stem: &str,
    ) {
        let annotation = self.annotations.entry(spot.clone()).or_default();
        if view.waiver(finding).is_some() {
            let known = standing.get(spot).cloned().flatten().or_else(|| annotation.reference.clone());
            let reference = known.unwrap_or_else(|| reference(stem, finding));
            if standing.get(spot).is_none_or(Option::is_none) {
                annotation.reference = Some(reference.clone());
            }
            self.vulnerabilities.push(waiver::analysis(view, finding, &reference, &self::reference(stem, finding)));
        }
        if !spot.is_service() {
            annotation.identity.push(component::identity(finding));
            annotation.occurrences.extend(component::occurrences_beside(finding, &input.locator));
        }
        for remark in component::remarks(view, finding) {
            if !annotation.remarks.contains(&remark) {
                annotation.remarks.push(remark);
            }
        }
    }

    /// The findings that no component stands for: in the document's own product, or each in its own.
    fn add(&mut self, view: &View<'_>, input: &Input, beside: &[&Finding], stem: &str) {
        for (product, findings) in products(beside.iter().copied()) {
            let references: Vec<String> = findings.iter().map(|finding| reference(stem, finding)).collect();
            for (finding, reference) in findings.iter().zip(&references) {
                if view.waiver(finding).is_some() {
                    self.vulnerabilities.push(waiver::analysis(view, finding, reference, reference));
                }
            }
            if product.known_from == input.locator.as_str() {
                let new = findings.iter().zip(&references);
                self.components.extend(new.map(|(finding, reference)| component::of(view, finding, reference)));
                self.held.extend(references);
            } else if let Some(first) = references.first() {
                self.components.push(assembly(view, &format!("{first}-product"), product, &findings, stem));
            }
        }
    }
}

fn reference(stem: &str, finding: &Finding) -> String {
    format!("{stem}{}", brief(&finding.id.0, WIDE))
}
