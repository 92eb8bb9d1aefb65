//! Inodes: by block maps, by extents, or with their content inside.
use std::io::Read as _;
use std::ops::ControlFlow;

use interdict_model::{GapReason, Member, Members, Unseen};

use super::Volume;
use crate::extents::Extents;
use crate::field::{u16_le, u32_le};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Folder,
    File,
    Link,
    Other,
}

pub(super) struct Inode {
    pub(super) kind: Kind,
    pub(super) size: u64,
    flags: u32,
    /// 60 bytes that say where the content is, or are it.
    map: [u8; 60],
}

const ENCRYPTED: u32 = 0x800;
const EXTENTS: u32 = 0x8_0000;
const INLINE: u32 = 0x1000_0000;
/// Names taken from one folder.
const ENTRIES: usize = 1 << 22;
/// Blocks of the map that are looked at for one file.
const STEPS: u64 = 1 << 22;

impl Inode {
    pub(super) fn parse(raw: &[u8]) -> Option<Self> {
        let kind = match u16_le(raw, 0)? >> 12 {
            4 => Kind::Folder,
            8 => Kind::File,
            10 => Kind::Link,
            1 | 2 | 6 | 12 => Kind::Other,
            _ => return None,
        };
        let high = if kind == Kind::File { u64::from(u32_le(raw, 108)?) << 32 } else { 0 };
        let size = u64::from(u32_le(raw, 4)?) | high;
        Some(Self { kind, size, flags: u32_le(raw, 32)?, map: raw.get(40..100)?.try_into().ok()? })
    }

    pub(super) fn is_encrypted(&self) -> bool {
        self.flags & ENCRYPTED != 0
    }

    pub(super) fn offer(&self, volume: &Volume<'_>, member: &Member<'_>, members: &mut dyn Members) -> ControlFlow<()> {
        if self.flags & INLINE != 0 {
            let length = usize::try_from(self.size).unwrap_or(usize::MAX);
            if length > self.map.len() {
                let detail = "the end of a file that lies inside its inode";
                members.unseen(member, Unseen::new(GapReason::Unsupported, detail));
            }
            return members.stored(member, self.map.get(..length).unwrap_or(&self.map));
        }
        let (mut extents, is_whole) = self.extents(volume);
        if is_whole && extents.length() < self.size {
            // What the map does not reach is a hole.
            extents.push_hole(self.size - extents.length());
        }
        extents.offer(volume.space, member, self.size, members)
    }

    /// Short targets stand in the inode.
    pub(super) fn link(&self, volume: &Volume<'_>) -> Vec<u8> {
        if self.size < 60 {
            let length = usize::try_from(self.size).unwrap_or_default();
            return self.map.get(..length).unwrap_or_default().to_vec();
        }
        let mut target = Vec::new();
        let (extents, _) = self.extents(volume);
        let _ = extents.reader(volume.space, self.size.min(volume.block)).read_to_end(&mut target);
        target
    }

    /// The names in a folder, and whether all of it could be read.
    pub(super) fn list(&self, volume: &Volume<'_>) -> (Vec<(Vec<u8>, u32)>, bool) {
        let mut raw = Vec::new();
        let is_whole = if self.flags & INLINE != 0 {
            raw.extend_from_slice(self.map.get(4..).unwrap_or_default());
            self.size <= 60
        } else {
            let (extents, is_whole) = self.extents(volume);
            let size = self.size.min(volume.space.length());
            extents.reader(volume.space, size).read_to_end(&mut raw).is_ok()
                && is_whole
                && raw.len() as u64 >= self.size
        };
        let mut entries = Vec::new();
        for block in raw.chunks(usize::try_from(volume.block).unwrap_or(1024)) {
            names(block, &mut entries);
        }
        (entries, is_whole)
    }

