//! Disks of QEMU: clusters through two levels of tables, some of them compressed.
use std::cell::RefCell;
use std::io::Read as _;
use std::rc::Rc;

use flate2::read::DeflateDecoder;
use interdict_model::{GapReason, Head, Malformed, Members, Source, Unpacker, Unseen};

use crate::field::{broken, from, range, u32_be, u64_be};
use crate::frames::Frames;
use crate::space::{Blocks, Piece, Space, stored};
use crate::volumes;

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "qcow2",
    revision: 1,
    title: "QEMU disk (QCOW2, versions 2 and 3)",
    limitations: &[
        "of a disk that differs from another one, the other is a gap, and so is data in another file",
        "snapshots inside of a disk are a gap",
        "encrypted disks are a gap",
    ],
    accepts,
    unpack,
};

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(b"QFI\xfb")
}

const OFFSET: u64 = 0x00ff_ffff_ffff_fe00;
const COMPRESSED: u64 = 1 << 62;
/// Of incompatible features.
const OTHER_FILE: u64 = 4;
const EXTENDED: u64 = 16;
const KNOWN: u64 = 0x1f;

struct Disk<'a> {
    bytes: &'a [u8],
    first: &'a [u8],
    bits: u32,
    size: u64,
    /// Entries of the second tables have a bitmap of 32 parts of a cluster.
    is_extended: bool,
    is_zstd: bool,
    last: RefCell<Option<(u64, Rc<Vec<u8>>)>>,
}

impl<'a> Disk<'a> {
    fn read(bytes: &'a [u8]) -> Option<Self> {
        let bits = u32_be(bytes, 20).filter(|bits| (9..=21).contains(bits))?;
        let first = range(bytes, u64_be(bytes, 40)?, u64::from(u32_be(bytes, 36)?) * 8)?;
        let is_new = u32_be(bytes, 4)? >= 3;
        let features = if is_new { u64_be(bytes, 72)? } else { 0 };
        let has_method = is_new && u32_be(bytes, 100)? > 104;
        Some(Self {
            bytes,
            first,
            bits,
            size: u64_be(bytes, 24)?,
            is_extended: features & EXTENDED != 0,
            is_zstd: has_method && bytes.get(104) == Some(&1),
            last: RefCell::default(),
        })
    }

    fn cluster(&self) -> u64 {
        1 << self.bits
    }

    /// The entry of a cluster in the second table, with its bitmap; nothing where there is no table.
    fn entry(&self, index: u64) -> Option<(u64, u64)> {
        let width = if self.is_extended { 16 } else { 8 };
        let per_table = self.cluster() / width;
        let place = usize::try_from(index / per_table).ok()?.checked_mul(8)?;
        let table = u64_be(self.first, place)? & OFFSET;
        let at = table.checked_add(index % per_table * width).filter(|_| table > 0)?;
        let raw = range(self.bytes, at, width)?;
        Some((u64_be(raw, 0)?, u64_be(raw, 8).unwrap_or_default()))
    }

    fn unpacked(&self, entry: u64) -> Option<Rc<Vec<u8>>> {
        if let Some((_, block)) = self.last.borrow().as_ref().filter(|(of, _)| *of == entry) {
            return Some(Rc::clone(block));
        }
        let wide = 62 - (self.bits - 8);
        let at = entry & ((1 << wide) - 1);
        let sectors = ((entry & (COMPRESSED - 1)) >> wide) + 1;
        let length = sectors * 512 - at % 512;
        let packed = range(self.bytes, at, length).unwrap_or_else(|| from(self.bytes, at));
        let mut block = Vec::new();
        let most = self.cluster();
        let _ = if self.is_zstd {
            Frames::new(packed, super::zstd::open).take(most).read_to_end(&mut block)
        } else {
            DeflateDecoder::new(packed).take(most).read_to_end(&mut block)
        };
        // What follows the last sector's data is not part of it and may not decode; the cluster must be whole.
        let block = Some(Rc::new(block)).filter(|block| block.len() as u64 == most)?;
        *self.last.borrow_mut() = Some((entry, Rc::clone(&block)));
        Some(block)
    }
}

impl Blocks for Disk<'_> {
    fn find(&self, at: u64) -> Piece<'_> {
        let (index, within) = (at >> self.bits, at & (self.cluster() - 1));
        let left = self.cluster() - within;
        let Some((entry, bitmap)) = self.entry(index) else {
            // No second table: nothing of all that it would describe was written.
            let per_table = self.cluster() / if self.is_extended { 16 } else { 8 };
            return Piece::Zeros(
                left.saturating_add((per_table - 1 - index % per_table).saturating_mul(self.cluster())),
            );
        };
        if entry & COMPRESSED != 0 {
            return match (self.unpacked(entry), usize::try_from(within)) {
                (Some(block), Ok(within)) => Piece::Decoded(block, within),
                _ => Piece::Lost(left, "is a compressed cluster that cannot be decoded".to_owned()),
            };
        }
        let (left, is_there) = if self.is_extended {
            let part = self.cluster() / 32;
            let bit = within / part;
            (part - within % part, bitmap >> bit & 1 != 0)
        } else {
            (left, entry & 1 == 0)
        };
        match entry & OFFSET {
            0 => Piece::Zeros(left),
            start if is_there => stored(self.bytes, start + within, left),
            _ => Piece::Zeros(left),
        }
    }
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let bytes = source.bytes;
    let version = u32_be(bytes, 4).unwrap_or_default();
    let features = if version >= 3 { u64_be(bytes, 72).unwrap_or_default() } else { 0 };
    if !(2..=3).contains(&version) || features & !KNOWN != 0 {
        let detail = format!("version {version} with features {features:#x}, {} bytes", bytes.len());
        members.gap(Unseen::new(GapReason::Unsupported, detail));
        return Ok(());
    }
    if u32_be(bytes, 32).is_some_and(|method| method != 0) {
        members.gap(Unseen::new(GapReason::Encrypted, "an encrypted disk").needing("its key"));
        return Ok(());
    }
    let disk = Disk::read(bytes).ok_or_else(|| broken(36, "the table of clusters lies beyond the end"))?;
    if features & OTHER_FILE != 0 {
        members.gap(Unseen::new(GapReason::Missing, "its data is in another file").needing("that file"));
        return Ok(());
    }
    if let Some(at) = u64_be(bytes, 8).filter(|at| *at != 0) {
        let length = u32_be(bytes, 16).unwrap_or_default().min(1023);
        let name = range(bytes, at, u64::from(length)).unwrap_or_default().escape_ascii();
        let unseen = Unseen::new(GapReason::Missing, format!("it differs from the disk `{name}`, which is not here"));
        members.gap(unseen.needing("the disk that it differs from"));
    }
    if let Some(count) = u32_be(bytes, 60).filter(|count| *count > 0) {
        members.gap(Unseen::new(
            GapReason::Unsupported,
            format!("{count} snapshots inside of the disk were not looked at"),
        ));
    }
    let _ = volumes::of_disk(bytes, Space::new(&disk, disk.size), members);
    Ok(())
}
