//! The headers of an ELF file: of itself, of its segments, of its sections.
use super::layout::{Kind, PAGE, Plan, Section};
use super::{Order, Recipe, Type};
use crate::out::Out;

/// A part of the file that the loader puts into memory, or reads.
pub(super) struct Segment {
    kind: u32,
    flags: u32,
    offset: usize,
    address: usize,
    filed: usize,
    sized: usize,
    align: usize,
}

pub(super) fn segment_count(plan: &Plan) -> usize {
    let own = [".interp", ".dynamic"].iter().filter(|name| plan.find(name).is_some()).count();
    let notes = plan.sections.iter().filter(|section| section.kind == Kind::Note).count();
    let phdr = usize::from(plan.find(".interp").is_some());
    own + notes + phdr + usize::from(plan.sections.iter().any(|s| s.loaded() && s.writable())) + 2
}

pub(super) fn segments(plan: &Plan, base: usize, header: usize, table: usize) -> Vec<Segment> {
    let (load, dynamic, interp, note, phdr, stack) = (1, 2, 3, 4, 6, 0x6474_e551);
    let (read, write, execute) = (4, 2, 1);
    let mut out = Vec::new();
    let like = |kind, flags, section: &Section| Segment {
        kind,
        flags,
        offset: section.offset,
        address: section.address,
        filed: section.bytes.len(),
        sized: section.bytes.len(),
        align: section.align,
    };
    if let Some(section) = plan.find(".interp") {
        let address = base + header;
        out.push(Segment { kind: phdr, flags: read, offset: header, address, filed: table, sized: table, align: 8 });
        out.push(like(interp, read, section));
    }
    let of = |writable: bool| plan.sections.iter().filter(move |s| s.loaded() && s.writable() == writable);
    let end = of(false).map(|s| s.offset + s.bytes.len()).max().unwrap_or(header + table);
    let flags = read | execute;
    out.push(Segment { kind: load, flags, offset: 0, address: base, filed: end, sized: end, align: PAGE });
    if let Some(first) = of(true).next() {
        let filed = of(true).map(|s| s.offset + s.bytes.len()).max().unwrap_or(0) - first.offset;
        let sized = of(true).map(|s| s.address + s.size()).max().unwrap_or(0) - first.address;
        out.push(Segment { kind: load, flags: read | write, filed, sized, align: PAGE, ..like(load, 0, first) });
    }
    if let Some(section) = plan.find(".dynamic") {
        out.push(like(dynamic, read | write, section));
    }
    out.extend(plan.sections.iter().filter(|s| s.kind == Kind::Note).map(|section| like(note, read, section)));
    out.push(Segment { kind: stack, flags: read | write, offset: 0, address: 0, filed: 0, sized: 0, align: 16 });
    out
}

pub(super) fn file_header(recipe: &Recipe, plan: &Plan, start: usize, segments: usize, table: usize) -> Out {
    let wide = recipe.wide();
    let big = matches!(recipe.endian, Order::Big);
    let mut out = recipe.out();
    out.raw(&[0x7f, b'E', b'L', b'F', if wide { 2 } else { 1 }, if big { 2 } else { 1 }, 1]);
    out.pad_to(16);
    out.u16(match recipe.kind {
        Type::Rel => 1_u16,
        Type::Exec => 2,
        Type::Dyn => 3,
    });
    out.u16(match (recipe.machine, wide, big) {
        (0, true, false) => 62,
        (0, false, false) => 3,
        (0, true, true) => 21,
        (0, false, true) => 20,
        (machine, _, _) => machine,
    });
    out.u32(1_u32);
    out.word(wide, start);
    let (header, segment, section) = if wide { (64, 56, 64) } else { (52, 32, 40_usize) };
    out.word(wide, if segments > 0 { header } else { 0 });
    out.word(wide, table);
    out.u32(0_u32);
    out.u16(header);
    out.u16(if segments > 0 { segment } else { 0 });
    out.u16(segments);
    let headers = if recipe.section_headers { plan.sections.len() + 1 } else { 0 };
    out.u16(if headers > 0 { section } else { 0 });
    out.u16(headers);
    out.u16(headers.saturating_sub(1));
    out
}

impl Segment {
    pub(super) fn write(&self, wide: bool, out: &mut Out) {
        out.u32(self.kind);
        if wide {
            out.u32(self.flags);
        }
        for number in [self.offset, self.address, self.address, self.filed, self.sized] {
            out.word(wide, number);
        }
        if !wide {
            out.u32(self.flags);
        }
        out.word(wide, self.align);
    }
}

pub(super) fn section_headers(recipe: &Recipe, plan: &Plan, out: &mut Out) {
    let wide = recipe.wide();
    out.zeros(if wide { 64 } else { 40 });
    let mut name = 1;
    for section in &plan.sections {
        out.u32(name);
        name += section.name.len() + 1;
        out.u32(section.kind.number());
        let letters = [('w', 1), ('a', 2), ('x', 4)];
        let flags: usize =
            letters.iter().filter(|(letter, _)| section.flags.contains(*letter)).map(|(_, bit)| bit).sum();
        out.word(wide, flags);
        out.word(wide, section.address);
        out.word(wide, section.offset);
        out.word(wide, section.size());
        out.u32(plan.index(section.link));
        out.u32(section.info);
        out.word(wide, section.align);
        out.word(wide, section.kind.entry(wide));
    }
}

impl Kind {
    fn number(self) -> u32 {
        match self {
            Self::Bits => 1,
            Self::SymTab => 2,
            Self::StrTab => 3,
            Self::Hash => 5,
            Self::Dynamic => 6,
            Self::Note => 7,
            Self::Zeros(_) => 8,
            Self::DynSym => 11,
            Self::VersionDefinitions => 0x6fff_fffd,
            Self::VersionNeeds => 0x6fff_fffe,
            Self::VersionSymbols => 0x6fff_ffff,
        }
    }

    fn entry(self, wide: bool) -> usize {
        match self {
            Self::SymTab | Self::DynSym => {
                if wide {
                    24
                } else {
                    16
                }
            }
            Self::Dynamic => {
                if wide {
                    16
                } else {
                    8
                }
            }
            Self::Hash => 4,
            Self::VersionSymbols => 2,
            _ => 0,
        }
    }
}
