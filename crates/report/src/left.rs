//! What one encoding has no form for, counted by name.
use std::collections::BTreeMap;

use crate::inert::brief;

/// Names told, at most.
const TOLD: usize = 20;

/// What could not be carried into the other encoding.
#[derive(Debug, Default)]
pub(crate) struct Left(BTreeMap<String, usize>);

impl Left {
    pub(crate) fn add(&mut self, what: &str) {
        let what = brief(what, 60);
        // Names that a document makes up without end are one.
        let what = if self.0.len() < 1_000 || self.0.contains_key(&what) { what } else { "others".to_owned() };
        *self.0.entry(what).or_default() += 1;
    }

    pub(crate) fn extend(&mut self, other: Self) {
        for (what, count) in other.0 {
            *self.0.entry(what).or_default() += count;
        }
    }

    /// In words; nothing where nothing was left.
    pub(crate) fn told(&self) -> String {
        let mut words: Vec<String> =
            self.0.iter().take(TOLD).map(|(what, count)| format!("{what} ({count})")).collect();
        if self.0.len() > TOLD {
            words.push(format!("{} more names", self.0.len() - TOLD));
        }
        words.join(", ")
    }
}
