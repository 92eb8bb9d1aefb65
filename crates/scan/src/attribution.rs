//! Whose product a place belongs to: what a document says, else packages, installers and images around it, else the programs
//! beside it, else the input's name.
use std::collections::{BTreeMap, BTreeSet};

use interdict_model::{Certainty, FactKind, Finding, Locator, OrganisationId, Product, Relation, Step, Via, canonical};
use interdict_rules::{Pack, Shipment};

use crate::imprint::{Imprint, parent};
use crate::shipments::lies_in;

/// Runtimes of compilers and systems, which lie in everybody's products.
const EVERYWHERE: &[&str] = &["Microsoft Corporation", "The Qt Company Ltd.", "Oracle Corporation"];
/// Folders looked at from a file upwards, for the programs that lie beside it.
const FOLDERS: usize = 16;

/// What is known of products, over a whole run.
pub(crate) struct Attribution<'a> {
    pub(crate) shipments: &'a [Shipment],
    documents: &'a BTreeMap<Locator, Option<Product>>,
    targets: &'a [Locator],
    imprints: &'a BTreeMap<Locator, Imprint>,
    makers: BTreeMap<String, OrganisationId>,
}

impl<'a> Attribution<'a> {
    pub(crate) fn new(
        pack: &Pack,
        shipments: &'a [Shipment],
        documents: &'a BTreeMap<Locator, Option<Product>>,
        targets: &'a [Locator],
        imprints: &'a BTreeMap<Locator, Imprint>,
    ) -> Self {
        let mut makers = BTreeMap::new();
        for organisation in pack.contents().organisations.iter().filter(|organisation| !organisation.false_friend) {
            // A company of a group makes what the group makes.
            let known = pack.contents().organisations_known.get(&organisation.id);
            let group = known.and_then(|known| known.part_of.as_ref()).unwrap_or(&organisation.id);
            for name in organisation.aliases.iter().chain([&organisation.title]) {
                makers.insert(canonical(FactKind::Supplier, name).into_owned(), group.clone());
            }
        }
        Self { shipments, documents, targets, imprints, makers }
    }

    /// The product, and the place that it is, where that is known.
    pub(crate) fn product(&self, on: &Locator) -> (Product, Option<Locator>) {
        if let Some(product) = self.by_document(on) {
            return (product, None);
        }
        let found = self.around(on).or_else(|| self.itself(on)).or_else(|| self.beside(on));
        if let Some((place, imprint)) = found {
            return (product(place, imprint), Some(place.clone()).filter(|place| lies_in(on, place)));
        }
        let target =
            self.targets.iter().filter(|target| lies_in(on, target)).max_by_key(|target| target.as_str().len());
        let name = target.map_or(on.artifact(), |target| target.name());
        (by_input(name), None)
    }

    fn by_document(&self, on: &Locator) -> Option<Product> {
        let document = Locator::parsed(on.artifact());
        if let Some(own) = self.documents.get(&document) {
            return Some(own.clone().unwrap_or_else(|| by_input(document.name())));
        }
        let around = self.shipments.iter().filter(|shipment| lies_in(on, &shipment.product));
        let nearest = around.max_by_key(|shipment| shipment.product.as_str().len())?;
        let mut products = nearest.documents.iter().filter_map(|document| self.documents.get(document)?.as_ref());
        let first = products.next()?;
        // Documents of several products in one folder do not say whose a file is.
        products.all(|product| product.name == first.name).then(|| first.clone())
    }

    /// The outermost package, installer, image or application around the place that somebody else made; where none says what it
    /// is, the outermost that somebody else signed; where there is none of these, the outermost at all.
    fn around(&self, on: &Locator) -> Option<(&Locator, &Imprint)> {
        let mut outermost = None;
        let signed = |is_covered: bool| {
            let around = ends(on.artifact()).filter(|end| *end != on.artifact());
            let mut known = around.filter_map(|end| self.imprints.get_key_value(&Locator::parsed(end)));
            known.find(|(_, imprint)| imprint.is_signed() && self.is_covered(imprint) == is_covered)
        };
        for end in ends(on.artifact()) {
            let Some((place, imprint)) = self.told(end).filter(|(place, _)| place.as_str() != on.artifact()) else {
                continue;
            };
            if !self.is_covered(imprint) {
                return Some((place, imprint));
            }
            outermost = outermost.or(Some((place, imprint)));
        }
        signed(false).or(outermost).or_else(|| signed(true))
    }

    fn itself(&self, on: &Locator) -> Option<(&Locator, &Imprint)> {
        let is_target = self.targets.iter().any(|target| target.as_str() == on.artifact());
        self.told(on.artifact()).filter(|(_, imprint)| is_target || !self.is_covered(imprint))
    }

