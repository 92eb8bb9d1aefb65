//! The symbol table of COFF: in objects, and in programs whose linker kept it.
use std::collections::HashSet;

use interdict_model::{FactKind, GapReason, Sink, Unseen};

use crate::mangled::Spaces;
use crate::read::{Budget, clamped, index, le16, le32, slice, span, text, until_zero};

/// Longest name read.
const LONGEST_NAME: usize = 64 * 1024;
const ENTRY: usize = 18;
/// Objects with very many sections have wider entries.
const WIDE_ENTRY: usize = 20;
const EXTERNAL: u8 = 2;
const STATIC: u8 = 3;
const WEAK: u8 = 105;
/// Whole words that compilers put before an imported function.
const IMPORTED: &[u8] = b"__imp_";

/// A symbol table: where it starts, how many entries it has, and how their names are written.
pub(crate) struct Table {
    pub(crate) start: usize,
    pub(crate) count: usize,
    /// Entries of twenty bytes.
    pub(crate) is_wide: bool,
    /// Numbers of the sections in which what is imported stands.
    pub(crate) imports: Vec<u32>,
    /// On 32-bit x86 the C compiler puts an underscore before names.
    pub(crate) has_underscore: bool,
}

/// States every named symbol.
pub(crate) fn observe(bytes: &[u8], table: &Table, sink: &mut Sink<'_>) {
    if ![FactKind::DefinedSymbol, FactKind::UndefinedSymbol, FactKind::Namespace].iter().any(|kind| sink.wants(*kind)) {
        return;
    }
    let size = if table.is_wide { WIDE_ENTRY } else { ENTRY };
    let entries = clamped(bytes, table.start, table.count.saturating_mul(size));
    let names_at = table.start.saturating_add(table.count.saturating_mul(size));
    let names = clamped(bytes, names_at, le32(bytes, names_at).map_or(0, index));
    let mut budget = Budget::for_file(bytes.len());
    let mut spaces = Spaces::default();
    let mut lost = table.count.saturating_sub(entries.len() / size);
    let (mut number, mut symbols) = (0, Vec::new());
    while let Some(entry) = slice(entries, number * size, size) {
        let at = table.start + number * size;
        let after = size - 2;
        number += 1 + usize::from(entry.get(after + 1).copied().unwrap_or(0));
        let class = entry.get(after).copied().unwrap_or(0);
        let section = if table.is_wide { le32(entry, 12) } else { le16(entry, 12).map(u32::from) };
        let value = le32(entry, 8).unwrap_or(0);
        if !matches!(class, EXTERNAL | STATIC | WEAK) || (class == STATIC && value == 0) {
            continue;
        }
        let name = match le32(entry, 0) {
            Some(0) => {
                let offset = le32(entry, 4).map_or(usize::MAX, index);
                until_zero(names, offset, LONGEST_NAME).map(|name| (names_at.saturating_add(offset), name))
            }
            _ => slice(entry, 0, 8).and_then(|name| Some((at, name.split(|byte| *byte == 0).next()?))),
        };
        let Some((at, name)) = name.filter(|(_, name)| budget.spend(name.len())) else {
            lost += 1;
            continue;
        };
        let is_import = section.is_some_and(|section| table.imports.contains(&section));
        let is_import = is_import && name.starts_with(IMPORTED);
        // With a value it is a common symbol, and defined here.
        let is_undefined = section == Some(0) && (value == 0 || class == WEAK);
        let kind = match (is_import, is_undefined) {
            (true, _) => FactKind::Import,
            (_, true) => FactKind::UndefinedSymbol,
            _ => FactKind::DefinedSymbol,
        };
        let plain = plain(name, table.has_underscore);
        symbols.push((kind, at + (name.len() - plain.len()), plain));
    }
    let imports: HashSet<&[u8]> =
        symbols.iter().filter(|(kind, ..)| *kind == FactKind::Import).map(|(.., name)| *name).collect();
    for (kind, at, name) in symbols {
        // What jumps to an imported function has its name, and is not it.
        if kind == FactKind::DefinedSymbol && imports.contains(name) {
            continue;
        }
        sink.fact(kind, &text(name), span(at, name.len()));
        if kind == FactKind::DefinedSymbol {
            spaces.symbol(name, at, sink);
        }
    }
    if lost > 0 {
        let detail = format!("{lost} of {} symbols at offset {:#x} could not be read", table.count, table.start);
        sink.gap(Unseen::new(GapReason::Malformed, detail));
    }
}

/// A name without what compilers put before it.
fn plain(raw: &[u8], has_underscore: bool) -> &[u8] {
    let name = raw.strip_prefix(IMPORTED).unwrap_or(raw);
    name.strip_prefix(b"_").filter(|_| has_underscore).unwrap_or(name)
}
