//! The components of one document and what needs what: texts in one arena, edges as numbers.
mod loose;
mod names;
mod register;
mod statements;
mod ways;

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{BuildHasher as _, RandomState};

use interdict_model::{Declared, Locator, Part, Product, Quality, Scope, Step, Via};
use serde::{Deserialize, Serialize};

use self::names::{NONE, Names};
pub(crate) use self::register::{Entry, Index, Register, file_key, name_key, purl_key};
use self::ways::Ways;
use crate::prints::Print;

/// Ways told of one component.
const INTRODUCERS: usize = 100;
/// Components of one document for which more than the shortest way is looked for: each costs a walk over the whole graph.
const WALKS: u32 = 100;

/// Everything about a document's components that a finding may need, and no more.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    /// Without ways nothing is kept but what findings name.
    without_ways: bool,
    count: u32,
    /// Of these, what is only referred to.
    loose: u32,
    /// Without ways: references that may name something, and of these those of components.
    references: loose::References,
    /// References and labels.
    names: Names,
    nodes: Vec<Node>,
    /// Names, versions and pointers, one behind the other.
    text: String,
    /// For each name, the node it refers to.
    referred: Vec<u32>,
    /// For each name, whether more than one component has it as label: a locator must be unique.
    labelled: Vec<Labelled>,
    /// What needs and what is needed, as names.
    edges: Vec<(u32, u32)>,
    /// What is only referred to, as names.
    mentioned: Vec<u32>,
    /// What needed something last, and how far it stood from the one before: documents list what needs what in the order in
    /// which they list the things themselves.
    needing: (u32, u32),
    subject: Option<(u32, Subject)>,
    /// Digests that the document states, each with its component; only where files may be held against it.
    prints: Vec<(Print, u32)>,
    is_compared: bool,
    quality: Quality,
    ways: OnceCell<Ways>,
    /// What the document states of vulnerabilities, by the references of components, hashed.
    statements: statements::Statements,
    /// Without ways: the component told last, those that findings name, and the labels met once or more.
    last: Option<(u32, Card)>,
    kept: BTreeMap<u32, Card>,
    /// The digests stated of the component told last, and of those that findings name.
    stated: (u32, String),
    digests: BTreeMap<u32, String>,
    labels: HashMap<u64, bool>,
    keys: RandomState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Labelled {
    Never,
    Once,
    Often,
}

#[derive(Debug)]
struct Node {
    label: u32,
    /// Where its name, version and pointer end in the text; its name begins where the pointer before ends.
    ends: [u32; 3],
    scope: Scope,
}

/// A component by itself.
#[derive(Clone, Debug, Default)]
struct Card {
    label: String,
    name: String,
    version: String,
    pointer: String,
    scope: Scope,
    /// Its reference, hashed.
    reference: u64,
}

#[derive(Debug)]
struct Subject {
    name: String,
    version: String,
    supplier: String,
}

/// How a component got into what its document describes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Way {
    /// The shortest.
    pub(crate) path: Vec<Step>,
    /// The shortest by each thing that brings it in.
    pub(crate) introducers: Vec<Vec<Step>>,
    /// How many more of these there are.
    pub(crate) untold: u64,
}

/// The number that a component has behind this one.
pub(crate) fn after(part: Part) -> Part {
    Part(part.0.saturating_add(1).min(NONE - 1))
}

impl Graph {
    pub(crate) fn new(without_ways: bool) -> Self {
        Self { without_ways, ..Self::default() }
    }

    /// Digests are kept from here on.
    pub(crate) fn compare(&mut self) {
        self.is_compared = true;
    }

    /// The number that the next component will have.
    pub(crate) fn next(&self) -> Part {
        Part(self.count)
    }

