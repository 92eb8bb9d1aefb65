//! What documents declare against what the shipment shows.
use std::collections::{BTreeMap, BTreeSet};

use interdict_model::{EntityId, Finding, Locator, Reconciled, Relation, Witness};

use super::family::lineage;
use super::is_of_a_tool;
use crate::Pack;

/// A product as it was delivered: its files, and the documents that describe it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shipment {
    /// Where it is.
    pub product: Locator,
    /// The documents that describe it.
    pub documents: Vec<Locator>,
    /// The product that each of them names, as it is compared; empty where it names none.
    pub subjects: BTreeMap<Locator, String>,
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

    /// Whether its documents name different products, so that one of them may speak of another.
    fn is_shared(&self) -> bool {
        self.subjects.values().collect::<BTreeSet<_>>().len() > 1
    }

    fn is_document(&self, locator: &Locator) -> bool {
        self.documents.iter().any(|document| document.artifact() == locator.artifact())
    }
}

/// What else may tie a finding in a file to a document that declares such a thing.
#[derive(Clone, Copy)]
pub struct Ties<'a> {
    /// A product's name as [`Shipment::subjects`] has it.
    pub key: &'a dyn Fn(&str) -> String,
    /// Whether the file and the declared component have more in common than what they were recognised as.
    pub alike: &'a dyn Fn(&Shipment, &Finding, &Finding) -> bool,
}

/// Gives every finding its witness, and tells for each shipment what agrees and what does not.
///
/// A declared entity covers an observed one if it is the same, or the one is a part of the other. Only what flags is
/// compared: a mention is no declaration, and declares nothing. Where documents of several products describe one place, a document
/// covers what all of them declare, what lies in the product that it names, and files that its components are like; what it
/// declares besides says nothing of a file.
pub fn reconcile(findings: &mut [Finding], shipments: &[Shipment], pack: &Pack, ties: Ties<'_>) -> Vec<Reconciled> {
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
        let (declared, observed): (Vec<usize>, Vec<usize>) = inside
            .into_iter()
            .partition(|index| findings.get(*index).is_some_and(|finding| shipment.is_document(&finding.on)));
        let mut result = Reconciled {
            product: shipment.product.clone(),
            documents: shipment.documents.clone(),
            undeclared: Vec::new(),
            confirmed: Vec::new(),
            unseen: Vec::new(),
            under_another_name: Vec::new(),
            in_another_version: Vec::new(),
            for_another_product: Vec::new(),
        };
        let told = Told::of(shipment, findings, &declared, pack, ties);
        // Which entities each document was right about.
        let mut seen: BTreeSet<(&str, EntityId)> = BTreeSet::new();
        let mut witnesses: BTreeMap<usize, Witness> = BTreeMap::new();
        for (index, finding) in observed.iter().filter_map(|index| Some((*index, findings.get(*index)?))) {
            let covering = told.covering(finding, findings);
            seen.extend(covering.documents.iter().map(|document| (*document, finding.entity.clone())));
            let is_covered = !covering.documents.is_empty();
            if !is_covered && covering.is_declared {
                result.for_another_product.push(finding.id.clone());
            }
            witnesses.insert(index, if is_covered { Witness::DeclaredAndObserved } else { Witness::ObservedOnly });
        }
        for (index, finding) in declared.iter().filter_map(|index| Some((*index, findings.get(*index)?))) {
            let document = finding.on.artifact();
            let is_seen = seen.iter().any(|(of, entity)| *of == document && related(pack, &finding.entity, entity));
            let lonely = if is_seen { Witness::DeclaredAndObserved } else { Witness::DeclaredOnly };
            witnesses.insert(index, lonely);
        }
        for (index, witness) in witnesses {
            let Some(finding) = findings.get_mut(index) else { continue };
            finding.witness = witness;
            match witness {
                Witness::ObservedOnly => result.undeclared.push(finding.id.clone()),
                Witness::DeclaredOnly => result.unseen.push(finding.id.clone()),
                _ => result.confirmed.push(finding.id.clone()),
            }
        }
        for list in [&mut result.undeclared, &mut result.confirmed, &mut result.unseen, &mut result.for_another_product]
        {
            list.sort();
        }
        all.push(result);
    }
    findings.sort_by(super::order);
    all
}

