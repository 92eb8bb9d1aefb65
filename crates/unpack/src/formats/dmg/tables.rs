//! The tables of blocks: base64 in a property list, `mish` and runs of sectors.
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::field::{range, u32_be, u64_be};

pub(super) const SECTOR: u64 = 512;
/// No decoded block is longer.
const BLOCK: u64 = 64 << 20;
/// In all tables.
const MOST: usize = 8 << 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Method {
    Zero,
    Raw,
    Adc,
    Zlib,
    Bzip2,
    Lzfse,
    Lzma,
    Unknown(u32),
}

/// So many bytes of the disk from a place on, and where they are in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chunk {
    pub(super) at: u64,
    pub(super) length: u64,
    pub(super) start: u64,
    pub(super) packed: u64,
    pub(super) method: Method,
}

/// All chunks of all tables, in the order of the disk.
pub(super) fn chunks(list: &[u8], shift: u64) -> Vec<Chunk> {
    let (mut chunks, mut rest) = (Vec::new(), list);
    while let Some(begin) = memchr::memmem::find(rest, b"<data>") {
        let after = rest.get(begin + 6..).unwrap_or_default();
        let end = memchr::memmem::find(after, b"</data>").unwrap_or(after.len());
        let text: Vec<u8> =
            after.get(..end).unwrap_or_default().iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        if let Ok(table) = STANDARD.decode(&text) {
            read(&table, shift, &mut chunks);
        }
        rest = after.get(end..).unwrap_or_default();
    }
    chunks.sort_by_key(|chunk| chunk.at);
    chunks
}

fn read(table: &[u8], shift: u64, chunks: &mut Vec<Chunk>) {
    let Some((first, data)) = u64_be(table, 8).zip(u64_be(table, 24)).filter(|_| table.starts_with(b"mish")) else {
        return;
    };
    for index in 0..u64::from(u32_be(table, 200).unwrap_or_default()) {
        let Some(entry) = range(table, 204 + index * 40, 40).filter(|_| chunks.len() < MOST) else { return };
        let field = |at| u64_be(entry, at).unwrap_or_default();
        let method = match u32_be(entry, 0).unwrap_or_default() {
            0 | 2 => Method::Zero,
            1 => Method::Raw,
            0x8000_0004 => Method::Adc,
            0x8000_0005 => Method::Zlib,
            0x8000_0006 => Method::Bzip2,
            0x8000_0007 => Method::Lzfse,
            0x8000_0008 => Method::Lzma,
            // A comment, and the end.
            0x7fff_fffe | 0xffff_ffff => continue,
            other => Method::Unknown(other),
        };
        let length = field(16).saturating_mul(SECTOR);
        let is_kept = matches!(method, Method::Zero | Method::Raw | Method::Unknown(_));
        let method = if is_kept || length <= BLOCK { method } else { Method::Unknown(u32::MAX) };
        if length > 0 {
            chunks.push(Chunk {
                at: first.saturating_add(field(8)).saturating_mul(SECTOR),
                length,
                start: shift.saturating_add(data).saturating_add(field(24)),
                packed: field(32),
                method,
            });
        }
    }
}
