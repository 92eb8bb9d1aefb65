//! WebAssembly: what a module asks of its host and offers to it, the names of its functions, and who produced it.
mod linking;

use std::collections::BTreeSet;

use interdict_model::{At, FactKind, Head, Malformed, Observer, Sink, Source, Technique};

use crate::read::{Budget, index, slice, span, text, unread};
use crate::{bill, hosts};

/// The descriptor of this observer.
pub(super) const ENTRY: Observer = Observer {
    id: "wasm",
    revision: 1,
    title: "WebAssembly modules",
    limitations: &["Components (the component model) are read as far as their sections are those of modules."],
    technique: Technique::BinaryAnalysis,
    accepts,
    observe,
};

const MAGIC: &[u8] = b"\0asm";
const CUSTOM: u8 = 0;
const IMPORT: u8 = 2;
const EXPORT: u8 = 7;
/// The part of the section of names that names functions.
const FUNCTION_NAMES: u8 = 1;
/// Sections that nobody writes without one of these: types without what is of such a type, functions without code, a count
/// of data without the data.
const KEPT: &[(u8, &[u8])] = &[(1, &[IMPORT, 3]), (3, &[10]), (12, &[11])];
/// The kind of imports and exports that are functions.
const FUNCTION: u8 = 0;
/// Entries told of one section.
const MOST: u32 = 1 << 20;

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(MAGIC) && head.bytes.len() >= 8
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let bytes = source.bytes;
    if !accepts(&source.head()) {
        return Err(Malformed::at("offset 0x0", "no WebAssembly header"));
    }
    sink.fact(FactKind::Program, ENTRY.id, At::Whole);
    let (mut budget, mut imported) = (Budget::for_file(bytes.len()), 0);
    let (mut at, mut seen) = (8, BTreeSet::new());
    while at < bytes.len() {
        let mut reader = Reader { bytes, at: at + 1, end: bytes.len(), budget: &mut budget, imported: &mut imported };
        let (id, len) = (bytes.get(at).copied().unwrap_or_default(), reader.number());
        seen.insert(id);
        let body = reader.at;
        let stated = len.map_or(usize::MAX, |len| body.saturating_add(index(len)));
        let end = stated.min(bytes.len());
        reader.end = end;
        let is_whole = section(id, reader, sink).is_some();
        if stated > bytes.len() {
            let detail = format!("the section at offset {at:#x} reaches past the end of the file");
            sink.gap(unread(detail, at as u64, bytes.len() as u64));
        } else if !is_whole {
            let detail = format!("the section at offset {at:#x} cannot be read to its end");
            sink.gap(unread(detail, body as u64, end as u64));
        }
        at = end.max(at + 1);
    }
    // A module may end behind any of its sections, and one that was cut there shows by what the others promise.
    for (promises, kept) in KEPT {
        if seen.contains(promises) && !kept.iter().any(|id| seen.contains(id)) {
            let detail = format!("there is a section {promises}, and none of those that belong to it follow");
            sink.gap(unread(detail, bytes.len() as u64, bytes.len() as u64));
        }
    }
    hosts::observe(bytes, &[(0, bytes.len())], false, sink);
    Ok(())
}

fn section(id: u8, mut reader: Reader<'_, '_>, sink: &mut Sink<'_>) -> Option<()> {
    match id {
        CUSTOM => {
            let (at, name) = reader.name()?;
            sink.fact(FactKind::Section, &text(name), span(at, name.len()));
            match name {
                b"name" => reader.names(sink),
                b"linking" => reader.symbols(sink),
                b"producers" => reader.producers(sink),
                b".dep-v0" => {
                    bill::cargo(reader.bytes, reader.at, reader.end - reader.at, sink);
                    Some(())
                }
                _ => Some(()),
            }
        }
        IMPORT => reader.imports(sink),
        EXPORT => reader.exports(sink),
        _ => Some(()),
    }
}

