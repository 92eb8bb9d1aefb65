//! What a document declares, kept to be held against files: by digest, package URL, name and file name.
use std::collections::BTreeMap;

use interdict_model::{FactKind, Locator, Part, canonical};
use serde::{Deserialize, Serialize};

use super::Graph;
use super::names::NONE;
use crate::prints::Print;

/// The components of a document that was read, as one text: documents have millions, and few are ever asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Register {
    document: Locator,
    /// The part's name in the document, its name and its version, one behind the other, of every component.
    text: String,
    /// Where these three end.
    ends: Vec<[u32; 3]>,
    /// Sorted.
    prints: Vec<(Print, u32)>,
}

/// A component, as the document calls it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) on: Locator,
    pub(crate) name: String,
    pub(crate) version: String,
}

/// The same, by what it can be found by.
pub(crate) struct Index<'r> {
    register: &'r Register,
    named: BTreeMap<String, Vec<u32>>,
}

/// Components told of one name: more of them tell no more.
const SAME: usize = 64;

impl Graph {
    /// What it declares, without what it describes.
    pub(crate) fn register(&self, document: &Locator) -> Register {
        let subject = self.subject.as_ref().map(|(at, _)| *at);
        let count = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX);
        let mut register =
            Register { document: document.clone(), text: String::new(), ends: Vec::new(), prints: Vec::new() };
        let mut places = vec![NONE; self.nodes.len()];
        for node in (0..count).filter(|node| Some(*node) != subject) {
            let card = self.card(Part(node));
            let on = self.locator(document, Part(node));
            let at = u32::try_from(register.ends.len()).unwrap_or(NONE);
            if !register.push([on.fragment().unwrap_or_default(), &card.name, &card.version]) {
                break;
            }
            if let Some(place) = places.get_mut(node as usize) {
                *place = at;
            }
        }
        let prints = self.prints.iter().filter_map(|(print, node)| Some((*print, *places.get(*node as usize)?)));
        register.prints = prints.filter(|(_, place)| *place != NONE).collect();
        register.prints.sort_unstable();
        // It stays until the run ends.
        register.prints.shrink_to_fit();
        register.ends.shrink_to_fit();
        register.text.shrink_to_fit();
        register
    }
}

impl Register {
    /// Writes one down; not where the text has come to its end.
    fn push(&mut self, words: [&str; 3]) -> bool {
        let mut end = self.text.len();
        let ends = words.map(|word| {
            end += word.len();
            u32::try_from(end).unwrap_or(NONE)
        });
        let has_room = !ends.contains(&NONE);
        if has_room {
            self.text.extend(words);
            self.ends.push(ends);
        }
        has_room
    }

    /// The part's name in the document, its name and its version.
    fn words(&self, at: u32) -> Option<[&str; 3]> {
        let at = at as usize;
        let [label, name, version] = self.ends.get(at)?.map(|end| end as usize);
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |[.., end]| *end as usize);
        Some([self.text.get(start..label)?, self.text.get(label..name)?, self.text.get(name..version)?])
    }

    fn place(&self, label: &str) -> Locator {
        Locator::parsed(&format!("{}#{label}", self.document))
    }

    pub(crate) fn index(&self) -> Index<'_> {
        let mut named: BTreeMap<String, Vec<u32>> = BTreeMap::new();
        let all = (0_u32..).map_while(|at| Some((at, self.words(at)?)));
        for (at, [label, name, _]) in all {
            let purl = label.starts_with("pkg:").then(|| purl_key(label));
            let place = Some(self.place(label).to_string());
            for key in [purl, place, Some(name_key(name)), Some(file_key(name))].into_iter().flatten() {
                let all = named.entry(key).or_default();
                if all.len() < SAME && all.last() != Some(&at) {
                    all.push(at);
                }
            }
        }
        Index { register: self, named }
    }
}

impl Index<'_> {
    pub(crate) fn by_print(&self, print: Print) -> Vec<u32> {
        let all = &self.register.prints;
        let start = all.partition_point(|(one, _)| *one < print);
        let same = all.get(start..).unwrap_or_default().iter().take_while(|(one, _)| *one == print);
        same.take(SAME).map(|(_, at)| *at).collect()
    }

    /// By one of the keys below, or by the place of a component.
    pub(crate) fn by_key(&self, key: &str) -> &[u32] {
        self.named.get(key).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn entry(&self, at: u32) -> Option<Entry> {
        let [label, name, version] = self.register.words(at)?;
        Some(Entry { on: self.register.place(label), name: name.to_owned(), version: version.to_owned() })
    }
}

/// A package URL without version and qualifiers.
pub(crate) fn purl_key(purl: &str) -> String {
    let purl = canonical(FactKind::Purl, purl);
    purl.split(['@', '?', '#']).next().unwrap_or_default().to_owned()
}

pub(crate) fn name_key(name: &str) -> String {
    format!("name {}", canonical(FactKind::Name, name))
}

/// The last name of a path.
pub(crate) fn file_key(path: &str) -> String {
    format!("file {}", path.rsplit(['/', '\\']).next().unwrap_or_default().to_lowercase())
}
