//! Entries of files: how long each is and where its bytes are; and the names in a folder.
use std::borrow::Cow;
use std::ops::ControlFlow;

use super::volume::{Place, Volume, tagged};
use crate::extents::Extents;
use crate::field::{range, u16_le, u32_le, u64_le};

pub(super) struct File<'a> {
    kind: u8,
    pub(super) size: u64,
    pub(super) content: Content<'a>,
}

pub(super) enum Content<'a> {
    /// In the entry itself.
    Inline(&'a [u8]),
    Extents(Extents),
}

const FILE: u16 = 261;
const EXTENDED_FILE: u16 = 266;
const NAME: u16 = 257;
const MORE: u16 = 258;
/// Lists of a file's pieces that go on elsewhere.
const LISTS: usize = 4096;
/// A longer folder is not read.
const FOLDER: u64 = 64 << 20;

impl<'a> File<'a> {
    pub(super) fn read(volume: &Volume<'a>, place: Place) -> Option<Self> {
        let (kind, held) = tagged(volume.bytes, volume.at(place)?, volume.block)?;
        let base = match kind {
            FILE => 168,
            EXTENDED_FILE => 208,
            _ => return None,
        };
        let size = u64_le(held, 56)?;
        let start = u64::try_from(base + 8).ok()? + u64::from(u32_le(held, base)?);
        let stored = range(held, start, u32_le(held, base + 4)?.into())?;
        let content = match u16_le(held, 34)? & 7 {
            form @ (0 | 1) => Content::Extents(pieces(volume, stored, form == 1, place.partition)?),
            3 => Content::Inline(stored.get(..usize::try_from(size).ok()?)?),
            _ => return None,
        };
        Some(Self { kind: *held.get(27)?, size, content })
    }

    pub(super) fn has_content(&self) -> bool {
        matches!(self.kind, 0 | 5)
    }

    pub(super) fn is_device(&self) -> bool {
        matches!(self.kind, 6 | 7 | 9)
    }

    /// All of it, where it is no longer than a folder may be.
    pub(super) fn bytes(&self, volume: &Volume<'a>) -> Option<Cow<'a, [u8]>> {
        match &self.content {
            Content::Inline(held) => Some(Cow::Borrowed(held)),
            Content::Extents(_) if self.size == 0 => Some(Cow::Borrowed(&[])),
            Content::Extents(extents) if self.size <= FOLDER => extents.range(volume.bytes.into(), 0, self.size),
            Content::Extents(_) => None,
        }
    }
}

impl Content<'_> {
    /// Where it begins, if it has a beginning.
    pub(super) fn start(&self) -> Option<u64> {
        match self {
            Self::Inline(_) => None,
            Self::Extents(extents) => extents.start(),
        }
    }
}

/// What allocation descriptors say, short ones or long ones, with the lists in which they go on.
fn pieces<'a>(volume: &Volume<'a>, mut list: &'a [u8], is_long: bool, partition: u16) -> Option<Extents> {
    let mut extents = Extents::default();
    for _ in 0..LISTS {
        let mut next = None;
        for one in list.chunks_exact(if is_long { 16 } else { 8 }) {
            let stated = u32_le(one, 0)?;
            let (kind, length) = (stated >> 30, u64::from(stated & 0x3fff_ffff));
            if length == 0 {
                break;
            }
            let place = if is_long { Place::parse(one, 0)? } else { Place { block: u32_le(one, 4)?, partition } };
            match kind {
                // What lies in no partition lies beyond the end.
                0 => extents.push(volume.at(place).unwrap_or(u64::MAX), length),
                1 | 2 => extents.push_hole(length),
                _ => {
                    next = Some(place);
                    break;
                }
            }
        }
        let Some(place) = next else { return Some(extents) };
        let (kind, held) = tagged(volume.bytes, volume.at(place)?, volume.block)?;
        list = range(held, 24, u32_le(held, 20)?.into()).filter(|_| kind == MORE)?;
    }
    None
}

pub(super) struct Name {
    pub(super) bytes: Vec<u8>,
    pub(super) is_folder: bool,
    pub(super) place: Place,
}

/// Tells every name of a folder but those that are deleted, and whether all could be read.
pub(super) fn names(listing: &[u8], tell: &mut dyn FnMut(Name) -> ControlFlow<()>) -> ControlFlow<(), bool> {
    const DELETED: u8 = 4;
    const PARENT: u8 = 8;
    let mut at = 0;
    while at < listing.len() {
        let rest = listing.get(at..).unwrap_or_default();
        let Some((end, flags, name)) = name(rest) else { return ControlFlow::Continue(false) };
        at += end;
        if flags & (DELETED | PARENT) == 0 {
            tell(name)?;
        }
    }
    ControlFlow::Continue(true)
}

fn name(rest: &[u8]) -> Option<(usize, u8, Name)> {
    const FOLDER: u8 = 2;
    let (_, head) = tagged(rest, 0, 38).filter(|(kind, _)| *kind == NAME)?;
    let (flags, length, place) = (*head.get(18)?, usize::from(*head.get(19)?), Place::parse(head, 20)?);
    let start = 38 + usize::from(u16_le(head, 36)?);
    let bytes = decoded(rest.get(start..start + length)?);
    Some(((start + length).next_multiple_of(4), flags, Name { bytes, is_folder: flags & FOLDER != 0, place }))
}

/// OSTA Compressed Unicode: one byte a character or two, by the first.
fn decoded(stored: &[u8]) -> Vec<u8> {
    match stored.split_first() {
        Some((8 | 254, narrow)) => narrow.iter().map(|byte| char::from(*byte)).collect::<String>().into_bytes(),
        Some((16 | 255, wide)) => {
            let (units, _) = wide.as_chunks::<2>();
            String::from_utf16_lossy(&units.iter().map(|unit| u16::from_be_bytes(*unit)).collect::<Vec<_>>())
                .into_bytes()
        }
        _ => stored.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_both_widths() {
        assert_eq!(decoded(b"\x08a\xe9"), "aé".as_bytes());
        assert_eq!(decoded(b"\x10\x04\x16\x00a"), "Жa".as_bytes());
        assert_eq!(decoded(b""), b"");
    }
}
