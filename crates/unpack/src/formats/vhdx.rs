//! Disks of Hyper-V, the newer kind: regions, metadata, blocks in a table with a bitmap after each chunk.
use interdict_model::{GapReason, Head, Malformed, Members, Source, Unpacker, Unseen};

use crate::field::{broken, range, u16_le, u32_le, u64_le};
use crate::space::{Blocks, Piece, Space, stored};
use crate::volumes;

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "vhdx",
    revision: 1,
    title: "Hyper-V disk (VHDX)",
    limitations: &[
        "of a disk that differs from another one, the other is a gap",
        "changes that are in the log alone are a gap",
    ],
    accepts,
    unpack,
};

const KIB: u64 = 1024;
const REGIONS: [u64; 2] = [192 * KIB, 256 * KIB];
const HEADERS: [u64; 2] = [64 * KIB, 128 * KIB];
/// Identities of regions and of items of metadata.
const TABLE: &[u8] = b"\x66\x77\xc2\x2d\x23\xf6\x00\x42\x9d\x64\x11\x5e\x9b\xfd\x4a\x08";
const METADATA: &[u8] = b"\x06\xa2\x7c\x8b\x90\x47\x9a\x4b\xb8\xfe\x57\x5f\x05\x0f\x88\x6e";
const PARAMETERS: &[u8] = b"\x37\x67\xa1\xca\x36\xfa\x43\x4d\xb3\xb6\x33\xf0\xaa\x44\xe7\x6b";
const SIZE: &[u8] = b"\x24\x42\xa5\x2f\x1b\xcd\x76\x48\xb2\x11\x5d\xbe\xd8\x3b\xf4\xb8";
const SECTOR: &[u8] = b"\x1d\xbf\x41\x81\x6f\xa9\x09\x47\xba\x47\xf2\x33\xa8\xfa\xab\x5f";

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(b"vhdxfile")
}

struct Disk<'a> {
    bytes: &'a [u8],
    table: &'a [u8],
    block: u64,
    /// Blocks between two bitmaps.
    chunk: u64,
    size: u64,
    has_parent: bool,
}

impl<'a> Disk<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let (table, table_size) = region(bytes, TABLE)?;
        let (metadata, _) = region(bytes, METADATA)?;
        let parameters = item(bytes, metadata, PARAMETERS)?;
        let block = u64::from(u32_le(parameters, 0)?);
        let sector = u64::from(u32_le(item(bytes, metadata, SECTOR)?, 0)?);
        let is_sane = block.is_power_of_two() && block >= 1 << 20 && matches!(sector, 512 | 4096);
        is_sane.then_some(Self {
            bytes,
            table: range(bytes, table, table_size)?,
            block,
            chunk: ((sector << 23) / block).max(1),
            size: u64_le(item(bytes, metadata, SIZE)?, 0)?,
            has_parent: u32_le(parameters, 4)? & 2 != 0,
        })
    }
}

/// Where a region is, and how long; from the first table that can be read.
fn region(bytes: &[u8], id: &[u8]) -> Option<(u64, u64)> {
    let tables = REGIONS.iter().filter_map(|at| range(bytes, *at, 64 * KIB));
    let table = tables.into_iter().find(|table| table.starts_with(b"regi"))?;
    let count = usize::try_from(u32_le(table, 8)?.min(2047)).ok()?;
    let mut entries = (0..count).filter_map(|index| table.get(16 + index * 32..48 + index * 32));
    let entry = entries.find(|entry| entry.starts_with(id))?;
    Some((u64_le(entry, 16)?, u64::from(u32_le(entry, 24)?)))
}

fn item<'a>(bytes: &'a [u8], metadata: u64, id: &[u8]) -> Option<&'a [u8]> {
    let table = range(bytes, metadata, 64 * KIB).filter(|table| table.starts_with(b"metadata"))?;
    let count = usize::from(u16_le(table, 10)?.min(2047));
    let mut entries = (0..count).filter_map(|index| table.get(32 + index * 32..64 + index * 32));
    let entry = entries.find(|entry| entry.starts_with(id))?;
    range(bytes, metadata.checked_add(u64::from(u32_le(entry, 16)?))?, u64::from(u32_le(entry, 20)?))
}

impl Blocks for Disk<'_> {
    fn find(&self, at: u64) -> Piece<'_> {
        const PRESENT: u64 = 6;
        const IN_PART: u64 = 7;
        let (index, within) = (at / self.block, at % self.block);
        let place = usize::try_from((index + index / self.chunk).saturating_mul(8)).ok();
        match place.and_then(|place| u64_le(self.table, place)) {
            Some(entry) if matches!(entry & 7, PRESENT | IN_PART) => {
                let start = entry & !0xf_ffff;
                stored(self.bytes, start.saturating_add(within), self.block - within)
            }
            Some(_) => Piece::Zeros(self.block - within),
            None => Piece::Zeros(u64::MAX - at),
        }
    }
}

/// Whether a header says that the log was not yet written to its place: of the newer of both.
fn has_log(bytes: &[u8]) -> bool {
    let headers = HEADERS.iter().filter_map(|at| range(bytes, *at, 4096)).filter(|header| header.starts_with(b"head"));
    let newest = headers.max_by_key(|header| u64_le(header, 8));
    newest.and_then(|header| header.get(48..64)).is_some_and(|log| log.iter().any(|byte| *byte != 0))
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let Some(disk) = Disk::read(source.bytes) else {
        return Err(broken(REGIONS[0], "the regions, the metadata or the table of blocks cannot be read"));
    };
    if disk.has_parent {
        let unseen = Unseen::new(GapReason::Missing, "the disk that this one differs from is not here");
        members.gap(unseen.needing("the disk that it differs from"));
    }
    if has_log(source.bytes) {
        let detail = "it was not closed: its log may hold newer content than its blocks, and is not read";
        members.gap(Unseen::new(GapReason::Unsupported, detail).needing("a disk that was closed"));
    }
    let _ = volumes::of_disk(source.bytes, Space::new(&disk, disk.size), members);
    Ok(())
}
