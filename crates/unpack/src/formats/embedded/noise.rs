//! Bytes spread as evenly as noise is: compressed, encrypted, or of no order at all.

/// What is measured at once; code, text and tables of this length are far from even.
const BLOCK: usize = 4096;
/// Looked at of every so many bytes, to tell whether it is worth measuring all of them.
const PROBE: usize = 1024;
const EVERY: usize = 16 * 1024;
/// A row of fewer blocks is a picture, a key, a table of hashes.
const FEWEST: usize = 4;
/// One part in so many, or as many bytes in a row, is more than any ordinary program holds that nothing explains.
const SHARE: usize = 4;
const LONGEST: usize = 2 << 20;

/// How much like noise these bytes are: two of them are the same about as seldom as chance has it. Numbers stay whole.
fn is_even(bytes: &[u8], slack: u64) -> bool {
    let mut counts = [0_u32; 256];
    for byte in bytes {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    let pairs: u64 = counts.iter().map(|count| u64::from(*count) * u64::from(count.saturating_sub(1))).sum();
    let length = bytes.len() as u64;
    pairs * 256 * 100 < length * length.saturating_sub(1) * (100 + slack)
}

/// Whether so much of it may be noise that it is worth measuring: a few bytes here and there tell.
pub(super) fn is_likely(bytes: &[u8]) -> bool {
    if bytes.len() < 8 * EVERY {
        return bytes.len() >= FEWEST * BLOCK;
    }
    let (mut even, mut row, mut longest) = (0, 0, 0);
    let probes = bytes.chunks(EVERY).filter_map(|chunk| chunk.get(..PROBE));
    for probe in probes {
        let is_even = is_even(probe, 30);
        row = if is_even { row + 1 } else { 0 };
        even += usize::from(is_even);
        longest = longest.max(row);
    }
    even * EVERY * SHARE * 2 > bytes.len() || longest * EVERY * 2 > LONGEST
}

/// Every row of blocks that look like noise: from where to where.
fn rows(bytes: &[u8]) -> Vec<(usize, usize)> {
    let mut rows: Vec<(usize, usize)> = Vec::new();
    for (number, block) in bytes.chunks_exact(BLOCK).enumerate().filter(|(_, block)| is_even(block, 8)) {
        let start = number * BLOCK;
        match rows.last_mut().filter(|(_, end)| *end == start) {
            Some((_, end)) => *end += block.len(),
            None => rows.push((start, start + block.len())),
        }
    }
    rows
}

/// The same ranges in order, none touching another.
pub(super) fn merged(mut ranges: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    ranges.retain(|(start, end)| start < end);
    ranges.sort_unstable();
    ranges.dedup_by(|next, last| {
        let touches = next.0 <= last.1;
        last.1 = if touches { last.1.max(next.1) } else { last.1 };
        touches
    });
    ranges
}

/// What is left of the rows of noise once what is explained is taken away.
fn left(bytes: &[u8], explained: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut left = Vec::new();
    for (mut start, end) in rows(bytes) {
        let first = explained.partition_point(|(_, to)| *to <= start);
        for (from, to) in explained.iter().skip(first).take_while(|(from, _)| *from < end) {
            left.push((start, *from.max(&start)));
            start = *to;
        }
        left.push((start, end));
    }
    left.retain(|(start, end)| end.saturating_sub(*start) >= FEWEST * BLOCK);
    left
}

/// The noise that nothing explains, where it is more than ordinary programs hold: all of it, and its longest row. What
/// explains it comes merged.
pub(super) fn unexplained(bytes: &[u8], explained: &[(usize, usize)]) -> Option<(usize, (usize, usize))> {
    let length = |(start, end): &(usize, usize)| end.min(&bytes.len()).saturating_sub(*start);
    let left = left(bytes, explained);
    let all: usize = left.iter().map(length).sum();
    let known: usize = explained.iter().map(length).sum();
    let longest = *left.iter().max_by_key(|row| length(row))?;
    let is_much = all.saturating_mul(SHARE) >= bytes.len().saturating_sub(known) || length(&longest) >= LONGEST;
    is_much.then_some((all, longest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(length: usize) -> Vec<u8> {
        let mut state = 1_u64;
        let mut next = || {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            state.to_be_bytes()[0]
        };
        (0..length).map(|_| next()).collect()
    }

    fn code(length: usize) -> Vec<u8> {
        b"\x48\x89\xe5\x48\x83\xec\x10\xe8\0\0\0\0the message %s\n\0".iter().copied().cycle().take(length).collect()
    }

    #[test]
    fn what_is_even_is_told_from_what_is_not() {
        for (bytes, want) in [(noise(1 << 20), true), (code(1 << 20), false)] {
            assert_eq!((is_likely(&bytes), unexplained(&bytes, &[]).is_some()), (want, want));
        }
        assert!(!is_likely(&noise(1000)));
        assert_eq!(unexplained(&noise(8192), &[]), None);
    }

    #[test]
    fn a_little_of_it_is_ordinary_and_much_in_a_row_is_not() {
        let told = |code_length, noise_length| {
            unexplained(&[code(code_length), noise(noise_length)].concat(), &[]).map(|(all, _)| all)
        };
        assert_eq!(told(1 << 20, 1 << 18), None);
        assert_eq!(told(1 << 19, 1 << 18), Some(1 << 18));
        assert_eq!(told(16 << 20, 2 << 20), Some(2 << 20));
    }

    #[test]
    fn what_is_explained_counts_for_nothing() {
        let bytes = [code(1 << 16), noise(1 << 18)].concat();
        let at = 1 << 16;
        assert_eq!(unexplained(&bytes, &[(at, bytes.len())]), None);
        assert_eq!(unexplained(&bytes, &merged(vec![(at + 9, bytes.len() - 5000), (at, at + (1 << 17))])), None);
        let half = unexplained(&bytes, &[(at + (1 << 17), bytes.len())]);
        assert_eq!(half, Some((1 << 17, (at, at + (1 << 17)))));
        // What lies in a large archive that is explained does not make the rest of it small.
        let large = [bytes, noise(8 << 20)].concat();
        let end = large.len();
        assert_eq!(unexplained(&large, &[(end - (8 << 20), end)]).map(|(all, _)| all), Some(1 << 18));
    }
}
