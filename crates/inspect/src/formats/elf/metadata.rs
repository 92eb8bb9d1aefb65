//! What builders leave behind: the build id, the name of the debug file, a kernel module's description of itself.
use std::collections::BTreeSet;

use goblin::elf::program_header::PT_NOTE;
use goblin::elf::section_header::SHT_NOTE;
use interdict_model::{FactKind, Sink, hex};

use super::layout::Layout;
use crate::read::{clamped, index, slice, span, text, until_zero};

/// Longest path read.
const LONGEST_PATH: usize = 16 * 1024;
/// The type of a GNU note that holds a build id.
const NT_GNU_BUILD_ID: u32 = 3;
/// Notes read of one file.
const MOST_NOTES: usize = 65_536;

/// States them.
pub(super) fn observe(layout: &Layout<'_>, sink: &mut Sink<'_>) {
    build_ids(layout, sink);
    for name in [&b".gnu_debuglink"[..], b".gnu_debugaltlink"] {
        for section in layout.named(name) {
            let (at, data) = layout.data(section);
            if let Some(path) = until_zero(data, 0, LONGEST_PATH) {
                sink.fact(FactKind::DebugPath, &text(path), span(at, path.len()));
            }
        }
    }
    for section in layout.named(b".modinfo") {
        let (at, data) = layout.data(section);
        module_info(at, data, sink);
    }
}

/// `key=value` texts, each ended by zeros, as the kernel's `MODULE_INFO` writes them.
fn module_info(start: usize, data: &[u8], sink: &mut Sink<'_>) {
    let mut at = start;
    for entry in data.split(|byte| *byte == 0) {
        if let Some(sign) = memchr::memchr(b'=', entry) {
            let (key, value) = entry.split_at(sign);
            let value = value.get(1..).unwrap_or_default();
            let kind = match key {
                b"author" => Some(FactKind::Author),
                b"description" => Some(FactKind::FileDescription),
                b"version" => Some(FactKind::Version),
                b"name" => Some(FactKind::OriginalFileName),
                _ => None,
            };
            if let Some(kind) = kind {
                sink.fact(kind, &text(value), span(at + sign + 1, value.len()));
            }
        }
        at += entry.len() + 1;
    }
}

fn build_ids(layout: &Layout<'_>, sink: &mut Sink<'_>) {
    if !sink.wants(FactKind::BuildId) {
        return;
    }
    let sections = layout.sections.iter().filter(|section| section.sh_type == SHT_NOTE);
    let sections = sections.map(|section| (index(section.sh_offset), index(section.sh_size), section.sh_addralign));
    let segments = layout.segments.iter().filter(|segment| segment.p_type == PT_NOTE);
    let segments = segments.map(|segment| (index(segment.p_offset), index(segment.p_filesz), segment.p_align));
    // Sections and segments usually show the same notes.
    let mut seen = BTreeSet::new();
    for (start, size, align) in sections.chain(segments) {
        if seen.len() < MOST_NOTES {
            let align = if align == 8 { 8 } else { 4 };
            notes(layout, start, clamped(layout.bytes, start, size), align, &mut seen, sink);
        }
    }
}

fn notes(
    layout: &Layout<'_>,
    start: usize,
    table: &[u8],
    align: usize,
    seen: &mut BTreeSet<usize>,
    sink: &mut Sink<'_>,
) {
    let word = |at: usize| {
        let bytes = table.get(at..)?.first_chunk().copied()?;
        Some(if layout.ctx.is_little_endian() { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    };
    let mut at = 0;
    while seen.len() < MOST_NOTES && seen.insert(start + at) {
        let (Some(name), Some(size), Some(kind)) = (word(at), word(at + 4), word(at + 8)) else { return };
        let name_at = at + 12;
        let aligned = name_at.checked_add(index(name)).and_then(|end| end.checked_next_multiple_of(align));
        let Some(value_at) = aligned else { return };
        let Some(value) = slice(table, value_at, index(size)) else { return };
        if kind == NT_GNU_BUILD_ID && slice(table, name_at, index(name)) == Some(b"GNU\0") {
            sink.fact(FactKind::BuildId, &hex(value), span(start + value_at, value.len()));
        }
        let Some(next) = (value_at + value.len()).checked_next_multiple_of(align) else { return };
        at = next;
    }
}
