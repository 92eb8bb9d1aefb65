//! Disk images: the partitions of a GPT, an MBR or an Apple map, each a slice.
use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};

use crate::field::{broken, from, range, u32_be, u32_le, u64_le};
use crate::space::Space;
use crate::volumes;

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "disk",
    revision: 1,
    title: "disk image with partitions (GPT, MBR, Apple)",
    limitations: &["bytes outside of all partitions are only searched for files by their marks"],
    accepts,
    unpack,
};

const SECTORS: [u64; 2] = [512, 4096];

fn accepts(head: &Head<'_>) -> bool {
    !partitions(head.bytes.into()).is_empty() || gpt_sector(head.bytes.into()).is_some()
}

fn gpt_sector(space: Space<'_>) -> Option<u64> {
    SECTORS.into_iter().find(|sector| space.range(*sector, 8).as_deref() == Some(b"EFI PART"))
}

/// One partition: where it is, and what its table says it is.
pub(crate) struct Partition {
    pub(crate) name: String,
    pub(crate) start: u64,
    pub(crate) length: u64,
    /// Whether its table says that files are in it.
    pub(crate) is_for_files: bool,
}

/// Types of an MBR for FAT, NTFS and exFAT, Linux, macOS, some of them hidden.
const FOR_FILES: [u8; 15] = [0x01, 0x04, 0x06, 0x07, 0x0b, 0x0c, 0x0e, 0x11, 0x14, 0x16, 0x17, 0x1b, 0x1c, 0x83, 0xaf];
/// The same of a GPT, by the first four bytes: Windows' data, the system's partition, Linux' files and home, root on x86-64
/// and on Arm, HFS+ and APFS.
const FOR_FILES_TOO: [u32; 8] =
    [0xebd0_a0a2, 0xc12a_7328, 0x0fc6_3daf, 0x933a_c7e1, 0x4f68_bce3, 0xb921_b045, 0x4846_5300, 0x7c34_57ef];

/// What the tables of a disk say; nothing where there are none.
pub(crate) fn partitions(space: Space<'_>) -> Vec<Partition> {
    match gpt_sector(space) {
        Some(sector) => gpt(space, sector).unwrap_or_default(),
        None if is_apple(space) => apple(space),
        None if space.range(510, 2).as_deref() == Some(b"\x55\xaa") => mbr(space),
        None => Vec::new(),
    }
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let bytes = source.bytes;
    let partitions = partitions(bytes.into());
    if let Some(sector) = gpt_sector(bytes.into()).filter(|_| partitions.is_empty()) {
        return Err(broken(sector, "the partition table is empty, or lies beyond the end"));
    }
    members.leaves_rest();
    let mut fault = None;
    for partition in &partitions {
        let member =
            Member { name: partition.name.as_bytes(), stated_size: Some(partition.length), ..Member::default() };
        let whole = range(bytes, partition.start, partition.length);
        let held = whole.unwrap_or_else(|| from(bytes, partition.start));
        if whole.is_none() {
            let detail = format!("{} bytes are stated, {} are there", partition.length, held.len());
            members.unseen(&member, Unseen::new(GapReason::Malformed, detail).needing("an intact copy"));
            fault = Some(broken(bytes.len() as u64, "a partition reaches beyond the end"));
        }
        if partition.is_for_files {
            volumes::unknown(&[], held.into(), &member, members);
        }
        if members.stored(&member, held).is_break() {
            return Ok(());
        }
    }
    fault.map_or(Ok(()), Err)
}

fn gpt(space: Space<'_>, sector: u64) -> Option<Vec<Partition>> {
    let header = space.range(sector, 92)?;
    let (count, size) = (u32_le(&header, 80)?.min(1024), u64::from(u32_le(&header, 84)?));
    let table = u64_le(&header, 72)?.checked_mul(sector)?;
    let mut partitions = Vec::new();
    for index in 0..u64::from(count) {
        let entry = space.range(table.checked_add(index.checked_mul(size.max(128))?)?, 128)?;
        let (first, last) = (u64_le(&entry, 32)?, u64_le(&entry, 40)?);
        if entry.iter().take(16).all(|byte| *byte == 0) || last < first {
            continue;
        }
        let units = entry.get(56..128)?.chunks_exact(2).filter_map(|two| two.try_into().ok().map(u16::from_le_bytes));
        let label: Vec<u16> = units.take_while(|unit| *unit != 0).collect();
        let label = String::from_utf16_lossy(&label);
        let name = if label.is_empty() {
            format!("partition-{}", index + 1)
        } else {
            format!("partition-{}-{label}", index + 1)
        };
        let length = (last - first).saturating_add(1).saturating_mul(sector);
        let is_for_files = u32_le(&entry, 0).is_some_and(|kind| FOR_FILES_TOO.contains(&kind));
        partitions.push(Partition { name, start: first.saturating_mul(sector), length, is_for_files });
    }
    Some(partitions)
}

