//! Members with holes: the old GNU kind, and the three kinds that pax headers describe.
use super::header::{BLOCK, Extended, number};
use crate::extents::Extents;
use crate::field::{digits, range};

/// Where the pieces of a sparse member are, its full size, and where the next header can be looked for.
pub(super) struct Sparse {
    pub(super) extents: Extents,
    pub(super) size: u64,
    /// Blocks of the map that stand between header and data, and are not counted in its size.
    pub(super) map_blocks: u64,
    /// Bytes of its data that the map speaks of, and of the map itself where that is part of the data.
    pub(super) told: u64,
}

/// Pieces taken from one map.
const PIECES: usize = 1 << 20;

impl Sparse {
    /// GNU's type `S`: four pieces in the header, more in blocks behind it.
    pub(super) fn old(archive: &[u8], at: u64) -> Option<Self> {
        let header = range(archive, at, BLOCK)?;
        let size = header.get(483..495).and_then(number)?;
        let (mut pieces, mut map_blocks) = (Vec::new(), 0);
        push(header.get(386..482)?, &mut pieces)?;
        let mut has_more = *header.get(482)? != 0;
        while has_more && pieces.len() < PIECES {
            map_blocks += 1;
            let block = range(archive, at + map_blocks * BLOCK, BLOCK)?;
            push(block.get(..504)?, &mut pieces)?;
            has_more = *block.get(504)? != 0;
        }
        let data = at + (1 + map_blocks) * BLOCK;
        Some(Self { extents: laid(&pieces, data, size), size, map_blocks, told: sum(&pieces) })
    }

    /// As pax headers say: the map in them (0.0, 0.1), or before the data (1.0).
    pub(super) fn pax(archive: &[u8], extended: &Extended, start: u64, length: u64) -> Option<Self> {
        let size = extended.real_size?;
        let (mut pieces, mut data) = (Vec::new(), start);
        let numbers = if extended.has_map_in_data {
            let held = range(archive, start, length)?;
            let (numbers, used) = lines(held)?;
            data = start + (used as u64).checked_next_multiple_of(BLOCK)?;
            numbers
        } else {
            extended.map.clone()
        };
        for pair in numbers.chunks_exact(2) {
            pieces.push((*pair.first()?, *pair.get(1)?));
        }
        let told = sum(&pieces).saturating_add(data - start);
        Some(Self { extents: laid(&pieces, data, size), size, map_blocks: 0, told })
    }
}

fn sum(pieces: &[(u64, u64)]) -> u64 {
    pieces.iter().fold(0, |sum, (_, length)| sum.saturating_add(*length))
}

/// Offsets and lengths of twelve octal digits each.
fn push(fields: &[u8], pieces: &mut Vec<(u64, u64)>) -> Option<()> {
    for pair in fields.chunks_exact(24) {
        if pair.first() == Some(&0) {
            break;
        }
        pieces.push((number(pair.get(..12)?)?, number(pair.get(12..)?)?));
    }
    Some(())
}

/// The pieces in order, with holes between and behind them; one that lies before the last ends the map.
fn laid(pieces: &[(u64, u64)], data: u64, size: u64) -> Extents {
    let (mut extents, mut at) = (Extents::default(), data);
    for (offset, length) in pieces {
        let Some(hole) = offset.checked_sub(extents.length()) else { break };
        extents.push_hole(hole);
        extents.push(at, *length);
        at = at.saturating_add(*length);
    }
    extents.push_hole(size.saturating_sub(extents.length()));
    extents
}

/// The count of pieces and their numbers, a line each, and how many bytes they take.
fn lines(held: &[u8]) -> Option<(Vec<u64>, usize)> {
    let mut used = 0;
    let mut next = || {
        let rest = held.get(used..)?;
        let end = rest.iter().take(24).position(|byte| *byte == b'\n')?;
        used += end + 1;
        digits(rest.get(..end)?, 10)
    };
    let count = usize::try_from(next()?).ok().filter(|count| *count <= PIECES)?;
    let numbers = (0..count * 2).map(|_| next()).collect::<Option<Vec<u64>>>()?;
    Some((numbers, used))
}
