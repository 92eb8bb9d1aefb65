//! What the loader reads: needed libraries, the soname, and where the dynamic symbols are.
use goblin::elf::dynamic::{
    DT_GNU_HASH, DT_HASH, DT_NEEDED, DT_NULL, DT_RPATH, DT_RUNPATH, DT_SONAME, DT_STRSZ, DT_STRTAB, DT_SYMTAB,
    DT_VERDEF, DT_VERNEED, Dyn, Dynamic,
};
use goblin::elf::program_header::{PT_DYNAMIC, ProgramHeader};
use goblin::elf::section_header::{SHT_DYNAMIC, SHT_NOBITS};
use interdict_model::{FactKind, GapReason, Sink, Unseen};

use super::layout::Layout;
use crate::read::{clamped, index, span, text, unread, until_zero};

/// Libraries that stand in for this one, whole or in part.
const DT_AUXILIARY: u64 = 0x7fff_fffd;
const DT_FILTER: u64 = 0x7fff_ffff;
/// Longest name of a library read.
const LONGEST_NAME: usize = 4096;
/// Most libraries read.
const MOST_LIBRARIES: usize = 65_536;

/// Where the loader finds symbols and their names.
pub(super) struct Tables {
    /// Offset of the symbol table, and how many symbols the hash tables know.
    pub(super) symbols: Option<(usize, usize)>,
    /// Offset and length of the string table.
    pub(super) strings: (usize, usize),
    /// Offsets of the versions that are defined and needed.
    pub(super) versions: [Option<usize>; 2],
}

/// States the libraries and the soname, and says where the symbols are.
pub(super) fn observe(layout: &Layout<'_>, sink: &mut Sink<'_>) -> Option<Tables> {
    let entries = entries(layout, sink);
    if entries.is_empty() {
        return None;
    }
    let value = |tag| entries.iter().find(|entry| entry.d_tag == tag).map(|entry| entry.d_val);
    let strings = value(DT_STRTAB)
        .and_then(|address| layout.offset_of(address))
        .map(|at| (at, value(DT_STRSZ).map_or(usize::MAX, index).min(layout.bytes.len().saturating_sub(at))));
    let strings = strings.or_else(|| linked_strings(layout))?;
    let table = clamped(layout.bytes, strings.0, strings.1);
    names(&entries, table, strings.0, sink);
    let symbols = value(DT_SYMTAB).and_then(|address| layout.offset_of(address)).map(|at| {
        let hash = value(DT_HASH).and_then(|address| layout.offset_of(address));
        let gnu = value(DT_GNU_HASH).and_then(|address| layout.offset_of(address));
        (at, count(layout, at, strings.0, hash, gnu))
    });
    let versions = [DT_VERDEF, DT_VERNEED].map(|tag| value(tag).and_then(|address| layout.offset_of(address)));
    Some(Tables { symbols, strings, versions })
}

/// States the names among the entries: libraries, the soname, and the folders libraries are looked for in.
fn names(entries: &[Dyn], table: &[u8], start: usize, sink: &mut Sink<'_>) {
    let kind = |entry: &Dyn| match entry.d_tag {
        DT_NEEDED | DT_FILTER | DT_AUXILIARY => Some(FactKind::NeededLibrary),
        DT_SONAME => Some(FactKind::OriginalFileName),
        DT_RPATH | DT_RUNPATH => Some(FactKind::RunPath),
        _ => None,
    };
    let named = entries.iter().filter_map(|entry| Some((kind(entry)?, index(entry.d_val))));
    let mut lost = 0_usize;
    for (kind, offset) in named.take(MOST_LIBRARIES) {
        let Some(name) = until_zero(table, offset, LONGEST_NAME) else {
            lost += 1;
            continue;
        };
        let mut at = start + offset;
        let parts = if kind == FactKind::RunPath { name.split(|byte| *byte == b':').collect() } else { vec![name] };
        for part in parts {
            sink.fact(kind, &text(part), span(at, part.len()));
            at += part.len() + 1;
        }
    }
    if lost > 0 {
        let detail = format!("{lost} names of libraries and folders lie outside the string table at offset {start:#x}");
        sink.gap(Unseen::new(GapReason::Malformed, detail));
    }
}

