//! `class`: a Java class file with a constant pool, and no more code than it needs.
use std::collections::BTreeMap;

use serde::Deserialize;

use crate::out::{Endian, Out};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in super::super) struct Recipe {
    /// What it defines, `com/example/Main`.
    defines: String,
    #[serde(default = "object")]
    extends: String,
    #[serde(default)]
    implements: Vec<String>,
    /// Classes that only the constant pool names.
    #[serde(default)]
    references: Vec<String>,
    /// Methods it calls: `com/example/Api.open()V`.
    #[serde(default)]
    calls: Vec<String>,
    #[serde(default)]
    strings: Vec<String>,
    source: Option<String>,
    #[serde(default = "eight")]
    major: u16,
}

fn object() -> String {
    "java/lang/Object".to_owned()
}

fn eight() -> u16 {
    52
}

/// The constant pool: each entry's bytes once, numbered from 1.
struct Pool {
    entries: Vec<Vec<u8>>,
    known: BTreeMap<Vec<u8>, usize>,
}

impl Pool {
    fn keep(&mut self, entry: Vec<u8>) -> usize {
        let next = self.entries.len() + 1;
        *self.known.entry(entry).or_insert_with_key(|entry| {
            self.entries.push(entry.clone());
            next
        })
    }

    fn text(&mut self, text: &str) -> usize {
        let mut out = tagged(1);
        let text = modified_utf8(text);
        out.u16(text.len());
        out.raw(&text);
        self.keep(out.bytes)
    }

    /// An entry that points at others.
    fn points(&mut self, tag: u8, to: &[usize]) -> usize {
        let mut out = tagged(tag);
        for index in to {
            out.u16(*index);
        }
        self.keep(out.bytes)
    }

    fn class(&mut self, name: &str) -> usize {
        let name = self.text(name);
        self.points(7, &[name])
    }

    fn method(&mut self, call: &str) -> Result<usize, String> {
        let parts =
            call.split_once('.').and_then(|(class, rest)| Some((class, rest.split_at_checked(rest.find('(')?)?)));
        let (class, (name, kind)) = parts.ok_or_else(|| format!("`{call}` is not written as `pkg/Class.name()V`"))?;
        let (class, name, kind) = (self.class(class), self.text(name), self.text(kind));
        let name_and_type = self.points(12, &[name, kind]);
        Ok(self.points(10, &[class, name_and_type]))
    }
}

fn tagged(tag: u8) -> Out {
    let mut out = Out::new(Endian::Big);
    out.u8(tag);
    out
}

impl Recipe {
    pub(in super::super) fn build(&self) -> Result<Vec<u8>, String> {
        let mut pool = Pool { entries: Vec::new(), known: BTreeMap::new() };
        let (this, parent) = (pool.class(&self.defines), pool.class(&self.extends));
        let interfaces: Vec<usize> = self.implements.iter().map(|name| pool.class(name)).collect();
        for name in &self.references {
            pool.class(name);
        }
        for call in &self.calls {
            pool.method(call)?;
        }
        for string in &self.strings {
            let text = pool.text(string);
            pool.points(8, &[text]);
        }
        let source = self.source.as_ref().map(|file| (pool.text("SourceFile"), pool.text(file)));
        let mut out = Out::new(Endian::Big);
        out.raw(b"\xca\xfe\xba\xbe\0\0");
        out.u16(self.major);
        out.u16(pool.entries.len() + 1);
        out.raw(&pool.entries.concat());
        out.u16(0x21_u16); // public, with the newer meaning of invokespecial
        out.u16(this);
        out.u16(parent);
        out.u16(interfaces.len());
        for interface in interfaces {
            out.u16(interface);
        }
        out.zeros(4); // no fields, no methods
        out.u16(usize::from(source.is_some()));
        if let Some((name, file)) = source {
            out.u16(name);
            out.u32(2_u32);
            out.u16(file);
        }
        Ok(out.bytes)
    }
}

/// Java's own spelling: zero as two bytes, and what needs two UTF-16 units as two of three bytes each.
pub(super) fn modified_utf8(text: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for unit in text.encode_utf16() {
        let unit = u32::from(unit);
        let low = |shift: u32, mask: u32, mark: u8| u8::try_from(unit >> shift & mask).unwrap_or(0) | mark;
        match unit {
            1..=0x7f => out.push(low(0, 0x7f, 0)),
            0 | 0x80..=0x7ff => out.extend([low(6, 0x1f, 0xc0), low(0, 0x3f, 0x80)]),
            _ => out.extend([low(12, 0x0f, 0xe0), low(6, 0x3f, 0x80), low(0, 0x3f, 0x80)]),
        }
    }
    out
}
