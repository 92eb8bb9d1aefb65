//! The central directory and the record that ends it (APPNOTE 6.3.10 §4.3.12–16).
use interdict_model::Members;

use super::Entry;
use crate::field::{range, u16_le, u32_le, u64_le};

/// Where the directory is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Directory {
    pub(super) at: u64,
    end: u64,
    /// Bytes before the archive: a stub that extracts itself. Of an archive in volumes, where that one begins in which the
    /// directory does.
    shift: u64,
    /// The volume that this record ends, from 0, and the one in which the directory begins.
    pub(super) disks: (u16, u16),
}

const END: &[u8] = b"PK\x05\x06";
const END_LENGTH: usize = 22;
/// A comment is at most 64 KiB; what trails it is looked past.
const SEARCH: usize = END_LENGTH + 65_535 + 1024;

impl Directory {
    /// The last record in reach whose directory begins with a directory's header, or is empty.
    pub(super) fn find(bytes: &[u8]) -> Option<Self> {
        let from = bytes.len().saturating_sub(SEARCH);
        let tail = bytes.get(from..)?;
        // Forwards and turned round: searching backwards is many times slower.
        let ends: Vec<usize> = memchr::memmem::find_iter(tail, END).collect();
        ends.into_iter().rev().find_map(|at| Self::ended_by(bytes, from + at))
    }

    fn ended_by(bytes: &[u8], end: usize) -> Option<Self> {
        let (mut size, mut offset) = (u64::from(u32_le(bytes, end + 12)?), u64::from(u32_le(bytes, end + 16)?));
        let count = u16_le(bytes, end + 10)?;
        let mut stop = end as u64;
        if (size == u64::from(u32::MAX) || offset == u64::from(u32::MAX) || count == u16::MAX)
            && let Some((large, at)) = large(bytes, end)
        {
            (size, offset, stop) = (large.0, large.1, at);
        }
        let at = stop.checked_sub(size)?;
        let shift = at.checked_sub(offset)?;
        let opens = range(bytes, at, 4) == Some(b"PK\x01\x02");
        let (disk, of_directory) = (u16_le(bytes, end + 4)?, u16_le(bytes, end + 6)?);
        let disks = if disk == u16::MAX || disk < of_directory { (0, 0) } else { (disk, of_directory) };
        (opens || (size == 0 && bytes.starts_with(END))).then_some(Self { at, end: stop, shift, disks })
    }

    /// Everything it lists, and whether it could be read to its end.
    pub(super) fn entries<'a>(&self, bytes: &'a [u8]) -> (Vec<Entry<'a>>, bool) {
        let (mut entries, mut at) = (Vec::new(), self.at);
        while at < self.end {
            let Some((entry, next)) = self.entry(bytes, at) else { break };
            entries.push(entry);
            at = next;
        }
        (entries, at >= self.end)
    }

    /// The fixed fields and the names; extra fields and comments are nobody's.
    pub(super) fn claim(&self, bytes: &[u8], members: &mut dyn Members) {
        let mut at = self.at;
        while let Some((entry, next)) = self.entry(bytes, at).filter(|_| at < self.end) {
            members.claims(range(bytes, at, 46 + entry.name.len() as u64).unwrap_or_default());
            at = next;
        }
        members.claims(range(bytes, self.end, END_LENGTH as u64).unwrap_or_default());
    }

    fn entry<'a>(&self, bytes: &'a [u8], at: u64) -> Option<(Entry<'a>, u64)> {
        let header = range(bytes, at, 46)?;
        if !header.starts_with(b"PK\x01\x02") {
            return None;
        }
        let length = |at| u16_le(header, at).map(u64::from);
        let (name, extra, comment) = (length(28)?, length(30)?, length(32)?);
        let extra_at = at + 46 + name;
        let mut entry = Entry {
            name: range(bytes, at + 46, name)?,
            flags: u16_le(header, 8)?,
            method: u16_le(header, 10)?,
            packed: u64::from(u32_le(header, 20)?),
            size: u64::from(u32_le(header, 24)?),
            crc: Some(u32_le(header, 16)?),
            header: u64::from(u32_le(header, 42)?),
            is_link: u32_le(header, 38)? >> 28 == 0o12,
            disk: u16_le(header, 34)?,
        };
        large_fields(range(bytes, extra_at, extra).unwrap_or_default(), &mut entry);
        if self.disks.0 == 0 {
            entry.header = entry.header.saturating_add(self.shift);
        }
        Some((entry, extra_at + extra + comment))
    }
}

/// The zip64 record: size and offset of the directory, and where the record itself stands.
fn large(bytes: &[u8], end: usize) -> Option<((u64, u64), u64)> {
    let locator = end.checked_sub(20)?;
    if bytes.get(locator..locator + 4) != Some(b"PK\x06\x07") {
        return None;
    }
    let stated = usize::try_from(u64_le(bytes, locator + 8)?).ok();
    let record = stated.filter(|at| bytes.get(*at..).is_some_and(|rest| rest.starts_with(b"PK\x06\x06")));
    // Behind a stub the stated place is off: the record lies just before its locator.
    let record = record.or_else(|| memchr::memmem::rfind(bytes.get(..locator)?, b"PK\x06\x06"))?;
    Some(((u64_le(bytes, record + 40)?, u64_le(bytes, record + 48)?), record as u64))
}

/// The extra field 1 holds, in order, whatever is all ones in the header.
pub(super) fn large_fields(mut extra: &[u8], entry: &mut Entry<'_>) {
    while let (Some(id), Some(length)) = (u16_le(extra, 0), u16_le(extra, 2)) {
        let Some(field) = extra.get(4..4 + usize::from(length)) else { return };
        if id == 1 {
            let mut at = 0;
            for value in [&mut entry.size, &mut entry.packed, &mut entry.header] {
                if *value == u64::from(u32::MAX)
                    && let Some(large) = u64_le(field, at)
                {
                    *value = large;
                    at += 8;
                }
            }
            return;
        }
        extra = extra.get(4 + usize::from(length)..).unwrap_or_default();
    }
}
