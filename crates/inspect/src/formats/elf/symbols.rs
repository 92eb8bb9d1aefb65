//! Symbols, from every symbol table that sections or the loader know.
use goblin::elf::section_header::{SHN_UNDEF, SHT_DYNSYM, SHT_SYMTAB};
use goblin::elf::sym::{STT_FILE, STT_SECTION, Sym, Symtab};
use interdict_model::{FactKind, GapReason, Sink, Unseen};

use super::dynamic::Tables;
use super::layout::Layout;
use crate::mangled::{self, Spaces};
use crate::read::{Budget, clamped, index, span, text, until_zero};

/// Longest name read: templates make long ones.
const LONGEST_NAME: usize = 64 * 1024;

/// A symbol table and its names, by place and length in the file.
#[derive(Clone, Copy)]
struct Table {
    at: usize,
    count: usize,
    strings: usize,
    strings_len: usize,
}

/// States every named symbol as defined or undefined, and the type names that symbols carry.
pub(super) fn observe(layout: &Layout<'_>, dynamic: Option<&Tables>, sink: &mut Sink<'_>) {
    let mut budget = Budget::for_file(layout.bytes.len());
    let mut spaces = Spaces::default();
    let mut lost = 0_usize;
    for table in tables(layout, dynamic) {
        let Ok(symbols) = Symtab::parse(layout.bytes, table.at, table.count, layout.ctx) else { continue };
        let names = clamped(layout.bytes, table.strings, table.strings_len);
        for symbol in &symbols {
            if symbol.st_name == 0 || matches!(symbol.st_type(), STT_FILE | STT_SECTION) {
                continue;
            }
            let Some(name) = until_zero(names, symbol.st_name, LONGEST_NAME) else {
                lost += 1;
                continue;
            };
            if !budget.spend(name.len()) {
                let detail = "the symbol tables name more bytes than the file has, many times over";
                sink.gap(Unseen::new(GapReason::OverLimit, detail));
                return;
            }
            state(&symbol, name, table.strings + symbol.st_name, &mut spaces, sink);
        }
    }
    if lost > 0 {
        let detail = format!("{lost} symbols have names outside their string table");
        sink.gap(Unseen::new(GapReason::Malformed, detail));
    }
}

fn state<'a>(symbol: &Sym, name: &'a [u8], at: usize, spaces: &mut Spaces<'a>, sink: &mut Sink<'_>) {
    // `name@VERSION`, `name@@VERSION`: the version is not part of the name.
    let name = match memchr::memchr(b'@', name) {
        Some(end) if end > 0 => name.get(..end).unwrap_or(name),
        _ => name,
    };
    let place = span(at, name.len());
    if index(symbol.st_shndx) == index(SHN_UNDEF) {
        sink.fact(FactKind::UndefinedSymbol, &text(name), place);
        return;
    }
    sink.fact(FactKind::DefinedSymbol, &text(name), place);
    let type_name = name.strip_prefix(b"_ZTI").or_else(|| name.strip_prefix(b"_ZTS"));
    if let Some(type_name) = type_name {
        mangled::state_type(type_name, at + 4, sink);
    }
    spaces.symbol(name, at, sink);
}

/// The tables of sections, and the loader's where no section shows it or they differ.
fn tables(layout: &Layout<'_>, dynamic: Option<&Tables>) -> Vec<Table> {
    let mut tables: Vec<Table> = Vec::new();
    let size = if layout.is_wide() { 24 } else { 16 };
    for section in layout.sections.iter().filter(|s| matches!(s.sh_type, SHT_SYMTAB | SHT_DYNSYM)) {
        let Some(strings) = layout.sections.get(index(section.sh_link)) else { continue };
        let ((at, data), (names_at, names)) = (layout.data(section), layout.data(strings));
        let table = Table { at, count: data.len() / size, strings: names_at, strings_len: names.len() };
        if !tables.iter().any(|known| known.at == at && known.count >= table.count && known.strings == names_at) {
            tables.push(table);
        }
    }
    if let Some(Tables { symbols: Some((at, count)), strings, .. }) = dynamic {
        let known = tables.iter().any(|known| known.at == *at && known.strings == strings.0 && known.count >= *count);
        if !known {
            tables.push(Table { at: *at, count: *count, strings: strings.0, strings_len: strings.1 });
        }
    }
    tables
}