    pub(crate) fn add(&mut self, declared: &Declared<'_>) -> Part {
        let index = self.count;
        self.count = after(Part(index)).0;
        if declared.is_subject && self.subject.is_none() {
            let (name, version) = (declared.name.to_owned(), declared.version.unwrap_or_default().to_owned());
            let supplier = declared.supplier.unwrap_or_default().to_owned();
            self.subject = Some((index, Subject { name, version, supplier }));
        }
        self.tally(declared);
        self.note_digests(index, declared.digests);
        if self.is_compared {
            let prints = declared.digests.iter().filter_map(|(_, hex)| Print::of_hex(hex));
            self.prints.extend(prints.map(|print| (print, index)));
        }
        let version = declared.version.unwrap_or_default();
        let joined;
        let label = match declared.purl {
            Some(purl) => purl,
            None if declared.name.is_empty() => declared.pointer,
            None if version.is_empty() => declared.name,
            None => {
                joined = format!("{}@{version}", declared.name);
                &joined
            }
        };
        if self.without_ways {
            let often = self.labels.entry(self.keys.hash_one(label)).and_modify(|often| *often = true);
            often.or_insert(false);
            let (last, card) = self.last.get_or_insert_default();
            *last = index;
            card.scope = declared.scope;
            card.reference = self.keys.hash_one(declared.reference);
            let texts = [label, declared.name, version, declared.pointer];
            let places = [&mut card.label, &mut card.name, &mut card.version, &mut card.pointer];
            for (place, text) in places.into_iter().zip(texts) {
                place.clear();
                place.push_str(text);
            }
            return Part(index);
        }
        let shown = label;
        let label = self.named(label);
        if let Some(labelled) = self.labelled.get_mut(label as usize) {
            *labelled = if *labelled == Labelled::Never { Labelled::Once } else { Labelled::Often };
        }
        if !declared.reference.is_empty() {
            let reference = if declared.reference == shown { label } else { self.named(declared.reference) };
            if let Some(node) = self.referred.get_mut(reference as usize).filter(|node| **node == NONE) {
                *node = index;
            }
        }
        let mut ends = [0; 3];
        for (end, part) in ends.iter_mut().zip([declared.name, version, declared.pointer]) {
            self.text.push_str(part);
            *end = u32::try_from(self.text.len()).unwrap_or(NONE);
        }
        self.nodes.push(Node { label, ends, scope: declared.scope });
        Part(index)
    }

    fn note_digests(&mut self, index: u32, digests: &[(&str, &str)]) {
        self.stated.0 = index;
        self.stated.1.clear();
        for (name, hex) in digests {
            for word in ["\n", name, ":", hex] {
                self.stated.1.push_str(word);
            }
        }
    }

    fn tally(&mut self, declared: &Declared<'_>) {
        if declared.is_subject || declared.is_file {
            return;
        }
        let quality = &mut self.quality;
        let said = |text: Option<&str>| text.is_some_and(|text| !text.trim().is_empty());
        for (count, is_there) in [
            (&mut quality.components, true),
            (&mut quality.named, said(Some(declared.name))),
            (&mut quality.versioned, said(declared.version)),
            (&mut quality.supplied, said(declared.supplier)),
            (&mut quality.identified, declared.identified),
            (&mut quality.hashed, !declared.digests.is_empty()),
            (&mut quality.licensed, declared.licensed),
        ] {
            *count += u64::from(is_there);
        }
    }

    /// How much of the components carries what.
    pub(crate) fn quality(&self) -> Quality {
        let node = |name: u32| self.referred.get(name as usize).copied().filter(|node| *node != NONE);
        let mut related = vec![false; self.nodes.len()];
        for (from, to) in &self.edges {
            for end in [node(*from), node(*to)].into_iter().flatten() {
                if let Some(is) = related.get_mut(end as usize) {
                    *is = true;
                }
            }
        }
        let subject = self.subject.as_ref().map(|(at, _)| *at as usize);
        let count = related.iter().enumerate().filter(|(at, is)| **is && Some(*at) != subject).count() as u64;
        let related = (!self.without_ways).then(|| count.min(self.quality.components));
        Quality { related, ..self.quality }
    }

    pub(crate) fn depends(&mut self, from: &str, to: &str) {
        if from.is_empty() && !self.without_ways {
            let to = self.named(to);
            self.mentioned.push(to);
        } else if !self.without_ways {
            let (last, stride) = self.needing;
            let from = match [last, last.wrapping_add(stride)].into_iter().find(|guess| self.names.is(*guess, from)) {
                Some(known) => known,
                None => self.named(from),
            };
            if from != last {
                self.needing = (from, from.wrapping_sub(last));
            }
            let to = self.named(to);
            self.edges.push((from, to));
        }
    }

    fn named(&mut self, text: &str) -> u32 {
        let number = self.names.number(text);
        if self.names.len() > self.referred.len() {
            self.referred.resize(self.names.len(), NONE);
            self.labelled.resize(self.names.len(), Labelled::Never);
        }
        number
    }

    /// A finding may name this component.
    pub(crate) fn keep(&mut self, part: Part) {
        if let Some((_, card)) = self.last.as_ref().filter(|(index, _)| *index == part.0) {
            self.kept.entry(part.0).or_insert_with(|| card.clone());
        }
        let (of, digests) = &self.stated;
        if *of == part.0 && !digests.is_empty() {
            self.digests.entry(part.0).or_insert_with(|| digests.to_lowercase());
        }
    }

    /// Without what the document describes.
    pub(crate) fn len(&self) -> u64 {
        u64::from(self.count - self.loose) - u64::from(self.subject.is_some())
    }

