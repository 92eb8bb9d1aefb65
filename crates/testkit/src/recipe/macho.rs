//! `macho`: a small program, library or object of Apple's systems; `fat`: several in one file.
mod commands;
mod signature;

use serde::Deserialize;

use super::bytes::{Fragment, hex, join};
use crate::out::{Endian, Out};

/// What a Mach-O file is to hold.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct Recipe {
    bits: u8,
    big_endian: bool,
    /// `CPU_TYPE_…` and its subtype; x86 or x86-64 where it is 0.
    cpu: u32,
    cpu_subtype: u32,
    #[serde(rename = "type")]
    kind: Type,
    install_name: Option<String>,
    libraries: Vec<String>,
    weak_libraries: Vec<String>,
    rpaths: Vec<String>,
    uuid: Option<String>,
    defined: Vec<String>,
    undefined: Vec<String>,
    local: Vec<String>,
    sections: Vec<Own>,
    signature: Option<signature::Signature>,
}

impl Default for Recipe {
    fn default() -> Self {
        Self {
            bits: 64,
            big_endian: false,
            cpu: 0,
            cpu_subtype: 3,
            kind: Type::Dylib,
            install_name: None,
            libraries: Vec::new(),
            weak_libraries: Vec::new(),
            rpaths: Vec::new(),
            uuid: None,
            defined: Vec::new(),
            undefined: Vec::new(),
            local: Vec::new(),
            sections: Vec::new(),
            signature: None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Type {
    Object = 1,
    Execute = 2,
    Dylib = 6,
    Bundle = 8,
    Kext = 11,
}

/// A section of the author's own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Own {
    #[serde(default = "data")]
    segment: String,
    name: String,
    parts: Vec<Fragment>,
}

fn data() -> String {
    "__DATA".to_owned()
}

/// A section with its bytes and, once laid out, its place.
struct Section {
    segment: String,
    name: String,
    bytes: Vec<u8>,
    offset: usize,
    address: usize,
}

/// A run of sections that is mapped as one.
struct Segment {
    name: String,
    sections: Vec<Section>,
    offset: usize,
    size: usize,
    address: usize,
}

const PAGE: usize = 0x1000;

impl Recipe {
    pub(super) fn build(&self) -> Result<Vec<u8>, String> {
        if !matches!(self.bits, 32 | 64) {
            return Err(format!("`bits` is {}; it must be 32 or 64", self.bits));
        }
        let mut segments = self.segments()?;
        let (names, symbols) = self.symbols();
        // Places do not change how long the commands are: write them twice.
        let draft = self.commands(&segments, &commands::Tail::default())?;
        let header = if self.wide() { 32 } else { 28 };
        let mut at = header + draft.bytes.len();
        for segment in &mut segments {
            at = segment.place(at, header + draft.bytes.len());
        }
        let mut tail = commands::Tail { start: at.next_multiple_of(16), ..Default::default() };
        tail.symbols = symbols.len();
        tail.names = names.len();
        tail.count = [self.local.len(), self.defined.len(), self.undefined.len()];
        let code = (tail.start + symbols.len() + names.len()).next_multiple_of(16);
        if let Some(signature) = &self.signature {
            tail.signature = (code, signature.write(&vec![0; code])?.len());
        }
        let list = self.commands(&segments, &tail)?;
        let mut out = self.out();
        self.header(&list, &mut out);
        out.raw(&list.bytes);
        for section in segments.iter().flat_map(|segment| &segment.sections) {
            out.pad_to(section.offset);
            out.raw(&section.bytes);
        }
        out.pad_to(tail.start);
        out.raw(&symbols);
        out.raw(&names);
        if let Some(signature) = &self.signature {
            out.pad_to(code);
            let blob = signature.write(&out.bytes)?;
            out.raw(&blob);
        }
        Ok(out.bytes)
    }

    fn wide(&self) -> bool {
        self.bits == 64
    }

    fn out(&self) -> Out {
        Out::new(if self.big_endian { Endian::Big } else { Endian::Little })
    }

    fn header(&self, list: &commands::List, out: &mut Out) {
        out.u32(if self.wide() { 0xfeed_facf_u32 } else { 0xfeed_face });
        out.u32(self.cpu_type());
        out.u32(self.cpu_subtype);
        out.u32(self.kind as u32);
        out.u32(list.count);
        out.u32(list.bytes.len());
        out.u32(0x85_u32); // no undefined references but to libraries, two-level names
        if self.wide() {
            out.u32(0_u32);
        }
    }

    fn cpu_type(&self) -> u32 {
        match (self.cpu, self.wide()) {
            (0, true) => 0x0100_0007,
            (0, false) => 7,
            (cpu, _) => cpu,
        }
    }

    /// `__TEXT` with a little code, then one segment a name, in the order of the recipe.
    fn segments(&self) -> Result<Vec<Segment>, String> {
        let code = Section::new("__TEXT", "__text", vec![0xc3; 16]);
        let mut segments = vec![Segment::new("__TEXT", vec![code])];
        for own in &self.sections {
            let section = Section::new(&own.segment, &own.name, join(&own.parts)?);
            if own.segment.len() > 16 || own.name.len() > 16 {
                return Err(format!("section `{}` has a name of more than 16 bytes", own.name));
            }
            match segments.iter_mut().find(|segment| segment.name == own.segment) {
                Some(segment) => segment.sections.push(section),
                None => segments.push(Segment::new(&own.segment, vec![section])),
            }
        }
        if self.kind == Type::Object {
            let all = segments.into_iter().flat_map(|segment| segment.sections).collect();
            segments = vec![Segment::new("", all)];
        }
        Ok(segments)
    }

    /// The table of names, and the symbols: local, defined, undefined.
    fn symbols(&self) -> (Vec<u8>, Vec<u8>) {
        let (mut names, mut symbols) = (self.out(), self.out());
        names.raw(b" \0");
        for (list, kind) in [(&self.local, 0x0e_u8), (&self.defined, 0x0f), (&self.undefined, 0x01)] {
            for name in list {
                symbols.u32(names.len());
                names.text(name);
                symbols.u8(kind);
                symbols.u8(u8::from(kind != 1));
                symbols.u16(if kind == 1 { 0x100_u16 } else { 0 });
                symbols.word(self.wide(), 0);
            }
        }
        (names.bytes, symbols.bytes)
    }

    fn uuid(&self) -> Result<Option<Vec<u8>>, String> {
        self.uuid.as_deref().map(|uuid| hex(&uuid.replace('-', ""))).transpose()
    }
}

impl Section {
    fn new(segment: &str, name: &str, bytes: Vec<u8>) -> Self {
        Self { segment: segment.to_owned(), name: name.to_owned(), bytes, offset: 0, address: 0 }
    }
}

impl Segment {
    fn new(name: &str, sections: Vec<Section>) -> Self {
        Self { name: name.to_owned(), sections, offset: 0, size: 0, address: 0 }
    }

    /// Lays the sections out from `at`; `__TEXT` begins with the file's own headers. Says where the next may start.
    fn place(&mut self, at: usize, headers: usize) -> usize {
        let start = if self.name == "__TEXT" { 0 } else { at.next_multiple_of(16) };
        let base = at.saturating_sub(headers).next_multiple_of(PAGE);
        let mut end = at;
        for section in &mut self.sections {
            section.offset = end.next_multiple_of(16);
            section.address = base + section.offset - start;
            end = section.offset + section.bytes.len();
        }
        (self.offset, self.size, self.address) = (start, end - start, base);
        end
    }
}

/// A file of several slices, each a recipe of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Fat {
    slices: Vec<Slice>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Slice {
    cpu: u32,
    #[serde(default)]
    cpu_subtype: u32,
    parts: Vec<Fragment>,
}

impl Fat {
    pub(super) fn build(&self) -> Result<Vec<u8>, String> {
        let mut head = Out::new(Endian::Big);
        let mut body = Out::new(Endian::Big);
        head.u32(0xcafe_babe_u32);
        head.u32(self.slices.len());
        body.zeros(8 + 20 * self.slices.len());
        for slice in &self.slices {
            let bytes = join(&slice.parts)?;
            body.align(1 << 6);
            head.u32(slice.cpu);
            head.u32(slice.cpu_subtype);
            head.u32(body.len());
            head.u32(bytes.len());
            head.u32(6_u32);
            body.raw(&bytes);
        }
        body.put(0, &head.bytes);
        Ok(body.bytes)
    }
}

#[cfg(test)]
mod tests;
