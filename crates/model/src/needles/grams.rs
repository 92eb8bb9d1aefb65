//! A sampled search: a few bytes at every fifth place are held against all grams of all patterns, whole patterns only at a hit.
//!
//! A gram of every pattern is kept for each of five neighbouring offsets, so that wherever a pattern stands, one of them falls on
//! a sampled place. After Wu and Manber's block shifts (1994) and the q-gram filters that followed.
use aho_corasick::Span;
use aho_corasick::packed::Searcher;

use super::rarity::{FOLD, rarities};

/// Bytes from one sampled place to the next.
const STEP: usize = 5;
/// Bytes of a gram: of text of one byte a letter, and of two.
const NARROW: usize = 4;
const WIDE: usize = 8;
/// Patterns shorter than a gram at each offset needs are looked for all at once; so many at most.
const SHORT: usize = 8;
/// Bits of each of two filters before the table: both stay in the first cache.
const FILTER: u32 = 17;
const WORDS: usize = 1 << (FILTER - 6);
/// Eight bytes folded; the four of a narrow gram.
const FOLDED: u64 = u64::from_le_bytes([FOLD; 8]);
const NARROWED: u64 = 0xffff_ffff;
/// Bytes searched at a time.
pub(super) const BLOCK: usize = STEP << 16;
/// Patterns tried in one block beyond which its bytes are not ordinary, and an automaton is faster.
const DENSE: usize = BLOCK / 16;

/// What the search looks for.
pub(super) struct Grams {
    filter: Box<[u64; WORDS]>,
    /// By another hash: asked only of what passes the first, of which one in twenty does so by chance.
    second: Box<[u64; WORDS]>,
    /// Sorted by gram: the pattern it belongs to, and how far from its start.
    table: Vec<(u64, u32, u32)>,
    short: Option<Short>,
    /// Where each pattern's first gram begins; a short one has none.
    spans: Vec<Option<usize>>,
}

/// Patterns too short to be sampled, each with its bytes as they must stand.
struct Short {
    searcher: Searcher,
    patterns: Vec<(usize, Vec<u8>)>,
}

impl Short {
    /// Tells those that begin between these places.
    fn search(&self, bytes: &[u8], from: usize, to: usize, found: &mut Vec<(usize, usize)>) {
        let longest = self.patterns.iter().map(|(_, text)| text.len()).max().unwrap_or(0);
        let end = bytes.len().min(to + longest.saturating_sub(1));
        let mut at = from;
        while let Some(hit) = self.searcher.find_in(bytes, Span { start: at, end })
            && hit.start() < to
        {
            let there = bytes.get(hit.start()..).unwrap_or_default();
            let stands = self.patterns.iter().filter(|(_, text)| there.starts_with(text));
            found.extend(stands.map(|(pattern, _)| (*pattern, hit.start())));
            at = hit.start() + 1;
        }
    }
}

impl Grams {
    /// `None` where too many patterns are too short, or short ones may stand in either case.
    pub(super) fn new(patterns: &[Vec<u8>], exact: impl Fn(usize) -> Option<Vec<u8>>) -> Option<Self> {
        let none = || Box::new([0; WORDS]);
        let mut grams = Self { filter: none(), second: none(), table: Vec::new(), short: None, spans: Vec::new() };
        let mut short = Vec::new();
        for (index, pattern) in patterns.iter().enumerate() {
            let folded: Vec<u8> = pattern.iter().map(|byte| byte | FOLD).collect();
            let length = if is_wide(pattern) { WIDE } else { NARROW };
            let Some(start) = rarest(&folded, length) else {
                short.push((index, exact(index)?));
                grams.spans.push(None);
                continue;
            };
            grams.spans.push(Some(start));
            for offset in start..start + STEP {
                let gram = folded.get(offset..offset + length)?;
                let key = gram.iter().rev().fold(0, |key, byte| key << 8 | u64::from(*byte));
                for (filter, by) in [(&mut grams.filter, FIRST), (&mut grams.second, SECOND)] {
                    let (word, bit) = slot(key, by);
                    *filter.get_mut(word)? |= bit;
                }
                grams.table.push((key, u32::try_from(index).ok()?, u32::try_from(offset).ok()?));
            }
        }
        grams.table.sort_unstable();
        if !short.is_empty() {
            grams.short = Some(Short { searcher: Searcher::new(short.iter().map(|(_, text)| text))?, patterns: short });
        }
        grams.short.as_ref().is_none_or(|short| short.patterns.len() <= SHORT).then_some(grams)
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
        if let Some(short) = &self.short {
            short.search(bytes, from, to, found);
        }
        let mut tried = 0_usize;
        let mut at = from;
        loop {
            at = self.next(bytes, at, to);
            if at >= to {
                return None;
            }
            let word = word_at(bytes, at);
            let folded = word | FOLDED;
            tried += self.confirm(patterns, bytes, folded & NARROWED, at, found);
            if is_half_zero(word) {
                tried += self.confirm(patterns, bytes, folded, at, found);
            }
            at += STEP;
            if tried > DENSE {
                return Some(at);
            }
        }
    }

