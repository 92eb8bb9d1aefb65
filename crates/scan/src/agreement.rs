//! An SBOM and the shipment it describes, thing by thing: which declared component is which file, by what the two are matched, and
//! under which name and version it is declared.
use std::collections::{BTreeMap, BTreeSet};

use interdict_model::{Agreed, Agreement, Alike, EntityId, Finding, FindingId, Likeness, Locator, Reconciled, Witness};
use interdict_rules::{Pack, declares, related};

use crate::attribution::ends;
use crate::imprint::Imprint;
use crate::owners::{Owner, owners};
use crate::record::{Entry, Index, Register, file_key, name_key, purl_key};
use crate::shipments::lies_in;
use crate::yielded::Known;

/// What both sides are known by.
pub(crate) struct Sides<'a> {
    pub(crate) registers: &'a BTreeMap<Locator, Register>,
    pub(crate) known: &'a BTreeMap<Locator, Known>,
    pub(crate) said: &'a BTreeMap<Locator, Vec<(Locator, Imprint)>>,
    pub(crate) imprints: &'a BTreeMap<Locator, Imprint>,
}

/// A declared component that has something in common with a file.
struct Candidate {
    entry: Entry,
    by: BTreeSet<Likeness>,
}

/// Likenesses told of one pair.
const TOLD: usize = 8;

/// Tells of every finding that was compared how it stands to the other side.
pub(crate) fn agree(findings: &mut [Finding], all: &mut [Reconciled], sides: &Sides<'_>, pack: &Pack) {
    for one in all {
        let places: BTreeMap<&FindingId, usize> = findings.iter().enumerate().map(|(at, f)| (&f.id, at)).collect();
        let compared = one.undeclared.iter().chain(&one.confirmed).chain(&one.unseen);
        let at: Vec<usize> = compared.filter_map(|id| places.get(id).copied()).collect();
        let is_document = |finding: &Finding| one.documents.iter().any(|d| d.as_str() == finding.on.artifact());
        let (declared, observed): (Vec<usize>, Vec<usize>) =
            at.into_iter().partition(|at| findings.get(*at).is_some_and(&is_document));
        let (product, documents, elsewhere) = (&one.product, &*one.documents, &*one.for_another_product);
        let (declared, observed) = (&declared, &observed);
        let agreements = Shipped { findings, declared, observed, product, documents, elsewhere, sides, pack }.held();
        let list = |state: Agreed| {
            let of = agreements.iter().filter(|(_, agreement)| agreement.state == state);
            let mut ids: Vec<FindingId> =
                of.filter_map(|(at, _)| findings.get(*at)).map(|finding| finding.id.clone()).collect();
            ids.sort();
            ids
        };
        (one.under_another_name, one.in_another_version) =
            (list(Agreed::UnderAnotherName), list(Agreed::InAnotherVersion));
        for (at, agreement) in agreements {
            if let Some(finding) = findings.get_mut(at) {
                finding.agreement = Some(agreement);
            }
        }
    }
}

/// Whether a file and a declared component have more in common than what they were recognised as.
pub(crate) fn are_alike(
    file: &Finding,
    component: &Finding,
    product: &Locator,
    sides: &Sides<'_>,
    pack: &Pack,
) -> bool {
    let document = Locator::parsed(component.on.artifact());
    let Some(register) = sides.registers.get(&document) else { return false };
    let one =
        Shipped { findings: &[], declared: &[], observed: &[], product, documents: &[], elsewhere: &[], sides, pack };
    let candidates = one.candidates(file, &[register.index()], &owners(sides.said));
    candidates.iter().any(|candidate| candidate.entry.on == component.on)
}

struct Shipped<'a> {
    findings: &'a [Finding],
    declared: &'a [usize],
    observed: &'a [usize],
    product: &'a Locator,
    documents: &'a [Locator],
    /// Undeclared here, and declared of another product.
    elsewhere: &'a [FindingId],
    sides: &'a Sides<'a>,
    pack: &'a Pack,
}

