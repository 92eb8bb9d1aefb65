//! One pass over the bytes: a sampled search for grams, or an automaton of whole patterns; each candidate is confirmed.
use std::collections::BTreeMap;
use std::sync::OnceLock;

use aho_corasick::Span;
use aho_corasick::packed::Searcher;
use daachorse::DoubleArrayAhoCorasick;
use memchr::memmem;
use regex::bytes::Regex;

use super::grams::{BLOCK, Grams};
use super::{Case, Encoding, Needle};

/// A needle stands in the bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Index into the list of needles.
    pub needle: usize,
    /// In which encoding.
    pub encoding: Encoding,
    /// The first byte.
    pub start: u64,
    /// One past the last byte; with `then`, of the whole match.
    pub end: u64,
}

/// Bytes folded at a time: small enough to stay in the first cache.
const CHUNK: usize = 64 * 1024;
/// How far a `then` may reach.
const WINDOW: usize = 512;

pub(super) struct Engine {
    /// Folded patterns, each with what it stands for; several needles may share one.
    patterns: Vec<Vec<u8>>,
    variants: Vec<Vec<Variant>>,
    grams: Option<Grams>,
    /// For few patterns of which some are too short to be sampled.
    packed: Option<Searcher>,
    automaton: OnceLock<Option<DoubleArrayAhoCorasick<u32>>>,
    then: Vec<OnceLock<Option<Regex>>>,
    longest: usize,
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine").field("patterns", &self.patterns.len()).finish_non_exhaustive()
    }
}

#[derive(Clone, Debug)]
struct Variant {
    needle: usize,
    encoding: Encoding,
    /// As it must stand there when case counts.
    exact: Option<Vec<u8>>,
}

impl Engine {
    pub(super) fn new(needles: &[Needle]) -> Self {
        let (patterns, variants): (Vec<_>, Vec<Vec<Variant>>) = patterns(needles).into_iter().unzip();
        let longest = patterns.iter().map(Vec::len).max().unwrap_or(0);
        let then = needles.iter().map(|_| OnceLock::new()).collect();
        let exact = |pattern: usize| match variants.get(pattern).map(Vec::as_slice) {
            Some([only]) => only.exact.clone(),
            _ => None,
        };
        let grams = Grams::new(&patterns, exact);
        let packed = if grams.is_none() { packed(&patterns) } else { None };
        Self { patterns, variants, grams, packed, automaton: OnceLock::new(), then, longest }
    }

    pub(super) fn is_sampled(&self) -> bool {
        self.grams.is_some()
    }

    pub(super) fn search(&self, needles: &[Needle], bytes: &[u8], per_needle: usize, hit: &mut dyn FnMut(Hit)) {
        let mut told = vec![0_usize; needles.len()];
        let mut tell = |pattern: usize, start: usize, end: usize| {
            for variant in self.variants.get(pattern).into_iter().flatten() {
                if let (Some(needle), Some(told)) = (needles.get(variant.needle), told.get_mut(variant.needle))
                    && *told < per_needle
                    && let Some(end) = self.confirm(needle, variant, bytes, start, end)
                {
                    *told += 1;
                    hit(Hit { needle: variant.needle, encoding: variant.encoding, start: start as u64, end });
                }
            }
        };
        let Some(grams) = &self.grams else {
            return match &self.packed {
                Some(packed) => self.side_by_side(packed, bytes, &mut tell),
                None => self.automatic(bytes, 0, &mut tell),
            };
        };
        let end = |pattern: usize, start: usize| start + self.patterns.get(pattern).map_or(0, Vec::len);
        let mut found = Vec::new();
        for from in (0..bytes.len()).step_by(BLOCK) {
            let gave_up = grams.search(&self.patterns, bytes, from, &mut found);
            // In the order of an automaton: what ends first, and of that the longest.
            found.sort_unstable_by_key(|(pattern, start)| (end(*pattern, *start), *start, *pattern));
            for (pattern, start) in found.drain(..) {
                tell(pattern, start, end(pattern, start));
            }
            if let Some(at) = gave_up {
                let mut rest = |pattern, start, end| {
                    if !grams.has_told(pattern, start, from, at) {
                        tell(pattern, start, end);
                    }
                };
                return self.automatic(bytes, at.saturating_sub(self.longest), &mut rest);
            }
        }
    }

