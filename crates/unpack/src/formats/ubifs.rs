//! UBIFS: nodes with keys and a number that grows; the index beside them is not asked.
use interdict_model::{GapReason, Head, Malformed, Members, Source, Unpacker, Unseen};

use crate::field::{from, range, u16_le, u32_le, u64_le};
use crate::log_files::{Log, Method, Piece};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "ubifs",
    revision: 1,
    title: "UBIFS file system (LZO, zlib, Zstandard)",
    limitations: &[
        "deleted files are not seen; what was deleted, and is named by what was not written over yet, is",
        "encrypted files are offered as they are",
    ],
    accepts,
    unpack,
};

const MAGIC: &[u8] = b"\x31\x18\x10\x06";
const FILE: u8 = 0;
const DATA: u8 = 1;
const NAME: u8 = 2;
const SHORTENED: u8 = 4;
/// Of the head of a node.
const HEADER: u64 = 24;
/// Of what is said of a file, before what a link means.
const BEFORE_LINK: u64 = 160;
/// What a piece of a file stands for.
const BLOCK: u64 = 4096;
/// Of a key's second word: what tells nodes of one file apart, below the kind.
const OF_KIND: u32 = (1 << 29) - 1;

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(MAGIC) && node(head.bytes, 0).is_some()
}

/// The node here, where it agrees with its checksum; its kind.
fn node(bytes: &[u8], at: u64) -> Option<(u8, &[u8])> {
    let header = range(bytes, at, HEADER).filter(|header| header.starts_with(MAGIC))?;
    let node = range(bytes, at, u64::from(u32_le(header, 16)?)).filter(|node| node.len() as u64 >= HEADER)?;
    let mut sum = flate2::Crc::new();
    sum.update(node.get(8..)?);
    // The bits are not turned at the end.
    (!sum.sum() == u32_le(header, 4)?).then_some((*header.get(20)?, node))
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let bytes = source.bytes;
    if !accepts(&source.head()) {
        return Err(Malformed::NotThis);
    }
    let (mut log, mut lost, mut until) = (Log::default(), 0_u64, 0);
    for at in memchr::memmem::find_iter(bytes, MAGIC).map(|at| at as u64) {
        // What a file holds may be an image itself.
        if at < until || at % 8 != 0 {
            continue;
        }
        let Some((kind, node)) = node(bytes, at) else {
            lost += 1;
            continue;
        };
        until = at + node.len() as u64;
        let is_read = match kind {
            // The room for a signature that is not there looks like a file, and is too short for one.
            FILE if (node.len() as u64) < BEFORE_LINK => Some(()),
            FILE => {
                members.entry(b"");
                file(node, &mut log)
            }
            DATA => data(node, &mut log),
            NAME => name(node, &mut log),
            SHORTENED => shortened(node, &mut log),
            _ => Some(()),
        };
        lost += u64::from(is_read.is_none());
    }
    if log.offer(members).is_break() {
        return Ok(());
    }
    if lost > 0 {
        let detail = format!("{lost} nodes do not agree with their checksums or break off; what they say was not read");
        members.gap(Unseen::new(GapReason::Malformed, detail).needing("an intact copy"));
    }
    stated(bytes).filter(|stated| *stated > bytes.len() as u64).map_or(Ok(()), |stated| {
        let detail = format!("the image breaks off: it needs {stated} bytes or more, {} are there", bytes.len());
        Err(Malformed::at(format!("offset {:#x}", bytes.len()), detail))
    })
}

/// How much of its volume the image takes at least, by its first node and by the master's.
fn stated(bytes: &[u8]) -> Option<u64> {
    let (_, first) = node(bytes, 0)?;
    let block = u64::from(u32_le(first, 36)?);
    let Some((_, master)) = node(bytes, block) else { return Some(block.saturating_mul(3)) };
    let word = |at| u32_le(master, at).map(u64::from);
    // Where the root of its index ends.
    word(48)?.checked_mul(block)?.checked_add(word(52)?)?.checked_add(word(56)?)
}

fn file<'a>(node: &'a [u8], log: &mut Log<'a>) -> Option<()> {
    let inline = range(node, BEFORE_LINK, u64::from(u32_le(node, 112)?))?;
    log.file(u64::from(u32_le(node, 24)?), u64_le(node, 8)?, u64_le(node, 48)?, u32_le(node, 104)?, inline);
    Some(())
}

fn data<'a>(node: &'a [u8], log: &mut Log<'a>) -> Option<()> {
    let (number, block) = (u64::from(u32_le(node, 24)?), u64::from(u32_le(node, 28)? & OF_KIND));
    let method = match u16_le(node, 44)? {
        0 => Method::None,
        1 => Method::Lzo,
        2 => Method::Deflate,
        3 => Method::Zstd,
        other => Method::Other(other),
    };
    let piece = Piece {
        version: u64_le(node, 8)?,
        at: block * BLOCK,
        size: u64::from(u32_le(node, 40)?),
        method,
        packed: from(node, 48),
    };
    log.piece(number, piece);
    Some(())
}

/// What lay behind the new end is nothing, whatever was written there before.
fn shortened(node: &[u8], log: &mut Log<'_>) -> Option<()> {
    let (from, to, version) = (u64_le(node, 48)?, u64_le(node, 40)?, u64_le(node, 8)?);
    let piece = Piece { version, at: from, size: to.saturating_sub(from), method: Method::Zero, packed: &[] };
    log.piece(u64::from(u32_le(node, 24)?), piece);
    Some(())
}

fn name<'a>(node: &'a [u8], log: &mut Log<'a>) -> Option<()> {
    let name = range(node, 56, u64::from(u16_le(node, 50)?))?;
    log.name(u64::from(u32_le(node, 24)?), name, u64_le(node, 8)?, u64_le(node, 40)?);
    Some(())
}
