//! One record of the master file table: a header, then attributes, with the ends of sectors put back in place.
use crate::field::{range, u16_le, u32_le, u64_le};

pub(super) const NAME: u32 = 0x30;
pub(super) const DATA: u32 = 0x80;
const END: u32 = u32::MAX;
/// Numbers of records are the lower six bytes of references.
const NUMBER: u64 = 0x0000_ffff_ffff_ffff;

pub(super) struct Record {
    bytes: Vec<u8>,
    pub(super) is_used: bool,
    pub(super) is_folder: bool,
    /// The record that this one is a part of; zero where it stands for itself.
    pub(super) base: u64,
}

/// Content in the record, or runs of clusters.
#[derive(Clone, Copy)]
pub(super) enum Content<'r> {
    Inside(&'r [u8]),
    Runs { list: &'r [u8], size: u64, valid: u64 },
}

pub(super) struct Attribute<'r> {
    pub(super) kind: u32,
    pub(super) name: Vec<u8>,
    pub(super) content: Content<'r>,
    flags: u16,
    first: u64,
    unit: u16,
}

impl Attribute<'_> {
    pub(super) fn is_compressed(&self) -> bool {
        self.flags & 0xff != 0
    }

    pub(super) fn is_encrypted(&self) -> bool {
        self.flags & 0x4000 != 0
    }

    /// Clusters that are compressed together, as a power of two.
    pub(super) fn unit(&self) -> u16 {
        self.unit.min(8)
    }

    pub(super) fn first_cluster(&self) -> u64 {
        self.first
    }
}

impl Record {
    pub(super) fn parse(mut bytes: Vec<u8>) -> Option<Self> {
        if !bytes.starts_with(b"FILE") {
            return None;
        }
        put_back(&mut bytes)?;
        let flags = u16_le(&bytes, 22)?;
        let base = u64_le(&bytes, 32)? & NUMBER;
        Some(Self { is_used: flags & 1 != 0, is_folder: flags & 2 != 0, base, bytes })
    }

    pub(super) fn attributes(&self) -> impl Iterator<Item = Attribute<'_>> {
        let mut at = u16_le(&self.bytes, 20).map_or(0, u64::from);
        std::iter::from_fn(move || {
            let kind = range(&self.bytes, at, 4).and_then(|four| u32_le(four, 0)).filter(|kind| *kind != END)?;
            let length = u64::from(u32_le(range(&self.bytes, at, 8)?, 4)?);
            let raw = range(&self.bytes, at, length).filter(|raw| raw.len() >= 24)?;
            at += length;
            attribute(kind, raw)
        })
    }

    /// Every name with the folder it is in; short names of old systems are left out where there are others.
    pub(super) fn names(&self) -> impl Iterator<Item = (u64, Vec<u8>)> {
        const SHORT: u8 = 2;
        let all = || {
            let names = self.attributes().filter(|attribute| attribute.kind == NAME);
            names.filter_map(|attribute| match attribute.content {
                Content::Inside(bytes) => name(bytes),
                Content::Runs { .. } => None,
            })
        };
        let has_long = all().any(|(_, _, space)| space != SHORT);
        all().filter(move |(_, _, space)| !has_long || *space != SHORT).map(|(parent, name, _)| (parent, name))
    }
}

fn attribute(kind: u32, raw: &[u8]) -> Option<Attribute<'_>> {
    let is_outside = *raw.get(8)? != 0;
    let (name_length, name_at) = (usize::from(*raw.get(9)?) * 2, usize::from(u16_le(raw, 10)?));
    let name = text(raw.get(name_at..name_at + name_length)?);
    let flags = u16_le(raw, 12)?;
    if is_outside {
        let list = raw.get(usize::from(u16_le(raw, 32)?)..)?;
        // Only the first part of an attribute states sizes.
        let first = u64_le(raw, 16)?;
        let sizes = (u64_le(raw, 48).unwrap_or_default(), u64_le(raw, 56).unwrap_or_default());
        let content = Content::Runs { list, size: sizes.0, valid: sizes.1 };
        return Some(Attribute { kind, name, content, flags, first, unit: u16_le(raw, 34)? });
    }
    let (length, at) = (u64::from(u32_le(raw, 16)?), u64::from(u16_le(raw, 20)?));
    Some(Attribute { kind, name, content: Content::Inside(range(raw, at, length)?), flags, first: 0, unit: 0 })
}

fn name(bytes: &[u8]) -> Option<(u64, Vec<u8>, u8)> {
    let parent = u64_le(bytes, 0)? & NUMBER;
    let length = usize::from(*bytes.get(64)?) * 2;
    Some((parent, text(bytes.get(66..66 + length)?), *bytes.get(65)?))
}

fn text(units: &[u8]) -> Vec<u8> {
    let units: Vec<u16> = units.chunks_exact(2).filter_map(|two| u16_le(two, 0)).collect();
    String::from_utf16_lossy(&units).into_bytes()
}

/// The last two bytes of every sector stand in a list, and a number to prove it in their place.
fn put_back(bytes: &mut [u8]) -> Option<()> {
    let (at, count) = (usize::from(u16_le(bytes, 4)?), usize::from(u16_le(bytes, 6)?));
    let list = bytes.get(at..at.checked_add(count * 2)?)?.to_vec();
    let proof = list.get(..2)?;
    for (index, kept) in list.get(2..)?.chunks_exact(2).enumerate() {
        let end = (index + 1) * 512;
        let place = bytes.get_mut(end - 2..end)?;
        if place != proof {
            return None;
        }
        place.copy_from_slice(kept);
    }
    Some(())
}
