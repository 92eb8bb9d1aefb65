//! The places of all marks, in one pass: those of three letters and more side by side, those of two letters beside them.
use std::sync::OnceLock;

use aho_corasick::packed::{Config, MatchKind, Searcher};
use memchr::memmem::Finder;

use super::kinds::{KINDS, PROGRAM};

/// What finds them; the packed search is not there on every machine.
struct Engine {
    packed: Option<Searcher>,
    /// The kind of each of its patterns.
    kinds: Vec<usize>,
    /// One by one, where it is not.
    single: Vec<(Finder<'static>, usize)>,
}

fn engine() -> &'static Engine {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    ENGINE.get_or_init(|| {
        let (short, long): (Vec<usize>, Vec<usize>) =
            (0..KINDS.len()).partition(|kind| KINDS.get(*kind).is_some_and(|kind| kind.mark.len() < 3));
        let mark = |kind: &usize| KINDS.get(*kind).map_or(PROGRAM, |kind| kind.mark);
        let mut config = Config::new();
        let packed = config.match_kind(MatchKind::LeftmostFirst).builder().extend(long.iter().map(mark)).build();
        let alone = if packed.is_some() { short } else { (0..KINDS.len()).collect() };
        let single = alone.iter().map(|kind| (Finder::new(mark(kind)), *kind)).collect();
        Engine { packed, kinds: long, single }
    })
}

/// Marks in the order in which they stand, each with its kind.
pub(super) struct Marks<'a> {
    bytes: &'a [u8],
    engine: &'static Engine,
    packed: Option<(usize, usize)>,
    single: Vec<Option<usize>>,
}

impl<'a> Marks<'a> {
    pub(super) fn new(bytes: &'a [u8], has_its_own_streams: bool) -> Self {
        let engine = engine();
        let mut marks = Self { bytes, engine, packed: None, single: vec![None; engine.single.len()] };
        marks.look_packed(0);
        for (index, (_, kind)) in engine.single.iter().enumerate() {
            if !has_its_own_streams || KINDS.get(*kind).is_some_and(|kind| kind.in_programs) {
                marks.look_single(index, 0);
            }
        }
        marks
    }

    fn look_packed(&mut self, from: usize) {
        let span = from.min(self.bytes.len())..self.bytes.len();
        let found = self.engine.packed.as_ref().and_then(|packed| packed.find_in(self.bytes, span.into()));
        self.packed =
            found.and_then(|found| Some((found.start(), *self.engine.kinds.get(found.pattern().as_usize())?)));
    }

    fn look_single(&mut self, index: usize, from: usize) {
        let finder = self.engine.single.get(index).map(|(finder, _)| finder);
        let found = finder.zip(self.bytes.get(from..)).and_then(|(finder, rest)| finder.find(rest));
        if let Some(place) = self.single.get_mut(index) {
            *place = found.map(|at| from + at);
        }
    }

    /// Passes over all marks before a place; those that stand across it are met again.
    pub(super) fn skip_to(&mut self, until: usize) {
        if self.packed.is_some_and(|(at, _)| at < until) {
            self.look_packed(until);
        }
        for index in 0..self.single.len() {
            if self.single.get(index).is_some_and(|place| place.is_some_and(|at| at < until)) {
                self.look_single(index, until);
            }
        }
    }

    pub(super) fn next(&mut self) -> Option<(usize, usize)> {
        let single = self.single.iter().enumerate().filter_map(|(index, place)| place.map(|at| (at, index))).min();
        match (self.packed, single) {
            (Some(packed), single) if single.is_none_or(|(at, _)| packed.0 < at) => {
                self.look_packed(packed.0 + 1);
                Some(packed)
            }
            (_, Some((at, index))) => {
                self.look_single(index, at + 1);
                self.engine.single.get(index).map(|(_, kind)| (at, *kind))
            }
            (_, None) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mark_is_met_where_it_stands() {
        let mut bytes = vec![0xee; 100];
        for kind in KINDS {
            bytes.extend_from_slice(kind.mark);
            bytes.extend_from_slice(&[0xee; 37]);
        }
        let mut marks = Marks::new(&bytes, false);
        let mut met = Vec::new();
        while let Some((at, kind)) = marks.next() {
            assert!(bytes[at..].starts_with(KINDS[kind].mark));
            met.push(kind);
        }
        met.sort_unstable();
        assert_eq!(met, (0..KINDS.len()).collect::<Vec<_>>());
        let mut marks = Marks::new(&bytes, false);
        marks.skip_to(bytes.len() - 1);
        assert_eq!(marks.next(), None);
    }
}
