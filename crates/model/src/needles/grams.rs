//! A sampled search: a few bytes at every fifth place are held against all grams of all patterns, whole patterns only at a hit.
//!
//! A gram of every pattern is kept for each of five neighbouring offsets, so that wherever a pattern stands, one of them falls on
//! a sampled place. After Wu and Manber's block shifts (1994) and the q-gram filters that followed.
use memchr::memmem::Finder;

use super::rarity::{FOLD, rarity};

/// Bytes from one sampled place to the next.
const STEP: usize = 5;
/// Bytes of a gram: of text of one byte a letter, and of two.
const NARROW: usize = 4;
const WIDE: usize = 8;
/// Patterns shorter than a gram at each offset needs are looked for one by one; so many at most.
const SHORT: usize = 8;
/// Bits of the filter before the table: it stays in the first cache.
const FILTER: u32 = 17;
/// Bytes searched at a time.
pub(super) const BLOCK: usize = STEP << 16;
/// Patterns tried in one block beyond which its bytes are not ordinary, and an automaton is faster.
const DENSE: usize = BLOCK / 16;

/// What the search looks for.
pub(super) struct Grams {
    filter: Vec<u64>,
    /// Sorted by gram: the pattern it belongs to, and how far from its start.
    table: Vec<(u64, u32, u32)>,
    /// Pattern by pattern, with its bytes as they must stand.
    short: Vec<(usize, Finder<'static>)>,
    /// Where each pattern's first gram begins; a short one has none.
    spans: Vec<Option<usize>>,
}

impl Grams {
    /// `None` where too many patterns are too short, or short ones may stand in either case.
    pub(super) fn new(patterns: &[Vec<u8>], exact: impl Fn(usize) -> Option<Vec<u8>>) -> Option<Self> {
        let mut grams =
            Self { filter: vec![0; 1 << (FILTER - 6)], table: Vec::new(), short: Vec::new(), spans: Vec::new() };
        for (index, pattern) in patterns.iter().enumerate() {
            let folded: Vec<u8> = pattern.iter().map(|byte| byte | FOLD).collect();
            let length = if is_wide(pattern) { WIDE } else { NARROW };
            let windows = folded.windows(length + STEP - 1).enumerate();
            let rarest = |(_, window): &(usize, &[u8])| window.windows(length).map(rarity).min();
            let Some((start, _)) = windows.max_by_key(rarest) else {
                grams.short.push((index, Finder::new(&exact(index)?).into_owned()));
                grams.spans.push(None);
                continue;
            };
            grams.spans.push(Some(start));
            for offset in start..start + STEP {
                let gram = folded.get(offset..offset + length)?;
                let key = gram.iter().rev().fold(0, |key, byte| key << 8 | u64::from(*byte));
                let (word, bit) = slot(key);
                *grams.filter.get_mut(word)? |= bit;
                grams.table.push((key, u32::try_from(index).ok()?, u32::try_from(offset).ok()?));
            }
        }
        grams.table.sort_unstable();
        (grams.short.len() <= SHORT).then_some(grams)
    }

    /// Every pattern that stands in the bytes, whatever its case, with a sampled place in the block from `from`: as `(pattern,
    /// start)`, in no certain order. Returns where it gave up, having told what starts before; `None` at the end of the block.
    pub(super) fn search(
        &self,
        patterns: &[Vec<u8>],
        bytes: &[u8],
        from: usize,
        found: &mut Vec<(usize, usize)>,
    ) -> Option<usize> {
        let to = bytes.len().min(from + BLOCK);
        for (pattern, finder) in &self.short {
            let block = bytes.get(from..bytes.len().min(to + finder.needle().len().saturating_sub(1)));
            found.extend(finder.find_iter(block.unwrap_or_default()).map(|at| (*pattern, from + at)));
        }
        let mut tried = 0_usize;
        let mut at = from;
        while at < to {
            let word = match bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
                Some(chunk) => u64::from_le_bytes(*chunk),
                None => padded(bytes.get(at..).unwrap_or_default()),
            };
            let folded = word | u64::from_le_bytes([FOLD; 8]);
            let narrow = folded & 0xffff_ffff;
            if self.may_hold(narrow) {
                tried += self.confirm(patterns, bytes, narrow, at, found);
            }
            if (word & 0x00ff_00ff_00ff_00ff == 0) != (word & 0xff00_ff00_ff00_ff00 == 0) && self.may_hold(folded) {
                tried += self.confirm(patterns, bytes, folded, at, found);
            }
            at += STEP;
            if tried > DENSE {
                return Some(at);
            }
        }
        None
    }

    #[inline]
    fn may_hold(&self, key: u64) -> bool {
        let (word, bit) = slot(key);
        self.filter.get(word).is_some_and(|word| word & bit != 0)
    }

    /// Tells the patterns that stand around this gram; returns how many were tried.
    #[cold]
    fn confirm(
        &self,
        patterns: &[Vec<u8>],
        bytes: &[u8],
        key: u64,
        at: usize,
        found: &mut Vec<(usize, usize)>,
    ) -> usize {
        let first = self.table.partition_point(|(gram, ..)| *gram < key);
        let mut tried = 1;
        for (_, pattern, offset) in self.table.iter().skip(first).take_while(|(gram, ..)| *gram == key) {
            let whole = patterns.get(*pattern as usize).map(Vec::as_slice).unwrap_or_default();
            let there = at.checked_sub(*offset as usize).and_then(|start| bytes.get(start..start + whole.len()));
            if there.is_some_and(|there| there.eq_ignore_ascii_case(whole)) {
                found.push((*pattern as usize, at - *offset as usize));
            }
            tried += 1;
        }
        tried
    }

    /// Whether a search that gave up at `at` in the block from `from` has told this pattern at `start`.
    pub(super) fn has_told(&self, pattern: usize, start: usize, from: usize, at: usize) -> bool {
        match self.spans.get(pattern) {
            // The one of its grams that falls on a sampled place decides.
            Some(Some(first)) => (start + first).div_ceil(STEP) * STEP < at,
            _ => start < from + BLOCK,
        }
    }
}

#[inline]
fn slot(key: u64) -> (usize, u64) {
    let hash = key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - FILTER);
    ((hash >> 6) as usize, 1 << (hash & 63))
}

/// Text of two bytes a letter, in either order: every second byte is zero.
fn is_wide(pattern: &[u8]) -> bool {
    let zeroes = |from: usize| pattern.iter().skip(from).step_by(2).all(|byte| *byte == 0);
    pattern.len() > 2 && (zeroes(0) || zeroes(1))
}

#[cold]
fn padded(rest: &[u8]) -> u64 {
    rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
}
