//! Headers, sections and data directories, and the way from an address in memory to a place in the file.
mod terse;

use goblin::pe::header::CoffHeader;
use goblin::pe::section_table::SectionTable;
use interdict_model::{GapReason, Malformed, Unseen};

use crate::coff_symbols::Table;
use crate::read::{disjoint, index, le16, le32, le64, unread};

pub(crate) use terse::is_terse;

/// The data directories that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Directory {
    Export = 0,
    Import = 1,
    Resource = 2,
    Certificate = 4,
    Debug = 6,
    DelayImport = 13,
    Clr = 14,
}

/// Loaders refuse far fewer.
const MOST_SECTIONS: usize = 4096;
/// What memory of a section may be used for.
const EXECUTE: u32 = 0x2000_0000;
const WRITE: u32 = 0x8000_0000;
const PE32: u16 = 0x10b;
const PE32_PLUS: u16 = 0x20b;

/// Whether these bytes are a PE file, or were one before they were cut.
pub(crate) fn is_pe(bytes: &[u8]) -> bool {
    let header = le32(bytes, 0x3c).map(index).filter(|_| bytes.starts_with(b"MZ"));
    let Some(at) = header else { return false };
    if at.saturating_add(4) <= bytes.len() {
        return bytes.get(at..).is_some_and(|rest| rest.starts_with(b"PE\0\0"));
    }
    // Cut before its header: linkers put the relocation table of the DOS stub at 0x40, DOS programs seldom do.
    le16(bytes, 0x18) == Some(0x40) && at < 0x1_0000
}

/// A section: its name, where its header stands, and its ranges in file and memory.
pub(crate) struct Section {
    pub(crate) name: Vec<u8>,
    pub(crate) header_at: usize,
    address: u32,
    /// In memory; in the file it may be shorter.
    size: u32,
    /// In memory, as stated.
    virtual_size: u32,
    pub(crate) start: usize,
    pub(crate) stored: usize,
    is_code: bool,
}

impl Section {
    /// Bytes of the file that hold more than padding.
    pub(crate) fn used(&self) -> usize {
        if self.virtual_size == 0 { self.stored } else { self.stored.min(index(self.virtual_size)) }
    }
}

/// A PE file as its loader lays it out.
pub(crate) struct Image<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) is_wide: bool,
    pub(crate) base: u64,
    pub(crate) sections: Vec<Section>,
    headers: u32,
    /// With sections aligned below a page the file is mapped as it is.
    is_flat: bool,
    directories: Vec<(u32, u32)>,
    optional: usize,
    /// The symbols that some linkers leave.
    pub(crate) symbols: Option<Table>,
    /// What the headers promise and the file does not hold.
    pub(crate) faults: Vec<Unseen>,
}

