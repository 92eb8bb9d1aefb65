//! Which documents describe which files, and what a file's product is.
use std::collections::{BTreeMap, BTreeSet};

use interdict_model::{Locator, Product};
use interdict_rules::Shipment;

use crate::attribution::ends;
use crate::imprint::parent;

/// A document describes the folder it lies in; where that folder holds nothing but documents, the folder around it.
/// Documents given beside the targets describe every target.
pub(crate) fn shipments(
    targets: &[Locator],
    files: &BTreeSet<Locator>,
    documents: &BTreeMap<Locator, Option<Product>>,
    given: &[Locator],
) -> Vec<Shipment> {
    let mut products: BTreeMap<Locator, BTreeSet<Locator>> = BTreeMap::new();
    let others = files.iter().filter(|file| !documents.contains_key(*file));
    let with_others: BTreeSet<&str> = others.flat_map(|file| ends(file.artifact())).collect();
    for document in documents.keys().filter(|document| !given.contains(document)) {
        if let Some(place) = place_of(document, targets, &with_others) {
            products.entry(place).or_default().insert(document.clone());
        }
    }
    if !given.is_empty() {
        for target in targets.iter().filter(|target| !given.contains(target) && !documents.contains_key(*target)) {
            products.entry(target.clone()).or_default().extend(given.iter().cloned());
        }
    }
    let shipment = |(product, documents): (Locator, BTreeSet<Locator>)| {
        let has_files = with_others.contains(product.as_str())
            || files.iter().any(|file| !documents.contains(file) && lies_in(file, &product));
        Shipment { product, documents: documents.into_iter().collect(), has_files }
    };
    products.into_iter().map(shipment).collect()
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