    /// Looks for a few patterns at once, many bytes at a time.
    fn side_by_side(&self, packed: &Searcher, bytes: &[u8], tell: &mut dyn FnMut(usize, usize, usize)) {
        let mut folded = Vec::with_capacity(CHUNK + self.longest);
        let mut found = Vec::new();
        let mut from = 0;
        while from < bytes.len() {
            let chunk = bytes.get(from..bytes.len().min(from + CHUNK + self.longest)).unwrap_or_default();
            folded.clear();
            folded.extend(chunk.iter().map(u8::to_ascii_lowercase));
            let mut at = 0;
            // What starts in the overlap is found again at the head of the next chunk.
            while let Some(hit) = packed.find_in(&folded, Span { start: at, end: folded.len() })
                && hit.start() < CHUNK
            {
                let there = folded.get(hit.start()..).unwrap_or_default();
                for (pattern, text) in self.patterns.iter().enumerate().filter(|(_, text)| there.starts_with(text)) {
                    found.push((hit.start() + text.len(), hit.start(), pattern));
                }
                at = hit.start() + 1;
            }
            // In the order of an automaton.
            found.sort_unstable();
            for (end, start, pattern) in found.drain(..) {
                tell(pattern, from + start, from + end);
            }
            from += CHUNK;
        }
    }

    fn automatic(&self, bytes: &[u8], from: usize, tell: &mut dyn FnMut(usize, usize, usize)) {
        let build = || DoubleArrayAhoCorasick::new(&self.patterns).ok();
        let Some(automaton) = self.automaton.get_or_init(build) else { return };
        let mut folded = Vec::with_capacity(CHUNK + self.longest);
        let mut from = from;
        while from < bytes.len() {
            let chunk = bytes.get(from..bytes.len().min(from + CHUNK + self.longest)).unwrap_or_default();
            folded.clear();
            folded.extend(chunk.iter().map(u8::to_ascii_lowercase));
            for found in automaton.find_overlapping_iter(&folded) {
                // What starts in the overlap is found again at the head of the next chunk.
                if found.start() < CHUNK {
                    tell(
                        usize::try_from(found.value()).unwrap_or(usize::MAX),
                        from + found.start(),
                        from + found.end(),
                    );
                }
            }
            from += CHUNK;
        }
    }

    fn confirm(&self, needle: &Needle, variant: &Variant, bytes: &[u8], start: usize, end: usize) -> Option<u64> {
        if needle.at.is_some_and(|at| at != start as u64) {
            return None;
        }
        if variant.exact.as_deref().is_some_and(|exact| bytes.get(start..end) != Some(exact)) {
            return None;
        }
        if needle.word && (is_word_before(bytes, start, variant.encoding) || is_word_at(bytes, end, variant.encoding)) {
            return None;
        }
        let Some(then) = &needle.then else { return Some(end as u64) };
        let regex = self.then.get(variant.needle)?.get_or_init(|| Regex::new(&format!("(?s-u)^(?:{then})")).ok());
        if needle.line {
            let (first, last) = line_around(bytes, start, end)?;
            let met = regex.as_ref()?.find(bytes.get(first..last)?).map(|found| end.max(first + found.end()) as u64);
            return met.filter(|_| !is_in_block_comment(bytes, first));
        }
        let window = bytes.get(start..bytes.len().min(start + WINDOW))?;
        regex.as_ref()?.find(window).map(|found| (start + found.end()) as u64)
    }
}

