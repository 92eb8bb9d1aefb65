//! The header, the segments and the sections, as far as the bytes carry them; goblin decodes, the bounds are ours.
use goblin::container::{Container, Ctx};
use goblin::elf::Elf;
use goblin::elf::header::Header;
use goblin::elf::program_header::{PF_W, PT_LOAD, ProgramHeader};
use goblin::elf::section_header::{
    SHF_ALLOC, SHF_EXECINSTR, SHN_XINDEX, SHT_NOBITS, SHT_NULL, SHT_PROGBITS, SectionHeader,
};
use interdict_model::{Malformed, Sink};

use crate::packed::is_opened;
use crate::read::{clamped, disjoint, index, unread, until_zero};

/// Longest section name read.
const LONGEST_NAME: usize = 4096;

/// Where things are.
pub(super) struct Layout<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) ctx: Ctx,
    pub(super) segments: Vec<ProgramHeader>,
    pub(super) sections: Vec<SectionHeader>,
    names: Option<SectionHeader>,
    end_of_tables: usize,
}

impl<'a> Layout<'a> {
    /// Reads the tables; what lies beyond the end becomes a gap.
    pub(super) fn read(bytes: &'a [u8], sink: &mut Sink<'_>) -> Result<Self, Malformed> {
        let broken = || Malformed::at("offset 0x0", "the ELF header is cut short, or of no known width and byte order");
        let header = Elf::parse_header(bytes).map_err(|_| broken())?;
        let container = header.container().map_err(|_| broken())?;
        let ctx = Ctx::new(container, header.endianness().map_err(|_| broken())?);
        let segments = segments(bytes, &header, ctx, sink);
        let sections = sections(bytes, &header, ctx, sink);
        let named_by = match u32::from(header.e_shstrndx) {
            SHN_XINDEX => sections.first().map_or(0, |first| first.sh_link),
            number => number,
        };
        let names = sections.get(index(named_by)).cloned();
        let table = sections.len().saturating_mul(SectionHeader::size(ctx));
        let end_of_tables = if table == 0 { 0 } else { index(header.e_shoff).saturating_add(table) };
        let layout = Self { bytes, ctx, segments, sections, names, end_of_tables };
        layout.report_cut(sink);
        if layout.segments.is_empty() && layout.sections.is_empty() {
            return Err(Malformed::at("offset 0x0", "the ELF header tells of no segment and of no section"));
        }
        Ok(layout)
    }

    /// Whether addresses have eight bytes.
    pub(super) fn is_wide(&self) -> bool {
        self.ctx.container == Container::Big
    }

    /// A section's bytes, as far as they are there, and where they start.
    pub(super) fn data(&self, section: &SectionHeader) -> (usize, &'a [u8]) {
        if matches!(section.sh_type, SHT_NOBITS | SHT_NULL) {
            return (0, &[]);
        }
        let start = index(section.sh_offset);
        (start, clamped(self.bytes, start, index(section.sh_size)))
    }

    /// A section's name and where it stands.
    pub(super) fn section_name(&self, section: &SectionHeader) -> Option<(usize, &'a [u8])> {
        let (start, table) = self.data(self.names.as_ref()?);
        let name = until_zero(table, section.sh_name, LONGEST_NAME)?;
        Some((start + section.sh_name, name))
    }

    /// Sections of this name.
    pub(super) fn named(&self, name: &[u8]) -> impl Iterator<Item = &SectionHeader> {
        self.sections.iter().filter(move |section| self.section_name(section).is_some_and(|(_, n)| n == name))
    }

    /// The place in the file of an address in memory.
    pub(super) fn offset_of(&self, address: u64) -> Option<usize> {
        let holds = |s: &&ProgramHeader| {
            s.p_type == PT_LOAD && address.checked_sub(s.p_vaddr).is_some_and(|within| within < s.p_filesz)
        };
        let segment = self.segments.iter().find(holds)?;
        segment.p_offset.checked_add(address.checked_sub(segment.p_vaddr)?).map(index)
    }

    /// Ranges that hold a program's constants and data; all of it where no section says.
    pub(super) fn constants(&self) -> Vec<(usize, usize)> {
        if self.sections.is_empty() {
            return vec![(0, self.bytes.len())];
        }
        let is_data = |section: &&SectionHeader| {
            let flags = u32::try_from(section.sh_flags).unwrap_or(0);
            section.sh_type == SHT_PROGBITS && flags & SHF_ALLOC != 0 && flags & SHF_EXECINSTR == 0
        };
        let ranges = self.sections.iter().filter(is_data).map(|section| self.data(section));
        let mut ranges: Vec<_> = ranges.map(|(start, data)| (start, data.len())).collect();
        disjoint(&mut ranges);
        ranges
    }

