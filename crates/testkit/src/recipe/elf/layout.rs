//! Where the sections of an ELF file lie, and the headers that say so.
use super::headers::{file_header, section_headers, segment_count, segments};
use super::{Recipe, Type};
use crate::out::Out;

pub(super) const PAGE: usize = 0x1000;

/// Sections in the order of the file: read-only ones, writable ones, ones that are not loaded.
#[derive(Default)]
pub(super) struct Plan {
    pub(super) sections: Vec<Section>,
}

pub(super) struct Section {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) flags: String,
    pub(super) bytes: Vec<u8>,
    pub(super) align: usize,
    pub(super) link: &'static str,
    pub(super) info: usize,
    /// Words in the bytes that are addresses or sizes of other sections, filled in once those are known.
    pub(super) fixes: Vec<Fix>,
    pub(super) address: usize,
    pub(super) offset: usize,
}

/// A place in a section's bytes, and what belongs there.
pub(super) struct Fix {
    pub(super) at: usize,
    pub(super) section: &'static str,
    /// Of a section: its index as 16 bits, not its address.
    pub(super) index: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Bits,
    SymTab,
    StrTab,
    Hash,
    Dynamic,
    Note,
    Zeros(usize),
    DynSym,
    VersionDefinitions,
    VersionNeeds,
    VersionSymbols,
}

impl Section {
    pub(super) fn new(name: &str, kind: Kind, flags: &str, bytes: Vec<u8>) -> Self {
        Self {
            name: name.to_owned(),
            kind,
            flags: flags.to_owned(),
            bytes,
            align: 8,
            link: "",
            info: 0,
            fixes: Vec::new(),
            address: 0,
            offset: 0,
        }
    }

    pub(super) fn aligned(self, align: usize) -> Self {
        Self { align, ..self }
    }

    pub(super) fn linked(self, link: &'static str, info: usize) -> Self {
        Self { link, info, ..self }
    }

    pub(super) fn fixed(self, fixes: Vec<Fix>) -> Self {
        Self { fixes, ..self }
    }

    pub(super) fn loaded(&self) -> bool {
        self.flags.contains('a')
    }

    pub(super) fn writable(&self) -> bool {
        self.flags.contains('w')
    }

    pub(super) fn size(&self) -> usize {
        if let Kind::Zeros(count) = self.kind { count } else { self.bytes.len() }
    }
}

impl Plan {
    pub(super) fn add(&mut self, section: Section) {
        self.sections.push(section);
    }

    pub(super) fn index(&self, name: &str) -> usize {
        self.sections.iter().position(|section| section.name == name).map_or(0, |at| at + 1)
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.find(name).is_some()
    }

    pub(super) fn size(&self, name: &str) -> usize {
        self.find(name).map_or(0, Section::size)
    }

    pub(super) fn find(&self, name: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.name == name)
    }
}

pub(super) fn write(recipe: &Recipe, mut plan: Plan) -> Out {
    let wide = recipe.wide();
    let (header, entry) = if wide { (64, 56) } else { (52, 32) };
    let relocatable = recipe.kind == Type::Rel;
    if recipe.section_headers {
        let mut names = recipe.out();
        names.u8(0_u8);
        plan.sections.iter().for_each(|section| names.text(&section.name));
        names.text(".shstrtab");
        plan.add(Section::new(".shstrtab", Kind::StrTab, "", names.bytes).aligned(1));
    }
    let count = if relocatable { 0 } else { segment_count(&plan) };
    let base = if recipe.kind == Type::Exec { 0x40_0000 } else { 0 };
    place(&mut plan, header + count * entry, base, relocatable);
    let segments = if relocatable { Vec::new() } else { segments(&plan, base, header, count * entry) };
    fill(recipe, &mut plan);
    let mut body = recipe.out();
    body.zeros(header + count * entry);
    for section in &plan.sections {
        body.pad_to(section.offset);
        body.raw(&section.bytes);
    }
    let mut table = 0;
    if recipe.section_headers {
        body.align(8);
        table = body.len();
        section_headers(recipe, &plan, &mut body);
    }
    let start = plan.find(".text").map_or(0, |text| text.address);
    let mut head = file_header(recipe, &plan, if relocatable { 0 } else { start }, segments.len(), table);
    for segment in &segments {
        segment.write(wide, &mut head);
    }
    body.put(0, &head.bytes);
    body
}

/// Gives every section its place in the file and in memory.
fn place(plan: &mut Plan, headers: usize, base: usize, relocatable: bool) {
    let mut offset = headers;
    let mut extra = 0;
    let mut shift = base;
    for section in &mut plan.sections {
        if section.writable() && section.loaded() && shift == base {
            // Its own page in memory, so that code stays read-only.
            shift = base + PAGE;
        }
        let at = if section.loaded() { offset + extra } else { offset };
        let aligned = at.next_multiple_of(section.align);
        if matches!(section.kind, Kind::Zeros(_)) {
            section.offset = offset;
            section.address = shift + aligned;
            extra += aligned + section.size() - at;
        } else {
            section.offset = aligned;
            section.address = shift + aligned;
            offset = aligned + section.bytes.len();
        }
        if relocatable || !section.loaded() {
            section.address = 0;
        }
    }
}

/// Writes addresses and indices of sections where other sections wait for them.
fn fill(recipe: &Recipe, plan: &mut Plan) {
    for number in 0..plan.sections.len() {
        let fixes = plan.sections.get_mut(number).map(|section| std::mem::take(&mut section.fixes)).unwrap_or_default();
        for fix in fixes {
            let mut value = recipe.out();
            if fix.index {
                value.u16(plan.index(fix.section));
            } else {
                value.word(recipe.wide(), plan.find(fix.section).map_or(0, |section| section.address));
            }
            let place = plan.sections.get_mut(number).and_then(|s| s.bytes.get_mut(fix.at..fix.at + value.len()));
            if let Some(place) = place {
                place.copy_from_slice(&value.bytes);
            }
        }
    }
}
