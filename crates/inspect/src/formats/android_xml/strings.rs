//! The string pool of Android's binary resources, in UTF-8 or UTF-16.
use crate::read::{index, le16, le32, slice, text};

const IS_UTF8: u32 = 0x100;

/// Where the strings are.
pub(super) struct Strings {
    offsets: usize,
    count: usize,
    data: usize,
    end: usize,
    is_utf8: bool,
}

impl Strings {
    /// The pool whose chunk starts at `at`.
    pub(super) fn read(bytes: &[u8], at: usize, size: usize) -> Option<Self> {
        let header = usize::from(le16(bytes, at + 2)?);
        let data = at.saturating_add(index(le32(bytes, at + 20)?));
        Some(Self {
            offsets: at + header,
            count: index(le32(bytes, at + 8)?),
            data,
            end: at.saturating_add(size).min(bytes.len()),
            is_utf8: le32(bytes, at + 16)? & IS_UTF8 != 0,
        })
    }

    /// A string and the range of its bytes.
    pub(super) fn get(&self, bytes: &[u8], number: u32) -> Option<(String, usize, usize)> {
        let number = Some(index(number)).filter(|number| *number < self.count)?;
        let offset = le32(bytes, self.offsets.checked_add(number.checked_mul(4)?)?)?;
        let at = self.data.checked_add(index(offset)).filter(|at| *at < self.end)?;
        if self.is_utf8 {
            // The length in characters, then in bytes.
            let (_, at) = length8(bytes, at)?;
            let (len, at) = length8(bytes, at)?;
            Some((text(slice(bytes, at, len)?).into_owned(), at, at + len))
        } else {
            let (units, at) = length16(bytes, at)?;
            let raw = slice(bytes, at, units.checked_mul(2)?)?;
            let units = raw.chunks_exact(2).filter_map(|unit| le16(unit, 0));
            let value = char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
            Some((value, at, at + raw.len()))
        }
    }
}

/// A length of one or two bytes, and where what it counts begins.
fn length8(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let first = usize::from(*bytes.get(at)?);
    if first & 0x80 == 0 {
        return Some((first, at + 1));
    }
    Some(((first & 0x7f) << 8 | usize::from(*bytes.get(at + 1)?), at + 2))
}

/// A length of one or two units.
fn length16(bytes: &[u8], at: usize) -> Option<(usize, usize)> {
    let first = usize::from(le16(bytes, at)?);
    if first & 0x8000 == 0 {
        return Some((first, at + 2));
    }
    Some(((first & 0x7fff) << 16 | usize::from(le16(bytes, at + 2)?), at + 4))
}