    /// Where the content is, and whether all of the map could be read.
    fn extents(&self, volume: &Volume<'_>) -> (Extents, bool) {
        let mut map =
            Map { volume, extents: Extents::default(), blocks: self.size.div_ceil(volume.block), next: 0, left: STEPS };
        let is_whole = if self.flags & EXTENTS != 0 { map.extent_tree(&self.map, 5) } else { map.block_map(&self.map) };
        (map.extents, is_whole.is_some())
    }
}

/// Records that fill their block, each with the length to the next.
fn names(block: &[u8], entries: &mut Vec<(Vec<u8>, u32)>) {
    let mut rest = block;
    while let (Some(number), Some(length)) = (u32_le(rest, 0), u16_le(rest, 4)) {
        let name = rest.get(6).and_then(|length| rest.get(8..8 + usize::from(*length))).unwrap_or_default();
        if number != 0 && !name.is_empty() && name != b"." && name != b".." && entries.len() < ENTRIES {
            entries.push((name.to_vec(), number));
        }
        rest = rest.get(usize::from(length.max(8))..).unwrap_or_default();
    }
}

struct Map<'v, 'a> {
    volume: &'v Volume<'a>,
    extents: Extents,
    blocks: u64,
    /// The next block of the file, and how many more steps are taken.
    next: u64,
    left: u64,
}

impl Map<'_, '_> {
    fn run(&mut self, logical: u64, physical: u64, count: u64) {
        if logical > self.next {
            self.extents.push_hole((logical - self.next) * self.volume.block);
        }
        let count = count.saturating_sub(self.next.saturating_sub(logical)).min(self.blocks.saturating_sub(logical));
        self.extents.push(physical.saturating_mul(self.volume.block), count * self.volume.block);
        self.next = self.next.max(logical + count);
    }

    /// A node of the tree, in order; `depth` bounds how deep.
    fn extent_tree(&mut self, node: &[u8], depth: u16) -> Option<()> {
        let (magic, count, level) = (u16_le(node, 0)?, u16_le(node, 2)?, u16_le(node, 6)?);
        if magic != 0xf30a || level > depth {
            return None;
        }
        for entry in (1..=usize::from(count)).map(|index| node.get(index * 12..index * 12 + 12)) {
            self.left = self.left.checked_sub(1)?;
            let entry = entry?;
            let logical = u64::from(u32_le(entry, 0)?);
            if level == 0 {
                const UNWRITTEN: u16 = 0x8000;
                let length = u16_le(entry, 4)?;
                let physical = u64::from(u32_le(entry, 8)?) | u64::from(u16_le(entry, 6)?) << 32;
                if length <= UNWRITTEN {
                    self.run(logical, physical, u64::from(length));
                }
            } else {
                let block = u64::from(u32_le(entry, 4)?) | u64::from(u16_le(entry, 8)?) << 32;
                let node = self.volume.space.range(block.checked_mul(self.volume.block)?, self.volume.block)?;
                self.extent_tree(&node, level - 1)?;
            }
        }
        Some(())
    }

    /// Twelve blocks, then blocks of blocks, three deep.
    fn block_map(&mut self, map: &[u8]) -> Option<()> {
        let mut logical = 0;
        for index in 0..15 {
            let depth = u32::try_from(index).unwrap_or_default().saturating_sub(11);
            self.indirect(u32_le(map, index * 4)?, depth, &mut logical)?;
        }
        Some(())
    }

    fn indirect(&mut self, block: u32, depth: u32, logical: &mut u64) -> Option<()> {
        let fan = self.volume.block / 4;
        if *logical >= self.blocks {
            return Some(());
        }
        if block == 0 {
            *logical += fan.pow(depth);
            return Some(());
        }
        self.left = self.left.checked_sub(1)?;
        if depth == 0 {
            self.run(*logical, u64::from(block), 1);
            *logical += 1;
            return Some(());
        }
        let start = u64::from(block).checked_mul(self.volume.block)?;
        let list = self.volume.space.range(start, self.volume.block)?;
        for number in list.chunks_exact(4).filter_map(|four| u32_le(four, 0)) {
            self.indirect(number, depth - 1, logical)?;
        }
        Some(())
    }
}
