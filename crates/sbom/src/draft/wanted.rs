//! What somebody asks for of a document, so that the rest is left where it is.
use std::sync::Arc;

use interdict_model::{FactKind, Sieve, Sink, Weight};

/// Which facts somebody asks for: all of them, where that is not known.
#[derive(Clone, Debug)]
pub(crate) struct Wanted {
    kinds: u128,
    /// Of these, what tells the values of components that matter to nobody.
    sieve: Option<Arc<Sieve>>,
}

impl Default for Wanted {
    fn default() -> Self {
        Self { kinds: u128::MAX, sieve: None }
    }
}

impl Wanted {
    /// What this sink's receiver asks for.
    pub(crate) fn of(sink: &Sink<'_>) -> Self {
        let wanted = FactKind::ALL.iter().filter(|kind| sink.wants(**kind));
        Self { kinds: wanted.fold(0, |set, kind| set | Self::bit(*kind)), sieve: sink.sieve() }
    }

    /// The same kinds, whatever their values: of what is no component.
    pub(crate) fn of_whole(&self) -> Self {
        Self { kinds: self.kinds, sieve: None }
    }

    const fn bit(kind: FactKind) -> u128 {
        1 << kind as u32
    }

    #[inline]
    pub(super) fn has(&self, kind: FactKind) -> bool {
        self.kinds & Self::bit(kind) != 0
    }

    #[inline]
    pub(super) fn weight(&self, kind: FactKind, raw: &str) -> Weight {
        self.sieve.as_ref().map_or(Weight::Alone, |sieve| sieve.weight(kind, raw))
    }

    /// Whether a reference may say by itself what it refers to, in a way that somebody asks for.
    #[inline]
    pub(crate) fn may_name(&self, reference: &str) -> bool {
        [FactKind::Purl, FactKind::Cpe, FactKind::Name]
            .into_iter()
            .any(|kind| self.has(kind) && self.weight(kind, reference) > Weight::Nothing)
    }

    #[inline]
    pub(super) fn may_link(&self, url: &str) -> bool {
        self.sieve.as_ref().is_none_or(|sieve| sieve.may_link(url))
    }
}
