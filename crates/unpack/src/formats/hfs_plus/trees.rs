//! The trees of the file system: leaves in a chain, and the pieces of forks that did not fit their records.
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::extents::Extents;
use crate::field::{u16_be, u32_be, u64_be};
use crate::space::Space;

/// Where a fork's bytes are: eight pieces, further ones in a tree of their own.
pub(super) struct Fork {
    pub(super) size: u64,
    pieces: [(u32, u32); 8],
}

/// By file and fork: first block in the fork, and eight pieces from there on.
pub(super) type Overflow = BTreeMap<(u32, u8), Vec<(u32, [(u32, u32); 8])>>;

fn pieces(raw: &[u8]) -> Option<[(u32, u32); 8]> {
    let mut pieces = [(0, 0); 8];
    for (piece, at) in pieces.iter_mut().zip((0..).step_by(8)) {
        *piece = (u32_be(raw, at)?, u32_be(raw, at + 4)?);
    }
    Some(pieces)
}

impl Fork {
    pub(super) fn parse(raw: &[u8]) -> Option<Self> {
        Some(Self { size: u64_be(raw, 0)?, pieces: pieces(raw.get(16..)?)? })
    }

    /// All its pieces, no longer than the fork.
    pub(super) fn extents(&self, block: u64, overflow: &Overflow, of: (u32, u8)) -> Extents {
        let mut extents = Extents::default();
        let more = overflow.get(&of).map(Vec::as_slice).unwrap_or_default();
        for (start, count) in self.pieces.iter().chain(more.iter().flat_map(|(_, pieces)| pieces)) {
            if extents.length() >= self.size {
                break;
            }
            extents.push(u64::from(*start) * block, u64::from(*count) * block);
        }
        extents.cut(self.size)
    }
}

/// The leaves of one tree.
pub(super) struct Leaves<'a> {
    space: Space<'a>,
    extents: Extents,
    node: u64,
    next: u32,
    met: BTreeSet<u32>,
}

/// A node and the places of its records.
pub(super) struct Leaf<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    pub(super) records: Vec<(usize, usize)>,
}

impl<'a> Leaves<'a> {
    pub(super) fn new(space: Space<'a>, extents: &Extents) -> Option<Self> {
        let header = extents.range(space, 0, 120)?;
        let node = u64::from(u16_be(&header, 32)?);
        let is_sane = node.is_power_of_two() && node >= 512;
        is_sane.then_some(Self {
            space,
            extents: extents.clone(),
            node,
            next: u32_be(&header, 24)?,
            met: BTreeSet::new(),
        })
    }

    /// The next leaf; an error where the chain leads nowhere or in a circle.
    pub(super) fn next(&mut self) -> Option<Result<Leaf<'a>, String>> {
        if self.next == 0 {
            return None;
        }
        let number = std::mem::take(&mut self.next);
        let bytes = self.extents.range(self.space, u64::from(number) * self.node, self.node);
        let Some(bytes) = bytes.filter(|bytes| self.met.insert(number) && bytes.get(8) == Some(&0xff)) else {
            return Some(Err(format!(
                "node {number} of a tree is no leaf, lies beyond the end, or stands in its chain twice"
            )));
        };
        self.next = u32_be(&bytes, 0).unwrap_or_default();
        let count = usize::from(u16_be(&bytes, 10).unwrap_or_default());
        let place = |index: usize| {
            let at = bytes.len().checked_sub(2 * (index + 1))?;
            Some(usize::from(u16_be(&bytes, at)?)).filter(|place| *place <= bytes.len())
        };
        let records = (0..count).map_while(|index| place(index).zip(place(index + 1))).filter(|(from, to)| from < to);
        let records = records.collect();
        Some(Ok(Leaf { bytes, records }))
    }
}

/// What the tree of further pieces says; nothing where it cannot be read.
pub(super) fn overflow(space: Space<'_>, extents: &Extents) -> Overflow {
    let mut overflow = Overflow::new();
    let Some(mut leaves) = Leaves::new(space, extents) else { return overflow };
    while let Some(Ok(leaf)) = leaves.next() {
        for (from, to) in &leaf.records {
            let record = leaf.bytes.get(*from..*to).unwrap_or_default();
            let key = (u32_be(record, 4), record.get(2).copied(), u32_be(record, 8));
            if let (Some(file), Some(kind), Some(first)) = key
                && let Some(pieces) = record.get(12..).and_then(pieces)
            {
                overflow.entry((file, kind)).or_default().push((first, pieces));
            }
        }
    }
    for pieces in overflow.values_mut() {
        pieces.sort_by_key(|(first, _)| *first);
    }
    overflow
}
