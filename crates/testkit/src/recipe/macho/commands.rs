//! The load commands of a Mach-O file.
use super::{Recipe, Segment, Type};
use crate::out::Out;

/// What lies behind the sections.
#[derive(Default)]
pub(super) struct Tail {
    pub(super) start: usize,
    /// Bytes of the symbol table and of its names.
    pub(super) symbols: usize,
    pub(super) names: usize,
    /// Local, defined and undefined symbols.
    pub(super) count: [usize; 3],
    /// Place and length of the signature.
    pub(super) signature: (usize, usize),
}

pub(super) struct List {
    pub(super) bytes: Vec<u8>,
    pub(super) count: usize,
}

impl Recipe {
    pub(super) fn commands(&self, segments: &[Segment], tail: &Tail) -> Result<List, String> {
        let mut list = List { bytes: Vec::new(), count: 0 };
        for segment in segments {
            self.segment(segment, &mut list);
        }
        if self.kind != Type::Object {
            self.link_edit(tail, &mut list);
        }
        let (dylib, id, weak) = (0x0c, 0x0d, 0x8000_0018);
        self.install_name.iter().for_each(|name| self.library(id, name, &mut list));
        self.libraries.iter().for_each(|name| self.library(dylib, name, &mut list));
        self.weak_libraries.iter().for_each(|name| self.library(weak, name, &mut list));
        for path in &self.rpaths {
            let mut body = self.out();
            body.u32(12_u32);
            body.text(path);
            self.command(0x8000_001c, &body, &mut list);
        }
        if let Some(uuid) = self.uuid()? {
            let mut body = self.out();
            body.raw(&uuid);
            self.command(0x1b, &body, &mut list);
        }
        self.symbol_tables(tail, &mut list);
        if self.signature.is_some() {
            let mut body = self.out();
            body.u32(tail.signature.0);
            body.u32(tail.signature.1);
            self.command(0x1d, &body, &mut list);
        }
        Ok(list)
    }

    fn command(&self, kind: u32, body: &Out, list: &mut List) {
        let mut out = self.out();
        out.u32(kind);
        out.u32((8 + body.len()).next_multiple_of(8));
        out.raw(&body.bytes);
        out.align(8);
        list.bytes.extend(out.bytes);
        list.count += 1;
    }

    fn library(&self, kind: u32, name: &str, list: &mut List) {
        let mut body = self.out();
        for number in [24_u32, 2, 0x1_0000, 0x1_0000] {
            body.u32(number);
        }
        body.text(name);
        self.command(kind, &body, list);
    }

    fn segment(&self, segment: &Segment, list: &mut List) {
        let mut body = self.out();
        let size = segment.size.next_multiple_of(super::PAGE);
        self.mapped(
            &segment.name,
            [segment.address, size, segment.offset, segment.size],
            segment.sections.len(),
            &mut body,
        );
        for section in &segment.sections {
            name(&section.name, &mut body);
            name(&section.segment, &mut body);
            body.word(self.wide(), section.address);
            body.word(self.wide(), section.bytes.len());
            body.u32(section.offset);
            body.u32(4_u32); // on 2^4 bytes
            body.zeros(8);
            body.u32(if section.name == "__text" { 0x8000_0400_u32 } else { 0 });
            body.zeros(if self.wide() { 12 } else { 8 });
        }
        self.command(if self.wide() { 0x19 } else { 1 }, &body, list);
    }

    fn mapped(&self, segment: &str, place: [usize; 4], sections: usize, body: &mut Out) {
        name(segment, body);
        for number in place {
            body.word(self.wide(), number);
        }
        let (most, first) = match segment {
            "__TEXT" => (5_u32, 5_u32),
            "__LINKEDIT" => (1, 1),
            _ => (7, 3),
        };
        body.u32(most);
        body.u32(first);
        body.u32(sections);
        body.u32(0_u32);
    }

    fn link_edit(&self, tail: &Tail, list: &mut List) {
        let end = if tail.signature.1 > 0 {
            tail.signature.0 + tail.signature.1
        } else {
            tail.start + tail.symbols + tail.names
        };
        let size = end - tail.start;
        let mut body = self.out();
        let address = end.next_multiple_of(super::PAGE) + 0x1000_0000;
        self.mapped("__LINKEDIT", [address, size.next_multiple_of(super::PAGE), tail.start, size], 0, &mut body);
        self.command(if self.wide() { 0x19 } else { 1 }, &body, list);
    }

    fn symbol_tables(&self, tail: &Tail, list: &mut List) {
        let [local, defined, undefined] = tail.count;
        let mut body = self.out();
        for number in [tail.start, local + defined + undefined, tail.start + tail.symbols, tail.names] {
            body.u32(number);
        }
        self.command(2, &body, list);
        let mut body = self.out();
        for number in [0, local, local, defined, local + defined, undefined] {
            body.u32(number);
        }
        body.zeros(48);
        self.command(0x0b, &body, list);
    }
}

/// A name in sixteen bytes.
fn name(text: &str, out: &mut Out) {
    let end = out.len() + 16;
    out.raw(text.as_bytes());
    out.pad_to(end);
}
