//! The headers of a PE file and where its sections lie, in the file and in memory.
use std::collections::BTreeMap;

use super::Recipe;
use crate::out::Out;

const FILE_ALIGN: usize = 0x200;
const PAGE: usize = 0x1000;
/// Where the PE header starts; a DOS stub lies before it.
const HEADER: usize = 0x80;
/// More section headers would run into the first section.
const MOST: usize = 80;
const DIRECTORIES: usize = 16;

/// Sections laid one after another.
pub(super) struct Image {
    sections: Vec<Placed>,
    headers: usize,
    /// Data directories by number: address and size.
    pub(super) directories: BTreeMap<usize, (usize, usize)>,
}

struct Placed {
    name: String,
    bytes: Vec<u8>,
    size: usize,
    rva: usize,
    offset: usize,
    flags: u32,
}

impl Image {
    pub(super) fn new(sections: usize) -> Self {
        let headers = (HEADER + 24 + 240 + 40 * (sections + 1)).next_multiple_of(FILE_ALIGN);
        Self { sections: Vec::new(), headers, directories: BTreeMap::new() }
    }

    /// The address and file offset that the next section gets.
    pub(super) fn next(&self) -> (usize, usize) {
        let rva = self.sections.last().map_or(PAGE, |last| (last.rva + last.size.max(1)).next_multiple_of(PAGE));
        let raw: usize = self.sections.iter().map(|section| section.bytes.len().next_multiple_of(FILE_ALIGN)).sum();
        (rva, self.headers + raw)
    }

    pub(super) fn section(&mut self, name: &str, bytes: &[u8], size: Option<usize>, flags: u32) -> Result<(), String> {
        if name.len() > 8 {
            return Err(format!("section `{name}` has a name of more than 8 bytes"));
        }
        if self.sections.len() >= MOST {
            return Err(format!("more than {MOST} sections"));
        }
        let (rva, offset) = self.next();
        let size = size.unwrap_or(bytes.len());
        self.sections.push(Placed { name: name.to_owned(), bytes: bytes.to_vec(), size, rva, offset, flags });
        Ok(())
    }

    pub(super) fn write(&self, recipe: &Recipe) -> Out {
        let mut out = Out::little();
        dos_header(&mut out);
        out.raw(b"PE\0\0");
        self.file_header(&mut out, recipe);
        self.optional_header(&mut out, recipe);
        for number in 0..DIRECTORIES {
            let (rva, size) = self.directories.get(&number).copied().unwrap_or((0, 0));
            out.u32(rva);
            out.u32(size);
        }
        for section in &self.sections {
            let mut name = section.name.clone().into_bytes();
            name.resize(8, 0);
            out.raw(&name);
            out.u32(section.size);
            out.u32(section.rva);
            out.u32(section.bytes.len().next_multiple_of(FILE_ALIGN));
            out.u32(if section.bytes.is_empty() { 0 } else { section.offset });
            out.zeros(12);
            out.u32(section.flags);
        }
        out.pad_to(self.headers);
        for section in &self.sections {
            out.raw(&section.bytes);
            out.align(FILE_ALIGN);
        }
        out
    }

    fn file_header(&self, out: &mut Out, recipe: &Recipe) {
        let machine = match (recipe.machine, recipe.wide()) {
            (0, true) => 0x8664,
            (0, false) => 0x14c,
            (machine, _) => machine,
        };
        out.u16(machine);
        out.u16(self.sections.len());
        out.u32(recipe.timestamp);
        out.zeros(8);
        out.u16(if recipe.wide() { 240_u16 } else { 224 });
        let mut flags = 0x0002; // executable image
        flags |= if recipe.wide() { 0x0020 } else { 0x0100 };
        flags |= if recipe.dll { 0x2000 } else { 0x0001 };
        out.u16(flags);
    }

    fn optional_header(&self, out: &mut Out, recipe: &Recipe) {
        let wide = recipe.wide();
        let data: usize = self.sections.iter().skip(1).map(|s| s.bytes.len().next_multiple_of(FILE_ALIGN)).sum();
        out.u16(if wide { 0x20b_u16 } else { 0x10b });
        out.u16(14_u16);
        out.u32(FILE_ALIGN);
        out.u32(data);
        out.u32(0_u32);
        out.u32(PAGE); // entry point
        out.u32(PAGE); // base of code
        if !wide {
            out.u32(PAGE);
        }
        out.word(wide, if recipe.dll { 0x1000_0000 } else { 0x40_0000 });
        out.u32(PAGE);
        out.u32(FILE_ALIGN);
        for version in [6_u16, 0, 0, 0, 6, 0] {
            out.u16(version);
        }
        out.u32(0_u32);
        out.u32(self.next().0);
        out.u32(self.headers);
        out.u32(0_u32);
        out.u16(recipe.subsystem);
        out.u16(0x100_u16);
        for size in [0x10_0000, PAGE, 0x10_0000, PAGE] {
            out.word(wide, size);
        }
        out.u32(0_u32);
        out.u32(DIRECTORIES);
    }
}

/// Where in the file the checksum stands.
pub(super) const CHECKSUM: usize = HEADER + 24 + 64;

/// Where in the file the entry of a data directory stands.
pub(super) fn directory_at(wide: bool, number: usize) -> usize {
    HEADER + 24 + if wide { 112 } else { 96 } + 8 * number
}

fn dos_header(out: &mut Out) {
    out.raw(b"MZ");
    for number in [0x90_u16, 3, 0, 4, 0, 0xffff, 0, 0xb8, 0, 0, 0, 0x40] {
        out.u16(number);
    }
    out.pad_to(0x3c);
    out.u32(HEADER);
    out.raw(b"\x0e\x1f\xba\x0e\x00\xb4\x09\xcd\x21\xb8\x01\x4c\xcd\x21This program cannot be run in DOS mode.\r\r\n$");
    out.pad_to(HEADER);
}