    /// Ranges of the segments that a program may write to.
    pub(super) fn writable(&self) -> Vec<(usize, usize)> {
        let segments = self.segments.iter().filter(|segment| segment.p_type == PT_LOAD && segment.p_flags & PF_W != 0);
        segments.map(|segment| (index(segment.p_offset), index(segment.p_filesz))).collect()
    }

    /// Where the last section, segment or table of sections ends.
    pub(super) fn end(&self) -> usize {
        let sections = self.sections.iter().filter(|s| !matches!(s.sh_type, SHT_NOBITS | SHT_NULL));
        let sections = sections.map(|section| section.sh_offset.saturating_add(section.sh_size));
        let segments = self.segments.iter().map(|segment| segment.p_offset.saturating_add(segment.p_filesz));
        index(sections.chain(segments).max().unwrap_or(0)).max(self.end_of_tables)
    }

    /// Ranges of the segments that are loaded.
    pub(super) fn programs(&self) -> Vec<(usize, usize)> {
        let segments = self.segments.iter().filter(|segment| segment.p_type == PT_LOAD);
        let mut ranges: Vec<_> = segments.map(|s| (index(s.p_offset), index(s.p_filesz))).collect();
        disjoint(&mut ranges);
        ranges
    }

    /// Says what the tables promise and the file does not hold.
    fn report_cut(&self, sink: &mut Sink<'_>) {
        let end = self.bytes.len() as u64;
        let reach = |offset: u64, size: u64| offset.saturating_add(size);
        let mut cut = self.sections.iter().filter(|section| {
            !matches!(section.sh_type, SHT_NOBITS | SHT_NULL)
                && section.sh_size > 0
                && reach(section.sh_offset, section.sh_size) > end
        });
        if let Some(first) = cut.next() {
            let name = self.section_name(first).map(|(_, name)| crate::read::text(name).into_owned());
            let detail = format!(
                "section `{}` at offset {:#x} has {:#x} bytes and the file ends at {end:#x}; {} more such sections",
                name.unwrap_or_default(),
                first.sh_offset,
                first.sh_size,
                cut.count()
            );
            sink.gap(unread(detail, first.sh_offset.min(end), end));
        } else if self.sections.is_empty() {
            let cut = self.segments.iter().find(|s| s.p_type == PT_LOAD && reach(s.p_offset, s.p_filesz) > end);
            if let Some(segment) = cut {
                let detail = format!(
                    "a loaded segment at offset {:#x} has {:#x} bytes and the file ends at {end:#x}",
                    segment.p_offset, segment.p_filesz
                );
                sink.gap(unread(detail, segment.p_offset.min(end), end));
            }
        }
    }
}

fn segments(bytes: &[u8], header: &Header, ctx: Ctx, sink: &mut Sink<'_>) -> Vec<ProgramHeader> {
    let (start, stated) = (index(header.e_phoff), usize::from(header.e_phnum));
    let count = held(bytes, start, ProgramHeader::size(ctx), stated);
    if count < stated {
        table_gap("program", header.e_phoff, stated, count, bytes.len(), sink);
    }
    if count == 0 { Vec::new() } else { ProgramHeader::parse(bytes, start, count, ctx).unwrap_or_default() }
}

fn sections(bytes: &[u8], header: &Header, ctx: Ctx, sink: &mut Sink<'_>) -> Vec<SectionHeader> {
    if header.e_shoff == 0 {
        return Vec::new();
    }
    let (start, size) = (index(header.e_shoff), SectionHeader::size(ctx));
    let read = |count| match held(bytes, start, size, count) {
        0 => Vec::new(),
        held => SectionHeader::parse_from(bytes, start, held, ctx).unwrap_or_default(),
    };
    let stated = match usize::from(header.e_shnum) {
        // More sections than the field can say: the first one says how many.
        0 => read(1).first().map_or(1, |first| index(first.sh_size)),
        number => number,
    };
    let sections = read(stated);
    // UPX leaves the number of the sections it packed, and no table.
    if sections.len() < stated && !(sections.is_empty() && is_opened(bytes)) {
        table_gap("section", header.e_shoff, stated, sections.len(), bytes.len(), sink);
    }
    sections
}

/// How many entries of a table the file holds.
fn held(bytes: &[u8], start: usize, size: usize, stated: usize) -> usize {
    let room = bytes.len().saturating_sub(start);
    room.checked_div(size).unwrap_or(0).min(stated)
}

fn table_gap(what: &str, at: u64, stated: usize, held: usize, end: usize, sink: &mut Sink<'_>) {
    let end = end as u64;
    let detail = format!(
        "the {what} header table at offset {at:#x} has {stated} entries, {held} of them before the end at {end:#x}"
    );
    sink.gap(unread(detail, at.min(end), end));
}
