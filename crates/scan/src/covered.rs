//! What of a container's bytes are members that were looked at as artifacts of their own.
use std::collections::BTreeMap;

use interdict_model::{At, FactKind, Needles, Part, Place, Receiver as _};

use crate::record::Record;

/// Ranges of the container's bytes, kept short: they come in any order, and most adjoin.
#[derive(Debug, Default)]
pub(crate) struct Covered {
    /// By their starts: their ends. None touch.
    ranges: BTreeMap<usize, usize>,
}

/// The observer whose facts have a place among the bytes.
const BY: &str = "content";
/// Places it tells of one needle; behind them there may be more.
const PLACES: usize = 4;
/// Between pieces of what is searched again, so that nothing is found across them.
const SEAM: &[u8] = &[0; 64];
/// More is not searched again.
const MOST: usize = 64 << 20;

impl Covered {
    /// Notes a member that is a slice of the container.
    pub(crate) fn add(&mut self, container: &[u8], member: &[u8]) {
        let offset = member.as_ptr().addr().checked_sub(container.as_ptr().addr());
        let Some(mut start) = offset.filter(|start| start.saturating_add(member.len()) <= container.len()) else {
            return;
        };
        let mut end = start + member.len();
        while let Some((&from, &to)) = self.ranges.range(..=end).next_back().filter(|(_, to)| **to >= start) {
            self.ranges.remove(&from);
            (start, end) = (start.min(from), end.max(to));
        }
        self.ranges.insert(start, end);
    }

    /// All that the other has too.
    pub(crate) fn join(&mut self, container: &[u8], other: &Self) {
        for (start, end) in &other.ranges {
            self.add(container, container.get(*start..*end).unwrap_or_default());
        }
    }

    fn holds(&self, start: u64, end: u64) -> bool {
        let inside = |(start, end): (usize, usize)| {
            self.ranges.range(..=start).next_back().is_some_and(|(_, until)| end <= *until)
        };
        usize::try_from(start).ok().zip(usize::try_from(end).ok()).is_some_and(inside)
    }

    /// What is no member.
    pub(crate) fn between<'b>(&self, bytes: &'b [u8]) -> impl Iterator<Item = (usize, &'b [u8])> {
        let starts = self.ranges.values().copied();
        let ends = self.ranges.keys().copied().chain([bytes.len()]);
        let pieces = [0].into_iter().chain(starts).zip(ends).collect::<Vec<_>>();
        pieces.into_iter().filter_map(|(start, end)| Some((start, bytes.get(start..end)?)))
    }

    /// Leaves to members what stands in them: a needle is told of once, at the innermost place. Where only members' places
    /// were told, what lies between them is searched again.
    pub(crate) fn leave(&self, bytes: &[u8], needles: &Needles, record: &mut Record<'_>) {
        if self.ranges.is_empty() {
            return;
        }
        let mut told: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        record.retain(&mut |seen| {
            let Place::Bytes { start, end } = seen.at else { return true };
            if seen.by != BY || seen.fact.kind != FactKind::Content {
                return true;
            }
            let is_left = self.holds(start, end);
            let (left, kept) = told.entry(seen.fact.value.clone()).or_default();
            *(if is_left { left } else { kept }) += 1;
            !is_left
        });
        if told.values().any(|(left, kept)| *kept == 0 && *left >= PLACES) {
            self.search(bytes, needles, &told, record);
        }
    }

    fn search(
        &self,
        bytes: &[u8],
        needles: &Needles,
        told: &BTreeMap<String, (usize, usize)>,
        record: &mut Record<'_>,
    ) {
        let (mut joined, mut places) = (Vec::new(), BTreeMap::new());
        for (start, piece) in self.between(bytes).filter(|(_, piece)| piece.len() > 3) {
            if joined.len() + piece.len() > MOST {
                break;
            }
            places.insert(joined.len(), start);
            joined.extend_from_slice(piece);
            joined.extend_from_slice(SEAM);
        }
        needles.search(&joined, PLACES, &mut |hit| {
            let Some(name) = needles.list().get(hit.needle).map(|needle| needle.name.as_str()) else { return };
            let begun = usize::try_from(hit.start).ok().and_then(|start| places.range(..=start).next_back());
            if let Some((joined_at, at)) = begun.filter(|_| told.get(name).is_some_and(|(_, kept)| *kept == 0)) {
                let shift = |place: u64| place - *joined_at as u64 + *at as u64;
                record.fact(BY, Part::WHOLE, FactKind::Content, name, At::Bytes(shift(hit.start), shift(hit.end)));
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_join_and_leave_what_is_between() {
        let bytes = vec![b'.'; 100];
        let mut covered = Covered::default();
        for (start, end) in [(10, 20), (40, 50), (20, 30), (45, 47), (25, 41), (90, 100)] {
            covered.add(&bytes, &bytes[start..end]);
        }
        covered.add(&bytes, b"elsewhere");
        assert_eq!(covered.ranges.clone().into_iter().collect::<Vec<_>>(), [(10, 50), (90, 100)]);
        assert!(covered.holds(10, 50) && covered.holds(12, 13) && !covered.holds(9, 12) && !covered.holds(49, 51));
        let between: Vec<_> = covered.between(&bytes).map(|(start, piece)| (start, piece.len())).collect();
        assert_eq!(between, [(0, 10), (50, 40), (100, 0)]);
    }
}
