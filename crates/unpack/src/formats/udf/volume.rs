//! From the anchor to the root: the volume's descriptors, its partitions, and where a block of one is.
use interdict_model::{GapReason, Unseen};

use crate::field::{range, u16_le, u32_le};

pub(super) struct Volume<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) block: u64,
    partitions: Vec<Partition>,
}

/// A block of a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) block: u32,
    pub(super) partition: u16,
}

impl Place {
    /// Behind the length in a long allocation descriptor.
    pub(super) fn parse(bytes: &[u8], at: usize) -> Option<Self> {
        Some(Self { block: u32_le(bytes, at + 4)?, partition: u16_le(bytes, at + 8)? })
    }
}

/// From where in the bytes, and how long; nothing where it is of a kind that is not read.
#[derive(Clone, Copy)]
struct Partition {
    number: u16,
    lies: Option<(u64, u64)>,
}

const ANCHOR: u16 = 2;
const PARTITION: u16 = 5;
const LOGICAL_VOLUME: u16 = 6;
const TERMINATING: u16 = 8;
const FILE_SET: u16 = 256;
/// A sequence of descriptors is no longer, in blocks.
const LONGEST: u64 = 256;

/// The descriptor that begins here, where its tag adds up, with what kind it is.
pub(super) fn tagged(bytes: &[u8], at: u64, length: u64) -> Option<(u16, &[u8])> {
    let held = range(bytes, at, length)?;
    let tag = held.get(..16)?;
    let sum =
        tag.iter().enumerate().filter(|(index, _)| *index != 4).fold(0_u8, |sum, (_, byte)| sum.wrapping_add(*byte));
    Some((u16_le(tag, 0)?, held)).filter(|(kind, _)| *kind > 0 && tag.get(4) == Some(&sum))
}

impl<'a> Volume<'a> {
    /// The volume and its root folder.
    pub(super) fn read(bytes: &'a [u8]) -> Result<(Self, Place), Unseen> {
        let broken = |detail| Unseen::new(GapReason::Malformed, detail).needing("an intact copy");
        let (block, anchor) = anchor(bytes).ok_or_else(|| broken("the image has no anchor of a UDF volume"))?;
        let mut sequences = [16, 24].into_iter().filter_map(|at| sequence(bytes, block, anchor, at));
        let (parts, logical) = sequences.next().ok_or_else(|| broken("no descriptor of a UDF volume can be read"))?;
        let block = u32_le(logical, 212).map(u64::from).filter(|size| size.is_power_of_two() && *size >= 512);
        let block = block.ok_or_else(|| broken("the UDF volume has blocks of no size that can be"))?;
        let volume = Self { bytes, block, partitions: mapped(logical, &parts, block) };
        let set = Place::parse(logical, 248).ok_or_else(|| broken("the UDF volume names no set of files"))?;
        if volume.partitions.get(usize::from(set.partition)).is_some_and(|partition| partition.lies.is_none()) {
            let detail = "a UDF volume whose files lie in a partition of a kind that is not read";
            return Err(Unseen::new(GapReason::Unsupported, detail).over(0, bytes.len() as u64));
        }
        let set = volume.at(set).and_then(|at| tagged(bytes, at, 512)).filter(|(kind, _)| *kind == FILE_SET);
        let root = set.and_then(|(_, set)| Place::parse(set, 400));
        root.map(|root| (volume, root)).ok_or_else(|| broken("the UDF volume's set of files cannot be read"))
    }

    /// Where a block is in the bytes.
    pub(super) fn at(&self, place: Place) -> Option<u64> {
        let (start, length) = self.partitions.get(usize::from(place.partition))?.lies?;
        let at = u64::from(place.block).checked_mul(self.block)?;
        (at < length).then(|| start.saturating_add(at))
    }
}

/// At block 256, or that far from the end, or at the end.
fn anchor(bytes: &[u8]) -> Option<(u64, &[u8])> {
    [2048, 512, 4096, 1024].into_iter().find_map(|block| {
        let count = bytes.len() as u64 / block;
        let places = [Some(256), count.checked_sub(257), count.checked_sub(1)];
        places.into_iter().flatten().find_map(|at| {
            let (kind, held) = tagged(bytes, at.checked_mul(block)?, 512)?;
            (kind == ANCHOR && u32_le(held, 12).map(u64::from) == Some(at)).then_some((block, held))
        })
    })
}

/// The partitions and the logical volume of the sequence that the anchor names at this offset.
fn sequence<'a>(bytes: &'a [u8], block: u64, anchor: &[u8], at: usize) -> Option<(Vec<Partition>, &'a [u8])> {
    let (length, start) = (u64::from(u32_le(anchor, at)?), u64::from(u32_le(anchor, at + 4)?));
    let (mut parts, mut logical) = (Vec::new(), None);
    for index in 0..(length / block).min(LONGEST) {
        let Some((kind, held)) = tagged(bytes, (start + index).checked_mul(block)?, block) else { break };
        match kind {
            PARTITION => {
                let (first, count) = (u64::from(u32_le(held, 188)?), u64::from(u32_le(held, 192)?));
                parts.push(Partition { number: u16_le(held, 22)?, lies: Some((first * block, count * block)) });
            }
            LOGICAL_VOLUME => logical = Some(held),
            TERMINATING => break,
            _ => {}
        }
    }
    logical.filter(|_| !parts.is_empty()).map(|logical| (parts, logical))
}

/// The partitions as places name them: by their order in the logical volume.
fn mapped(logical: &[u8], parts: &[Partition], block: u64) -> Vec<Partition> {
    let (mut maps, mut at) = (Vec::new(), 440);
    let count = u32_le(logical, 268).unwrap_or_default().min(u32::try_from(block / 6).unwrap_or_default());
    for _ in 0..count {
        let (Some(kind), Some(length)) = (logical.get(at), logical.get(at + 1)) else { break };
        let number = if *kind == 1 { u16_le(logical, at + 4) } else { None };
        let lies = number.and_then(|number| parts.iter().find(|part| part.number == number)?.lies);
        maps.push(Partition { number: number.unwrap_or_default(), lies });
        at += usize::from(*length).max(1);
    }
    maps
}
