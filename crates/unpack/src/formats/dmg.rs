//! Apple disk images (UDIF): blocks packed one by one, their places in tables in a property list behind them.
mod adc;
mod tables;

use std::cell::RefCell;
use std::io::{self, Read as _};
use std::rc::Rc;

use bzip2::bufread::BzDecoder;
use flate2::bufread::ZlibDecoder;
use interdict_model::{GapReason, Head, Malformed, Members, Source, Unpacker, Unseen};
use lzma_rust2::XzReader;

use self::tables::{Chunk, Method, SECTOR, chunks};
use super::xz::MEMORY;
use crate::field::{broken, from, range, u32_be, u64_be};
use crate::space::{Blocks, Piece, Space, stored};
use crate::volumes;

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "dmg",
    revision: 1,
    title: "Apple disk image (UDIF: raw, ADC, zlib, bzip2, LZFSE, LZMA)",
    limitations: &[
        "encrypted images are a gap",
        "images whose tables lie in a resource fork alone, as before Mac OS X 10.2, are a gap",
        "of an image in several segments, what lies in the others is a gap",
    ],
    accepts,
    unpack,
};

const TRAILER: u64 = 512;
const LOCKED: &[u8] = b"encrcdsa";

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(LOCKED) || trailer(head.bytes).is_some()
}

fn trailer(bytes: &[u8]) -> Option<&[u8]> {
    let trailer = from(bytes, (bytes.len() as u64).checked_sub(TRAILER)?);
    (trailer.starts_with(b"koly") && u32_be(trailer, 8) == Some(512)).then_some(trailer)
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let bytes = source.bytes;
    if bytes.starts_with(LOCKED) {
        let locked = Unseen::new(GapReason::Encrypted, format!("an encrypted disk image, {} bytes", bytes.len()));
        members.gap(locked.needing("the image's password"));
        return Ok(());
    }
    let trailer = trailer(bytes).ok_or(Malformed::NotThis)?;
    let field = |at| u64_be(trailer, at).unwrap_or_default();
    let list = range(bytes, field(216), field(224)).unwrap_or_default();
    let chunks = chunks(list, field(24));
    if u32_be(trailer, 60).is_some_and(|segments| segments > 1) {
        let missing = Unseen::new(GapReason::Missing, "one of several segments of a disk image");
        members.gap(missing.needing("the other segments of the image"));
    }
    if chunks.is_empty() {
        return Err(broken(field(216), "no table of blocks in the image's property list"));
    }
    let end = chunks.iter().map(|chunk| chunk.at.saturating_add(chunk.length)).max().unwrap_or_default();
    let unknown: Vec<&Chunk> = chunks.iter().filter(|chunk| matches!(chunk.method, Method::Unknown(_))).collect();
    if let Some(Method::Unknown(method)) = unknown.first().map(|chunk| chunk.method) {
        let length: u64 = unknown.iter().map(|chunk| chunk.packed).fold(0, u64::saturating_add);
        let detail = format!(
            "{} blocks of {length} bytes are packed by a method that is not known ({method:#x})",
            unknown.len()
        );
        members.gap(Unseen::new(GapReason::Unsupported, detail));
    }
    let disk = Disk { bytes, chunks, kept: RefCell::default() };
    let _ =
        volumes::of_disk(bytes, Space::new(&disk, end.max(field(492).saturating_mul(SECTOR)).min(LONGEST)), members);
    Ok(())
}

/// No disk is longer.
const LONGEST: u64 = 1 << 50;
/// Blocks that are kept decoded.
const KEPT: usize = 16;

struct Disk<'a> {
    bytes: &'a [u8],
    chunks: Vec<Chunk>,
    kept: RefCell<Vec<(u64, Rc<Vec<u8>>)>>,
}

impl Disk<'_> {
    fn decoded(&self, chunk: &Chunk) -> Result<Rc<Vec<u8>>, String> {
        if let Some((_, block)) = self.kept.borrow().iter().find(|(at, _)| *at == chunk.at) {
            return Ok(Rc::clone(block));
        }
        let packed = range(self.bytes, chunk.start, chunk.packed).ok_or("lies beyond the end")?;
        let block = Rc::new(decode(packed, chunk).map_err(|why| format!("cannot be decoded: {why}"))?);
        let mut kept = self.kept.borrow_mut();
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push((chunk.at, Rc::clone(&block)));
        Ok(block)
    }
}

fn decode(packed: &[u8], chunk: &Chunk) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    let most = usize::try_from(chunk.length).unwrap_or(usize::MAX);
    match chunk.method {
        Method::Zlib => ZlibDecoder::new(packed).take(chunk.length).read_to_end(&mut out)?,
        Method::Bzip2 => BzDecoder::new(packed).take(chunk.length).read_to_end(&mut out)?,
        Method::Lzma => XzReader::new_mem_limit(packed, false, MEMORY).take(chunk.length).read_to_end(&mut out)?,
        Method::Lzfse => {
            let mut decoder = lzfse_rust::LzfseRingDecoder::default();
            decoder.reader_bytes(packed).take(chunk.length).read_to_end(&mut out)?
        }
        Method::Adc => {
            out = adc::decode(packed, most)?;
            out.len()
        }
        Method::Raw | Method::Zero | Method::Unknown(_) => 0,
    };
    if out.len() < most { Err(io::ErrorKind::UnexpectedEof.into()) } else { Ok(out) }
}

impl Blocks for Disk<'_> {
    fn find(&self, at: u64) -> Piece<'_> {
        let next = self.chunks.partition_point(|chunk| chunk.at <= at);
        let until = self.chunks.get(next).map_or(u64::MAX, |chunk| chunk.at);
        let chunk = next.checked_sub(1).and_then(|index| self.chunks.get(index));
        let Some(chunk) = chunk.filter(|chunk| at < chunk.at.saturating_add(chunk.length)) else {
            return Piece::Zeros(until - at);
        };
        let within = at - chunk.at;
        // What the next one holds is its own, however long this one says it is.
        let left = (chunk.length - within).min(until - at);
        match chunk.method {
            Method::Zero => Piece::Zeros(left),
            Method::Raw => stored(self.bytes, chunk.start.saturating_add(within), left),
            Method::Unknown(kind) => Piece::Lost(left, format!("is packed by method {kind:#x}")),
            _ => match self.decoded(chunk) {
                Ok(block) => Piece::Decoded(block, usize::try_from(within).unwrap_or_default()),
                Err(why) => Piece::Lost(left, why),
            },
        }
    }
}
