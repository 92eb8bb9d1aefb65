//! What documents declare against what the shipment shows.
use std::collections::BTreeSet;

use interdict_model::{EntityId, Finding, Locator, Reconciled, Relation, Witness};

use super::family::lineage;
use crate::Pack;

/// A product as it was delivered: its files, and the documents that describe it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shipment {
    /// Where it is.
    pub product: Locator,
    /// The documents that describe it.
    pub documents: Vec<Locator>,
    /// Whether it holds anything besides documents.
    pub has_files: bool,
}

impl Shipment {
    fn holds(&self, locator: &Locator) -> bool {
        let (place, product) = (locator.artifact(), self.product.as_str());
        place == product
            || place
                .strip_prefix(product)
                .is_some_and(|rest| rest.starts_with('/') || rest.starts_with("!/") || product.ends_with('/'))
            || self.documents.iter().any(|document| document.artifact() == place)
    }

    fn is_document(&self, locator: &Locator) -> bool {
        self.documents.iter().any(|document| document.artifact() == locator.artifact())
    }
}

/// Gives every finding its witness, and tells for each shipment what agrees and what does not.
///
/// A declared entity covers an observed one if it is the same, or the one is a part of the other. Only what flags is
/// compared: a mention is no declaration, and declares nothing.
pub fn reconcile(findings: &mut [Finding], shipments: &[Shipment], pack: &Pack) -> Vec<Reconciled> {
    let mut all = Vec::new();
    for shipment in shipments.iter().filter(|shipment| !shipment.documents.is_empty() && shipment.has_files) {
        let inside: Vec<usize> = findings
            .iter()
            .enumerate()
            .filter(|(_, finding)| {
                flags(finding) && shipment.holds(&finding.on) && is_narrowest(shipment, shipments, &finding.on)
            })
            .map(|(index, _)| index)
            .collect();
        let side = |is_declared: bool| -> Vec<usize> {
            let of_side = inside.iter().filter(|index| {
                findings.get(**index).is_some_and(|finding| shipment.is_document(&finding.on) == is_declared)
            });
            of_side.copied().collect()
        };
        let (declared, observed) = (side(true), side(false));
        // Each side in a few words: many findings are of few entities.
        let entities = |side: &[usize], declaring: bool| -> BTreeSet<EntityId> {
            let of_side = side.iter().filter_map(|index| findings.get(*index));
            of_side.filter(|finding| !declaring || declares(pack, finding)).map(|one| one.entity.clone()).collect()
        };
        let (told, seen) = (entities(&declared, true), entities(&observed, false));
        let mut result = Reconciled {
            product: shipment.product.clone(),
            documents: shipment.documents.clone(),
            undeclared: Vec::new(),
            confirmed: Vec::new(),
            unseen: Vec::new(),
            under_another_name: Vec::new(),
            in_another_version: Vec::new(),
        };
        for (mine, others, missing) in
            [(&observed, &told, Witness::ObservedOnly), (&declared, &seen, Witness::DeclaredOnly)]
        {
            for index in mine {
                let Some(finding) = findings.get_mut(*index) else { continue };
                let agrees = others.iter().any(|other| related(pack, &finding.entity, other));
                let witness = if agrees { Witness::DeclaredAndObserved } else { missing };
                finding.witness = witness;
                match witness {
                    Witness::ObservedOnly => result.undeclared.push(finding.id.clone()),
                    Witness::DeclaredOnly => result.unseen.push(finding.id.clone()),
                    _ => result.confirmed.push(finding.id.clone()),
                }
            }
        }
        for list in [&mut result.undeclared, &mut result.confirmed, &mut result.unseen] {
            list.sort();
        }
        all.push(result);
    }
    findings.sort_by(super::order);
    all
}

/// A shipment inside another one has documents of its own.
fn is_narrowest(shipment: &Shipment, all: &[Shipment], on: &Locator) -> bool {
    let longer = |other: &Shipment| other.product.as_str().len() > shipment.product.as_str().len();
    !all.iter()
        .any(|other| !other.documents.is_empty() && longer(other) && other.holds(on) && !shipment.is_document(on))
}

fn flags(finding: &Finding) -> bool {
    !matches!(finding.relation, Relation::Connects | Relation::Mentions)
}

/// Whether a document's finding says that the entity is there. That a product is known to integrate it, or to have done so, does
/// not: its maker said nothing.
pub fn declares(pack: &Pack, finding: &Finding) -> bool {
    let is_known_only = |rule| pack.rule(rule).is_some_and(|rule| rule.integrator.is_some());
    finding.matches.iter().any(|one| one.relation < Relation::Connects && !is_known_only(&one.rule))
}

/// Whether one entity is the other, or a part of it.
pub fn related(pack: &Pack, a: &EntityId, b: &EntityId) -> bool {
    lineage(pack, a).contains(b) || lineage(pack, b).contains(a)
}
