//! Versions of symbols: those a library defines, and those a program asks of others.
use std::collections::BTreeSet;

use goblin::elf::section_header::{SHT_GNU_VERDEF, SHT_GNU_VERNEED};
use interdict_model::{FactKind, GapReason, Sink, Unseen};

use super::dynamic::Tables;
use super::layout::Layout;
use crate::read::{be16, be32, clamped, index, le16, le32, span, text, until_zero};

/// Longest name read, and versions read of one file.
const LONGEST_NAME: usize = 4096;
const MOST_VERSIONS: usize = 65_536;

/// A table of versions: where it starts, and its names by place and length.
struct Table {
    at: usize,
    strings: (usize, usize),
    is_defined: bool,
}

/// States the name of every version once.
pub(super) fn observe(layout: &Layout<'_>, dynamic: Option<&Tables>, sink: &mut Sink<'_>) {
    if !sink.wants(FactKind::SymbolVersion) {
        return;
    }
    let mut walk = Walk { layout, told: BTreeSet::new(), left: MOST_VERSIONS, lost: 0 };
    for table in tables(layout, dynamic) {
        walk.table(&table, sink);
    }
    if walk.lost > 0 {
        let detail = format!("{} versions of symbols or their names lie outside the file", walk.lost);
        sink.gap(Unseen::new(GapReason::Malformed, detail));
    }
    if walk.left == 0 {
        sink.gap(Unseen::new(GapReason::OverLimit, format!("more than {MOST_VERSIONS} versions of symbols")));
    }
}

/// As the loader finds them, else as the sections say.
fn tables(layout: &Layout<'_>, dynamic: Option<&Tables>) -> Vec<Table> {
    let [defined, needed] = dynamic.map_or([None, None], |tables| tables.versions);
    let mut tables = Vec::new();
    for (known, kind) in [(defined, SHT_GNU_VERDEF), (needed, SHT_GNU_VERNEED)] {
        let is_defined = kind == SHT_GNU_VERDEF;
        if let Some((at, dynamic)) = known.zip(dynamic) {
            tables.push(Table { at, strings: dynamic.strings, is_defined });
        } else if let Some(section) = layout.sections.iter().find(|section| section.sh_type == kind) {
            let Some(strings) = layout.sections.get(index(section.sh_link)) else { continue };
            let (at, names) = layout.data(strings);
            tables.push(Table { at: index(section.sh_offset), strings: (at, names.len()), is_defined });
        }
    }
    tables
}

struct Walk<'a, 'b> {
    layout: &'b Layout<'a>,
    told: BTreeSet<&'a [u8]>,
    left: usize,
    lost: usize,
}

impl Walk<'_, '_> {
    /// Both kinds of table are lists of lists, each entry with the distance to the next one.
    fn table(&mut self, table: &Table, sink: &mut Sink<'_>) {
        let mut at = table.at;
        while self.left > 0 {
            self.left -= 1;
            // Version, count, where the names are, where the next is: at places that differ.
            let (count_at, names_at, next_at) = if table.is_defined { (6, 12, 16) } else { (2, 8, 12) };
            let place = |within: usize| at.saturating_add(within);
            let (Some(count), Some(names), Some(next)) =
                (self.u16(place(count_at)), self.u32(place(names_at)), self.u32(place(next_at)))
            else {
                self.lost += 1;
                return;
            };
            self.names(table, at.saturating_add(index(names)), count, sink);
            if next == 0 {
                return;
            }
            at = at.saturating_add(index(next));
        }
    }

    fn names(&mut self, table: &Table, start: usize, count: u16, sink: &mut Sink<'_>) {
        let mut at = start;
        for _ in 0..count {
            if self.left == 0 {
                return;
            }
            self.left -= 1;
            let (name_at, next_at) = if table.is_defined { (0, 4) } else { (8, 12) };
            let (Some(name), Some(next)) = (self.u32(at.saturating_add(name_at)), self.u32(at.saturating_add(next_at)))
            else {
                self.lost += 1;
                return;
            };
            let names = clamped(self.layout.bytes, table.strings.0, table.strings.1);
            match until_zero(names, index(name), LONGEST_NAME) {
                Some(found) if self.told.insert(found) => {
                    let place = span(table.strings.0 + index(name), found.len());
                    sink.fact(FactKind::SymbolVersion, &text(found), place);
                }
                Some(_) => {}
                None => self.lost += 1,
            }
            if next == 0 {
                return;
            }
            at = at.saturating_add(index(next));
        }
    }

    fn u16(&self, at: usize) -> Option<u16> {
        let bytes = self.layout.bytes;
        if self.layout.ctx.is_little_endian() { le16(bytes, at) } else { be16(bytes, at) }
    }

    fn u32(&self, at: usize) -> Option<u32> {
        let bytes = self.layout.bytes;
        if self.layout.ctx.is_little_endian() { le32(bytes, at) } else { be32(bytes, at) }
    }
}
