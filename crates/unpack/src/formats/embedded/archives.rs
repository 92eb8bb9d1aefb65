//! How long archives and file systems are that begin at a place, by headers that agree with their own checksums.
use flate2::Crc;

use super::kinds::Carrier;
use crate::field::{digits, u16_le, u32_le, u64_be, u64_le};
use crate::formats::lha;

fn size(number: u32) -> Option<usize> {
    usize::try_from(number).ok()
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

pub(super) fn cabinet(carrier: &Carrier<'_>, at: usize) -> Option<usize> {
    let held = carrier.from(at);
    let is_sane = held.get(25) == Some(&1) && u32_le(held, 16)? >= 36 && u16_le(held, 26)? > 0;
    size(u32_le(held, 8)?).filter(|_| is_sane).map(|length| length.min(held.len()))
}

/// Where its list of members is stands under a checksum.
pub(super) fn seven_zip(carrier: &Carrier<'_>, at: usize) -> Option<usize> {
    let held = carrier.from(at);
    if crc(held.get(12..32)?) != u32_le(held, 8)? {
        return None;
    }
    let length = u64_le(held, 12)?.checked_add(u64_le(held, 20)?)?.checked_add(32)?;
    Some(usize::try_from(length).unwrap_or(usize::MAX).min(held.len()))
}

/// The first block behind the mark must agree with its checksum: programs that read archives hold the mark too.
pub(super) fn rar(carrier: &Carrier<'_>, at: usize) -> Option<usize> {
    let held = carrier.from(at);
    let is_one = if held.get(6) == Some(&0) {
        let length = usize::from(u16_le(held, 12)?);
        let is_main = held.get(9) == Some(&0x73) && length >= 13;
        is_main && crc(held.get(9..7 + length)?) & 0xffff == u32::from(u16_le(held, 7)?)
    } else if held.get(6..8) == Some(b"\x01\0") {
        let (length, digits) = number(held.get(12..)?)?;
        let end = 12_usize.checked_add(digits)?.checked_add(usize::try_from(length).ok()?)?;
        (1..=1 << 21).contains(&length) && crc(held.get(12..end)?) == u32_le(held, 8)?
    } else {
        false
    };
    is_one.then_some(held.len())
}

/// Seven bits a byte, the lowest first; with how many bytes that were.
fn number(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0;
    for (index, byte) in bytes.iter().take(3).enumerate() {
        value |= u64::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return Some((value, index + 1));
        }
    }
    None
}

/// The root must stand where the header says; the file ends with the last sector that its table has in use.
pub(super) fn compound(carrier: &Carrier<'_>, at: usize) -> Option<usize> {
    const FREE: u32 = u32::MAX;
    let held = carrier.from(at);
    let is_sane = matches!((u16_le(held, 26)?, u16_le(held, 30)?), (3, 9) | (4, 12)) && u16_le(held, 28)? == 0xfffe;
    let shift = u32::from(u16_le(held, 30)?);
    let offset = |sector: u32| Some((size(sector)?.checked_add(1)?) << shift.min(20));
    let root = held.get(offset(u32_le(held, 48)?)?..)?;
    if !is_sane || root.get(66) != Some(&5) {
        return None;
    }
    let (tables, more) = (size(u32_le(held, 44)?)?, u32_le(held, 72)?);
    let mut last = None;
    for index in 0..tables.min(109) {
        let table = held.get(offset(u32_le(held, 76 + index * 4)?)?..).unwrap_or_default();
        let entries = 1_usize << (shift - 2);
        for entry in (0..entries).rev() {
            if u32_le(table, entry * 4).is_some_and(|next| next != FREE) {
                last = Some(index * entries + entry);
                break;
            }
        }
    }
    let end = last.filter(|_| more == 0 && tables <= 109).and_then(|last| (last + 2).checked_shl(shift));
    Some(end.unwrap_or(held.len()).min(held.len()))
}

/// With its directory, or, where none stands behind it, as far as there is anything: what has the mark alone is more often a
/// constant of a program, so its first header must make sense.
pub(super) fn zip(carrier: &Carrier<'_>, at: usize) -> Option<usize> {
    let held = carrier.from(at);
    let name = usize::from(u16_le(held, 26)?);
    let is_plain = |name: &[u8]| name.iter().all(|byte| *byte >= b' ');
    if name == 0 || u16_le(held, 4)? >= 100 || !held.get(30..30 + name).is_some_and(is_plain) {
        return None;
    }
    if let Some(end) = carrier.end_of_zip().and_then(|end| end.checked_sub(at)) {
        let comment = usize::from(u16_le(held, end + 20)?);
        return Some((end + 22 + comment).min(held.len()));
    }
    let is_method = matches!(u16_le(held, 8)?, 0 | 8 | 9 | 12 | 14 | 93 | 95 | 98 | 99);
    let (packed, size) = (usize::try_from(u32_le(held, 18)?).ok()?, u32_le(held, 22)?);
    let behind = 30 + name + usize::from(u16_le(held, 28)?);
    let is_sized = packed > 0 && size > 0 && behind.checked_add(packed)? <= held.len();
    let is_sized_behind = u16_le(held, 6)? & 8 != 0 && packed == 0;
    (is_method && u16_le(held, 6)? & 0xf000 == 0 && (is_sized || is_sized_behind)).then_some(held.len())
}

