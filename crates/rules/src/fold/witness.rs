//! What documents declare against what the shipment shows.
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
        let side = |declared: bool| -> Vec<(usize, EntityId)> {
            let of_side = inside.iter().filter_map(|index| Some((*index, findings.get(*index)?)));
            of_side
                .filter(|(_, f)| shipment.is_document(&f.on) == declared)
                .map(|(i, f)| (i, f.entity.clone()))
                .collect()
        };
        let (declared, observed) = (side(true), side(false));
        let mut result = Reconciled {
            product: shipment.product.clone(),
            documents: shipment.documents.clone(),
            undeclared: Vec::new(),
            confirmed: Vec::new(),
            unseen: Vec::new(),
        };
        for (mine, others, missing) in
            [(&observed, &declared, Witness::ObservedOnly), (&declared, &observed, Witness::DeclaredOnly)]
        {
            for (index, entity) in mine {
                let agrees = others.iter().any(|(_, other)| related(pack, entity, other));
                let witness = if agrees { Witness::DeclaredAndObserved } else { missing };
                let Some(finding) = findings.get_mut(*index) else { continue };
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

fn related(pack: &Pack, a: &EntityId, b: &EntityId) -> bool {
    lineage(pack, a).contains(b) || lineage(pack, b).contains(a)
}
