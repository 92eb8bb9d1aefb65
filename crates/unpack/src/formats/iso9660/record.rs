//! Directory records (ECMA-119 §9.1), and the names and links that Rock Ridge puts behind them.
use super::BLOCK;
use crate::field::{range, u32_le};

#[derive(Clone, Copy)]
pub(super) struct Record<'a> {
    pub(super) extent: u64,
    pub(super) size: u64,
    flags: u8,
    interleave: (u8, u8),
    name: &'a [u8],
    /// Where Rock Ridge keeps its fields.
    beyond: &'a [u8],
}

/// Continuation areas followed for one record.
const AREAS: usize = 16;

impl<'a> Record<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let length = usize::from(*bytes.first()?);
        let record = bytes.get(..length).filter(|record| record.len() >= 34)?;
        let name_length = usize::from(*record.get(32)?);
        let name = record.get(33..33 + name_length)?;
        let beyond = record.get((33 + name_length).next_multiple_of(2)..).unwrap_or_default();
        Some(Self {
            extent: u64::from(u32_le(record, 2)?) + u64::from(*record.get(1)?),
            size: u64::from(u32_le(record, 10)?),
            flags: *record.get(25)?,
            interleave: (*record.get(26)?, *record.get(27)?),
            name,
            beyond,
        })
    }

    pub(super) fn is_folder(&self) -> bool {
        self.flags & 2 != 0
    }

    pub(super) fn is_continued(&self) -> bool {
        self.flags & 0x80 != 0
    }

    pub(super) fn is_interleaved(&self) -> bool {
        self.interleave != (0, 0)
    }

    fn is_self_or_parent(&self) -> bool {
        matches!(self.name, [0 | 1])
    }

    /// As Rock Ridge has it, else as Joliet, else without the version number.
    pub(super) fn name(&self, image: &[u8], block: u64, is_joliet: bool) -> Vec<u8> {
        let long: Vec<u8> =
            self.fields(image, block, *b"NM").filter_map(|field| field.get(5..)).collect::<Vec<_>>().concat();
        if !long.is_empty() {
            return long;
        }
        let plain = if is_joliet {
            let units = self.name.chunks_exact(2).filter_map(|two| two.try_into().ok().map(u16::from_be_bytes));
            char::decode_utf16(units)
                .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
                .collect::<String>()
                .into_bytes()
        } else {
            self.name.to_vec()
        };
        let end = plain.iter().rposition(|byte| *byte == b';').unwrap_or(plain.len());
        let stem = plain.get(..end).unwrap_or(&plain);
        stem.strip_suffix(b".").unwrap_or(stem).to_vec()
    }

    /// Where it is a symbolic link: to what.
    pub(super) fn link(&self, image: &[u8], block: u64) -> Option<Vec<u8>> {
        const PARENT: u8 = 4;
        const ROOT: u8 = 8;
        let mut target: Option<Vec<u8>> = None;
        for field in self.fields(image, block, *b"SL") {
            let out = target.get_or_insert_default();
            let mut rest = field.get(5..).unwrap_or_default();
            while let (Some(flags), Some(length)) = (rest.first(), rest.get(1)) {
                if !out.is_empty() && !out.ends_with(b"/") {
                    out.push(b'/');
                }
                match *flags {
                    flags if flags & ROOT != 0 => out.push(b'/'),
                    flags if flags & PARENT != 0 => out.extend_from_slice(b".."),
                    _ => out.extend_from_slice(rest.get(2..2 + usize::from(*length)).unwrap_or_default()),
                }
                rest = rest.get(2 + usize::from(*length)..).unwrap_or_default();
            }
        }
        target
    }

    /// Every field of this kind, in the record and in the areas that continue it.
    fn fields(&self, image: &'a [u8], block: u64, kind: [u8; 2]) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let (mut found, mut area, mut next) = (Vec::new(), self.beyond, None);
        for _ in 0..AREAS {
            while let Some(field) =
                area.get(2).and_then(|length| area.get(..usize::from(*length))).filter(|f| f.len() >= 4)
            {
                if field.starts_with(&kind) {
                    found.push(field);
                } else if field.starts_with(b"CE") {
                    next = u32_le(field, 4).zip(u32_le(field, 12)).zip(u32_le(field, 20));
                }
                area = area.get(field.len()..).unwrap_or_default();
            }
            let Some(((at, offset), length)) = next.take() else { break };
            let start = u64::from(at).saturating_mul(block).saturating_add(u64::from(offset));
            area = range(image, start, u64::from(length)).unwrap_or_default();
        }
        found.into_iter()
    }
}

/// The records of a folder but those for itself and its parent. A record never crosses a sector.
pub(super) fn records(listing: &[u8]) -> impl Iterator<Item = Record<'_>> {
    let sector = usize::try_from(BLOCK).unwrap_or(usize::MAX);
    let all = listing.chunks(sector).flat_map(|sector| {
        let mut rest = sector;
        std::iter::from_fn(move || {
            let record = Record::parse(rest)?;
            rest = rest.get(usize::from(*rest.first()?)..)?;
            Some(record)
        })
    });
    all.filter(|record| !record.is_self_or_parent())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_version() {
        let mut record = vec![0_u8; 33];
        record.extend_from_slice(b"A.;1\0");
        record[0] = u8::try_from(record.len()).unwrap();
        record[32] = 4;
        assert_eq!(Record::parse(&record).unwrap().name(&[], 2048, false), b"A");
    }
}