impl<'a> Image<'a> {
    /// Reads the headers; what lies beyond the end becomes a fault.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<Self, Malformed> {
        if is_terse(bytes) {
            return Self::read_terse(bytes);
        }
        let signature = le32(bytes, 0x3c).map_or(usize::MAX, index);
        let broken = |what: &str, at: usize| {
            Malformed::at(format!("offset {at:#x}"), format!("no {what} at offset {at:#x} of {:#x} bytes", bytes.len()))
        };
        let mut at = signature.saturating_add(4);
        let coff = CoffHeader::parse(bytes, &mut at).map_err(|_| broken("COFF header", signature))?;
        let magic = le16(bytes, at).ok_or_else(|| broken("optional header", at))?;
        if !matches!(magic, PE32 | PE32_PLUS) {
            return Err(Malformed::at(format!("offset {at:#x}"), format!("`{magic:#x}` is no optional header")));
        }
        let is_wide = magic == PE32_PLUS;
        let base = if is_wide { le64(bytes, at + 24) } else { le32(bytes, at + 28).map(u64::from) };
        let alignment = le32(bytes, at + 32).unwrap_or(0x1000);
        let sections_at = at.saturating_add(usize::from(coff.size_of_optional_header));
        let mut image = Self {
            bytes,
            is_wide,
            base: base.unwrap_or(0),
            sections: Vec::new(),
            headers: le32(bytes, at + 60).unwrap_or(0),
            is_flat: alignment < 0x1000,
            directories: directories(bytes, at, is_wide),
            optional: at,
            symbols: symbols(bytes, &coff),
            faults: Vec::new(),
        };
        image.read_sections(&coff, sections_at);
        let imports = (1..).zip(&image.sections).filter(|(_, section)| section.name.starts_with(b".idata"));
        let imports = imports.map(|(number, _)| number).collect();
        if let Some(table) = &mut image.symbols {
            table.imports = imports;
        }
        image.report_cut();
        Ok(image)
    }

    fn read_sections(&mut self, coff: &CoffHeader, start: usize) {
        let stated = usize::from(coff.number_of_sections);
        let strings = index(coff.pointer_to_symbol_table)
            .saturating_add(index(coff.number_of_symbol_table).saturating_mul(18))
            .min(self.bytes.len());
        let mut at = start;
        for number in 0..stated.min(MOST_SECTIONS) {
            let header_at = at;
            let Ok(table) = SectionTable::parse(self.bytes, &mut at, strings) else {
                // A name that points nowhere: the rest of the header still counts.
                if header_at.saturating_add(40) <= self.bytes.len() && at > header_at {
                    at = header_at + 40;
                    continue;
                }
                let end = self.bytes.len() as u64;
                let detail =
                    format!("{stated} sections are stated and the file ends at {end:#x} after {number} of them");
                self.faults.push(unread(detail, (header_at as u64).min(end), end));
                return;
            };
            self.sections.push(section(&table, header_at, self.is_flat));
        }
        if stated > MOST_SECTIONS {
            let detail = format!("{stated} sections are stated, {MOST_SECTIONS} were read");
            self.faults.push(Unseen::new(GapReason::OverLimit, detail));
        }
    }

    fn report_cut(&mut self) {
        let end = self.bytes.len();
        let mut cut = self.sections.iter().filter(|s| s.stored > 0 && s.start.saturating_add(s.stored) > end);
        if let Some(first) = cut.next() {
            let detail = format!(
                "section `{}` at offset {:#x} has {:#x} bytes and the file ends at {end:#x}; {} more such sections",
                crate::read::text(&first.name),
                first.start,
                first.stored,
                cut.count()
            );
            self.faults.push(unread(detail, first.start.min(end) as u64, end as u64));
        }
    }

    /// Address and size of a directory that is there.
    pub(crate) fn directory(&self, which: Directory) -> Option<(u32, u32)> {
        let (address, size) = *self.directories.get(which as usize)?;
        (address != 0).then_some((address, size))
    }

    /// Where the header's checksum stands.
    pub(crate) fn checksum_at(&self) -> usize {
        self.optional.saturating_add(64)
    }

    /// Where a directory's entry stands.
    pub(crate) fn directory_at(&self, which: Directory) -> usize {
        self.optional.saturating_add(if self.is_wide { 112 } else { 96 }).saturating_add(which as usize * 8)
    }

    /// The place in the file of an address relative to the image's base.
    pub(crate) fn offset_of(&self, address: u32) -> Option<usize> {
        if self.is_flat {
            return Some(index(address)).filter(|at| *at < self.bytes.len());
        }
        let within = |s: &&Section| {
            address.checked_sub(s.address).is_some_and(|within| within < s.size && index(within) < s.stored)
        };
        let offset = match self.sections.iter().find(within) {
            Some(section) => section.start.checked_add(index(address.checked_sub(section.address)?))?,
            None if address < self.headers || self.sections.is_empty() => index(address),
            None => return None,
        };
        (offset < self.bytes.len()).then_some(offset)
    }

    /// Whether an address lies where the loader puts zeros: what a linker split off leaves such tables behind.
    pub(crate) fn is_zeros(&self, address: u32) -> bool {
        let holds = |s: &Section| address.checked_sub(s.address).is_some_and(|within| within < s.size);
        self.sections.iter().find(|s| holds(s)).is_some_and(|s| index(address.saturating_sub(s.address)) >= s.stored)
    }

    /// How many bytes of its section follow a place in the file.
    pub(crate) fn section_from(&self, at: usize) -> usize {
        let holds = |s: &&Section| s.start <= at && at < s.start.saturating_add(s.stored);
        self.sections.iter().find(holds).map_or(0, |section| section.start.saturating_add(section.stored) - at)
    }

    /// Ranges that hold constants and data; what packers make of a program's code is data too.
    pub(crate) fn constants(&self) -> Vec<(usize, usize)> {
        let ranges = self.sections.iter().filter(|section| !section.is_code);
        let mut ranges: Vec<_> = ranges.map(|section| (section.start, section.stored)).collect();
        disjoint(&mut ranges);
        ranges
    }

    /// Ranges of sections but those of resources, which hold pictures.
    pub(crate) fn programs(&self) -> Vec<(usize, usize)> {
        let resources = self.directory(Directory::Resource).and_then(|(address, _)| self.offset_of(address));
        let holds = |section: &&Section, at: usize| section.start <= at && at - section.start < section.stored;
        let sections = self.sections.iter().filter(|section| !resources.is_some_and(|at| holds(section, at)));
        let mut ranges: Vec<_> = sections.map(|section| (section.start, section.stored)).collect();
        disjoint(&mut ranges);
        ranges
    }

    /// Where the last section's bytes end: what follows is overlay and signatures.
    pub(crate) fn end_of_sections(&self) -> usize {
        let ends = self.sections.iter().map(|section| section.start.saturating_add(section.stored));
        ends.max().unwrap_or(0).max(index(self.headers)).min(self.bytes.len())
    }
}

fn section(table: &SectionTable, header_at: usize, is_flat: bool) -> Section {
    let short: Vec<u8> = table.name.iter().copied().take_while(|byte| *byte != 0).collect();
    // The loader rounds a section's place down to a sector.
    let start = if is_flat { table.pointer_to_raw_data } else { table.pointer_to_raw_data & !0x1ff };
    let stored = if table.pointer_to_raw_data == 0 { 0 } else { table.size_of_raw_data };
    Section {
        name: table.real_name.as_ref().map_or(short, |name| name.as_bytes().to_vec()),
        header_at,
        address: table.virtual_address,
        size: table.virtual_size.max(table.size_of_raw_data),
        virtual_size: table.virtual_size,
        start: index(start),
        stored: index(stored),
        is_code: table.characteristics & (EXECUTE | WRITE) == EXECUTE,
    }
}

/// A symbol table, where the header's numbers fit the file.
fn symbols(bytes: &[u8], coff: &CoffHeader) -> Option<Table> {
    const X86: u16 = 0x14c;
    let (start, count) = (index(coff.pointer_to_symbol_table), index(coff.number_of_symbol_table));
    let has_table = start != 0 && count != 0 && start < bytes.len();
    let imports = Vec::new();
    has_table.then_some(Table { start, count, is_wide: false, imports, has_underscore: coff.machine == X86 })
}

fn directories(bytes: &[u8], optional: usize, is_wide: bool) -> Vec<(u32, u32)> {
    let count_at = optional.saturating_add(if is_wide { 108 } else { 92 });
    let count = le32(bytes, count_at).map_or(0, index).min(16);
    let entry = |number: usize| {
        let at = count_at + 4 + number * 8;
        Some((le32(bytes, at)?, le32(bytes, at + 4)?))
    };
    (0..count).map_while(entry).collect()
}