/// Header after header, each closed by its two letters.
pub(super) fn ar(carrier: &Carrier<'_>, at: usize) -> Option<usize> {
    let held = carrier.from(at);
    let mut end = 8_usize;
    while held.get(end + 58..end + 60) == Some(b"`\n") {
        let text = held.get(end + 48..end + 58)?.trim_ascii();
        let length: usize = std::str::from_utf8(text).ok()?.parse().ok()?;
        end = (end + 60).checked_add(length)?.checked_next_multiple_of(2)?;
    }
    (end > 8).then_some(end.min(held.len()))
}

/// Behind the lead a signature begins; the payload ends nowhere in particular.
pub(super) fn rpm(carrier: &Carrier<'_>, at: usize) -> Option<usize> {
    let held = carrier.from(at);
    held.get(96..).is_some_and(|rest| rest.starts_with(b"\x8e\xad\xe8")).then_some(held.len())
}

/// Its header says how long it is itself.
pub(super) fn wim(carrier: &Carrier<'_>, at: usize) -> Option<usize> {
    let held = carrier.from(at);
    (u32_le(held, 8)? == 208 && held.len() > 208).then_some(held.len())
}

/// A first header that reads as one, with all that it tells of.
pub(super) fn lha(carrier: &Carrier<'_>, at: usize) -> Option<usize> {
    let held = carrier.from(at);
    lha::begins_whole(held).then_some(held.len())
}

/// The main header, under its checksum.
pub(super) fn arj(carrier: &Carrier<'_>, at: usize) -> Option<usize> {
    let held = carrier.from(at);
    let length = usize::from(u16_le(held, 2)?);
    let is_one = (30..=2600).contains(&length) && crc(held.get(4..4 + length)?) == u32_le(held, 4 + length)?;
    is_one.then_some(held.len())
}

/// The heap ends nowhere in particular.
pub(super) fn xar(carrier: &Carrier<'_>, at: usize) -> Option<usize> {
    let held = carrier.from(at);
    let packed = usize::try_from(u64_be(held, 8)?).ok()?;
    let is_zlib = held.get(28).is_some_and(|first| *first == 0x78);
    (is_zlib && packed <= held.len()).then_some(held.len())
}

/// To the end of its last member; several may follow each other, each begins with a header like this one.
pub(super) fn cpio(carrier: &Carrier<'_>, at: usize) -> Option<usize> {
    let held = carrier.from(at);
    let mut end = 0_usize;
    while held.get(end..).is_some_and(|rest| rest.starts_with(b"070701")) {
        let header = held.get(end..end + 110)?;
        let field = |index: usize| digits(header.get(6 + index * 8..14 + index * 8)?, 16);
        let (length, name) = (usize::try_from(field(6)?).ok()?, usize::try_from(field(11)?).ok()?);
        let text = held.get(end + 110..(end + 110).checked_add(name)?)?;
        if !(1..=4096).contains(&name) || text.last() != Some(&0) {
            break;
        }
        let body = (end + 110 + name).next_multiple_of(4);
        end = body.checked_add(length)?.next_multiple_of(4);
        if text == b"TRAILER!!!\0" {
            break;
        }
    }
    (end > 0).then(|| end.min(held.len()))
}

/// Header after header, each under its checksum.
pub(super) fn tar(carrier: &Carrier<'_>, at: usize) -> Option<usize> {
    let held = carrier.from(at);
    let mut end = 0_usize;
    while let Some(header) = held.get(end..end.checked_add(512)?) {
        if header.iter().all(|byte| *byte == 0) {
            end += 512;
            continue;
        }
        let sum = header.iter().zip(0..).map(|(byte, at)| if (148..156).contains(&at) { 32 } else { u64::from(*byte) });
        if digits(header.get(148..156)?, 8) != Some(sum.sum()) {
            break;
        }
        let length = digits(header.get(124..136)?, 8).unwrap_or_default();
        end = end.checked_add(512)?.checked_add(usize::try_from(length).ok()?.checked_next_multiple_of(512)?)?;
    }
    (end > 0).then(|| end.min(held.len()))
}

pub(super) fn squashfs(carrier: &Carrier<'_>, at: usize) -> Option<usize> {
    let held = carrier.from(at);
    let is_sane = u16_le(held, 28)? == 4 && u16_le(held, 30)? == 0 && u32_le(held, 12)?.is_power_of_two();
    usize::try_from(u64_le(held, 40)?).ok().filter(|_| is_sane).map(|length| length.min(held.len()))
}
