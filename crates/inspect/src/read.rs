//! Bounded reads from bytes that may lie: every read is an option, every sum saturates.
use std::borrow::Cow;

use interdict_model::{At, GapReason, Unseen};

/// An offset or length as an index; what does not fit lies beyond every slice.
pub(crate) fn index(value: impl TryInto<usize>) -> usize {
    value.try_into().unwrap_or(usize::MAX)
}

/// `len` bytes from `start`, or nothing.
pub(crate) fn slice(bytes: &[u8], start: usize, len: usize) -> Option<&[u8]> {
    bytes.get(start..start.checked_add(len)?)
}

/// As much of `len` bytes from `start` as is there.
pub(crate) fn clamped(bytes: &[u8], start: usize, len: usize) -> &[u8] {
    let end = start.saturating_add(len).min(bytes.len());
    bytes.get(start..end).unwrap_or_default()
}

fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

/// A little-endian number of two bytes.
pub(crate) fn le16(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_le_bytes)
}

/// A little-endian number of four bytes.
pub(crate) fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_le_bytes)
}

/// A little-endian number of eight bytes.
pub(crate) fn le64(bytes: &[u8], at: usize) -> Option<u64> {
    array(bytes, at).map(u64::from_le_bytes)
}

/// A big-endian number of two bytes.
pub(crate) fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    array(bytes, at).map(u16::from_be_bytes)
}

/// A big-endian number of four bytes.
pub(crate) fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_be_bytes)
}

/// A big-endian number of eight bytes.
pub(crate) fn be64(bytes: &[u8], at: usize) -> Option<u64> {
    array(bytes, at).map(u64::from_be_bytes)
}

/// The bytes from `at` up to a zero byte, which must come within `most` bytes.
pub(crate) fn until_zero(bytes: &[u8], at: usize, most: usize) -> Option<&[u8]> {
    let rest = clamped(bytes, at, most.saturating_add(1));
    rest.get(..memchr::memchr(0, rest)?)
}

/// Bytes as text; what is not UTF-8 is replaced.
pub(crate) fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// The place of `len` bytes from `start`.
pub(crate) fn span(start: usize, len: usize) -> At<'static> {
    At::Bytes(start as u64, start.saturating_add(len) as u64)
}

/// Sorts ranges of a start and a length, and cuts them so that no byte is in two.
pub(crate) fn disjoint(ranges: &mut [(usize, usize)]) {
    ranges.sort_unstable();
    let mut end = 0;
    for (start, len) in ranges {
        let own_end = start.saturating_add(*len).max(end);
        *start = end.max(*start);
        *len = own_end.saturating_sub(*start);
        end = own_end;
    }
}

/// A gap over bytes that could not be read; with no bytes there, it stands for what is missing.
pub(crate) fn unread(detail: impl Into<String>, start: u64, end: u64) -> Unseen {
    let gap = Unseen::new(GapReason::Malformed, detail);
    if start < end { gap.over(start, end) } else { gap }
}

/// What may still be spent on names that overlap or repeat: a file cannot make us read it many times over.
#[derive(Debug)]
pub(crate) struct Budget {
    left: usize,
}

impl Budget {
    /// For tables whose strings lie in a file of this size: honest tables share a few tails, no more.
    pub(crate) fn for_file(len: usize) -> Self {
        Self { left: len.saturating_mul(4).saturating_add(64 * 1024) }
    }

    /// Of this size.
    pub(crate) fn of(left: usize) -> Self {
        Self { left }
    }

    /// Spends; false where nothing is left.
    pub(crate) fn spend(&mut self, amount: usize) -> bool {
        let enough = self.left >= amount;
        self.left = self.left.saturating_sub(amount);
        enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_stop_at_the_end() {
        let bytes = b"\x01\x02\x03\x04abc\0";
        assert_eq!((le16(bytes, 0), le32(bytes, 0)), (Some(0x0201), Some(0x0403_0201)));
        assert_eq!((le64(bytes, 1), le16(bytes, usize::MAX)), (None, None));
        assert_eq!(until_zero(bytes, 4, 3), Some(&b"abc"[..]));
        assert_eq!(until_zero(bytes, 4, 2), None);
        assert_eq!((slice(bytes, 7, 2), clamped(bytes, 7, 2)), (None, &b"\0"[..]));
        assert_eq!(slice(bytes, 1, usize::MAX), None);
    }

    #[test]
    fn ranges_part() {
        let mut ranges = vec![(5, 10), (0, 6), (8, 2), (20, 1)];
        disjoint(&mut ranges);
        assert_eq!(ranges, [(0, 6), (6, 9), (15, 0), (20, 1)]);
    }

    #[test]
    fn budgets_end() {
        let mut budget = Budget { left: 3 };
        assert!(budget.spend(3));
        assert!(!budget.spend(1));
    }
}
