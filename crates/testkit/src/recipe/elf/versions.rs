//! Versions of dynamic symbols: `memcpy@GLIBC_2.14`, and who is asked for it.
use std::collections::BTreeMap;

use serde::Deserialize;

use super::layout::{Kind, Plan, Section};
use super::symbols::{self, Strings};
use super::{Recipe, dynamic};

/// One version of one library, and the symbols that are taken in it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Need {
    library: String,
    version: String,
    symbols: Vec<String>,
}

impl Recipe {
    /// How many definitions there are; the file itself is the first.
    pub(super) fn defined_versions(&self) -> usize {
        if self.defines_versions.is_empty() { 0 } else { self.defines_versions.len() + 1 }
    }

    pub(super) fn needed_libraries(&self) -> usize {
        self.by_library().len()
    }

    /// The needs under their libraries, each with the number that symbols refer to it by.
    fn by_library(&self) -> BTreeMap<&str, Vec<(usize, &Need)>> {
        let first = self.defined_versions().max(1) + 1;
        let mut out: BTreeMap<&str, Vec<(usize, &Need)>> = BTreeMap::new();
        for (number, need) in self.needs_versions.iter().enumerate() {
            out.entry(need.library.as_str()).or_default().push((first + number, need));
        }
        out
    }

    fn own_name(&self) -> &str {
        self.soname.as_deref().unwrap_or("self")
    }
}

/// Puts every text that the tables name into the strings.
pub(super) fn keep(recipe: &Recipe, strings: &mut Strings) {
    for need in &recipe.needs_versions {
        strings.keep(&need.library);
        strings.keep(&need.version);
    }
    if !recipe.defines_versions.is_empty() {
        strings.keep(recipe.own_name());
        recipe.defines_versions.keys().for_each(|version| {
            strings.keep(version);
        });
    }
}

pub(super) fn add(recipe: &Recipe, plan: &mut Plan) -> Result<(), String> {
    if recipe.needs_versions.is_empty() && recipe.defines_versions.is_empty() {
        return Ok(());
    }
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let needs = recipe.by_library();
    let needed =
        needs.values().flatten().flat_map(|(number, need)| need.symbols.iter().map(move |name| (name, *number)));
    let defined = recipe.defines_versions.values().enumerate();
    let defined = defined.flat_map(|(at, names)| names.iter().map(move |name| (name, at + 2)));
    numbers.extend(needed.chain(defined).map(|(name, number)| (name.as_str(), number)));
    let ordered = symbols::ordered(&recipe.dynamic);
    if let Some(stray) = numbers.keys().find(|name| !ordered.iter().any(|symbol| symbol.name == **name)) {
        return Err(format!("`{stray}` has a version and is no dynamic symbol"));
    }
    let mut out = recipe.out();
    out.u16(0_u16);
    for symbol in ordered {
        out.u16(numbers.get(symbol.name).copied().unwrap_or(1));
    }
    plan.add(Section::new(".gnu.version", Kind::VersionSymbols, "a", out.bytes).linked(".dynsym", 0).aligned(2));
    let (mut strings, _) = dynamic::strings(recipe);
    if !recipe.defines_versions.is_empty() {
        definitions(recipe, &mut strings, plan);
    }
    if !needs.is_empty() {
        requirements(recipe, &mut strings, plan);
    }
    Ok(())
}

fn definitions(recipe: &Recipe, strings: &mut Strings, plan: &mut Plan) {
    let mut out = recipe.out();
    let names = std::iter::once(recipe.own_name()).chain(recipe.defines_versions.keys().map(String::as_str));
    let count = recipe.defined_versions();
    for (at, name) in names.enumerate() {
        out.u16(1_u16);
        out.u16(usize::from(at == 0)); // the file's own name
        out.u16(at + 1);
        out.u16(1_u16);
        out.u32(sysv_hash(name));
        out.u32(20_u32);
        out.u32(if at + 1 == count { 0_u32 } else { 28 });
        out.u32(strings.keep(name));
        out.u32(0_u32);
    }
    plan.add(Section::new(".gnu.version_d", Kind::VersionDefinitions, "a", out.bytes).linked(".dynstr", count));
}

fn requirements(recipe: &Recipe, strings: &mut Strings, plan: &mut Plan) {
    let mut out = recipe.out();
    let needs = recipe.by_library();
    for (at, (library, versions)) in needs.iter().enumerate() {
        out.u16(1_u16);
        out.u16(versions.len());
        out.u32(strings.keep(library));
        out.u32(16_u32);
        out.u32(if at + 1 == needs.len() { 0 } else { 16 + 16 * versions.len() });
        for (place, (number, need)) in versions.iter().enumerate() {
            out.u32(sysv_hash(&need.version));
            out.u16(0_u16);
            out.u16(*number);
            out.u32(strings.keep(&need.version));
            out.u32(if place + 1 == versions.len() { 0_u32 } else { 16 });
        }
    }
    plan.add(Section::new(".gnu.version_r", Kind::VersionNeeds, "a", out.bytes).linked(".dynstr", needs.len()));
}

/// The hash of the System V ABI, chapter 5.
fn sysv_hash(name: &str) -> u32 {
    name.bytes().fold(0_u32, |hash, byte| {
        let sum = (hash << 4).wrapping_add(u32::from(byte));
        let high = sum & 0xf000_0000;
        (sum ^ (high >> 24)) & !high
    })
}
