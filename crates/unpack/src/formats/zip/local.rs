//! The header before each member's data (APPNOTE 6.3.10 §4.3.7).
use std::io::Read as _;

use flate2::bufread::DeflateDecoder;
use interdict_model::Members;

use super::directory::large_fields;
use super::{Entry, LATER};
use crate::field::{from, range, u16_le, u32_le};

pub(super) struct Local<'a> {
    at: u64,
    pub(super) flags: u16,
    method: u16,
    packed: u64,
    size: u64,
    crc: u32,
    pub(super) name: &'a [u8],
    /// Where the data begins.
    pub(super) data: u64,
}

/// Decoding only to find a member's end stops here.
const MEASURE: u64 = 1 << 30;

impl<'a> Local<'a> {
    pub(super) fn parse(bytes: &'a [u8], at: u64) -> Option<Self> {
        let header = range(bytes, at, 30)?;
        if !header.starts_with(b"PK\x03\x04") {
            return None;
        }
        let (name, extra) = (u64::from(u16_le(header, 26)?), u64::from(u16_le(header, 28)?));
        let name_at = at + 30;
        let mut entry = Entry {
            name: range(bytes, name_at, name)?,
            flags: u16_le(header, 6)?,
            method: u16_le(header, 8)?,
            packed: u64::from(u32_le(header, 18)?),
            size: u64::from(u32_le(header, 22)?),
            crc: None,
            header: 0,
            is_link: false,
            disk: 0,
        };
        large_fields(range(bytes, name_at + name, extra).unwrap_or_default(), &mut entry);
        Some(Self {
            at,
            flags: entry.flags,
            method: entry.method,
            packed: entry.packed,
            size: entry.size,
            crc: u32_le(header, 14)?,
            name: entry.name,
            data: name_at + name + extra,
        })
    }

    /// Its fixed fields, its name and its data; what else stands between them is nobody's.
    pub(super) fn claim(&self, bytes: &[u8], packed: u64, members: &mut dyn Members) {
        let named = 30 + self.name.len() as u64;
        for (start, length) in [(self.at, named), (self.data, packed)] {
            members.claims(range(bytes, start, length).unwrap_or_else(|| from(bytes, start)));
        }
    }

    /// Four bytes in compressed data may look like a header; a name of printable bytes and a known method do not, nor does
    /// a header behind whose data the next one stands.
    pub(super) fn is_plausible(&self, bytes: &[u8]) -> bool {
        let is_usual = !self.name.is_empty()
            && self.name.iter().all(|byte| *byte >= b' ')
            && (self.method <= 20 || self.method >= 90 && self.method <= 99);
        is_usual || self.is_followed(bytes)
    }

    fn is_followed(&self, bytes: &[u8]) -> bool {
        let entry = self.entry(bytes);
        let next = range(bytes, self.data.saturating_add(entry.packed), 4).unwrap_or_default();
        [b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"].iter().any(|mark| next == mark.as_slice())
    }

    /// As the directory would list it. Sizes that follow the data are found by decoding, or by the next header.
    pub(super) fn entry(&self, bytes: &'a [u8]) -> Entry<'a> {
        let mut entry = Entry {
            name: self.name,
            flags: self.flags,
            method: self.method,
            packed: self.packed,
            size: self.size,
            crc: (self.flags & LATER == 0).then_some(self.crc),
            header: self.at,
            is_link: false,
            disk: 0,
        };
        if self.flags & LATER != 0 && self.packed == 0 {
            let rest = from(bytes, self.data);
            entry.packed = if self.method == 8 { measured(rest) } else { until_next(rest) };
        }
        entry
    }
}

fn measured(packed: &[u8]) -> u64 {
    let mut decoder = DeflateDecoder::new(packed);
    let _ = std::io::copy(&mut decoder.by_ref().take(MEASURE), &mut std::io::sink());
    decoder.total_in()
}

fn until_next(rest: &[u8]) -> u64 {
    let ends = [b"PK\x03\x04".as_slice(), b"PK\x07\x08", b"PK\x01\x02"];
    ends.iter().filter_map(|mark| memchr::memmem::find(rest, mark)).min().unwrap_or(rest.len()) as u64
}