/// The four entries of an MBR, each as type, first sector, sectors; nothing where one of them cannot be.
fn table(space: Space<'_>, at: u64) -> Vec<(u8, u64, u64)> {
    let mut entries = Vec::new();
    for index in 0..4 {
        let Some(entry) = space.range(at.saturating_add(446 + index * 16), 16) else { return Vec::new() };
        let kind = entry.get(4).copied().unwrap_or_default();
        let (first, count) = (u32_le(&entry, 8).unwrap_or_default(), u32_le(&entry, 12).unwrap_or_default());
        if !matches!(entry.first(), Some(0 | 0x80)) {
            return Vec::new();
        }
        if kind != 0 && count > 0 {
            entries.push((kind, u64::from(first), u64::from(count)));
        }
    }
    entries
}

/// Of a table that could be one: every partition begins behind it, the first inside the image, none over another.
fn primary(space: Space<'_>) -> Vec<(u8, u64, u64)> {
    let entries = table(space, 0);
    let mut ends: Vec<(u64, u64)> = entries.iter().map(|(_, first, count)| (*first, first + count)).collect();
    ends.sort_unstable();
    let apart = ends.windows(2).all(|pair| matches!(pair, [(_, end), (start, _)] if end <= start));
    let inside = ends.first().is_some_and(|(first, _)| *first > 0 && first * 512 < space.length());
    if apart && inside { entries } else { Vec::new() }
}

fn mbr(space: Space<'_>) -> Vec<Partition> {
    let mut partitions = Vec::new();
    let mut push = |kind: u8, first: u64, count: u64| {
        let name = format!("partition-{}", partitions.len() + 1);
        let (start, length) = (first.saturating_mul(512), count.saturating_mul(512));
        partitions.push(Partition { name, start, length, is_for_files: FOR_FILES.contains(&kind) });
    };
    for (kind, first, count) in primary(space) {
        if !matches!(kind, 5 | 0x0f | 0x85) {
            push(kind, first, count);
            continue;
        }
        // An extended partition is a chain of tables, each with one partition and where the next table is.
        let mut next = 0;
        for _ in 0..128 {
            let at = first + next;
            let entries = table(space, at.saturating_mul(512));
            for (kind, inner, count) in entries.iter().filter(|(kind, ..)| !matches!(kind, 5 | 0x0f | 0x85)) {
                push(*kind, at + inner, *count);
            }
            match entries.iter().find(|(kind, ..)| matches!(kind, 5 | 0x0f | 0x85)) {
                Some((_, link, _)) if *link > next => next = *link,
                _ => break,
            }
        }
    }
    partitions
}

/// A map of Apple; images of discs have one beside their own file system, which is read instead.
fn is_apple(space: Space<'_>) -> bool {
    let is = |at: u64, mark: &[u8]| space.range(at, mark.len() as u64).as_deref() == Some(mark);
    is(0, b"ER") && is(512, b"PM") && !is(32_769, b"CD001")
}

/// Entries of a block each, the first says how many.
fn apple(space: Space<'_>) -> Vec<Partition> {
    let mut partitions = Vec::new();
    let count = space.range(512, 8).and_then(|entry| u32_be(&entry, 4)).unwrap_or_default().min(1024);
    for index in 1..=u64::from(count) {
        let Some(entry) = space.range(index * 512, 80).filter(|entry| entry.starts_with(b"PM")) else { break };
        let text = |from: usize| {
            let field = entry.get(from..from + 32).unwrap_or_default();
            String::from_utf8_lossy(field.split(|byte| *byte == 0).next().unwrap_or_default()).into_owned()
        };
        let (start, length) = (u32_be(&entry, 8).unwrap_or_default(), u32_be(&entry, 12).unwrap_or_default());
        if !matches!(text(48).as_str(), "Apple_partition_map" | "Apple_Free" | "Apple_Void") {
            let name = format!("partition-{index}-{}", text(16));
            let (start, length) = (u64::from(start) * 512, u64::from(length) * 512);
            let is_for_files = matches!(text(48).as_str(), "Apple_HFS" | "Apple_HFSX" | "Apple_APFS");
            partitions.push(Partition { name, start, length, is_for_files });
        }
    }
    partitions
}
