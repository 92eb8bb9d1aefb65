//! Import, delayed import, export and debug tables, written into one section.
use super::{Exports, Import};
use crate::out::Out;

/// Address and size of a table.
type Directory = (usize, usize);

pub(super) fn imports(out: &mut Out, rva: usize, wide: bool, imports: &[Import]) -> Directory {
    let placed: Vec<_> = imports.iter().map(|import| thunks(out, rva, wide, import)).collect();
    out.align(4);
    let start = out.len();
    for (names, addresses, dll) in placed {
        out.u32(names);
        out.u32(0_u32);
        out.u32(0_u32);
        out.u32(dll);
        out.u32(addresses);
    }
    out.zeros(20);
    (rva + start, out.len() - start)
}

pub(super) fn delayed(out: &mut Out, rva: usize, wide: bool, imports: &[Import]) -> Directory {
    let placed: Vec<_> = imports.iter().map(|import| thunks(out, rva, wide, import)).collect();
    out.align(8);
    let handle = rva + out.place(&[0; 8]);
    let start = out.len();
    for (names, addresses, dll) in placed {
        out.u32(1_u32);
        out.u32(dll);
        out.u32(handle);
        out.u32(addresses);
        out.u32(names);
        out.zeros(12);
    }
    out.zeros(32);
    (rva + start, out.len() - start)
}

/// The names, the two tables of pointers to them, and the library's name: their addresses.
fn thunks(out: &mut Out, rva: usize, wide: bool, import: &Import) -> (usize, usize, usize) {
    let by_ordinal = if wide { 1 << 63 } else { 1 << 31 };
    let mut entries: Vec<usize> = Vec::new();
    for function in &import.functions {
        out.align(2);
        entries.push(rva + out.len());
        out.u16(0_u16);
        out.text(function);
    }
    entries.extend(import.ordinals.iter().map(|ordinal| by_ordinal | usize::from(*ordinal)));
    entries.push(0);
    let dll = rva + out.len();
    out.text(&import.dll);
    let mut tables = [0; 2];
    for table in &mut tables {
        out.align(8);
        *table = rva + out.len();
        for entry in &entries {
            out.word(wide, *entry);
        }
    }
    let [names, addresses] = tables;
    (names, addresses, dll)
}

pub(super) fn exports(out: &mut Out, rva: usize, exports: &Exports) -> Directory {
    // The entry point stands for every function.
    const CODE: usize = 0x1000;
    let mut names: Vec<(&str, Option<&str>)> = exports.names.iter().map(|name| (name.as_str(), None)).collect();
    names.extend(exports.forwarded.iter().map(|(name, to)| (name.as_str(), Some(to.as_str()))));
    names.sort_unstable();
    out.align(4);
    let start = out.len();
    let (functions, count) = (names.len() + exports.ordinals_only, names.len());
    let addresses_at = start + 40;
    let names_at = addresses_at + 4 * functions;
    let ordinals_at = names_at + 4 * count;
    let mut text_at = ordinals_at + 2 * count;
    let mut text = Out::little();
    let mut keep = |value: &str| {
        let at = rva + text_at;
        text.text(value);
        text_at += value.len() + 1;
        at
    };
    let module = keep(&exports.module);
    let kept: Vec<_> = names.iter().map(|(name, to)| (keep(name), to.map_or(CODE, &mut keep))).collect();
    out.zeros(12);
    out.u32(module);
    out.u32(1_u32);
    out.u32(functions);
    out.u32(count);
    for table in [addresses_at, names_at, ordinals_at] {
        out.u32(rva + table);
    }
    for (_, address) in &kept {
        out.u32(*address);
    }
    for _ in 0..exports.ordinals_only {
        out.u32(CODE);
    }
    for (name, _) in &kept {
        out.u32(*name);
    }
    for ordinal in 0..count {
        out.u16(ordinal);
    }
    out.raw(&text.bytes);
    (rva + start, out.len() - start)
}

/// One `CodeView` entry.
pub(super) fn debug(out: &mut Out, rva: usize, offset: usize, path: &str) -> Directory {
    out.align(4);
    let blob = out.place(b"RSDS\x10\x32\x54\x76\x98\xba\xdc\xfe\x10\x32\x54\x76\x98\xba\xdc\xfe\x01\0\0\0");
    out.text(path);
    let length = out.len() - blob;
    out.align(4);
    let start = out.len();
    out.zeros(12);
    out.u32(2_u32);
    out.u32(length);
    out.u32(rva + blob);
    out.u32(offset + blob);
    (rva + start, out.len() - start)
}
