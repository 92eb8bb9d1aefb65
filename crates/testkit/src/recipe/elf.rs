//! `elf`: a small executable, shared library or relocatable object, in either width and byte order.
mod dynamic;
mod headers;
mod layout;
mod symbols;
mod versions;

use std::collections::BTreeMap;

use serde::Deserialize;

use self::layout::{Kind, Plan, Section};
use super::bytes::{Fragment, hex, join};
use crate::out::{Endian, Out};

/// What an ELF file is to hold.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct Recipe {
    bits: u8,
    endian: Order,
    #[serde(rename = "type")]
    kind: Type,
    /// `e_machine`; what suits the width and byte order where it is 0.
    machine: u16,
    interpreter: Option<String>,
    needed: Vec<String>,
    soname: Option<String>,
    runpath: Option<String>,
    rpath: Option<String>,
    /// The dynamic symbol table.
    dynamic: Symbols,
    /// The symbol table that `strip` takes away.
    static_symbols: Symbols,
    /// What the dynamic symbols ask of libraries: by library and version, the symbols.
    needs_versions: Vec<versions::Need>,
    /// What the dynamic symbols are defined as.
    defines_versions: BTreeMap<String, Vec<String>>,
    build_id: Option<String>,
    comment: Vec<String>,
    debuglink: Option<String>,
    notes: Vec<Note>,
    sections: Vec<Own>,
    section_headers: bool,
    overlay: Vec<Fragment>,
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            bits: 64,
            endian: Order::Little,
            kind: Type::Dyn,
            machine: 0,
            interpreter: None,
            needed: Vec::new(),
            soname: None,
            runpath: None,
            rpath: None,
            dynamic: Symbols::default(),
            static_symbols: Symbols::default(),
            needs_versions: Vec::new(),
            defines_versions: BTreeMap::new(),
            build_id: None,
            comment: Vec::new(),
            debuglink: None,
            notes: Vec::new(),
            sections: Vec::new(),
            section_headers: true,
            overlay: Vec::new(),
        }
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Order {
    Little,
    Big,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Type {
    Rel,
    Exec,
    Dyn,
}

/// Names of symbols.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
struct Symbols {
    defined: Vec<String>,
    undefined: Vec<String>,
    /// Weak, and left to others.
    weak: Vec<String>,
    /// Defined, and seen by nobody else.
    local: Vec<String>,
    /// Source files.
    files: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Note {
    section: String,
    owner: String,
    #[serde(rename = "type")]
    kind: u32,
    parts: Vec<Fragment>,
}

/// A section of the author's own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Own {
    name: String,
    #[serde(default)]
    parts: Vec<Fragment>,
    /// Letters as `readelf` shows them: `a` loaded, `w` writable, `x` code; `a` where nothing is said.
    #[serde(default = "loaded")]
    flags: String,
    /// With no `parts`: how many zero bytes the loader makes of it.
    #[serde(default)]
    zeros: usize,
}

fn loaded() -> String {
    "a".to_owned()
}

impl Recipe {
    pub(super) fn build(&self) -> Result<Vec<u8>, String> {
        if !matches!(self.bits, 32 | 64) {
            return Err(format!("`bits` is {}; it must be 32 or 64", self.bits));
        }
        let dynamic = self.is_dynamic();
        if dynamic && self.kind == Type::Rel {
            return Err("a relocatable object has neither needed libraries nor dynamic symbols".to_owned());
        }
        let mut plan = Plan::default();
        if let Some(interpreter) = &self.interpreter {
            let mut text = self.out();
            text.text(interpreter);
            plan.add(Section::new(".interp", Kind::Bits, "a", text.bytes).aligned(1));
        }
        self.notes(&mut plan)?;
        if dynamic {
            dynamic::add_read_only(self, &mut plan)?;
        }
        plan.add(Section::new(".text", Kind::Bits, "ax", vec![0xc3; 16]).aligned(16));
        self.own(&mut plan, |flags| flags.contains('a') && !flags.contains('w'))?;
        if dynamic {
            dynamic::add_table(self, &mut plan);
        }
        self.own(&mut plan, |flags| flags.contains('a') && flags.contains('w'))?;
        self.own(&mut plan, |flags| !flags.contains('a'))?;
        self.unloaded(&mut plan);
        let mut out = layout::write(self, plan);
        out.raw(&join(&self.overlay)?);
        Ok(out.bytes)
    }

    fn is_dynamic(&self) -> bool {
        let said = self.soname.is_some() || self.runpath.is_some() || self.rpath.is_some() || !self.needed.is_empty();
        said || self.kind == Type::Dyn || !self.dynamic.is_empty()
    }

    fn wide(&self) -> bool {
        self.bits == 64
    }

    fn out(&self) -> Out {
        Out::new(match self.endian {
            Order::Little => Endian::Little,
            Order::Big => Endian::Big,
        })
    }

    fn notes(&self, plan: &mut Plan) -> Result<(), String> {
        if let Some(id) = &self.build_id {
            plan.add(self.note(".note.gnu.build-id", "GNU", 3, &hex(id)?));
        }
        for note in &self.notes {
            plan.add(self.note(&note.section, &note.owner, note.kind, &join(&note.parts)?));
        }
        Ok(())
    }

    fn note(&self, section: &str, owner: &str, kind: u32, bytes: &[u8]) -> Section {
        let mut out = self.out();
        out.u32(owner.len() + 1);
        out.u32(bytes.len());
        out.u32(kind);
        out.text(owner);
        out.align(4);
        out.raw(bytes);
        out.align(4);
        Section::new(section, Kind::Note, "a", out.bytes).aligned(4)
    }

    fn own(&self, plan: &mut Plan, fits: fn(&str) -> bool) -> Result<(), String> {
        // Sections without bytes come last: what follows them in memory would have to follow them in the file.
        let fitting = || self.sections.iter().filter(|own| fits(&own.flags));
        for own in fitting().filter(|own| own.zeros == 0) {
            plan.add(Section::new(&own.name, Kind::Bits, &own.flags, join(&own.parts)?));
        }
        for own in fitting().filter(|own| own.zeros > 0) {
            if !own.flags.contains('w') || !own.parts.is_empty() {
                return Err(format!("section `{}` has `zeros`; it must be writable and without `parts`", own.name));
            }
            plan.add(Section::new(&own.name, Kind::Zeros(own.zeros), &own.flags, Vec::new()));
        }
        Ok(())
    }

    fn unloaded(&self, plan: &mut Plan) {
        if !self.comment.is_empty() {
            let mut out = self.out();
            self.comment.iter().for_each(|line| out.text(line));
            plan.add(Section::new(".comment", Kind::Bits, "", out.bytes).aligned(1));
        }
        if let Some(file) = &self.debuglink {
            let mut out = self.out();
            out.text(file);
            out.align(4);
            out.u32(0x1234_5678_u32);
            plan.add(Section::new(".gnu_debuglink", Kind::Bits, "", out.bytes).aligned(4));
        }
        if !self.static_symbols.is_empty() {
            symbols::add(self, &self.static_symbols, (".symtab", ".strtab"), symbols::Strings::default(), plan);
        }
    }
}

impl Symbols {
    fn is_empty(&self) -> bool {
        [&self.defined, &self.undefined, &self.weak, &self.local, &self.files].iter().all(|list| list.is_empty())
    }
}

#[cfg(test)]
mod tests;