/// Where the line of a hit begins and ends; a line that begins out of reach is none.
fn line_around(bytes: &[u8], start: usize, end: usize) -> Option<(usize, usize)> {
    let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let from = start.saturating_sub(WINDOW);
    let before = bytes.get(from..start)?.iter().rposition(is_end).map(|at| from + at + 1);
    let first = before.or((from == 0).then_some(0))?;
    let rest = bytes.get(end..bytes.len().min(end + WINDOW))?;
    Some((first, end + rest.iter().position(is_end).unwrap_or(rest.len())))
}

/// Whether a line stands between one that begins with `/*` and the next `*/`, as settings in several languages have comments.
fn is_in_block_comment(bytes: &[u8], line: usize) -> bool {
    const BLOCK: usize = 64 << 10;
    let is_open = || {
        let before = bytes.get(line.saturating_sub(BLOCK)..line)?;
        let (head, rest) = before.split_at_checked(memmem::rfind(before, b"/*")?)?;
        let begins = head.iter().rev().find(|byte| !matches!(byte, b' ' | b'\t'));
        Some(matches!(begins, None | Some(b'\n' | b'\r')) && memmem::find(rest, b"*/").is_none())
    };
    let rest = bytes.get(line..bytes.len().min(line.saturating_add(BLOCK))).unwrap_or_default();
    is_open() == Some(true) && memmem::find(rest, b"*/").is_some()
}

/// A search for all of these patterns at once, where they are few enough, and none is next to nothing.
fn packed(patterns: &[Vec<u8>]) -> Option<Searcher> {
    const FEW: usize = 32;
    const SHORTEST: usize = 3;
    let fits = patterns.len() <= FEW && patterns.iter().all(|pattern| pattern.len() >= SHORTEST);
    if fits { Searcher::new(patterns) } else { None }
}

/// Patterns in lower case, each with what it stands for; several needles may share one.
fn patterns(needles: &[Needle]) -> BTreeMap<Vec<u8>, Vec<Variant>> {
    let mut patterns: BTreeMap<Vec<u8>, Vec<Variant>> = BTreeMap::new();
    for (index, needle) in needles.iter().enumerate() {
        for encoding in &needle.encodings {
            let bytes = encoded(&needle.bytes, *encoding);
            if bytes.is_empty() {
                continue;
            }
            let folded = bytes.to_ascii_lowercase();
            let exact = (needle.case == Case::Exact).then_some(bytes);
            patterns.entry(folded).or_default().push(Variant { needle: index, encoding: *encoding, exact });
        }
    }
    patterns
}

fn encoded(text: &[u8], encoding: Encoding) -> Vec<u8> {
    let units = || String::from_utf8_lossy(text).encode_utf16().collect::<Vec<_>>();
    match encoding {
        Encoding::Bytes => text.to_vec(),
        Encoding::Utf16Le => units().into_iter().flat_map(u16::to_le_bytes).collect(),
        Encoding::Utf16Be => units().into_iter().flat_map(u16::to_be_bytes).collect(),
    }
}

fn is_word_before(bytes: &[u8], start: usize, encoding: Encoding) -> bool {
    match encoding {
        Encoding::Bytes => start.checked_sub(1).is_some_and(|at| is_word(bytes, at, None)),
        Encoding::Utf16Le => start.checked_sub(2).is_some_and(|at| is_word(bytes, at, Some(at + 1))),
        Encoding::Utf16Be => start.checked_sub(2).is_some_and(|at| is_word(bytes, at + 1, Some(at))),
    }
}

fn is_word_at(bytes: &[u8], end: usize, encoding: Encoding) -> bool {
    match encoding {
        Encoding::Bytes => is_word(bytes, end, None),
        Encoding::Utf16Le => is_word(bytes, end, Some(end + 1)),
        Encoding::Utf16Be => is_word(bytes, end + 1, Some(end)),
    }
}

/// A word character whose other half, in UTF-16, is zero.
fn is_word(bytes: &[u8], at: usize, zero: Option<usize>) -> bool {
    bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
        && zero.is_none_or(|at| bytes.get(at) == Some(&0))
}

#[cfg(test)]
mod tests;
