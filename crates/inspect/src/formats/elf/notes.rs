//! Notes: the build id, and what a package builder wrote about the package.
use std::collections::BTreeSet;

use goblin::elf::program_header::PT_NOTE;
use goblin::elf::section_header::SHT_NOTE;
use interdict_model::{FactKind, Sink, hex};
use serde_json::{Map, Value};

use super::layout::Layout;
use crate::read::{clamped, index, slice, span, unread};

/// The type of a GNU note that holds a build id.
const NT_GNU_BUILD_ID: u32 = 3;
/// The type of a note about the package, <https://systemd.io/ELF_PACKAGE_METADATA>.
const NT_FDO_PACKAGING: u32 = 0xcafe_1a7e;
/// Notes read of one file.
const MOST_NOTES: usize = 65_536;

/// States what the notes say, by sections and by segments.
pub(super) fn observe(layout: &Layout<'_>, sink: &mut Sink<'_>) {
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
    while let (Some(name), Some(size), Some(kind)) = (word(at), word(at + 4), word(at + 8)) {
        if seen.len() >= MOST_NOTES || !seen.insert(start + at) {
            return;
        }
        let name_at = at + 12;
        let aligned = name_at.checked_add(index(name)).and_then(|end| end.checked_next_multiple_of(align));
        let Some(value_at) = aligned else { return };
        let Some(value) = slice(table, value_at, index(size)) else { return };
        match (slice(table, name_at, index(name)), kind) {
            (Some(b"GNU\0"), NT_GNU_BUILD_ID) => {
                sink.fact(FactKind::BuildId, &hex(value), span(start + value_at, value.len()));
            }
            (Some(b"FDO\0"), NT_FDO_PACKAGING) => package(start + value_at, value, sink),
            _ => {}
        }
        let Some(next) = (value_at + value.len()).checked_next_multiple_of(align) else { return };
        at = next;
    }
}

/// What the note says of the package that the file belongs to.
fn package(at: usize, value: &[u8], sink: &mut Sink<'_>) {
    let json = value.split(|byte| *byte == 0).next().unwrap_or_default();
    let package: Map<String, Value> = match serde_json::from_slice(json) {
        Ok(package) => package,
        Err(why) => {
            let detail = format!("the note about the package at offset {at:#x} cannot be read: {why}");
            sink.gap(unread(detail, at as u64, (at + value.len()) as u64));
            return;
        }
    };
    let field = |key: &str| package.get(key).and_then(Value::as_str).filter(|value| !value.is_empty());
    let place = span(at, json.len());
    for (key, kind) in [
        ("name", FactKind::PackageName),
        ("version", FactKind::Version),
        ("vendor", FactKind::Supplier),
        ("maintainer", FactKind::Author),
        ("osCpe", FactKind::Cpe),
        ("appCpe", FactKind::Cpe),
        ("debugInfoUrl", FactKind::Url),
    ] {
        sink.fact(kind, field(key).unwrap_or_default(), place);
    }
    if let (Some(kind), Some(name)) = (field("type"), field("name")) {
        let os = field("os").map(|os| format!("{os}/")).unwrap_or_default();
        let version = field("version").map(|version| format!("@{version}")).unwrap_or_default();
        let machine = field("architecture").map(|machine| format!("?arch={machine}")).unwrap_or_default();
        sink.fact(FactKind::Purl, &format!("pkg:{kind}/{os}{name}{version}{machine}"), place);
    }
}
