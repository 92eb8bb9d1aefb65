//! Needles: byte strings that the content observer looks for, and the one search that finds them all.
mod grams;
mod rarity;
mod search;

use std::sync::OnceLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::search::Hit;

/// One byte string to look for; what it means is not its business.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Needle {
    /// Its name: the value of the fact a hit becomes.
    pub name: String,
    /// The bytes, as ASCII or UTF-8 where it is text.
    pub bytes: Vec<u8>,
    /// The encodings it is looked for in; only [`Encoding::Bytes`] for what is not text.
    pub encodings: Vec<Encoding>,
    /// Whether letters must have their case.
    pub case: Case,
    /// Whether letters, digits or `_` beside it spoil the hit.
    pub word: bool,
    /// The only offset at which it counts.
    pub at: Option<u64>,
    /// A regular expression over bytes that must match from the hit's start, within 512 bytes.
    pub then: Option<String>,
    /// Whether that expression begins where the line of the hit begins, and ends with it.
    #[serde(default)]
    pub line: bool,
}

/// How text lies in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// As it is.
    Bytes,
    /// Windows resources and string tables.
    Utf16Le,
    /// Authenticode's program name.
    Utf16Be,
}

/// Whether case counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Case {
    /// It counts.
    #[default]
    Exact,
    /// ASCII letters match in either case.
    Fold,
}

/// All needles of a pack, with the automaton that finds them in one pass; built when first searched.
#[derive(Debug, Default)]
pub struct Needles {
    list: Vec<Needle>,
    engine: OnceLock<search::Engine>,
}

impl Clone for Needles {
    fn clone(&self) -> Self {
        Self::new(self.list.clone())
    }
}

impl Needles {
    /// From a list; the order is kept, [`Hit::needle`] is an index into it.
    pub fn new(list: Vec<Needle>) -> Self {
        Self { list, engine: OnceLock::new() }
    }

    /// The needles in their order.
    pub fn list(&self) -> &[Needle] {
        &self.list
    }

    /// Every place at which a needle stands, in order of the bytes. Of one needle at most `per_needle` places are told.
    pub fn search(&self, bytes: &[u8], per_needle: usize, hit: &mut dyn FnMut(Hit)) {
        if !self.list.is_empty() {
            self.engine().search(&self.list, bytes, per_needle, hit);
        }
    }

    /// Whether sampled places are enough to find them all, at a few bytes a step. Too many needles of less than eight bytes, or
    /// one of them in either case, and every byte of every file goes through an automaton.
    pub fn are_sampled(&self) -> bool {
        self.engine().is_sampled()
    }

    fn engine(&self) -> &search::Engine {
        self.engine.get_or_init(|| search::Engine::new(&self.list))
    }
}
