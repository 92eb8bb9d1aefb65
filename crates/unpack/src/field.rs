//! Fields of headers: numbers in their byte orders and notations, never past the end.
use interdict_model::Malformed;

/// Two bytes, little end first.
pub(crate) fn u16_le(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_le_bytes)
}

/// Four bytes, little end first.
pub(crate) fn u32_le(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_le_bytes)
}

/// Eight bytes, little end first.
pub(crate) fn u64_le(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..at.checked_add(8)?)?.try_into().ok().map(u64::from_le_bytes)
}

/// Digits in text, padded with spaces or ended by NUL; nothing at all is zero.
pub(crate) fn digits(field: &[u8], radix: u32) -> Option<u64> {
    let end = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
    let text = std::str::from_utf8(field.get(..end)?).ok()?.trim();
    if text.is_empty() { Some(0) } else { u64::from_str_radix(text, radix).ok() }
}

/// A range of the bytes, by start and length, as far as both fit.
pub(crate) fn range(bytes: &[u8], start: u64, length: u64) -> Option<&[u8]> {
    let start = usize::try_from(start).ok()?;
    bytes.get(start..start.checked_add(usize::try_from(length).ok()?)?)
}

/// Everything from here to the end; nothing where that lies beyond it.
pub(crate) fn from(bytes: &[u8], start: u64) -> &[u8] {
    usize::try_from(start).ok().and_then(|start| bytes.get(start..)).unwrap_or_default()
}

/// Four bytes, big end first.
pub(crate) fn u32_be(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at.checked_add(4)?)?.try_into().ok().map(u32::from_be_bytes)
}

/// What the container said is wrong at this offset.
pub(crate) fn broken(at: u64, detail: impl Into<String>) -> Malformed {
    Malformed::at(format!("offset {at:#x}"), detail)
}

/// Eight bytes, big end first.
pub(crate) fn u64_be(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..at.checked_add(8)?)?.try_into().ok().map(u64::from_be_bytes)
}

/// Two bytes, big end first.
pub(crate) fn u16_be(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at.checked_add(2)?)?.try_into().ok().map(u16::from_be_bytes)
}
