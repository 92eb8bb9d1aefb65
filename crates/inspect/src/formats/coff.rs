//! COFF: Windows' object files, and the short ones that import libraries are made of.
use interdict_model::{At, FactKind, Head, Malformed, Observer, Sink, Source, Technique};

use crate::coff_symbols::{self, Table};
use crate::read::{index, le16, le32, slice, span, text, unread, until_zero};

/// The descriptor of this observer.
pub(super) const ENTRY: Observer = Observer {
    id: "coff",
    revision: 1,
    title: "COFF objects and members of import libraries",
    limitations: &["Objects that hold a compiler's intermediate code have no symbols to read."],
    technique: Technique::BinaryAnalysis,
    accepts,
    observe,
};

const X86: u16 = 0x14c;
/// x86, x86-64, ARM, 64-bit ARM and its emulation-compatible form.
const MACHINES: &[u16] = &[X86, 0x8664, 0x1c0, 0x1c4, 0xaa64, 0xa641];
const SECTION: usize = 40;
/// Longest name read.
const LONGEST_NAME: usize = 64 * 1024;
/// The class id of objects with very many sections.
const MANY_SECTIONS: &[u8] = b"\xc7\xa1\xba\xd1\xee\xba\xa9\x4b\xaf\x20\xfa\xf6\x6a\xa4\xdc\xb8";

/// What these bytes are.
enum Shape {
    /// An object: its symbol table.
    Object(Table),
    /// One function or variable of a library.
    Import,
}

fn accepts(head: &Head<'_>) -> bool {
    shape(head.bytes).is_some()
}

/// No magic marks an object, so its numbers must fit one another.
fn shape(bytes: &[u8]) -> Option<Shape> {
    let first = le16(bytes, 0)?;
    if (first, le16(bytes, 2)?) == (0, 0xffff) {
        let machine = le16(bytes, 6).filter(|machine| MACHINES.contains(machine))?;
        let has_underscore = machine == X86;
        return match le16(bytes, 4)? {
            0 => Some(Shape::Import),
            2 if slice(bytes, 12, 16) == Some(MANY_SECTIONS) => {
                let (start, count) = (index(le32(bytes, 48)?), index(le32(bytes, 52)?));
                Some(Shape::Object(Table { start, count, is_wide: true, imports: Vec::new(), has_underscore }))
            }
            _ => None,
        };
    }
    let sections = usize::from(le16(bytes, 2)?);
    let (start, count) = (index(le32(bytes, 8)?), index(le32(bytes, 12)?));
    let headers = sections.checked_mul(SECTION)?.checked_add(20)?;
    let fits = MACHINES.contains(&first)
        && (1..0xff00).contains(&sections)
        && le16(bytes, 16)? == 0
        && headers <= bytes.len()
        && (count == 0 || (start >= headers && start.checked_add(count.checked_mul(18)?)? <= bytes.len()));
    // Section names are printable or an offset into the names.
    let named = bytes.get(20..28)?.iter().take_while(|byte| **byte != 0).all(u8::is_ascii_graphic);
    let imports = Vec::new();
    let table = Table { start, count, is_wide: false, imports, has_underscore: first == X86 };
    (fits && named).then_some(Shape::Object(table))
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let shape = shape(source.bytes);
    if shape.is_some() {
        sink.fact(FactKind::Program, ENTRY.id, At::Whole);
    }
    match shape {
        Some(Shape::Object(mut table)) => {
            if !table.is_wide {
                table.imports = sections(source.bytes, sink);
            }
            coff_symbols::observe(source.bytes, &table, sink);
            Ok(())
        }
        Some(Shape::Import) => {
            import(source.bytes, sink);
            Ok(())
        }
        None => Err(Malformed::NotThis),
    }
}

/// States the sections, and the library that one of them names; gives the numbers of those of imports.
fn sections(bytes: &[u8], sink: &mut Sink<'_>) -> Vec<u32> {
    let mut imports = Vec::new();
    for (number, at) in (1..=le16(bytes, 2).unwrap_or(0)).map(|n| (u32::from(n), 20 + (usize::from(n) - 1) * SECTION)) {
        let name = slice(bytes, at, 8).and_then(|name| name.split(|byte| *byte == 0).next()).unwrap_or_default();
        sink.fact(FactKind::Section, &text(name), span(at, name.len()));
        if name.starts_with(b".idata$") {
            imports.push(number);
            library(bytes, at, sink);
        }
    }
    imports
}

/// One member of an import library holds the library's name and nothing else in a section: in the seventh as GNU's tools
/// make it, in the sixth as Microsoft's do.
fn library(bytes: &[u8], header: usize, sink: &mut Sink<'_>) {
    let (size, start) = (le32(bytes, header + 16).map_or(0, index), le32(bytes, header + 20).map_or(0, index));
    let held = slice(bytes, start, size).unwrap_or_default();
    let name = held.split(|byte| *byte == 0).next().unwrap_or_default();
    let is_name = name.len() > 4
        && name.iter().all(u8::is_ascii_graphic)
        && name.contains(&b'.')
        && held.iter().skip(name.len()).all(|byte| *byte == 0);
    if is_name && start > 0 {
        sink.fact(FactKind::NeededLibrary, &text(name), span(start, name.len()));
    }
}

/// The function, and the library it is imported from.
fn import(bytes: &[u8], sink: &mut Sink<'_>) {
    let mut at = 20;
    // How the name is written here differs from how the library has it.
    let form = le16(bytes, 18).unwrap_or(0) >> 2 & 7;
    for kind in [FactKind::Import, FactKind::NeededLibrary] {
        let Some(name) = until_zero(bytes, at, LONGEST_NAME) else {
            sink.gap(unread("the names of the import are cut short", at as u64, bytes.len() as u64));
            return;
        };
        let told = if kind == FactKind::Import { exported(name, form) } else { name };
        let skipped = if told.len() < name.len() && name.ends_with(told) { name.len() - told.len() } else { 0 };
        sink.fact(kind, &text(told), span(at + skipped, told.len()));
        at += name.len() + 1;
    }
}

/// The name that the library exports: without what the compiler puts before it, and behind it.
fn exported(name: &[u8], form: u16) -> &[u8] {
    const WITHOUT_PREFIX: u16 = 2;
    const UNDECORATED: u16 = 3;
    if !matches!(form, WITHOUT_PREFIX | UNDECORATED) {
        return name;
    }
    let name = match name {
        [b'?' | b'@' | b'_', rest @ ..] => rest,
        _ => name,
    };
    if form == WITHOUT_PREFIX { name } else { name.split(|byte| *byte == b'@').next().unwrap_or(name) }
}
