//! The header and the load commands: sections, libraries, and where symbols and signatures are.
use interdict_model::{FactKind, GapReason, Malformed, Sink, Unseen, hex};

use crate::read::{be32, be64, disjoint, index, le32, le64, slice, span, text, unread};

const MAGIC: u32 = 0xfeed_face;
const MAGIC_WIDE: u32 = 0xfeed_facf;
/// Commands read of one image.
const MOST_COMMANDS: usize = 65_536;
/// Sections read of one image.
const MOST_SECTIONS: usize = 65_536;

const SEGMENT: u32 = 0x1;
const SYMTAB: u32 = 0x2;
const LOAD_DYLIB: u32 = 0xc;
const ID_DYLIB: u32 = 0xd;
const SEGMENT_WIDE: u32 = 0x19;
const UUID: u32 = 0x1b;
const CODE_SIGNATURE: u32 = 0x1d;
const LAZY_LOAD_DYLIB: u32 = 0x20;
/// Set on commands that the loader must understand.
const REQUIRED: u32 = 0x8000_0000;
const LOAD_WEAK_DYLIB: u32 = REQUIRED | 0x18;
const RPATH: u32 = REQUIRED | 0x1c;
const REEXPORT_DYLIB: u32 = REQUIRED | 0x1f;
const LOAD_UPWARD_DYLIB: u32 = REQUIRED | 0x23;

/// A section, by name and place in the file.
pub(super) struct Section {
    pub(super) name: Vec<u8>,
    pub(super) start: usize,
    pub(super) len: usize,
    /// In memory.
    address: u64,
}

/// One image in the file.
pub(super) struct Image<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) is_wide: bool,
    is_big: bool,
    pub(super) sections: Vec<Section>,
    /// Symbols and how many, their names and how long; relative to the image's start.
    pub(super) symbols: Option<[u32; 4]>,
    pub(super) signature: Option<[u32; 2]>,
}

/// Whether a big-endian read of these four bytes begins an image of either order and width.
pub(super) fn is_magic(magic: u32) -> bool {
    [MAGIC, MAGIC_WIDE].iter().any(|known| magic == *known || magic == known.swap_bytes())
}

impl<'a> Image<'a> {
    /// Reads the commands, and states what they name.
    pub(super) fn read(bytes: &'a [u8], start: usize, end: usize, sink: &mut Sink<'_>) -> Result<Self, Malformed> {
        let magic = be32(bytes, start).filter(|magic| is_magic(*magic));
        let Some(magic) = magic else {
            return Err(Malformed::at(format!("offset {start:#x}"), "no Mach-O header"));
        };
        let is_big = matches!(magic, MAGIC | MAGIC_WIDE);
        let is_wide = matches!(magic, MAGIC_WIDE) || magic.swap_bytes() == MAGIC_WIDE;
        let sections = Vec::new();
        let mut image = Self { bytes, start, end, is_wide, is_big, sections, symbols: None, signature: None };
        let header = image.u32(start + 16).zip(image.u32(start + 20));
        let Some((count, size)) = header else {
            return Err(Malformed::at(format!("offset {start:#x}"), "the Mach-O header is cut short"));
        };
        let first = start + if is_wide { 32 } else { 28 };
        let commands_end = first.saturating_add(index(size));
        let mut at = first;
        for number in 0..index(count) {
            let command = image.u32(at).zip(image.u32(at.saturating_add(4)).map(index));
            let fits = |len: usize| at.saturating_add(len) <= commands_end.min(end);
            let Some((kind, len)) = command.filter(|(_, len)| *len >= 8 && fits(*len) && number < MOST_COMMANDS) else {
                let detail = format!("{count} load commands are stated, {number} were read before offset {at:#x}");
                sink.gap(unread(detail, at.min(end) as u64, end as u64));
                break;
            };
            image.command(kind, at, len, sink);
            at += len;
        }
        image.report_cut(sink);
        Ok(image)
    }

    fn command(&mut self, kind: u32, at: usize, len: usize, sink: &mut Sink<'_>) {
        match kind {
            SEGMENT | SEGMENT_WIDE => self.segment(kind == SEGMENT_WIDE, at, len, sink),
            LOAD_DYLIB | LOAD_WEAK_DYLIB | REEXPORT_DYLIB | LOAD_UPWARD_DYLIB | LAZY_LOAD_DYLIB => {
                self.library(FactKind::NeededLibrary, at, len, sink);
            }
            RPATH => self.library(FactKind::RunPath, at, len, sink),
            ID_DYLIB => self.library(FactKind::OriginalFileName, at, len, sink),
            UUID => {
                if let Some(id) = slice(self.bytes, at + 8, 16) {
                    sink.fact(FactKind::BuildId, &hex(id), span(at + 8, 16));
                }
            }
            SYMTAB => self.symbols = self.numbers(at),
            CODE_SIGNATURE => self.signature = self.numbers(at),
            _ => {}
        }
    }

