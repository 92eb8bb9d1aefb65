//! The blocks of RAR 1.5 to 4: fixed fields, names in two forms.
use std::borrow::Cow;

use super::{Entry, Kind, Listing, Walk};
use crate::field::{range, u16_le, u32_le};

pub(super) const MARK: &[u8] = b"Rar!\x1a\x07\0";
/// A block that ends an archive.
pub(super) const LAST: &[u8] = b"\xc4\x3d\x7b\0\x40\x07\0";

const MAIN: u8 = 0x73;
const FILE: u8 = 0x74;
const SERVICE: u8 = 0x7a;
const END: u8 = 0x7b;

pub(super) fn list(bytes: &[u8]) -> Walk<'_> {
    let mut listing = Listing::default();
    let (mut at, mut fault) = (MARK.len() as u64, None);
    while at < bytes.len() as u64 {
        let Some(block) = Block::parse(bytes, at) else {
            let cut = (at, "a block's header cannot be read");
            return Walk { listing, end: at, fault: fault.or(Some(cut)) };
        };
        // The mark of a further volume has the form of a block.
        if range(bytes, at, MARK.len() as u64) == Some(MARK) {
            listing.volumes.push(at);
            at = block.end;
            continue;
        }
        if !block.agrees {
            fault.get_or_insert((at, "a block's header does not agree with its checksum"));
        }
        match block.kind {
            MAIN => {
                listing.is_solid = block.flags & 8 != 0;
                listing.is_locked = block.flags & 0x80 != 0;
                if listing.is_locked {
                    return Walk { listing, end: bytes.len() as u64, fault: None };
                }
            }
            FILE | SERVICE => {
                if let Some((entry, end)) = block.entry(bytes) {
                    listing.add(entry);
                    at = end;
                    continue;
                }
                fault.get_or_insert((at, "a member's header cannot be read"));
            }
            END => {
                listing.goes_on = block.flags & 1 != 0;
                if !(listing.goes_on && crate::field::from(bytes, block.end).starts_with(MARK)) {
                    return Walk { listing, end: block.end, fault };
                }
                listing.goes_on = false;
            }
            _ => {}
        }
        at = block.end;
    }
    Walk { listing, end: at, fault }
}

/// Whether this is a volume, by the block that an archive begins with.
pub(super) fn is_volume(bytes: &[u8]) -> bool {
    let first = bytes.starts_with(MARK).then(|| Block::parse(bytes, MARK.len() as u64)).flatten();
    first.is_some_and(|block| block.kind == MAIN && block.flags & 1 != 0)
}

struct Block<'a> {
    start: u64,
    agrees: bool,
    kind: u8,
    flags: u16,
    header: &'a [u8],
    data: u64,
    end: u64,
}

impl<'a> Block<'a> {
    fn parse(bytes: &'a [u8], at: u64) -> Option<Self> {
        let fixed = range(bytes, at, 7)?;
        let length = u64::from(u16_le(fixed, 5)?);
        let header = range(bytes, at, length).filter(|_| length >= 7)?;
        fixed.get(2).filter(|kind| (0x72..=END).contains(*kind))?;
        let (kind, flags) = (*fixed.get(2)?, u16_le(fixed, 3)?);
        let held =
            if flags & 0x8000 != 0 || matches!(kind, FILE | SERVICE) { u64::from(u32_le(header, 7)?) } else { 0 };
        let mut crc = flate2::Crc::new();
        // A comment of the old kind lies inside the header and is not summed with it.
        let summed = if kind == MAIN && flags & 2 != 0 { header.get(2..13)? } else { header.get(2..)? };
        crc.update(summed);
        let is_old = matches!(kind, FILE) && flags & 8 != 0;
        let agrees = is_old || crc.sum() & 0xffff == u32::from(u16_le(fixed, 0)?);
        let data = at + length;
        Some(Self { start: at, agrees, kind, flags, header, data, end: data + held })
    }

    /// The member, and where the next block begins.
    fn entry(&self, bytes: &'a [u8]) -> Option<(Entry<'a>, u64)> {
        const LARGE: u16 = 0x100;
        const UNICODE: u16 = 0x200;
        let header = self.header;
        let (mut packed, mut size) = (u64::from(u32_le(header, 7)?), u64::from(u32_le(header, 11)?));
        let (system, method, length) = (*header.get(15)?, *header.get(25)?, usize::from(u16_le(header, 26)?));
        let attributes = u32_le(header, 28)?;
        let mut at = 32;
        if self.flags & LARGE != 0 {
            packed |= u64::from(u32_le(header, 32)?) << 32;
            size |= u64::from(u32_le(header, 36)?) << 32;
            at = 40;
        }
        let raw = header.get(at..at + length)?;
        let name = if self.flags & UNICODE != 0 { unicode(raw) } else { Cow::Borrowed(raw) };
        let name = crate::names::slashed(name);
        let end = self.data.checked_add(packed)?;
        let is_stored = method == 0x30;
        let is_link = system == 3 && attributes >> 12 & 0o17 == 0o12;
        let target = range(bytes, self.data, packed).filter(|_| is_link && is_stored);
        let entry = Entry {
            start: self.start,
            name,
            is_service: self.kind == SERVICE,
            kind: Kind::new(self.flags & 0xe0 == 0xe0, self.flags & 4 != 0, self.flags & 3 != 0),
            further: Vec::new(),
            split: (self.flags & 1 != 0, self.flags & 2 != 0),
            is_stored,
            data: self.data,
            packed,
            size: Some(size),
            link: target.map(Into::into),
        };
        Some((entry, end))
    }
}

/// A name in the system's code page, a NUL, and what differs from it in UTF-16.
fn unicode(raw: &[u8]) -> Cow<'_, [u8]> {
    let Some(zero) = raw.iter().position(|byte| *byte == 0) else { return Cow::Borrowed(raw) };
    let (plain, coded) = raw.split_at(zero);
    match wide(plain, coded.get(1..).unwrap_or_default()) {
        Some(name) if !name.is_empty() => String::from_utf16_lossy(&name).into_bytes().into(),
        _ => Cow::Borrowed(plain),
    }
}

fn wide(plain: &[u8], coded: &[u8]) -> Option<Vec<u16>> {
    let mut coded = coded.iter().copied();
    let high = u16::from(coded.next()?) << 8;
    let (mut name, mut flags, mut left) = (Vec::new(), 0_u8, 0);
    loop {
        if left == 0 {
            let Some(more) = coded.next() else { return Some(name) };
            (flags, left) = (more, 4);
        }
        let Some(byte) = coded.next() else { return Some(name) };
        match flags >> 6 {
            0 => name.push(u16::from(byte)),
            1 => name.push(u16::from(byte) | high),
            2 => name.push(u16::from(byte) | u16::from(coded.next()?) << 8),
            _ => {
                let shift = if byte & 0x80 != 0 { Some(coded.next()?) } else { None };
                for _ in 0..(byte & 0x7f) + 2 {
                    let same = *plain.get(name.len())?;
                    name.push(shift.map_or(u16::from(same), |shift| u16::from(same.wrapping_add(shift)) | high));
                }
            }
        }
        flags <<= 2;
        left -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_two_forms() {
        for (raw, want) in [
            (b"plain.txt".as_slice(), "plain.txt"),
            ("Ж.txt".as_bytes(), "Ж.txt"),
            // High byte 4; one letter of it, three as they are, five of the plain name.
            (b"?.txt\0\x04\x70\x16\x02", "\u{416}.txt"),
            (b"a\0", "a"),
        ] {
            assert_eq!(String::from_utf8_lossy(&unicode(raw)), want);
        }
    }
}