    /// The programs in the nearest folder that holds any of somebody else's, where most of these say the same of themselves.
    fn beside(&self, on: &Locator) -> Option<(&Locator, &Imprint)> {
        let mut folder = on.artifact();
        for _ in 0..FOLDERS {
            folder = parent(folder)?;
            let here = Locator::parsed(folder);
            if !self.targets.iter().any(|target| lies_in(&here, target)) {
                return None;
            }
            let mut groups: BTreeMap<(&str, &str), Vec<(&Locator, &Imprint)>> = BTreeMap::new();
            for (place, imprint) in
                self.imprints.range(here.clone()..).take_while(|(place, _)| place.as_str().starts_with(folder))
            {
                let said = imprint.name.text().zip(imprint.supplier.text());
                let Some(said) = said.filter(|(_, supplier)| lies_in(place, &here) && !EVERYWHERE.contains(supplier))
                else {
                    continue;
                };
                if !self.is_covered(imprint) {
                    groups.entry(said).or_default().push((place, imprint));
                }
            }
            let all: usize = groups.values().map(Vec::len).sum();
            if all > 0 {
                return groups.into_values().find(|group| group.len() * 2 > all)?.into_iter().next();
            }
        }
        None
    }

    fn told(&self, place: &str) -> Option<(&Locator, &Imprint)> {
        self.imprints.get_key_value(&Locator::parsed(place)).filter(|(_, imprint)| imprint.name.text().is_some())
    }

    /// The maker that a supplier's name stands for, where the pack knows it.
    fn maker(&self, supplier: &str) -> Option<&OrganisationId> {
        self.makers.get(&*canonical(FactKind::Supplier, supplier))
    }

    fn is_covered(&self, imprint: &Imprint) -> bool {
        imprint.supplier.text().is_some_and(|supplier| self.maker(supplier).is_some())
    }

    /// Tells of each finding whether its product is the maker's own, and no integration by somebody else.
    pub(crate) fn tell_own(&self, findings: &mut [Finding], pack: &Pack) {
        let own: BTreeSet<Locator> = findings.iter().filter(|finding| is_the_whole(finding)).map(root).collect();
        for finding in findings {
            let Some(entity) = pack.entity(&finding.entity) else { continue };
            let by_supplier = finding.product.supplier.as_deref().and_then(|supplier| self.maker(supplier));
            let stated = by_supplier.is_some_and(|maker| *maker == entity.made_by);
            let unstated = finding.product.supplier.is_none() && own.contains(&root(finding));
            finding.product.is_makers_own = stated || unstated;
        }
    }

    /// From the product through each container, to the file.
    pub(crate) fn path(&self, on: &Locator, product: &Product, place: Option<Locator>) -> Vec<Step> {
        let places = self.shipments.iter().map(|shipment| &shipment.product).chain(self.targets);
        let around = places.filter(|place| lies_in(on, place)).max_by_key(|place| place.as_str().len()).cloned();
        let root = place.or(around);
        let mut path = Vec::new();
        if let Some(root) = &root {
            path.push(Step { via: Via::Product, name: product.name.clone(), locator: root.clone() });
        }
        let text = on.artifact();
        for end in text.match_indices("!/").map(|(at, _)| at).chain([text.len()]) {
            let locator = Locator::parsed(text.get(..end).unwrap_or(text));
            if root.as_ref().is_some_and(|root| lies_in(root, &locator)) {
                continue;
            }
            let via = if path.is_empty() { Via::Product } else { Via::Contains };
            path.push(Step { via, name: self.title(&locator), locator });
        }
        path
    }

    /// A container's file name, with what its metadata call it.
    fn title(&self, place: &Locator) -> String {
        let imprint = self.imprints.get(place).filter(|imprint| imprint.package.is_some());
        let Some(name) = imprint.and_then(|imprint| imprint.name.text()) else { return place.name().to_owned() };
        let version = imprint.and_then(|imprint| imprint.version.text()).map(|v| format!(" {v}")).unwrap_or_default();
        format!("{} ({name}{version})", place.name())
    }
}

/// The thing that was looked at is the entity itself.
fn is_the_whole(finding: &Finding) -> bool {
    let is_it =
        matches!(finding.relation, Relation::Is | Relation::Declares) && finding.certainty >= Certainty::Probable;
    is_it && finding.path.first().is_some_and(|step| step.locator == finding.on)
}

fn root(finding: &Finding) -> Locator {
    finding.path.first().map_or_else(|| finding.on.clone(), |step| step.locator.clone())
}

/// Nothing says more than what was given.
fn by_input(name: &str) -> Product {
    Product { name: name.to_owned(), known_from: "input".to_owned(), ..Product::default() }
}

fn product(place: &Locator, imprint: &Imprint) -> Product {
    let text = |said: &str| Some(said.to_owned()).filter(|said| !said.is_empty());
    Product {
        name: imprint.name.text().unwrap_or(place.name()).to_owned(),
        version: imprint.version.text().and_then(text),
        supplier: imprint.supplier.text().and_then(text),
        known_from: place.to_string(),
        is_makers_own: false,
    }
}

/// Every folder and container around a place, outermost first, and the place.
pub(crate) fn ends(place: &str) -> impl Iterator<Item = &str> {
    let at = place.match_indices('/').map(|(at, _)| at).filter(|at| *at > 0).chain([place.len()]);
    at.map(|end| place.get(..end).unwrap_or(place)).map(|end| end.strip_suffix('!').unwrap_or(end))
}