/// What the documents of a shipment declare, in a few words: many findings are of few entities.
struct Told<'a> {
    shipment: &'a Shipment,
    pack: &'a Pack,
    ties: Ties<'a>,
    /// By document: each entity that it declares, with the findings that do.
    by_document: BTreeMap<String, BTreeMap<EntityId, Vec<usize>>>,
}

/// Documents that declare a thing and may speak of it.
struct Covering<'t> {
    documents: Vec<&'t str>,
    /// Whether any declares such a thing.
    is_declared: bool,
}

impl<'a> Told<'a> {
    fn of(shipment: &'a Shipment, findings: &[Finding], declared: &[usize], pack: &'a Pack, ties: Ties<'a>) -> Self {
        let mut by_document: BTreeMap<String, BTreeMap<EntityId, Vec<usize>>> = BTreeMap::new();
        for (index, finding) in declared.iter().filter_map(|index| Some((*index, findings.get(*index)?))) {
            if declares(pack, finding) {
                let of = by_document.entry(finding.on.artifact().to_owned()).or_default();
                of.entry(finding.entity.clone()).or_default().push(index);
            }
        }
        Self { shipment, pack, ties, by_document }
    }

    fn covering(&self, finding: &Finding, findings: &[Finding]) -> Covering<'_> {
        let declaring: Vec<(&str, Vec<usize>)> = self
            .by_document
            .iter()
            .filter_map(|(document, entities)| {
                let of = entities.iter().filter(|(entity, _)| related(self.pack, &finding.entity, entity));
                let indexes: Vec<usize> = of.flat_map(|(_, indexes)| indexes.iter().copied()).collect();
                (!indexes.is_empty()).then_some((document.as_str(), indexes))
            })
            .collect();
        let is_declared = !declaring.is_empty();
        if !self.shipment.is_shared() || !is_declared {
            return Covering { documents: declaring.into_iter().map(|(document, _)| document).collect(), is_declared };
        }
        let subject = |document: &str| self.shipment.subjects.get(&Locator::parsed(document)).map(String::as_str);
        let declaring_subjects: BTreeSet<_> = declaring.iter().map(|(document, _)| subject(document)).collect();
        let every = self.shipment.subjects.values().map(|subject| Some(subject.as_str())).collect::<BTreeSet<_>>();
        let by_all = declaring_subjects == every;
        let product = (self.ties.key)(&finding.product.name);
        let speaks_of = |document: &str, indexes: &[usize]| {
            let is_subject = subject(document).is_some_and(|subject| !subject.is_empty() && *subject == product);
            let mut components = indexes.iter().take(TIED).filter_map(|index| findings.get(*index));
            by_all || is_subject || components.any(|component| (self.ties.alike)(self.shipment, finding, component))
        };
        let documents = declaring.iter().filter(|(document, indexes)| speaks_of(document, indexes));
        Covering { documents: documents.map(|(document, _)| *document).collect(), is_declared }
    }
}

/// Components of one document that a file is held against.
const TIED: usize = 256;

/// A shipment inside another one has documents of its own.
fn is_narrowest(shipment: &Shipment, all: &[Shipment], on: &Locator) -> bool {
    let longer = |other: &Shipment| other.product.as_str().len() > shipment.product.as_str().len();
    !all.iter()
        .any(|other| !other.documents.is_empty() && longer(other) && other.holds(on) && !shipment.is_document(on))
}

/// Of what wrote a document there is nothing to see in the product.
fn flags(finding: &Finding) -> bool {
    !matches!(finding.relation, Relation::Connects | Relation::Mentions) && !is_of_a_tool(&finding.matches)
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