impl Shipped<'_> {
    fn held(&self) -> BTreeMap<usize, Agreement> {
        let registers = self.documents.iter().filter_map(|document| self.sides.registers.get(document));
        let indexes: Vec<Index<'_>> = registers.filter(|_| !self.observed.is_empty()).map(Register::index).collect();
        let owners = if indexes.is_empty() { Vec::new() } else { owners(self.sides.said) };
        let mut declaring: BTreeMap<&Locator, Vec<usize>> = BTreeMap::new();
        let mut by_entity: BTreeMap<&EntityId, usize> = BTreeMap::new();
        for (at, finding) in self.declared.iter().filter_map(|at| Some((*at, self.findings.get(*at)?))) {
            declaring.entry(&finding.on).or_default().push(at);
            if declares(self.pack, finding) {
                by_entity.entry(&finding.entity).or_insert(at);
            }
        }
        let mut all = BTreeMap::new();
        for (at, finding) in self.observed.iter().filter_map(|at| Some((*at, self.findings.get(*at)?))) {
            let candidates = self.candidates(finding, &indexes, &owners);
            let elsewhere = self.elsewhere.binary_search(&finding.id).is_ok();
            let other =
                by_entity.iter().filter(|_| elsewhere).find(|(other, _)| related(self.pack, other, &finding.entity));
            let agreement = if let Some(other) = other.and_then(|(_, at)| self.findings.get(*at)) {
                for_another(other)
            } else if finding.witness == Witness::ObservedOnly {
                undeclared(candidates)
            } else {
                let own = candidates.into_iter().find(|candidate| {
                    let of = declaring.get(&candidate.entry.on).into_iter().flatten();
                    of.filter_map(|at| self.findings.get(*at)).any(|d| related(self.pack, &d.entity, &finding.entity))
                });
                let entity = by_entity.get(&finding.entity).or_else(|| {
                    by_entity.iter().find(|(other, _)| related(self.pack, other, &finding.entity)).map(|(_, at)| at)
                });
                let Some((agreement, partner)) = self.declared(finding, own, entity.copied(), &indexes) else {
                    continue;
                };
                for partner in declaring.get(&partner).into_iter().flatten() {
                    let called = finding.on.name().to_owned();
                    let back = Agreement { with: Some(finding.on.clone()), called, ..agreement.clone() };
                    all.entry(*partner).or_insert(back);
                }
                agreement
            };
            all.insert(at, agreement);
        }
        self.unpaired(&mut all);
        all
    }

    /// What is declared and has no file of its own: seen as something else of its kind, or not at all.
    fn unpaired(&self, all: &mut BTreeMap<usize, Agreement>) {
        for (at, finding) in self.declared.iter().filter_map(|at| Some((*at, self.findings.get(*at)?))) {
            let nothing =
                || Agreement { state: Agreed::DeclaredNotSeen, with: None, called: String::new(), by: Vec::new() };
            let other = self.observed.iter().filter_map(|at| self.findings.get(*at));
            let seen = other
                .filter(|_| finding.witness == Witness::DeclaredAndObserved)
                .find(|other| related(self.pack, &other.entity, &finding.entity));
            all.entry(at).or_insert_with(|| {
                seen.map_or_else(nothing, |seen| Agreement {
                    state: Agreed::DeclaredAndPresent,
                    with: Some(seen.on.clone()),
                    called: seen.on.name().to_owned(),
                    by: vec![Likeness { of: Alike::Entity, value: seen.entity.to_string() }],
                })
            });
        }
    }

    /// Components that have something in common with the file, the most alike first.
    fn candidates(&self, finding: &Finding, indexes: &[Index<'_>], owners: &[Owner<'_>]) -> Vec<Candidate> {
        let mut all: BTreeMap<Locator, Candidate> = BTreeMap::new();
        for index in indexes {
            let mut add = |nodes: &[u32], of: Alike, value: &str| {
                for entry in nodes.iter().filter_map(|node| index.entry(*node)) {
                    let on = entry.on.clone();
                    let candidate = all.entry(on).or_insert_with(|| Candidate { entry, by: BTreeSet::new() });
                    candidate.by.insert(Likeness { of, value: value.to_owned() });
                }
            };
            for (print, told) in self.sides.known.get(&finding.on).into_iter().flat_map(|known| &known.prints) {
                add(&index.by_print(*print), Alike::Digest, told);
            }
            add(index.by_key(&file_key(finding.on.name())), Alike::FileName, finding.on.name());
            let own = self.sides.imprints.get(&finding.on);
            if let Some(name) = own.and_then(|imprint| imprint.name.text()) {
                let version = own.and_then(|imprint| imprint.version.text()).unwrap_or_default();
                for node in index.by_key(&name_key(name)) {
                    let both = !version.is_empty() && index.entry(*node).is_some_and(|entry| entry.version == version);
                    let of = if both { Alike::NameAndVersion } else { Alike::Name };
                    add(&[*node], of, &if both { format!("{name} {version}") } else { name.to_owned() });
                }
            }
            if let Some(purl) = own.and_then(|imprint| imprint.purl.as_deref()) {
                add(index.by_key(&purl_key(purl)), Alike::Purl, &purl_key(purl));
            }
            self.by_owner(finding, index, owners, &mut add);
        }
        let mut all: Vec<Candidate> = all.into_values().collect();
        all.sort_by(|a, b| strength(a).cmp(&strength(b)).then_with(|| a.entry.on.cmp(&b.entry.on)));
        all
    }

    fn by_owner(
        &self,
        finding: &Finding,
        index: &Index<'_>,
        owners: &[Owner<'_>],
        add: &mut dyn FnMut(&[u32], Alike, &str),
    ) {
        let product = self.product;
        for place in ends(finding.on.artifact()).filter(|place| *place != finding.on.artifact()) {
            let place = Locator::parsed(place);
            let Some(imprint) = self.sides.imprints.get(&place).filter(|_| lies_in(&place, product)) else { continue };
            let purl = imprint.purl.as_deref().map(purl_key);
            let package = imprint.package.as_deref().or(imprint.name.text());
            for (key, value) in [(purl.clone(), purl), (package.map(name_key), package.map(ToOwned::to_owned))] {
                if let (Some(key), Some(value)) = (key, value) {
                    add(index.by_key(&key), Alike::Owner, &value);
                }
            }
        }
        for owner in owners.iter().filter(|owner| owner.has(&finding.on)) {
            for key in [name_key(&owner.package), purl_key(&format!("pkg:pypi/{}", owner.package))] {
                add(index.by_key(&key), Alike::Owner, &owner.package);
            }
        }
    }

    /// The agreement of a file with a component that says what it is, and where that component is.
    fn declared(
        &self,
        finding: &Finding,
        own: Option<Candidate>,
        entity: Option<usize>,
        indexes: &[Index<'_>],
    ) -> Option<(Agreement, Locator)> {
        let version = self.sides.imprints.get(&finding.on).and_then(|imprint| imprint.version.text());
        if let Some(own) = own {
            let is_same_file = own.by.first().is_some_and(|by| by.of == Alike::Digest);
            let differs = !is_same_file && version.is_some_and(|version| !is_same_version(version, &own.entry.version));
            let by = own.by.into_iter().take(TOLD).collect();
            return Some((agreement(differs, &own.entry, by), own.entry.on));
        }
        let partner = entity.and_then(|at| self.findings.get(at))?;
        let at_place = |index: &Index<'_>| index.entry(*index.by_key(partner.on.as_str()).first()?);
        let entry = indexes.iter().find_map(at_place);
        let entry = entry.unwrap_or_else(|| Entry {
            on: partner.on.clone(),
            name: partner.title.to_string(),
            version: String::new(),
        });
        let is_same_thing = partner.entity == finding.entity;
        let differs = is_same_thing && version.is_some_and(|version| !is_same_version(version, &entry.version));
        let by = vec![Likeness { of: Alike::Entity, value: partner.entity.to_string() }];
        Some((agreement(differs, &entry, by), partner.on.clone()))
    }
}

fn agreement(differs: bool, entry: &Entry, by: Vec<Likeness>) -> Agreement {
    let state = if differs { Agreed::InAnotherVersion } else { Agreed::DeclaredAndPresent };
    Agreement { state, with: Some(entry.on.clone()), called: called(entry), by }
}

/// No document says what it is. One may have it all the same, under a name that does not tell.
fn undeclared(candidates: Vec<Candidate>) -> Agreement {
    match candidates.into_iter().next() {
        None => Agreement { state: Agreed::Undeclared, with: None, called: String::new(), by: Vec::new() },
        Some(candidate) => {
            // That the package around it is declared says nothing of what is inside.
            let is_around = candidate.by.iter().all(|by| by.of == Alike::Owner);
            Agreement {
                state: if is_around { Agreed::Undeclared } else { Agreed::UnderAnotherName },
                with: Some(candidate.entry.on.clone()),
                called: called(&candidate.entry),
                by: candidate.by.into_iter().take(TOLD).collect(),
            }
        }
    }
}

fn for_another(component: &Finding) -> Agreement {
    let called = component.title.to_string();
    Agreement { state: Agreed::ForAnotherProduct, with: Some(component.on.clone()), called, by: Vec::new() }
}

fn strength(candidate: &Candidate) -> Option<Alike> {
    candidate.by.first().map(|by| by.of)
}

fn called(entry: &Entry) -> String {
    if entry.version.is_empty() { entry.name.clone() } else { format!("{} {}", entry.name, entry.version) }
}

/// Numbers, as far as both have them: `8.9` is no other version than `8.9.2.595`.
fn is_same_version(a: &str, b: &str) -> bool {
    let numbers = |text: &str| -> Vec<String> {
        let parts = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
        parts.map(|part| part.trim_start_matches('0').to_owned()).collect()
    };
    let (a, b) = (numbers(a), numbers(b));
    a.iter().zip(&b).all(|(a, b)| a == b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_held_against_each_other_as_far_as_both_go() {
        for (a, b, same) in [
            ("8.9.2.595", "8.9", true),
            ("8.9.2.595", "8.10", false),
            ("v1.02", "1.2-rc", true),
            ("1.0", "", true),
            ("73.3.10.0", "21.3", false),
        ] {
            assert_eq!(is_same_version(a, b), same, "{a} {b}");
        }
    }
}
