//! Which documents describe which files, and what a file's product is.
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use interdict_model::{Locator, Product};
use interdict_rules::Shipment;

use crate::attribution::ends;
use crate::described::{bears, is_container, is_subject, key};
use crate::imprint::parent;

/// A document describes the folder it lies in; where that folder holds nothing but documents, the folder around it; where its
/// name or its subject's points at one thing of several there, that one. Documents given beside the targets describe every
/// target, but for those that point at one of them.
pub(crate) fn shipments(
    targets: &[Locator],
    files: &BTreeSet<Locator>,
    documents: &BTreeMap<Locator, Option<Product>>,
    given: &[Locator],
) -> Vec<Shipment> {
    let others = files.iter().filter(|file| !documents.contains_key(*file));
    let with_others: BTreeSet<&str> = others.flat_map(|file| ends(file.artifact())).collect();
    let mut places: BTreeMap<Locator, BTreeSet<Locator>> = BTreeMap::new();
    for document in documents.keys().filter(|document| !given.contains(document)) {
        if let Some(place) = place_of(document, targets, &with_others) {
            places.entry(place).or_default().insert(document.clone());
        }
    }
    let mut products: BTreeMap<Locator, BTreeSet<Locator>> = BTreeMap::new();
    let mut describe = |places: &[&Locator], document: &Locator| {
        for place in places {
            products.entry((*place).clone()).or_default().insert(document.clone());
        }
    };
    for (place, here) in &places {
        let things = Things::below(place, &with_others, subjects(here, documents).len() > 1);
        for document in here {
            let pointed = things.pointed(document, documents.get(document).and_then(Option::as_ref));
            describe(&[&pointed.unwrap_or_else(|| place.clone())], document);
        }
    }
    let shipped: Vec<&Locator> =
        targets.iter().filter(|target| !given.contains(target) && !documents.contains_key(*target)).collect();
    let things = Things {
        all: shipped.iter().map(|target| target.as_str()).collect(),
        folders: BTreeSet::new(),
        are_several: true,
    };
    for document in given {
        match things.pointed(document, documents.get(document).and_then(Option::as_ref)) {
            Some(target) => describe(&[&target], document),
            None => describe(&shipped, document),
        }
    }
    let shipment = |(product, here): (Locator, BTreeSet<Locator>)| {
        let has_files = with_others.contains(product.as_str())
            || files.iter().any(|file| !here.contains(file) && lies_in(file, &product));
        Shipment { product, subjects: subjects_of(&here, documents), documents: here.into_iter().collect(), has_files }
    };
    products.into_iter().map(shipment).collect()
}

/// The different products that documents name; one that names none is one of its own.
fn subjects(here: &BTreeSet<Locator>, documents: &BTreeMap<Locator, Option<Product>>) -> BTreeSet<String> {
    subjects_of(here, documents).into_values().collect()
}

fn subjects_of(here: &BTreeSet<Locator>, documents: &BTreeMap<Locator, Option<Product>>) -> BTreeMap<Locator, String> {
    let name = |document: &Locator| documents.get(document)?.as_ref().map(|product| key(&product.name));
    here.iter().map(|document| (document.clone(), name(document).unwrap_or_default())).collect()
}

/// What lies beside documents.
struct Things<'a> {
    all: BTreeSet<&'a str>,
    folders: BTreeSet<&'a str>,
    /// Whether the documents there name several products.
    are_several: bool,
}

impl<'a> Things<'a> {
    fn below(place: &'a Locator, with_others: &BTreeSet<&'a str>, are_several: bool) -> Self {
        let (mut all, mut folders) = (BTreeSet::new(), BTreeSet::new());
        let prefix = format!("{}/", place.as_str().trim_end_matches('/'));
        let from = (Bound::Included(prefix.as_str()), Bound::Unbounded);
        for end in with_others.range::<str, _>(from).take_while(|end| end.starts_with(&prefix)) {
            let rest = end.get(prefix.len()..).unwrap_or_default();
            match rest.find('/') {
                None => _ = all.insert(*end),
                Some(at) => _ = end.get(..prefix.len() + at).map(|folder| folders.insert(folder)),
            }
        }
        Self { all, folders, are_several }
    }

    /// The one thing of several that a document points at. A product's main program may bear its name, so a file that holds no others
    /// is meant only where the documents name several products.
    fn pointed(&self, document: &Locator, subject: Option<&Product>) -> Option<Locator> {
        if self.all.len() < 2 {
            return None;
        }
        let name = |thing: &str| Locator::parsed(thing).name().to_owned();
        let by_name: BTreeSet<&str> =
            self.all.iter().copied().filter(|thing| bears(document.name(), &name(thing))).collect();
        let by_subject: BTreeSet<&str> =
            self.all.iter().copied().filter(|thing| subject.is_some_and(|of| is_subject(of, &name(thing)))).collect();
        let both: BTreeSet<&str> = by_name.intersection(&by_subject).copied().collect();
        let holds = |thing: &str| self.folders.contains(thing) || is_container(&name(thing));
        if let Some(thing) = one(&by_name).or_else(|| one(&both)) {
            return (self.are_several || holds(thing)).then(|| Locator::parsed(thing));
        }
        let thing = one(&by_subject).filter(|_| by_name.is_empty())?;
        let containers = self.all.iter().filter(|thing| is_container(&name(thing))).count();
        let is_meant = (self.are_several && holds(thing)) || (is_container(&name(thing)) && containers > 1);
        is_meant.then(|| Locator::parsed(thing))
    }
}

fn one<'a>(things: &BTreeSet<&'a str>) -> Option<&'a str> {
    things.first().copied().filter(|_| things.len() == 1)
}

/// The folder or container that a document describes, of those that hold anything else; none for a target that is a document.
fn place_of(document: &Locator, targets: &[Locator], with_others: &BTreeSet<&str>) -> Option<Locator> {
    let mut place = parent(document.as_str())?;
    while within(place, targets) {
        if with_others.contains(place) {
            return Some(Locator::parsed(place));
        }
        place = parent(place)?;
    }
    None
}

fn within(place: &str, targets: &[Locator]) -> bool {
    let below = |target: &str| place == target || place.strip_prefix(target).is_some_and(|r| r.starts_with(['/', '!']));
    targets.iter().any(|target| below(target.as_str()))
}

/// Whether a file lies somewhere below a folder, container or target, or is it.
pub(crate) fn lies_in(file: &Locator, place: &Locator) -> bool {
    let (file, place) = (file.artifact(), place.as_str());
    file == place || file.strip_prefix(place).is_some_and(|rest| rest.starts_with('/') || rest.starts_with("!/"))
}
