//! The blocks of RAR 5 and later: numbers of seven bits a byte, a checksum before each header.
use super::{Entry, Kind, Listing, Walk};
use crate::field::{range, u32_le};

pub(super) const MARK: &[u8] = b"Rar!\x1a\x07\x01\0";
/// A block that ends an archive.
pub(super) const LAST: &[u8] = b"\x1d\x77\x56\x51\x03\x05\x04\0";
/// No header is longer (RAR 5.0 archive format, "header size").
const LONGEST: u64 = 2 << 20;

const FILE: u64 = 2;
const SERVICE: u64 = 3;
const ENCRYPTION: u64 = 4;
const END: u64 = 5;

/// A cursor over numbers.
struct Fields<'a> {
    bytes: &'a [u8],
}

impl<'a> Fields<'a> {
    fn number(&mut self) -> Option<u64> {
        let mut value = 0_u64;
        for shift in (0..70).step_by(7) {
            let byte = *self.take(1)?.first()?;
            value |= u64::from(byte & 0x7f).checked_shl(shift).unwrap_or_default();
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn take(&mut self, length: u64) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(usize::try_from(length).ok()?)?;
        self.bytes = rest;
        Some(taken)
    }
}

pub(super) fn list(bytes: &[u8]) -> Walk<'_> {
    let mut listing = Listing::default();
    let (mut at, mut fault) = (MARK.len() as u64, None);
    while at < bytes.len() as u64 {
        let Some(block) = Block::parse(bytes, at) else {
            let cut = (at, "a block's header cannot be read");
            return Walk { listing, end: at, fault: fault.or(Some(cut)) };
        };
        if !block.agrees {
            // What can be read is read on; a lie about its length ends the list soon enough.
            fault.get_or_insert((at, "a block's header does not agree with its checksum"));
        }
        at = block.end;
        match block.kind {
            ENCRYPTION => {
                listing.is_locked = true;
                return Walk { listing, end: bytes.len() as u64, fault: None };
            }
            END => {
                listing.goes_on = block.fields().number().is_some_and(|flags| flags & 1 != 0);
                if !(listing.goes_on && crate::field::from(bytes, at).starts_with(MARK)) {
                    return Walk { listing, end: at, fault };
                }
                listing.volumes.push(at);
                listing.goes_on = false;
                at += MARK.len() as u64;
            }
            1 => listing.is_solid = block.fields().number().is_some_and(|flags| flags & 4 != 0),
            FILE | SERVICE => match block.entry() {
                Some(entry) => listing.add(entry),
                None => {
                    fault.get_or_insert((block.start, "a member's header cannot be read"));
                }
            },
            _ => {}
        }
    }
    Walk { listing, end: at, fault }
}

/// Whether this is a volume, by the block that an archive begins with.
pub(super) fn is_volume(bytes: &[u8]) -> bool {
    let first = bytes.starts_with(MARK).then(|| Block::parse(bytes, MARK.len() as u64)).flatten();
    first.is_some_and(|block| block.kind == 1 && block.fields().number().is_some_and(|flags| flags & 1 != 0))
}

struct Block<'a> {
    start: u64,
    agrees: bool,
    kind: u64,
    flags: u64,
    /// What the kind of block says of itself.
    own: &'a [u8],
    extra: &'a [u8],
    /// Where its data begins, and where the next block does.
    data: u64,
    end: u64,
}

impl<'a> Block<'a> {
    fn parse(bytes: &'a [u8], at: u64) -> Option<Self> {
        let stated = u32_le(range(bytes, at, 4)?, 0)?;
        let mut size = Fields { bytes: crate::field::from(bytes, at + 4) };
        let before = size.bytes.len();
        let length = size.number().filter(|length| (1..=LONGEST).contains(length))?;
        let width = (before - size.bytes.len()) as u64;
        let header = size.take(length)?;
        let data = at + 4 + width + length;
        let mut crc = flate2::Crc::new();
        crc.update(range(bytes, at + 4, width + length)?);
        let mut fields = Fields { bytes: header };
        let (kind, flags) = (fields.number()?, fields.number()?);
        let extra = if flags & 1 != 0 { fields.number()? } else { 0 };
        let held = if flags & 2 != 0 { fields.number()? } else { 0 };
        let (own, extra) =
            fields.bytes.split_at_checked(fields.bytes.len().checked_sub(usize::try_from(extra).ok()?)?)?;
        let end = data.checked_add(held)?;
        Some(Self { start: at, agrees: crc.sum() == stated, kind, flags, own, extra, data, end })
    }

    fn fields(&self) -> Fields<'a> {
        Fields { bytes: self.own }
    }

    fn entry(&self) -> Option<Entry<'a>> {
        let mut fields = self.fields();
        let (flags, size, _attributes) = (fields.number()?, fields.number()?, fields.number()?);
        if flags & 2 != 0 {
            fields.take(4)?;
        }
        if flags & 4 != 0 {
            fields.take(4)?;
        }
        let (method, _system, length) = (fields.number()?, fields.number()?, fields.number()?);
        let name = fields.take(length)?;
        let (mut is_encrypted, mut link) = (false, None);
        let mut extra = Fields { bytes: self.extra };
        while let Some(mut record) = extra.number().and_then(|length| extra.take(length)).map(|bytes| Fields { bytes })
        {
            match record.number() {
                Some(1) => is_encrypted = true,
                Some(5) => link = redirection(&mut record),
                _ => {}
            }
        }
        Some(Entry {
            start: self.start,
            name: name.into(),
            is_service: self.kind == SERVICE,
            kind: Kind::new(flags & 1 != 0, is_encrypted, self.flags & 0x18 != 0),
            further: Vec::new(),
            split: (self.flags & 8 != 0, self.flags & 0x10 != 0),
            is_stored: method & 0x380 == 0,
            data: self.data,
            packed: self.end - self.data,
            size: if flags & 8 == 0 { Some(size) } else { None },
            link: link.map(Into::into),
        })
    }
}

fn redirection<'a>(record: &mut Fields<'a>) -> Option<&'a [u8]> {
    let (_kind, _flags, length) = (record.number()?, record.number()?, record.number()?);
    record.take(length)
}
