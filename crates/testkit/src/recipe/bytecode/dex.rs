//! `dex`: Android byte code, version 035, with strings, types and class definitions.
use std::collections::BTreeSet;

use serde::Deserialize;

use super::class::modified_utf8;
use crate::out::Out;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in super::super) struct Recipe {
    /// Classes whose definition it holds, `com/example/Main`.
    #[serde(default)]
    defines: Vec<String>,
    /// Classes that it only names.
    #[serde(default)]
    references: Vec<String>,
    #[serde(default)]
    strings: Vec<String>,
    #[serde(default = "oldest")]
    version: String,
}

fn oldest() -> String {
    "035".to_owned()
}

const HEADER: usize = 0x70;
const NONE: u32 = 0xffff_ffff;

impl Recipe {
    pub(in super::super) fn build(&self) -> Result<Vec<u8>, String> {
        if self.version.len() != 3 {
            return Err(format!("`version` is `{}`; it must be three digits", self.version));
        }
        let descriptor = |class: &String| format!("L{class};");
        let object = "Ljava/lang/Object;".to_owned();
        let types: BTreeSet<String> =
            self.defines.iter().chain(&self.references).map(descriptor).chain([object.clone()]).collect();
        // The format wants strings in the order of their UTF-16 units.
        let mut strings: Vec<&String> = types.iter().chain(&self.strings).collect();
        strings.sort_by_key(|string| string.encode_utf16().collect::<Vec<_>>());
        strings.dedup();
        let index = |text: &str| strings.iter().position(|string| *string == text).unwrap_or(0);
        let mut types: Vec<usize> = types.iter().map(|name| index(name)).collect();
        types.sort_unstable();
        let number = |text: &str| types.iter().position(|at| *at == index(text)).unwrap_or(0);
        let layout = Layout::new(strings.len(), types.len(), self.defines.len());
        let mut body = Out::little();
        body.zeros(layout.strings);
        let mut data = Out::little();
        for string in &strings {
            body.u32(layout.data + data.len());
            leb128(&mut data, string.encode_utf16().count());
            data.raw(&modified_utf8(string));
            data.u8(0_u8);
        }
        for at in &types {
            body.u32(*at);
        }
        for class in &self.defines {
            body.u32(number(&descriptor(class)));
            body.u32(1_u32); // public
            body.u32(number(&object));
            body.u32(0_u32);
            body.u32(NONE);
            body.zeros(12);
        }
        body.raw(&data.bytes);
        body.align(4);
        layout.map(&mut body);
        let header = layout.header(&self.version, &body);
        body.put(0, &header);
        let sum = adler32(body.bytes.get(12..).unwrap_or_default());
        body.put(8, &sum.to_le_bytes());
        Ok(body.bytes)
    }
}

/// Where each table starts, and how many entries it has.
struct Layout {
    strings: usize,
    types: usize,
    classes: usize,
    data: usize,
    counts: [usize; 3],
}

impl Layout {
    fn new(strings: usize, types: usize, classes: usize) -> Self {
        let types_at = HEADER + 4 * strings;
        let classes_at = types_at + 4 * types;
        Self {
            strings: HEADER,
            types: types_at,
            classes: classes_at,
            data: classes_at + 32 * classes,
            counts: [strings, types, classes],
        }
    }

    fn tables(&self) -> [(usize, usize, usize); 3] {
        let [strings, types, classes] = self.counts;
        [(1, strings, self.strings), (2, types, self.types), (6, classes, self.classes)]
    }

    /// The list of everything, at the end.
    fn map(&self, body: &mut Out) {
        let [strings, ..] = self.counts;
        let at = body.len();
        let mut entries = vec![(0, 1, 0)];
        entries.extend(self.tables());
        entries.extend([(0x2002, strings, self.data), (0x1000, 1, at)]);
        entries.retain(|(_, count, _)| *count > 0);
        body.u32(entries.len());
        for (kind, count, start) in entries {
            body.u16(kind);
            body.u16(0_u16);
            body.u32(count);
            body.u32(start);
        }
    }

    fn header(&self, version: &str, body: &Out) -> Vec<u8> {
        let [strings, types, classes] = self.counts;
        let maps = 4 + 12 * (3 + [strings, types, classes].iter().filter(|count| **count > 0).count());
        let mut out = Out::little();
        out.raw(b"dex\n");
        out.text(version);
        out.zeros(4 + 20); // checksum, filled in last, and a digest nobody checks
        out.u32(body.len());
        out.u32(HEADER);
        out.u32(0x1234_5678_u32);
        out.zeros(8);
        out.u32(body.len() - maps);
        for (count, start) in [(strings, self.strings), (types, self.types), (0, 0), (0, 0), (0, 0)] {
            out.u32(count);
            out.u32(if count > 0 { start } else { 0 });
        }
        out.u32(classes);
        out.u32(if classes > 0 { self.classes } else { 0 });
        out.u32(body.len() - self.data);
        out.u32(self.data);
        out.bytes
    }
}

fn leb128(out: &mut Out, mut number: usize) {
    while number > 0x7f {
        out.u8(number & 0x7f | 0x80);
        number >>= 7;
    }
    out.u8(number);
}

fn adler32(bytes: &[u8]) -> u32 {
    let (low, high) = bytes.iter().fold((1_u32, 0_u32), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % 65521;
        (low, (high + low) % 65521)
    });
    high << 16 | low
}
