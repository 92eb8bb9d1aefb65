//! Disks of `VirtualBox`: blocks in a table.
use interdict_model::{GapReason, Head, Malformed, Members, Source, Unpacker, Unseen};

use crate::field::{broken, range, u32_le, u64_le};
use crate::space::{Blocks, Piece, Space, stored};
use crate::volumes;

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "vdi",
    revision: 1,
    title: "VirtualBox disk (VDI)",
    limitations: &["of a disk that differs from another one, the other is a gap"],
    accepts,
    unpack,
};

fn accepts(head: &Head<'_>) -> bool {
    head.has_at(64, b"\x7f\x10\xda\xbe")
}

struct Disk<'a> {
    bytes: &'a [u8],
    table: &'a [u8],
    data: u64,
    block: u64,
    /// Before the content of each block.
    extra: u64,
    size: u64,
    is_difference: bool,
}

impl<'a> Disk<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let block = u64::from(u32_le(bytes, 0x178)?);
        let count = u64::from(u32_le(bytes, 0x180)?);
        let table = range(bytes, u64::from(u32_le(bytes, 0x154)?), count * 4)?;
        let is_sane = block.is_power_of_two() && block >= 512;
        is_sane.then_some(Self {
            bytes,
            table,
            data: u64::from(u32_le(bytes, 0x158)?),
            block,
            extra: u64::from(u32_le(bytes, 0x17c)?),
            size: u64_le(bytes, 0x170)?.min(count.saturating_mul(block)),
            is_difference: matches!(u32_le(bytes, 0x4c)?, 3 | 4),
        })
    }
}

impl Blocks for Disk<'_> {
    fn find(&self, at: u64) -> Piece<'_> {
        let (index, within) = (at / self.block, at % self.block);
        let entry = usize::try_from(index).ok().and_then(|index| u32_le(self.table, index.checked_mul(4)?));
        match entry {
            Some(number) if number < 0xffff_fffe => {
                let start = self.data + u64::from(number) * (self.block + self.extra) + self.extra;
                stored(self.bytes, start + within, self.block - within)
            }
            _ => Piece::Zeros(self.block - within),
        }
    }
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let disk = Disk::read(source.bytes).ok_or_else(|| broken(0x154, "the table of blocks lies beyond the end"))?;
    if disk.is_difference {
        let unseen = Unseen::new(GapReason::Missing, "the disk that this one differs from is not here");
        members.gap(unseen.needing("the disk that it differs from"));
    }
    let _ = volumes::of_disk(source.bytes, Space::new(&disk, disk.size), members);
    Ok(())
}
