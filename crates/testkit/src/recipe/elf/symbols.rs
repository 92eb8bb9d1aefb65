//! Symbol tables and the strings they name things with.
use super::layout::{Fix, Kind, Plan, Section};
use super::{Recipe, Symbols};

/// A string table in the making: every text once.
#[derive(Default)]
pub(super) struct Strings {
    bytes: Vec<u8>,
}

impl Strings {
    pub(super) fn keep(&mut self, text: &str) -> usize {
        if self.bytes.is_empty() {
            self.bytes.push(0);
        }
        let ended: Vec<u8> = text.bytes().chain([0]).collect();
        let start = |at: &usize| self.bytes.get(at.wrapping_sub(1)) == Some(&0);
        if let Some(at) =
            self.bytes.windows(ended.len()).enumerate().filter(|(_, w)| *w == ended).map(|(at, _)| at).find(start)
        {
            return at;
        }
        self.bytes.extend_from_slice(&ended);
        self.bytes.len() - ended.len()
    }

    pub(super) fn section(self, name: &str, flags: &str) -> Section {
        Section::new(name, Kind::StrTab, flags, if self.bytes.is_empty() { vec![0] } else { self.bytes }).aligned(1)
    }
}

/// One symbol: its name, binding and type in one byte, and where it is.
pub(super) struct Symbol<'a> {
    pub(super) name: &'a str,
    info: u8,
    home: Home,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Home {
    Text,
    Nowhere,
    Absolute,
}

/// In the order of the table: locals first, as the format wants it.
pub(super) fn ordered(symbols: &Symbols) -> Vec<Symbol<'_>> {
    let (local, global, weak) = (0, 0x10, 0x20);
    let (untyped, function, file) = (0, 2, 4);
    let mut out = Vec::new();
    for (names, info, home) in [
        (&symbols.files, local | file, Home::Absolute),
        (&symbols.local, local | function, Home::Text),
        (&symbols.defined, global | function, Home::Text),
        (&symbols.undefined, global | untyped, Home::Nowhere),
        (&symbols.weak, weak | untyped, Home::Nowhere),
    ] {
        out.extend(names.iter().map(|name| Symbol { name, info, home }));
    }
    out
}

/// Adds a symbol table and its strings.
pub(super) fn add(
    recipe: &Recipe,
    symbols: &Symbols,
    (table, names): (&'static str, &'static str),
    mut strings: Strings,
    plan: &mut Plan,
) {
    let wide = recipe.wide();
    let loaded = table == ".dynsym";
    let mut out = recipe.out();
    out.zeros(if wide { 24 } else { 16 });
    let mut fixes = Vec::new();
    let ordered = ordered(symbols);
    let locals = ordered.iter().filter(|symbol| symbol.info < 0x10).count();
    for symbol in ordered {
        let name = strings.keep(symbol.name);
        let home = if symbol.home == Home::Absolute { 0xfff1_u16 } else { 0 };
        let size = usize::from(symbol.home == Home::Text);
        let start = out.len();
        out.u32(name);
        if wide {
            out.u8(symbol.info);
            out.u8(0_u8);
            out.u16(home);
            out.u64(0_u64);
            out.u64(size);
        } else {
            out.u32(0_u32);
            out.u32(size);
            out.u8(symbol.info);
            out.u8(0_u8);
            out.u16(home);
        }
        if symbol.home == Home::Text {
            let (value, index) = if wide { (8, 6) } else { (4, 14) };
            fixes.push(Fix { at: start + value, section: ".text", index: false });
            fixes.push(Fix { at: start + index, section: ".text", index: true });
        }
    }
    let (kind, flags) = if loaded { (Kind::DynSym, "a") } else { (Kind::SymTab, "") };
    plan.add(Section::new(table, kind, flags, out.bytes).linked(names, locals + 1).fixed(fixes));
    plan.add(strings.section(names, flags));
}
