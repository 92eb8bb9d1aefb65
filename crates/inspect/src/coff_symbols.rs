//! The symbol table of COFF: in objects, and in programs whose linker kept it.
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
    let mut number = 0;
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
        // With a value it is a common symbol, and defined here.
        let is_undefined = section == Some(0) && (value == 0 || class == WEAK);
        state(name, at, is_undefined, table.has_underscore, &mut spaces, sink);
    }
    if lost > 0 {
        let detail = format!("{lost} of {} symbols at offset {:#x} could not be read", table.count, table.start);
        sink.gap(Unseen::new(GapReason::Malformed, detail));
    }
}

fn state<'a>(
    raw: &'a [u8],
    at: usize,
    is_undefined: bool,
    has_underscore: bool,
    spaces: &mut Spaces<'a>,
    sink: &mut Sink<'_>,
) {
    let name = raw.strip_prefix(IMPORTED).unwrap_or(raw);
    let name = name.strip_prefix(b"_").filter(|_| has_underscore).unwrap_or(name);
    let kind = if is_undefined { FactKind::UndefinedSymbol } else { FactKind::DefinedSymbol };
    let at = at + (raw.len() - name.len());
    sink.fact(kind, &text(name), span(at, name.len()));
    if !is_undefined {
        spaces.symbol(name, at, sink);
    }
}