/// The dynamic entries, by segment as the loader goes, else by section.
fn entries(layout: &Layout<'_>, sink: &mut Sink<'_>) -> Vec<Dyn> {
    let of_segment = layout.segments.iter().find(|segment| segment.p_type == PT_DYNAMIC);
    // In a file of debug information alone the segments point at bytes that were left out.
    let left_out = |segment: &&ProgramHeader| {
        !layout.sections.iter().any(|s| s.sh_type == SHT_NOBITS && s.sh_addr == segment.p_vaddr && s.sh_size > 0)
    };
    let (at, size) = match of_segment {
        Some(segment) => match Some(segment).filter(left_out) {
            Some(segment) => (segment.p_offset, segment.p_filesz),
            None => return Vec::new(),
        },
        None => match layout.sections.iter().find(|section| section.sh_type == SHT_DYNAMIC) {
            Some(section) => (section.sh_offset, section.sh_size),
            None => return Vec::new(),
        },
    };
    let data = clamped(layout.bytes, index(at), index(size));
    if (data.len() as u64) < size {
        let end = layout.bytes.len() as u64;
        let detail = format!("the dynamic table at offset {at:#x} has {size:#x} bytes and the file ends at {end:#x}");
        sink.gap(unread(detail, at.min(end), end));
    }
    let whole = data.len() / Dyn::size(layout.ctx.container) * Dyn::size(layout.ctx.container);
    let segment = ProgramHeader { p_type: PT_DYNAMIC, p_offset: 0, p_filesz: whole as u64, ..ProgramHeader::default() };
    let parsed = Dynamic::parse(data, &[segment], layout.ctx).ok().flatten();
    let entries = parsed.map(|dynamic| dynamic.dyns).unwrap_or_default();
    if entries.iter().all(|entry| entry.d_tag == DT_NULL) && data.len() > Dyn::size(layout.ctx.container) {
        let detail = format!("the dynamic table at offset {at:#x} ends before its first entry");
        sink.gap(unread(detail, at, at.saturating_add(data.len() as u64)));
    }
    entries
}

/// The string table that the dynamic section links to, where no segment maps its address.
fn linked_strings(layout: &Layout<'_>) -> Option<(usize, usize)> {
    let section = layout.sections.iter().find(|section| section.sh_type == SHT_DYNAMIC)?;
    let (start, data) = layout.data(layout.sections.get(index(section.sh_link))?);
    Some((start, data.len()))
}

/// How many dynamic symbols there are: no entry says so, but both hash tables know, and the names often follow.
fn count(layout: &Layout<'_>, symbols: usize, strings: usize, hash: Option<usize>, gnu: Option<usize>) -> usize {
    let size = if layout.is_wide() { 24 } else { 16 };
    let chains = hash.and_then(|at| word(layout, at.saturating_add(4)));
    let hashed = gnu.and_then(|at| gnu_count(layout, at));
    let between = strings.checked_sub(symbols).filter(|gap| *gap > 0).map(|gap| gap / size);
    let known = chains.map(index).max(hashed);
    known.or(between).unwrap_or(0).min(layout.bytes.len().saturating_sub(symbols) / size)
}

/// One past the last symbol that a GNU hash table knows.
fn gnu_count(layout: &Layout<'_>, at: usize) -> Option<usize> {
    let buckets = index(word(layout, at)?);
    let first = index(word(layout, at.checked_add(4)?)?);
    let bloom = index(word(layout, at.checked_add(8)?)?);
    let filter = bloom.checked_mul(if layout.is_wide() { 8 } else { 4 })?;
    let bucket_at = at.checked_add(16)?.checked_add(filter)?;
    let chain_at = bucket_at.checked_add(buckets.checked_mul(4)?)?;
    if chain_at > layout.bytes.len() {
        return None;
    }
    let last = (0..buckets).filter_map(|i| word(layout, bucket_at + i * 4)).max().map_or(0, index);
    if last < first {
        return Some(first);
    }
    let mut symbol = last;
    // The lowest bit marks the end of a chain.
    while word(layout, chain_at.checked_add((symbol - first).checked_mul(4)?)?)? & 1 == 0 {
        symbol = symbol.checked_add(1)?;
    }
    symbol.checked_add(1)
}

fn word(layout: &Layout<'_>, at: usize) -> Option<u32> {
    let bytes = layout.bytes.get(at..)?.first_chunk().copied()?;
    Some(if layout.ctx.is_little_endian() { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
}