fn symbol(is_defined: bool) -> FactKind {
    if is_defined { FactKind::DefinedSymbol } else { FactKind::UndefinedSymbol }
}

/// Numbers of seven bits a byte, and names behind their length.
struct Reader<'a, 'b> {
    bytes: &'a [u8],
    at: usize,
    end: usize,
    budget: &'b mut Budget,
    /// Functions that are the host's: they come first in the count of all.
    imported: &'b mut u32,
}

impl<'a> Reader<'a, '_> {
    fn byte(&mut self) -> Option<u8> {
        let byte = self.bytes.get(self.at).copied().filter(|_| self.at < self.end)?;
        self.at += 1;
        Some(byte)
    }

    fn number(&mut self) -> Option<u32> {
        let mut number = 0_u64;
        for shift in (0..35).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return u32::try_from(number).ok();
            }
        }
        None
    }

    fn name(&mut self) -> Option<(usize, &'a [u8])> {
        let len = index(self.number()?);
        let at = self.at;
        let name = slice(self.bytes, at, len).filter(|_| at + len <= self.end && self.budget.spend(len))?;
        self.at += len;
        Some((at, name))
    }

    fn limits(&mut self) -> Option<()> {
        let flags = self.byte()?;
        self.number()?;
        if flags & 1 != 0 {
            self.number()?;
        }
        Some(())
    }

    /// `module.field`, each module once more as a library, and each function as a symbol that is left to others.
    fn imports(&mut self, sink: &mut Sink<'_>) -> Option<()> {
        let mut last: &[u8] = b"";
        for _ in 0..self.number()?.min(MOST) {
            let ((module_at, module), (at, field)) = (self.name()?, self.name()?);
            if module != last {
                sink.fact(FactKind::NeededLibrary, &text(module), span(module_at, module.len()));
                last = module;
            }
            sink.fact(FactKind::Import, &format!("{}.{}", text(module), text(field)), span(at, field.len()));
            match self.byte()? {
                0 => {
                    sink.fact(FactKind::UndefinedSymbol, &text(field), span(at, field.len()));
                    *self.imported += 1;
                    self.number()?;
                }
                1 => {
                    self.byte()?;
                    self.limits()?;
                }
                2 => self.limits()?,
                3 => {
                    self.byte()?;
                    self.byte()?;
                }
                _ => {
                    self.byte()?;
                    self.number()?;
                }
            }
        }
        Some(())
    }

    /// What the host may call; a function of the host's own that is handed back to it is none of the module's.
    fn exports(&mut self, sink: &mut Sink<'_>) -> Option<()> {
        for _ in 0..self.number()?.min(MOST) {
            let (at, name) = self.name()?;
            let (kind, number) = (self.byte()?, self.number()?);
            if kind != FUNCTION || number >= *self.imported {
                sink.fact(FactKind::Export, &text(name), span(at, name.len()));
            }
        }
        Some(())
    }

    fn names(&mut self, sink: &mut Sink<'_>) -> Option<()> {
        while self.at < self.end {
            let (kind, len) = (self.byte()?, index(self.number()?));
            let next = self.at.checked_add(len).filter(|next| *next <= self.end)?;
            if kind == FUNCTION_NAMES {
                for _ in 0..self.number()?.min(MOST) {
                    let is_imported = self.number()? < *self.imported;
                    let (at, name) = self.name()?;
                    sink.fact(symbol(!is_imported), &text(name), span(at, name.len()));
                }
            }
            self.at = next;
        }
        Some(())
    }

    /// Languages, compilers and tools, each with its version.
    fn producers(&mut self, sink: &mut Sink<'_>) -> Option<()> {
        for _ in 0..self.number()?.min(MOST) {
            self.name()?;
            for _ in 0..self.number()?.min(MOST) {
                let ((at, name), (_, version)) = (self.name()?, self.name()?);
                sink.fact(
                    FactKind::Toolchain,
                    format!("{} {}", text(name), text(version)).trim(),
                    span(at, name.len()),
                );
            }
        }
        Some(())
    }
}
