//! How long programs are that begin at a place, by the ends of their sections and segments.
use super::kinds::Carrier;
use crate::field::{u16_be, u16_le, u32_be, u32_le, u64_be, u64_le};

fn size(number: u32) -> Option<usize> {
    usize::try_from(number).ok()
}

/// To the end of its last section, or of its certificates where they follow; without a section it is none.
pub(super) fn portable(carrier: &Carrier<'_>, at: usize) -> Option<usize> {
    let (sections, end) = portable_end(carrier.from(at))?;
    // An installer's script is read with its program.
    let end = if carrier.has_script(at.saturating_add(end)) { carrier.from(at).len() } else { end };
    (sections > 0).then_some(end)
}

/// How many sections there are, and where all of it ends.
pub(super) fn portable_end(held: &[u8]) -> Option<(usize, usize)> {
    let at = size(u32_le(held, 60)?).filter(|at| (64..4096).contains(at))?;
    if held.get(at..at + 4)? != b"PE\0\0" {
        return None;
    }
    let (sections, optional) = (usize::from(u16_le(held, at + 6)?), usize::from(u16_le(held, at + 20)?));
    let is_wide = match u16_le(held, at + 24)? {
        0x10b => false,
        0x20b => true,
        _ => return None,
    };
    let table = at + 24 + optional;
    let mut end = table + sections * 40;
    for section in 0..sections {
        let entry = table + section * 40;
        let (Some(length), Some(start)) = (u32_le(held, entry + 16), u32_le(held, entry + 20)) else {
            // What it is, it is; of a table that breaks off nothing more can be said.
            return Some((sections, held.len()));
        };
        let (length, start) = (size(length)?, size(start)?);
        end = end.max(start.checked_add(length)?);
    }
    let certificates = at + 24 + if is_wide { 112 } else { 96 } + 32;
    if let (Some(start), Some(length)) = (u32_le(held, certificates), u32_le(held, certificates + 4)) {
        let (start, length) = (size(start)?, size(length)?);
        if start >= end && start - end < 4096 {
            end = start.saturating_add(length);
        }
    }
    Some((sections, end.min(held.len())))
}

/// Where the table stands that this data directory of a program points to.
pub(super) fn directory(bytes: &[u8], nth: usize) -> Option<usize> {
    let at = size(u32_le(bytes, 60)?)?;
    let wide = match u16_le(bytes, at.checked_add(24)?)? {
        0x20b => 112,
        _ => 96,
    };
    place(bytes, u32_le(bytes, at + 24 + wide + nth * 8).filter(|address| *address != 0)?)
}

/// The place in the file of an address of a program.
pub(super) fn place(bytes: &[u8], address: u32) -> Option<usize> {
    let at = size(u32_le(bytes, 60)?)?;
    if bytes.get(at..at.checked_add(4)?)? != b"PE\0\0" {
        return None;
    }
    let (sections, optional) = (usize::from(u16_le(bytes, at + 6)?), usize::from(u16_le(bytes, at + 20)?));
    (0..sections).find_map(|section| {
        let entry = at + 24 + optional + section * 40;
        let (begin, length, start) =
            (u32_le(bytes, entry + 12)?, u32_le(bytes, entry + 16)?, u32_le(bytes, entry + 20)?);
        let within = address.checked_sub(begin).filter(|within| *within < length)?;
        usize::try_from(u64::from(start) + u64::from(within)).ok()
    })
}

/// To the end of its section headers, or of its segments where they lie further; of either order of bytes.
pub(super) fn elf(carrier: &Carrier<'_>, at: usize) -> Option<usize> {
    let held = carrier.from(at);
    let (is_wide, is_little) = match held.get(4..7)? {
        [class @ (1 | 2), order @ (1 | 2), 1] => (*class == 2, *order == 1),
        _ => return None,
    };
    let two = |at: usize| if is_little { u16_le(held, at) } else { u16_be(held, at) };
    let four = |at: usize| if is_little { u32_le(held, at) } else { u32_be(held, at) };
    let eight = |at: usize| if is_little { u64_le(held, at) } else { u64_be(held, at) };
    if !matches!(two(16)?, 1..=4) || four(20)? != 1 {
        return None;
    }
    let (at, entry, count) =
        if is_wide { (eight(40)?, two(58)?, two(60)?) } else { (u64::from(four(32)?), two(46)?, two(48)?) };
    // A header that compilers keep as a pattern: nothing but a table would follow, and does not.
    let segments = if is_wide { two(56)? } else { two(44)? };
    if segments == 0 && at <= 64 && at + u64::from(entry) > held.len() as u64 {
        return None;
    }
    // Nothing loads it, and the first section, which is none, is something: another such pattern.
    let first = usize::try_from(at).ok().and_then(|at| four(at.checked_add(4)?));
    if segments == 0 && first.is_some_and(|kind| kind != 0) {
        return None;
    }
    let end = at.checked_add(u64::from(entry) * u64::from(count))?;
    let end = usize::try_from(end).ok()?;
    (end >= 52).then_some(if end <= held.len() && at > 0 { end } else { held.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A header of 64 bits whose five sections follow it, and what stands there.
    fn header(segments: u8, kind_of_first: u8) -> Vec<u8> {
        let mut bytes = vec![0; 64 + 5 * 64];
        bytes[..7].copy_from_slice(b"\x7fELF\x02\x01\x01");
        for (at, byte) in [(16, 1), (20, 1), (40, 64), (56, segments), (58, 64), (60, 5), (68, kind_of_first)] {
            bytes[at] = byte;
        }
        bytes
    }

    #[test]
    fn a_pattern_of_a_header_is_no_program() {
        for (segments, kind_of_first, want) in [(0, 0, true), (0, 0x6e, false), (1, 0x6e, true)] {
            let bytes = header(segments, kind_of_first);
            assert_eq!(elf(&Carrier::new(&bytes), 0).is_some(), want, "{segments} {kind_of_first}");
        }
    }
}