    /// The numbers that follow a command's kind and length.
    fn numbers<const N: usize>(&self, at: usize) -> Option<[u32; N]> {
        let mut numbers = [0; N];
        for (place, number) in numbers.iter_mut().enumerate() {
            *number = self.u32(at + 8 + place * 4)?;
        }
        Some(numbers)
    }

    /// A library by the path it is installed at, and by the last part of that path.
    fn library(&self, kind: FactKind, at: usize, len: usize, sink: &mut Sink<'_>) {
        let name_at = self.u32(at + 8).map_or(usize::MAX, |offset| at.saturating_add(index(offset)));
        let Some(rest) = self.bytes.get(name_at..at + len) else {
            let detail = format!("the library at offset {at:#x} has a name outside its load command");
            sink.gap(unread(detail, at as u64, (at + len) as u64));
            return;
        };
        let name = rest.split(|byte| *byte == 0).next().unwrap_or_default();
        sink.fact(kind, &text(name), span(name_at, name.len()));
        if let Some(slash) = memchr::memrchr(b'/', name).filter(|_| kind != FactKind::RunPath) {
            let base = name.get(slash + 1..).unwrap_or_default();
            sink.fact(kind, &text(base), span(name_at + slash + 1, base.len()));
        }
    }

    fn segment(&mut self, is_wide: bool, at: usize, len: usize, sink: &mut Sink<'_>) {
        let (count_at, first, size) = if is_wide { (64, 72, 80) } else { (48, 56, 68) };
        let stated = self.u32(at + count_at).map_or(0, index);
        let held = len.saturating_sub(first) / size;
        if held < stated {
            let detail = format!("the segment at offset {at:#x} has {stated} sections, {held} fit its load command");
            sink.gap(Unseen::new(GapReason::Malformed, detail));
        }
        for number in 0..stated.min(held).min(MOST_SECTIONS.saturating_sub(self.sections.len())) {
            let header = at + first + number * size;
            let name = slice(self.bytes, header, 16).unwrap_or_default();
            let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
            sink.fact(FactKind::Section, &text(name), span(header, name.len()));
            let (size_at, offset_at, flags_at) = if is_wide { (40, 48, 64) } else { (36, 40, 56) };
            let word = |at: usize| if is_wide { self.u64(at) } else { self.u32(at).map(u64::from) };
            let numbers = (word(header + size_at), self.u32(header + offset_at), word(header + 32));
            let (Some(len), Some(offset), Some(address)) = numbers else { return };
            let len = index(len);
            // Zero-filled sections have no bytes in the file.
            let kind = self.u32(header + flags_at).unwrap_or(0) & 0xff;
            let is_zeros = matches!(kind, 0x1 | 0xc | 0x12) || offset == 0;
            let len = if is_zeros { 0 } else { len };
            self.sections.push(Section { name: name.to_vec(), start: self.place(offset), len, address });
        }
    }

    fn report_cut(&self, sink: &mut Sink<'_>) {
        let mut cut = self.sections.iter().filter(|s| s.len > 0 && s.start.saturating_add(s.len) > self.end);
        if let Some(first) = cut.next() {
            let detail = format!(
                "section `{}` at offset {:#x} has {:#x} bytes and the image ends at {:#x}; {} more such sections",
                text(&first.name),
                first.start,
                first.len,
                self.end,
                cut.count()
            );
            sink.gap(unread(detail, first.start.min(self.end) as u64, self.end as u64));
        }
    }

    /// Ranges that hold constants and data.
    pub(super) fn constants(&self) -> Vec<(usize, usize)> {
        let is_code =
            |name: &[u8]| matches!(name, b"__text" | b"__stubs" | b"__stub_helper" | b"__eh_frame" | b"__unwind_info");
        let sections = self.sections.iter().filter(|section| !is_code(&section.name));
        let mut ranges: Vec<_> = sections.map(|s| (s.start, s.len.min(self.end.saturating_sub(s.start)))).collect();
        disjoint(&mut ranges);
        ranges
    }

    /// The place in the file of an address in memory.
    pub(super) fn offset_of(&self, address: u64) -> Option<usize> {
        let holds = |s: &&Section| address.checked_sub(s.address).is_some_and(|within| index(within) < s.len);
        let section = self.sections.iter().find(holds)?;
        section.start.checked_add(index(address.checked_sub(section.address)?))
    }

    /// A place in the file of an offset in the image.
    pub(super) fn place(&self, offset: u32) -> usize {
        self.start.saturating_add(index(offset))
    }

    pub(super) fn u32(&self, at: usize) -> Option<u32> {
        if self.is_big { be32(self.bytes, at) } else { le32(self.bytes, at) }
    }

    fn u64(&self, at: usize) -> Option<u64> {
        if self.is_big { be64(self.bytes, at) } else { le64(self.bytes, at) }
    }
}
