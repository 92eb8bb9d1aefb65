//! Disks of Virtual PC and Hyper-V, the older kind, that grow: blocks in a table. Those that do not grow are plain disks.
use interdict_model::{GapReason, Head, Malformed, Members, Source, Unpacker, Unseen};

use crate::field::{broken, range, u32_be, u64_be};
use crate::space::{Blocks, Piece, Space, stored};
use crate::volumes;

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "vhd",
    revision: 1,
    title: "Hyper-V disk that grows (VHD)",
    limitations: &["of a disk that differs from another one, the other is a gap"],
    accepts,
    unpack,
};

const SECTOR: u64 = 512;

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(b"conectix")
}

struct Disk<'a> {
    bytes: &'a [u8],
    table: &'a [u8],
    block: u64,
    /// Which sectors of a block are in use stands before its content.
    bitmap: u64,
    size: u64,
    is_difference: bool,
}

impl<'a> Disk<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let header = range(bytes, u64_be(bytes, 16)?, 1024).filter(|header| header.starts_with(b"cxsparse"))?;
        let block = u64::from(u32_be(header, 32)?);
        let table = range(bytes, u64_be(header, 16)?, u64::from(u32_be(header, 28)?) * 4)?;
        let bitmap = (block / SECTOR).div_ceil(8).next_multiple_of(SECTOR);
        let is_sane = block.is_power_of_two() && block >= SECTOR;
        let is_difference = u32_be(bytes, 60)? == 4;
        is_sane.then_some(Self { bytes, table, block, bitmap, size: u64_be(bytes, 48)?, is_difference })
    }
}

impl Blocks for Disk<'_> {
    fn find(&self, at: u64) -> Piece<'_> {
        let (index, within) = (at / self.block, at % self.block);
        let entry = usize::try_from(index).ok().and_then(|index| u32_be(self.table, index.checked_mul(4)?));
        match entry {
            Some(sector) if sector != u32::MAX => {
                let start = u64::from(sector) * SECTOR + self.bitmap;
                stored(self.bytes, start + within, self.block - within)
            }
            Some(_) => Piece::Zeros(self.block - within),
            None => Piece::Zeros(u64::MAX - at),
        }
    }
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let Some(disk) = Disk::read(source.bytes) else {
        return Err(broken(0, "the header of a disk that grows, or its table of blocks, cannot be read"));
    };
    if disk.is_difference {
        let unseen = Unseen::new(GapReason::Missing, "the disk that this one differs from is not here");
        members.gap(unseen.needing("the disk that it differs from"));
    }
    let _ = volumes::of_disk(source.bytes, Space::new(&disk, disk.size), members);
    Ok(())
}
