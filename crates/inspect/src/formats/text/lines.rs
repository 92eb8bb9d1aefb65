//! Lines of text in any of the usual encodings, with the places they came from.
use std::borrow::Cow;

use crate::read::{clamped, span};

/// How far a line is followed in either direction.
const REACH: usize = 8192;

/// Text with one byte for every unit of the file's encoding.
pub(super) struct Lines<'a> {
    bytes: Cow<'a, [u8]>,
    /// Bytes a unit, and bytes before the first.
    unit: usize,
    base: usize,
}

/// Whether these bytes are text of any kind.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    is_wide(bytes).is_some() || (!bytes.is_empty() && !bytes.iter().any(|byte| matches!(byte, 0..=8 | 14..=26 | 127)))
}

/// Whether a byte-order mark says UTF-16, and if so whether big-endian.
fn is_wide(bytes: &[u8]) -> Option<bool> {
    match bytes {
        [0xff, 0xfe, ..] => Some(false),
        [0xfe, 0xff, ..] => Some(true),
        _ => None,
    }
}

impl<'a> Lines<'a> {
    /// Of a file.
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        let Some(is_big) = is_wide(bytes) else { return Self { bytes: Cow::Borrowed(bytes), unit: 1, base: 0 } };
        let order = if is_big { u16::from_be_bytes } else { u16::from_le_bytes };
        let units = bytes.get(2..).unwrap_or_default().chunks_exact(2);
        let narrow = |unit: &[u8]| unit.first_chunk().and_then(|unit| u8::try_from(order(*unit)).ok()).unwrap_or(b'?');
        Self { bytes: units.map(narrow).collect(), unit: 2, base: 2 }
    }

    /// All of it.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The line around a place in [`Self::bytes`], and where it starts; of long lines what is near the place.
    pub(super) fn around(&self, at: usize) -> (usize, &[u8]) {
        let from = at.saturating_sub(REACH);
        let before = self.bytes.get(from..at).and_then(|before| memchr::memrchr(b'\n', before));
        let start = before.map_or(from, |end| from + end + 1);
        let rest = clamped(&self.bytes, start, at - start + REACH);
        (start, rest.get(..memchr::memchr(b'\n', rest).unwrap_or(rest.len())).unwrap_or_default())
    }

    /// The place in the file of `len` bytes from `at`.
    pub(super) fn place(&self, at: usize, len: usize) -> interdict_model::At<'static> {
        span(self.base + at * self.unit, len * self.unit)
    }
}