    /// The next sampled place from here at which a gram may stand; `to`, or a place behind it, where there is none.
    fn next(&self, bytes: &[u8], from: usize, to: usize) -> usize {
        let mut at = from;
        // What has eight bytes behind it is read at once; the last few places are not worth their own loop.
        let whole = to.min(bytes.len().saturating_sub(7));
        while at < whole {
            let Some(chunk) = bytes.get(at..at + 8).and_then(|chunk| chunk.first_chunk::<8>()) else { break };
            let word = u64::from_le_bytes(*chunk);
            let folded = word | FOLDED;
            if self.may_hold(folded & NARROWED) || (is_half_zero(word) && self.may_hold(folded)) {
                return at;
            }
            at += STEP;
        }
        while at < to {
            let word = word_at(bytes, at);
            if self.may_hold((word | FOLDED) & NARROWED) || (is_half_zero(word) && self.may_hold(word | FOLDED)) {
                return at;
            }
            at += STEP;
        }
        at
    }

    #[inline]
    fn may_hold(&self, key: u64) -> bool {
        let holds = |filter: &[u64; WORDS], by| {
            let (word, bit) = slot(key, by);
            filter.get(word).is_some_and(|word| word & bit != 0)
        };
        holds(&self.filter, FIRST) && holds(&self.second, SECOND)
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

/// Where the grams begin that are met least often, all together; `None` where the pattern is too short for one at each offset.
fn rarest(folded: &[u8], length: usize) -> Option<usize> {
    const NEVER: u32 = 40;
    let often: Vec<u64> = rarities(folded, length).into_iter().map(|bits| 1 << NEVER.saturating_sub(bits)).collect();
    often.windows(STEP).enumerate().min_by_key(|(_, at)| at.iter().sum::<u64>()).map(|(start, _)| start)
}

/// Odd numbers to hash by.
const FIRST: u64 = 0x9e37_79b9_7f4a_7c15;
const SECOND: u64 = 0xd6e8_feb8_6659_fd93;

#[inline]
fn slot(key: u64, by: u64) -> (usize, u64) {
    let hash = key.wrapping_mul(by) >> (64 - FILTER);
    ((hash >> 6) as usize, 1 << (hash & 63))
}

/// Text of two bytes a letter, in either order: every second byte is zero.
fn is_wide(pattern: &[u8]) -> bool {
    let zeroes = |from: usize| pattern.iter().skip(from).step_by(2).all(|byte| *byte == 0);
    pattern.len() > 2 && (zeroes(0) || zeroes(1))
}

/// Eight bytes from here, zeroes behind the end.
fn word_at(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at..bytes.len().min(at + 8)).unwrap_or_default();
    rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
}

/// Whether every second byte is zero, and not every one.
#[inline]
fn is_half_zero(word: u64) -> bool {
    const EVEN: u64 = 0x00ff_00ff_00ff_00ff;
    (word & EVEN == 0 || word & !EVEN == 0) && word != 0
}
