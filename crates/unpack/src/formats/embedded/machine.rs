//! How long Mach-O files are that begin at a place, by the ends of their segments and tables.
use super::kinds::Carrier;
use crate::field::{u32_be, u32_le};

/// `LC_SEGMENT`, `LC_SEGMENT_64`, `LC_SYMTAB` and `LC_CODE_SIGNATURE`, the commands that say where bytes lie.
const SEGMENT: u32 = 0x01;
const SEGMENT_64: u32 = 0x19;
const SYMBOLS: u32 = 0x02;
const SIGNATURE: u32 = 0x1d;

/// To the end of what its load commands name; nothing unless these add up to the length the header says.
pub(super) fn thin(carrier: &Carrier<'_>, at: usize) -> Option<usize> {
    let held = carrier.from(at);
    let (is_little, is_wide) = match held.get(..4)? {
        b"\xcf\xfa\xed\xfe" => (true, true),
        b"\xce\xfa\xed\xfe" => (true, false),
        b"\xfe\xed\xfa\xcf" => (false, true),
        _ => (false, false),
    };
    let four = |at: usize| if is_little { u32_le(held, at) } else { u32_be(held, at) };
    let place = |at: usize| usize::try_from(four(at)?).ok();
    // Offsets beyond 4 GiB lie beyond any carrier that is searched.
    let low = |at: usize| place(if is_little { at } else { at + 4 });
    let (kind, commands, length) = (four(12)?, four(16)?, place(20)?);
    let header: usize = if is_wide { 32 } else { 28 };
    if !matches!(kind, 1..=12) || !(1..=4096).contains(&commands) || length < 8 * usize::try_from(commands).ok()? {
        return None;
    }
    let (mut next, mut end) = (header, header.checked_add(length)?);
    for _ in 0..commands {
        let (command, size) = (four(next)?, place(next + 4)?);
        if size < 8 || size % 4 != 0 {
            return None;
        }
        let reaches = match command {
            SEGMENT => place(next + 32)?.checked_add(place(next + 36)?),
            SEGMENT_64 => low(next + 40)?.checked_add(low(next + 48)?),
            SYMBOLS => place(next + 16)?.checked_add(place(next + 20)?),
            SIGNATURE => place(next + 8)?.checked_add(place(next + 12)?),
            _ => Some(0),
        };
        end = end.max(reaches?);
        next = next.checked_add(size)?;
    }
    (next == header + length).then_some(end.min(held.len()))
}

/// To the end of its last slice; each slice must lie behind the list of them.
pub(super) fn fat(carrier: &Carrier<'_>, at: usize) -> Option<usize> {
    let held = carrier.from(at);
    let count = usize::try_from(u32_be(held, 4)?).ok().filter(|count| (1..=30).contains(count))?;
    let mut end = 0;
    for slice in 0..count {
        let entry = 8 + slice * 20;
        let (start, length) = (usize::try_from(u32_be(held, entry + 8)?).ok()?, u32_be(held, entry + 12)?);
        if start < 8 + count * 20 || length == 0 || start >= held.len() {
            return None;
        }
        end = end.max(start.checked_add(usize::try_from(length).ok()?)?);
    }
    Some(end.min(held.len()))
}
