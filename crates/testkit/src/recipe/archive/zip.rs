//! `zip`: local headers and a central directory, which may disagree.
use serde::Deserialize;

use super::super::bytes::{Fragment, join};
use super::signing_block::{Scheme, block};
use super::{crc, deflated};
use crate::out::Out;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(in super::super) struct Recipe {
    members: Vec<Entry>,
    /// What stands before the archive, as in a self-extracting one; offsets count from the file's start.
    #[serde(default)]
    prefix: Vec<Fragment>,
    #[serde(default)]
    comment: String,
    /// Whether there is a central directory and its end.
    #[serde(default = "yes")]
    directory: bool,
    /// How many members the end of the directory counts, where that is a lie.
    stated_members: Option<u16>,
    /// Whether sizes, offsets and counts stand in ZIP64 fields.
    #[serde(default)]
    zip64: bool,
    /// The signers of an Android package, before the directory.
    #[serde(default)]
    signing: Vec<Scheme>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Entry {
    path: Fragment,
    #[serde(default)]
    parts: Vec<Fragment>,
    #[serde(default)]
    method: Method,
    /// The name in the local header, where it is another one.
    local_path: Option<Fragment>,
    /// What both headers say, where that is a lie.
    stated_size: Option<u32>,
    stated_crc: Option<u32>,
    /// Whether the flag of encryption is set; the bytes stay as they are.
    #[serde(default)]
    encrypted: bool,
    /// Whether sizes follow the data instead of standing before it.
    #[serde(default)]
    descriptor: bool,
    /// Whether the central directory lists it.
    #[serde(default = "yes")]
    listed: bool,
    /// Unix permissions and type, `0o120777` for a symbolic link.
    mode: Option<u32>,
    /// Lists the bytes of the member of this number instead of bytes of its own.
    same_as: Option<usize>,
}

/// How the bytes are packed; a number for one that nobody reads.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Method {
    Stored,
    #[default]
    Deflate,
    #[serde(untagged)]
    Number(u16),
}

fn yes() -> bool {
    true
}

/// What both headers say of a member.
#[derive(Clone)]
struct Facts {
    flags: u16,
    method: u16,
    crc: u32,
    packed: usize,
    size: usize,
    offset: usize,
}

impl Recipe {
    pub(in super::super) fn build(&self) -> Result<Vec<u8>, String> {
        let mut out = Out::little();
        out.raw(&join(&self.prefix)?);
        let mut all: Vec<Facts> = Vec::new();
        for entry in &self.members {
            let facts = match entry.same_as {
                Some(other) => all.get(other).cloned().ok_or_else(|| format!("`same-as` {other} comes later"))?,
                None => self.local(entry, &mut out)?,
            };
            all.push(facts);
        }
        if !self.directory {
            return Ok(out.bytes);
        }
        if !self.signing.is_empty() {
            out.raw(&block(&self.signing)?);
        }
        let start = out.len();
        let mut count = 0;
        for (entry, facts) in self.members.iter().zip(&all).filter(|(entry, _)| entry.listed) {
            self.central(entry, facts, &mut out)?;
            count += 1;
        }
        self.end(&mut out, start, count);
        Ok(out.bytes)
    }

    fn local(&self, entry: &Entry, out: &mut Out) -> Result<Facts, String> {
        let bytes = join(&entry.parts)?;
        let (method, packed) = match entry.method {
            Method::Stored => (0, bytes.clone()),
            Method::Deflate => (8, deflated(&bytes)?),
            Method::Number(number) => (number, bytes.clone()),
        };
        let name = entry.local_path.as_ref().unwrap_or(&entry.path).bytes()?;
        let utf8 = !name.is_ascii() && std::str::from_utf8(&name).is_ok();
        let facts = Facts {
            flags: u16::from(entry.encrypted) | u16::from(entry.descriptor) << 3 | u16::from(utf8) << 11,
            method,
            crc: entry.stated_crc.unwrap_or_else(|| crc(&bytes)),
            packed: packed.len(),
            size: entry.stated_size.map_or(bytes.len(), |size| usize::try_from(size).unwrap_or(usize::MAX)),
            offset: out.len(),
        };
        out.raw(b"PK\x03\x04");
        let extra = self.common(&facts, !entry.descriptor, name.len(), false, out);
        out.raw(&name);
        out.raw(&extra);
        out.raw(&packed);
        if entry.descriptor {
            out.raw(b"PK\x07\x08");
            out.u32(facts.crc);
            out.word(self.zip64, facts.packed);
            out.word(self.zip64, facts.size);
        }
        Ok(facts)
    }

    fn central(&self, entry: &Entry, facts: &Facts, out: &mut Out) -> Result<(), String> {
        let name = entry.path.bytes()?;
        out.raw(b"PK\x01\x02");
        out.u16(0x031e_u16); // made on Unix, so that the mode counts
        let extra = self.common(facts, true, name.len(), true, out);
        out.zeros(6);
        out.u32(entry.mode.unwrap_or(0o100_644) << 16);
        out.u32(if self.zip64 { usize::MAX } else { facts.offset });
        out.raw(&name);
        out.raw(&extra);
        Ok(())
    }

    /// The fields that both headers share, from the version needed to the lengths; what they leave to the extra field.
    fn common(&self, facts: &Facts, sized: bool, name: usize, central: bool, out: &mut Out) -> Vec<u8> {
        let mut extra = Out::little();
        if self.zip64 {
            extra.u16(1_u16);
            extra.u16(if central { 24_u16 } else { 16 });
            extra.u64(if sized { facts.size } else { 0 });
            extra.u64(if sized { facts.packed } else { 0 });
            if central {
                extra.u64(facts.offset);
            }
        }
        out.u16(if self.zip64 { 45_u16 } else { 20 });
        out.u16(facts.flags);
        out.u16(facts.method);
        out.u32(0x0021_0000_u32); // 1 January 1980
        out.u32(if sized { facts.crc } else { 0 });
        for size in [facts.packed, facts.size] {
            out.u32(if self.zip64 { usize::MAX } else { size * usize::from(sized) });
        }
        out.u16(name);
        out.u16(extra.len());
        extra.bytes
    }

    fn end(&self, out: &mut Out, start: usize, count: usize) {
        let length = out.len() - start;
        if self.zip64 {
            let at = out.place(b"PK\x06\x06");
            out.u64(44_u64);
            out.u16(45_u16);
            out.u16(45_u16);
            out.u64(0_u64);
            for number in [count, count, length, start] {
                out.u64(number);
            }
            out.raw(b"PK\x06\x07");
            out.u32(0_u32);
            out.u64(at);
            out.u32(1_u32);
        }
        out.raw(b"PK\x05\x06");
        out.u32(0_u32);
        for _ in 0..2 {
            out.u16(self.stated_members.map_or(count, usize::from));
        }
        out.u32(length);
        out.u32(if self.zip64 { usize::MAX } else { start });
        out.u16(self.comment.len());
        out.raw(self.comment.as_bytes());
    }
}
