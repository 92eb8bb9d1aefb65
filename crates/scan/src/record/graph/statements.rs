//! What a document states of vulnerabilities (VEX), kept to be shown beside findings; nothing is judged by it.
use std::collections::{BTreeSet, HashMap};
use std::hash::BuildHasher as _;

use interdict_model::{Locator, Part};

use super::Graph;

/// Statements kept of one document; a bill that is full of them is a report of vulnerabilities.
const KEPT: usize = 20_000;
/// Statements shown of one component.
const SHOWN: usize = 5;

#[derive(Debug, Default)]
pub(super) struct Statements {
    by_reference: HashMap<u64, BTreeSet<String>>,
    count: usize,
}

impl Graph {
    /// Remembers a statement about the component of this reference.
    pub(crate) fn state(&mut self, of: &str, statement: &str) {
        self.statements.count += 1;
        if self.statements.count <= KEPT {
            let key = self.keys.hash_one(of);
            self.statements.by_reference.entry(key).or_default().insert(statement.to_owned());
        }
    }

    /// What is stated of a component, in a sentence for the reader of the report.
    pub(crate) fn stated(&self, document: &Locator, part: Part) -> Option<String> {
        if self.statements.count == 0 {
            return None;
        }
        let said = self.references(part).into_iter().filter_map(|key| self.statements.by_reference.get(&key));
        let said: BTreeSet<&String> = said.flatten().collect();
        let shown: Vec<&str> = said.iter().take(SHOWN).map(|one| one.as_str()).collect();
        let more = said.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        (!shown.is_empty()).then(|| {
            format!(
                "`{}`: its document states {}{more}; that speaks of vulnerabilities, and not of whether the component is there",
                self.locator(document, part),
                shown.join("; ")
            )
        })
    }

    /// The references of a component, hashed.
    fn references(&self, part: Part) -> Vec<u64> {
        if self.without_ways {
            return vec![self.card(part).reference];
        }
        let names = (0_u32..).zip(&self.referred).filter(|(_, node)| **node == part.0);
        names.map(|(name, _)| self.keys.hash_one(self.names.get(name))).collect()
    }
}
