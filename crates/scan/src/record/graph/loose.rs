//! What a document refers to and does not declare: a reference may say what is meant by itself.
use std::collections::BTreeSet;

use interdict_model::{Declared, Part};

use super::Graph;
use super::names::NONE;

/// Bytes of references kept where ways are left out; an honest document has next to none that matter.
const KEPT: usize = 1 << 20;

/// References that may name something that a rule looks for.
#[derive(Debug, Default)]
pub(super) struct References {
    of_components: BTreeSet<String>,
    all: BTreeSet<String>,
    bytes: usize,
    is_full: bool,
}

impl References {
    fn keep(&mut self, reference: &str, is_component: bool) {
        let kept = if is_component { &mut self.of_components } else { &mut self.all };
        if kept.contains(reference) {
            return;
        }
        self.bytes += reference.len() + 64;
        self.is_full |= self.bytes > KEPT;
        if !self.is_full {
            kept.insert(reference.to_owned());
        }
    }
}

impl Graph {
    /// Where ways are left out, remembers a reference that may name something.
    pub(crate) fn refer(&mut self, reference: &str, is_component: bool, may_name: impl FnOnce() -> bool) {
        if self.without_ways && !reference.is_empty() && may_name() {
            self.references.keep(reference, is_component);
        }
    }

    /// What is referred to and is no component, in the order of the alphabet; and whether that is all.
    pub(crate) fn loose(&self) -> (BTreeSet<String>, bool) {
        if self.without_ways {
            let References { of_components, all, is_full, .. } = &self.references;
            return (all.difference(of_components).cloned().collect(), !is_full);
        }
        let ends = self.edges.iter().flat_map(|(from, to)| [*from, *to]).chain(self.mentioned.iter().copied());
        let is_loose = |name: &u32| self.referred.get(*name as usize) == Some(&NONE);
        let loose: BTreeSet<u32> = ends.filter(is_loose).collect();
        let all = loose.into_iter().map(|name| self.names.get(name).to_owned());
        (all.filter(|reference| !reference.is_empty()).collect(), true)
    }

    /// Adds what is only referred to, as a thing by itself that no count holds.
    pub(crate) fn add_loose(&mut self, reference: &str, pointer: &str) -> Part {
        self.loose += 1;
        let purl = Some(reference).filter(|reference| reference.starts_with("pkg:"));
        self.add(&Declared { pointer, reference, name: reference, purl, is_file: true, ..Declared::default() })
    }
}
