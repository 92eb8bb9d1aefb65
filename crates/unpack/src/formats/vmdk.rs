//! Disks of `VMware` that grow: grains in tables, stored or compressed one by one; the older kind of ESX beside them.
use std::cell::RefCell;
use std::io::Read as _;
use std::rc::Rc;

use flate2::read::ZlibDecoder;
use interdict_model::{GapReason, Head, Malformed, Members, Source, Unpacker, Unseen};
use memchr::memmem;

use crate::field::{broken, from, range, u16_le, u32_le, u64_le};
use crate::space::{Blocks, Piece, Space, stored};
use crate::volumes;

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "vmdk",
    revision: 1,
    title: "VMware disk that grows (VMDK: monolithic, stream-optimised, ESX)",
    limitations: &[
        "of a disk that differs from another one, the other is a gap",
        "a disk in several files is read file by file; what lies in another file is a gap",
    ],
    accepts,
    unpack,
};

const SECTOR: u64 = 512;
const NEW: &[u8] = b"KDMV";
const OLD: &[u8] = b"COWD";

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(NEW) || head.starts_with(OLD)
}

struct Disk<'a> {
    bytes: &'a [u8],
    directory: &'a [u8],
    /// Entries of one table.
    per_table: u64,
    grain: u64,
    size: u64,
    is_compressed: bool,
    last: RefCell<Option<(u64, Rc<Vec<u8>>)>>,
}

impl<'a> Disk<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        const COMPRESSED: u32 = 1 << 16;
        let is_new = bytes.starts_with(NEW);
        // What is written in one go has its tables at the end, and a copy of the header that says where.
        let at_end = is_new && u64_le(bytes, 56)? == u64::MAX;
        let header = if at_end { from(bytes, (bytes.len() as u64).checked_sub(1024)?) } else { bytes };
        let (size, grain, per_table, directory) = if is_new {
            (u64_le(header, 12)?, u64_le(header, 20)?, u64::from(u32_le(header, 44)?), u64_le(header, 56)?)
        } else {
            let word = |at| u32_le(bytes, at).map(u64::from);
            (word(12)?, word(16)?, 4096, word(20)?)
        };
        let is_sane = grain.is_power_of_two() && grain <= 1 << 16 && (1..=1 << 16).contains(&per_table);
        if !is_sane || !(header.starts_with(NEW) || header.starts_with(OLD)) {
            return None;
        }
        let tables = size.div_ceil(grain).div_ceil(per_table);
        Some(Self {
            bytes,
            directory: range(bytes, directory.checked_mul(SECTOR)?, tables.checked_mul(4)?)?,
            per_table,
            grain: grain * SECTOR,
            size: size.checked_mul(SECTOR)?,
            is_compressed: is_new && u32_le(header, 8)? & COMPRESSED != 0 && u16_le(header, 77)? == 1,
            last: RefCell::default(),
        })
    }

    /// The sector of a grain; none where it was never written.
    fn place(&self, index: u64) -> Option<u64> {
        let table =
            usize::try_from(index / self.per_table).ok().and_then(|at| u32_le(self.directory, at.checked_mul(4)?))?;
        let at = u64::from(table).checked_mul(SECTOR)? + index % self.per_table * 4;
        let entry = range(self.bytes, at, 4).filter(|_| table > 0)?;
        // One is a grain of zeros.
        u32_le(entry, 0).filter(|sector| *sector > 1).map(|sector| u64::from(sector) * SECTOR)
    }

    /// Behind its number and length.
    fn unpacked(&self, at: u64) -> Option<Rc<Vec<u8>>> {
        if let Some((_, block)) = self.last.borrow().as_ref().filter(|(of, _)| *of == at) {
            return Some(Rc::clone(block));
        }
        let length = u32_le(range(self.bytes, at, 12)?, 8)?;
        let mut block = Vec::new();
        let packed = range(self.bytes, at + 12, u64::from(length))?;
        ZlibDecoder::new(packed).take(self.grain).read_to_end(&mut block).ok()?;
        let block = Some(Rc::new(block)).filter(|block| block.len() as u64 == self.grain)?;
        *self.last.borrow_mut() = Some((at, Rc::clone(&block)));
        Some(block)
    }
}

impl Blocks for Disk<'_> {
    fn find(&self, at: u64) -> Piece<'_> {
        let (index, within) = (at / self.grain, at % self.grain);
        let left = self.grain - within;
        match self.place(index) {
            None => Piece::Zeros(left),
            Some(start) if !self.is_compressed => stored(self.bytes, start.saturating_add(within), left),
            Some(start) => match (self.unpacked(start), usize::try_from(within)) {
                (Some(block), Ok(within)) => Piece::Decoded(block, within),
                _ => Piece::Lost(left, "is a compressed grain that cannot be decoded".to_owned()),
            },
        }
    }
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let bytes = source.bytes;
    let disk = Disk::read(bytes).ok_or_else(|| broken(0, "the tables of grains lie beyond the end"))?;
    // The description says whether it differs from another disk.
    let word = |at| u64_le(bytes, at).and_then(|sectors| sectors.checked_mul(SECTOR));
    let description = word(28).zip(word(36)).and_then(|(at, length)| range(bytes, at, length.min(1 << 20)));
    let description = description.filter(|_| bytes.starts_with(NEW)).unwrap_or_default();
    let parent = memmem::find(description, b"parentCID=").and_then(|at| description.get(at + 10..at + 18));
    if parent.is_some_and(|parent| !parent.eq_ignore_ascii_case(b"ffffffff")) {
        let unseen = Unseen::new(GapReason::Missing, "the disk that this one differs from is not here");
        members.gap(unseen.needing("the disk that it differs from"));
    }
    let _ = volumes::of_disk(bytes, Space::new(&disk, disk.size), members);
    Ok(())
}
