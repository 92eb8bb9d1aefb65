//! FAT12, FAT16 and FAT32 file systems: boot partitions, EFI images, sticks.
mod folder;

use std::borrow::Cow;
use std::ops::ControlFlow;

use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};

use self::folder::{Entry, entries};
use crate::extents::Extents;
use crate::field::{broken, u16_le, u32_le};
use crate::space::Space;
use crate::tree::{Tree, join};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "fat",
    revision: 1,
    title: "FAT12, FAT16, FAT32 file system",
    limitations: &["deleted files are not seen"],
    accepts,
    unpack,
};

fn accepts(head: &Head<'_>) -> bool {
    is_here(head.bytes.into())
}

/// Whether such a file system is here.
pub(crate) fn is_here(space: Space<'_>) -> bool {
    let Some(first) = space.range(0, 512) else { return false };
    let head = Head { bytes: &first, name: "" };
    let jumps = matches!(first.get(..3), Some([0xeb, _, 0x90] | [0xe9, ..]));
    jumps
        && head.has_at(510, b"\x55\xaa")
        && !head.has_at(3, b"NTFS")
        && !head.has_at(3, b"EXFAT")
        && Volume::read(space).is_some()
}

struct Volume<'a> {
    space: Space<'a>,
    /// Bits of an entry in the table.
    width: u32,
    table: Cow<'a, [u8]>,
    cluster: u64,
    /// Where cluster 2 is.
    data: u64,
    clusters: u64,
    /// The root is a chain in FAT32, a range before.
    root: Root,
}

#[derive(Clone, Copy)]
enum Root {
    Chain(u32),
    Range(u64, u64),
}

impl<'a> Volume<'a> {
    fn read(space: Space<'a>) -> Option<Self> {
        let first = space.range(0, 512)?;
        let bytes = &*first;
        let sector = u64::from(u16_le(bytes, 11)?);
        let per_cluster = u64::from(*bytes.get(13)?);
        let (reserved, tables) = (u64::from(u16_le(bytes, 14)?), u64::from(*bytes.get(16)?));
        let root_entries = u64::from(u16_le(bytes, 17)?);
        let small_total = u64::from(u16_le(bytes, 19)?);
        let total = if small_total == 0 { u64::from(u32_le(bytes, 32)?) } else { small_total };
        let small_table = u64::from(u16_le(bytes, 22)?);
        let table_sectors = if small_table == 0 { u64::from(u32_le(bytes, 36)?) } else { small_table };
        let is_sane = matches!(sector, 512 | 1024 | 2048 | 4096)
            && per_cluster.is_power_of_two()
            && (1..=4).contains(&tables)
            && reserved > 0;
        if !is_sane {
            return None;
        }
        let root_at = (reserved + tables * table_sectors) * sector;
        let root_length = (root_entries * 32).next_multiple_of(sector);
        let data = root_at + root_length;
        let clusters = total.checked_sub(data / sector)? / per_cluster;
        let width = match clusters {
            0 => return None,
            // Systems go by the field that the kinds before it had for the length of a table.
            _ if small_table == 0 => 32,
            1..4085 => 12,
            4085..65_525 => 16,
            _ => 32,
        };
        let table = space.range(reserved * sector, table_sectors * sector)?;
        let root = if root_entries == 0 { Root::Chain(u32_le(bytes, 44)?) } else { Root::Range(root_at, root_length) };
        Some(Self { space, width, table, cluster: sector * per_cluster, data, clusters, root })
    }

    fn next(&self, cluster: u32) -> Option<u32> {
        let at = usize::try_from(cluster).ok()?;
        Some(match self.width {
            12 => {
                let two = u32::from(u16_le(&self.table, at + at / 2)?);
                if at % 2 == 0 { two & 0xfff } else { two >> 4 }
            }
            16 => u32::from(u16_le(&self.table, at.checked_mul(2)?)?),
            _ => u32_le(&self.table, at.checked_mul(4)?)? & 0x0fff_ffff,
        })
    }

    fn extents(&self, start: u32) -> Extents {
        let (mut extents, mut at) = (Extents::default(), start);
        // A chain that loops is cut where it has used every cluster once.
        for _ in 0..self.clusters {
            let Some(index) = at.checked_sub(2).map(u64::from).filter(|index| *index < self.clusters) else { break };
            extents.push(self.data + index * self.cluster, self.cluster);
            let Some(next) = self.next(at) else { break };
            at = next;
        }
        extents
    }

    /// Whether its table says that nothing was ever kept, but for the root's own cluster.
    fn is_blank(&self) -> bool {
        (3..self.clusters.min(1 << 20)).all(|at| u32::try_from(at).is_ok_and(|at| self.next(at) == Some(0)))
    }

    fn folder(&self, key: Root) -> (Vec<Entry>, bool) {
        let mut extents = Extents::default();
        match key {
            Root::Range(start, length) => extents.push(start, length),
            Root::Chain(start) => extents = self.extents(start),
        }
        entries(self.space, &extents)
    }
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    members.leaves_rest();
    files(source.bytes.into(), members)
}

/// Offers every file of the file system.
pub(crate) fn files(space: Space<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let volume = Volume::read(space).ok_or(Malformed::NotThis)?;
    let mut tree = Tree::new(0_u32);
    let mut fault = None;
    while let Some((cluster, folder)) = tree.next() {
        let key = if cluster == 0 { volume.root } else { Root::Chain(cluster) };
        let (entries, is_whole) = volume.folder(key);
        if volume.is_blank() {
            members.entry(&folder);
        }
        for entry in entries {
            let path = join(&folder, entry.name.as_bytes());
            if entry.is_folder {
                tree.enter(entry.start, path, members);
            } else if offer(&volume, &entry, &path, members).is_break() {
                return Ok(());
            }
        }
        if !is_whole {
            let detail = format!("the folder `{}` lies beyond the end", folder.escape_ascii());
            fault.get_or_insert(broken(space.length(), detail));
        }
    }
    fault.map_or(Ok(()), Err)
}

fn offer(volume: &Volume<'_>, entry: &Entry, path: &[u8], members: &mut dyn Members) -> ControlFlow<()> {
    let member = Member { name: path, stated_size: Some(entry.size), ..Member::default() };
    let extents = if entry.size == 0 { Extents::default() } else { volume.extents(entry.start) };
    if extents.length() > entry.size.next_multiple_of(volume.cluster) {
        let detail = format!("its chain holds {} bytes, {} are stated", extents.length(), entry.size);
        members.unseen(&member, Unseen::new(GapReason::Ambiguous, detail));
        return extents.offer(volume.space, &member, extents.length(), members);
    }
    extents.offer(volume.space, &member, entry.size, members)
}