    /// `bom.json#pkg:npm/openssl@1`; the pointer is added where two components have the same label.
    pub(crate) fn locator(&self, document: &Locator, part: Part) -> Locator {
        if part == Part::WHOLE {
            return document.clone();
        }
        let card = self.card(part);
        let often = if self.without_ways {
            self.labels.get(&self.keys.hash_one(&*card.label)).copied().unwrap_or(false)
        } else {
            let label = self.nodes.get(part.0 as usize).map_or(NONE, |node| node.label);
            self.labelled.get(label as usize).is_some_and(|labelled| *labelled == Labelled::Often)
        };
        if often {
            return document.part(&format!("{}~{}", card.label, card.pointer));
        }
        document.part(&card.label)
    }

    pub(crate) fn scope(&self, part: Part) -> Scope {
        self.card(part).scope
    }

    /// What the component is, wherever it is declared: what it is called, and the digests stated of it, in any order. Other
    /// bytes under the same name are another thing.
    pub(crate) fn identity(&self, part: Part) -> String {
        let label = self.card(part).label;
        let Some(digests) = self.digests.get(&part.0) else { return label };
        let digests: BTreeSet<&str> = digests.lines().collect();
        digests
            .into_iter()
            .fold(label, |identity, digest| if digest.is_empty() { identity } else { format!("{identity}\n{digest}") })
    }

    /// What the document describes.
    pub(crate) fn product(&self, document: &Locator) -> Option<Product> {
        let (_, subject) = self.subject.as_ref()?;
        let text = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Some(Product {
            name: text(&subject.name).unwrap_or_else(|| document.name().to_owned()),
            version: text(&subject.version),
            supplier: text(&subject.supplier),
            known_from: document.to_string(),
            is_makers_own: false,
        })
    }

    /// From what the document describes to the component; where nothing leads there, the document itself. `rank` counts the
    /// components of one document that were asked about before.
    pub(crate) fn way(&self, document: &Locator, part: Part, rank: u32) -> Way {
        let step = |via, index: u32| {
            let card = self.card(Part(index));
            let name = if card.version.is_empty() { card.name } else { format!("{} {}", card.name, card.version) };
            Step { via, name, locator: self.locator(document, Part(index)) }
        };
        let whole = Step { via: Via::Product, name: document.name().to_owned(), locator: document.clone() };
        let contained = || vec![whole.clone(), step(Via::Contains, part.0)];
        if self.without_ways {
            return Way { path: contained(), ..Way::default() };
        }
        let ways = self.ways.get_or_init(|| self.walked());
        let steps = |way: &[u32], first: Via| -> Vec<Step> {
            let via = |depth| if depth == 0 { first } else { Via::DependsOn };
            way.iter().enumerate().map(|(depth, index)| step(via(depth), *index)).collect()
        };
        let path = ways.shortest(part.0).map_or_else(contained, |way| steps(&way, Via::Product));
        let root = self.subject.as_ref().map(|(root, _)| *root);
        if rank >= WALKS || root == Some(part.0) {
            return Way { path, ..Way::default() };
        }
        let (ways, untold) = ways.introducers(part.0, INTRODUCERS);
        let start = root.map_or_else(|| whole.clone(), |root| step(Via::Product, root));
        let first = if root.is_some() { Via::DependsOn } else { Via::Contains };
        let introducers = ways.iter().map(|way| [vec![start.clone()], steps(way, first)].concat()).collect();
        Way { path, introducers, untold }
    }

    fn walked(&self) -> Ways {
        let node = |name: u32| self.referred.get(name as usize).copied().filter(|node| *node != NONE);
        let edges = self.edges.iter().filter_map(move |(from, to)| Some((node(*from)?, node(*to)?)));
        Ways::new(self.nodes.len(), edges, self.subject.as_ref().map(|(root, _)| *root))
    }

    fn card(&self, part: Part) -> Card {
        if self.without_ways {
            let unknown = || Card { label: format!("component {}", part.0), ..Card::default() };
            return self.kept.get(&part.0).cloned().unwrap_or_else(unknown);
        }
        let at = part.0 as usize;
        let Some(node) = self.nodes.get(at) else { return Card::default() };
        let before = at.checked_sub(1).and_then(|before| self.nodes.get(before)).map_or(0, |node| node.ends[2]);
        let text = |from: u32, to: u32| self.text.get(from as usize..to as usize).unwrap_or_default().to_owned();
        let [name, version, pointer] = node.ends;
        Card {
            label: self.names.get(node.label).to_owned(),
            name: text(before, name),
            version: text(name, version),
            pointer: text(version, pointer),
            scope: node.scope,
            reference: 0,
        }
    }
}

#[cfg(test)]
mod tests;
