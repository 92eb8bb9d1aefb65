//! Bytes spread as evenly as noise is: compressed, encrypted, or of no order at all.

/// What is measured at once; code, text and tables of this length are far from even.
const BLOCK: usize = 4096;
/// Looked at of every so many bytes, to tell where it is worth measuring all of them.
const PROBE: usize = 512;
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

/// Where noise may be: a few bytes here and there tell. Small files are measured whole.
fn zones(bytes: &[u8]) -> Vec<(usize, usize)> {
    if bytes.len() < 8 * EVERY {
        return if bytes.len() < FEWEST * BLOCK { Vec::new() } else { vec![(0, bytes.len())] };
    }
    let (mut zones, mut row) = (Vec::new(), 0);
    let behind = (bytes.len().div_ceil(EVERY), <&[u8]>::default());
    for (number, chunk) in bytes.chunks(EVERY).enumerate().chain([behind]) {
        if chunk.get(..PROBE).is_some_and(|probe| is_even(probe, 30)) {
            row += 1;
            continue;
        }
        if row >= FEWEST {
            let start = (number - row).saturating_sub(1) * EVERY;
            zones.push((start, ((number + 1) * EVERY).min(bytes.len())));
        }
        row = 0;
    }
    zones
}

/// Whether any of it may be noise.
pub(super) fn is_likely(bytes: &[u8]) -> bool {
    !zones(bytes).is_empty()
}

/// Every row of blocks that look like noise: from where to where.
pub(super) fn rows(bytes: &[u8]) -> Vec<(usize, usize)> {
    let mut rows: Vec<(usize, usize)> = Vec::new();
    for (from, to) in merged(zones(bytes)) {
        let blocks = bytes.get(from..to).unwrap_or_default().chunks_exact(BLOCK).enumerate();
        for (number, block) in blocks.filter(|(_, block)| is_even(block, 8)) {
            let start = from + number * BLOCK;
            match rows.last_mut().filter(|(_, end)| *end >= start) {
                Some((_, end)) => *end = start + block.len(),
                None => rows.push((start, start + block.len())),
            }
        }
    }
    rows.retain(|(start, end)| end - start >= FEWEST * BLOCK);
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
fn left(rows: &[(usize, usize)], explained: &[(usize, usize)]) -> Vec<(usize, usize)> {
    let mut left = Vec::new();
    for (mut start, end) in rows.iter().copied() {
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
pub(super) fn unexplained(
    bytes: &[u8],
    rows: &[(usize, usize)],
    explained: &[(usize, usize)],
) -> Option<(usize, (usize, usize))> {
    let length = |(start, end): &(usize, usize)| end.min(&bytes.len()).saturating_sub(*start);
    let left = left(rows, explained);
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

    fn told(bytes: &[u8], explained: &[(usize, usize)]) -> Option<(usize, (usize, usize))> {
        unexplained(bytes, &rows(bytes), explained)
    }

    #[test]
    fn what_is_even_is_told_from_what_is_not() {
        for (bytes, want) in [(noise(1 << 20), true), (code(1 << 20), false)] {
            assert_eq!((is_likely(&bytes), told(&bytes, &[]).is_some()), (want, want));
        }
        assert!(!is_likely(&noise(1000)));
        assert_eq!(told(&noise(8192), &[]), None);
    }

    #[test]
    fn a_little_of_it_is_ordinary_and_much_in_a_row_is_not() {
        let made = |code_length, noise_length| {
            told(&[code(code_length), noise(noise_length)].concat(), &[]).map(|(all, _)| all)
        };
        assert_eq!(made(1 << 20, 1 << 18), None);
        assert_eq!(made(1 << 19, 1 << 18), Some(1 << 18));
        assert_eq!(made(16 << 20, 2 << 20), Some(2 << 20));
    }

    #[test]
    fn rows_stand_as_they_are_however_near_they_are() {
        let bytes: Vec<u8> = (0..40)
            .flat_map(
                |number| if number % 2 == 0 { noise((4 + number % 3) * EVERY) } else { code(EVERY + number * 100) },
            )
            .collect();
        let rows = rows(&bytes);
        assert!(rows.iter().all(|(start, end)| start < end && *end <= bytes.len()));
        assert!(rows.iter().zip(rows.iter().skip(1)).all(|(one, next)| one.1 < next.0), "{rows:?}");
        assert_eq!(rows.len(), 20);
    }

    #[test]
    fn what_is_explained_counts_for_nothing() {
        let bytes = [code(1 << 16), noise(1 << 18)].concat();
        let at = 1 << 16;
        assert_eq!(told(&bytes, &[(at, bytes.len())]), None);
        assert_eq!(told(&bytes, &merged(vec![(at + 9, bytes.len() - 5000), (at, at + (1 << 17))])), None);
        let half = told(&bytes, &[(at + (1 << 17), bytes.len())]);
        assert_eq!(half, Some((1 << 17, (at, at + (1 << 17)))));
        // What lies in a large archive that is explained does not make the rest of it small.
        let large = [bytes, noise(8 << 20)].concat();
        let end = large.len();
        assert_eq!(told(&large, &[(end - (8 << 20), end)]).map(|(all, _)| all), Some(1 << 18));
    }
}
