//! What the dynamic loader reads: its symbols, their hash table and versions, and the table that points at all of it.
use super::layout::{Fix, Kind, Plan, Section};
use super::symbols::{self, Strings};
use super::{Recipe, versions};

/// The hash table, the dynamic symbols with their strings, and their versions.
pub(super) fn add_read_only(recipe: &Recipe, plan: &mut Plan) -> Result<(), String> {
    let (strings, _) = strings(recipe);
    let ordered = symbols::ordered(&recipe.dynamic);
    // One bucket: a chain through every symbol, in any byte order.
    let mut hash = recipe.out();
    hash.u32(1_u32);
    hash.u32(ordered.len() + 1);
    hash.u32(usize::from(!ordered.is_empty()));
    hash.u32(0_u32);
    for number in 1..=ordered.len() {
        hash.u32(if number == ordered.len() { 0 } else { number + 1 });
    }
    plan.add(Section::new(".hash", Kind::Hash, "a", hash.bytes).linked(".dynsym", 0));
    symbols::add(recipe, &recipe.dynamic, (".dynsym", ".dynstr"), strings, plan);
    versions::add(recipe, plan)
}

/// The strings that come before those of the symbols, and where the texts of the dynamic table stand.
pub(super) fn strings(recipe: &Recipe) -> (Strings, Vec<(usize, usize)>) {
    let (needed, soname, rpath, runpath) = (1, 14, 15, 29);
    let mut strings = Strings::default();
    let mut entries: Vec<(usize, usize)> =
        recipe.needed.iter().map(|library| (needed, strings.keep(library))).collect();
    for (tag, text) in [(soname, &recipe.soname), (rpath, &recipe.rpath), (runpath, &recipe.runpath)] {
        entries.extend(text.as_ref().map(|text| (tag, strings.keep(text))));
    }
    versions::keep(recipe, &mut strings);
    (strings, entries)
}

/// The dynamic table itself.
pub(super) fn add_table(recipe: &Recipe, plan: &mut Plan) {
    let wide = recipe.wide();
    let mut out = recipe.out();
    let mut fixes = Vec::new();
    let word = if wide { 8 } else { 4 };
    for (tag, value) in strings(recipe).1 {
        out.word(wide, tag);
        out.word(wide, value);
    }
    let pointed = [(4, ".hash"), (5, ".dynstr"), (6, ".dynsym")];
    let versioned = [(0x6fff_fff0, ".gnu.version"), (0x6fff_fffc, ".gnu.version_d"), (0x6fff_fffe, ".gnu.version_r")];
    for (tag, section) in pointed.into_iter().chain(versioned) {
        if plan.has(section) {
            out.word(wide, tag);
            fixes.push(Fix { at: out.len(), section, index: false });
            out.word(wide, 0);
        }
    }
    let sizes = [
        (10, plan.size(".dynstr")),
        (11, if wide { 24 } else { 16 }),
        (0x6fff_fffd, recipe.defined_versions()),
        (0x6fff_ffff, recipe.needed_libraries()),
    ];
    for (tag, value) in sizes.into_iter().filter(|(_, value)| *value > 0) {
        out.word(wide, tag);
        out.word(wide, value);
    }
    out.zeros(2 * word);
    plan.add(Section::new(".dynamic", Kind::Dynamic, "aw", out.bytes).linked(".dynstr", 0).fixed(fixes));
}
