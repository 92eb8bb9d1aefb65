//! Files that the system packed: a header in an attribute, the content behind it or in the resource fork, block by block.
use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};

use flate2::bufread::ZlibDecoder;

use super::trees::Leaves;
use crate::extents::Extents;
use crate::field::{u16_be, u32_be, u32_le, u64_le};
use crate::space::Space;

const BLOCK: u64 = 64 * 1024;
/// Attributes that are kept.
const MOST: usize = 1 << 20;
const NAME: &str = "com.apple.decmpfs";

/// The headers of packed files, by file.
pub(super) fn attributes(space: Space<'_>, extents: &Extents) -> BTreeMap<u32, Vec<u8>> {
    let mut found = BTreeMap::new();
    let Some(mut leaves) = Leaves::new(space, extents) else { return found };
    while let Some(Ok(leaf)) = leaves.next() {
        for (from, to) in &leaf.records {
            let record = leaf.bytes.get(*from..*to).unwrap_or_default();
            if let Some((file, header)) = attribute(record).filter(|_| found.len() < MOST) {
                found.insert(file, header.to_vec());
            }
        }
    }
    found
}

fn attribute(record: &[u8]) -> Option<(u32, &[u8])> {
    const INLINE: u32 = 0x10;
    let key = usize::from(u16_be(record, 0)?);
    let length = usize::from(u16_be(record, 12)?);
    let name = record.get(14..14 + length * 2)?;
    let is_it = name.chunks_exact(2).filter_map(|two| u16_be(two, 0)).eq(NAME.encode_utf16());
    let data = record.get((2 + key).next_multiple_of(2)..).filter(|_| is_it)?;
    let size = usize::try_from(u32_be(data, 12)?).ok().filter(|_| u32_be(data, 0) == Some(INLINE))?;
    Some((u32_be(record, 4)?, data.get(16..16 + size)?))
}

/// How long the content is.
pub(super) fn size(header: &[u8]) -> Option<u64> {
    u64_le(header, 8)
}

#[derive(Clone, Copy)]
enum Method {
    Plain,
    Zlib,
    Lzvn,
    Lzfse,
}

/// The content; an error says by which method it is packed.
pub(super) fn reader<'a>(
    header: &'a [u8],
    space: Space<'a>,
    resources: &'a Extents,
    length: u64,
) -> Result<impl Read + 'a, String> {
    let kind = u32_le(header, 4).filter(|_| header.starts_with(b"fpmc")).unwrap_or_default();
    let (method, is_inline) = match kind {
        1 => (Method::Plain, true),
        3 => (Method::Zlib, true),
        4 => (Method::Zlib, false),
        7 => (Method::Lzvn, true),
        8 => (Method::Lzvn, false),
        11 => (Method::Lzfse, true),
        12 => (Method::Lzfse, false),
        other => return Err(format!("packed by the file system's method {other}")),
    };
    let inline = header.get(16..).unwrap_or_default();
    let blocks = if is_inline { Vec::new() } else { places(method, space, resources, length) };
    let left = size(header).unwrap_or_default();
    let block = if is_inline { unpacked(method, inline, left.min(LARGEST)) } else { Ok(Vec::new()) };
    let (block, fault) = block.map_or_else(|why| (Vec::new(), Some(why)), |block| (block, None));
    Ok(Packed { method, space, resources, blocks: blocks.into_iter(), left, now: Cursor::new(block), fault })
}

/// What stands in an attribute is not longer.
const LARGEST: u64 = 16 << 20;

/// Where each block is in the resource fork.
fn places(method: Method, space: Space<'_>, resources: &Extents, length: u64) -> Vec<(u64, u64)> {
    let word = |at: u64| resources.range(space, at, 4).and_then(|four| u32_le(&four, 0)).map(u64::from);
    if let Method::Zlib = method {
        let begin = resources.range(space, 0, 4).and_then(|four| u32_be(&four, 0)).map(|at| u64::from(at) + 4);
        let Some(begin) = begin else { return Vec::new() };
        let count = word(begin).unwrap_or_default().min(length / 8);
        let place = |index: u64| Some((begin + word(begin + 4 + index * 8)?, word(begin + 8 + index * 8)?));
        return (0..count).map_while(place).collect();
    }
    let count = word(0).unwrap_or_default() / 4;
    let place =
        |index: u64| word(index * 4).zip(word(index * 4 + 4)).and_then(|(at, end)| Some((at, end.checked_sub(at)?)));
    (0..count.saturating_sub(1).min(length / 4)).map_while(place).collect()
}

/// One block; those that would not shrink stand as they are behind a byte that says so.
fn unpacked(method: Method, packed: &[u8], most: u64) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    match (method, packed.first()) {
        (Method::Plain, _) => out.extend_from_slice(packed),
        (Method::Zlib, Some(first)) if first & 0x0f == 0x0f => {
            out.extend_from_slice(packed.get(1..).unwrap_or_default());
        }
        (Method::Lzvn, Some(6)) | (Method::Lzfse, Some(0xff)) => {
            out.extend_from_slice(packed.get(1..).unwrap_or_default());
        }
        (Method::Zlib, _) => {
            ZlibDecoder::new(packed).take(most).read_to_end(&mut out)?;
        }
        (Method::Lzfse, _) => lzfse(packed, most, &mut out)?,
        (Method::Lzvn, _) => {
            // Without a frame of its own: given one.
            let (size, length) = (u32::try_from(most), u32::try_from(packed.len()));
            let (size, length) = (size.unwrap_or(u32::MAX), length.unwrap_or(u32::MAX));
            let framed = [b"bvxn".as_slice(), &size.to_le_bytes(), &length.to_le_bytes(), packed, b"bvx$"].concat();
            lzfse(&framed, most, &mut out)?;
        }
    }
    Ok(out)
}

fn lzfse(packed: &[u8], most: u64, out: &mut Vec<u8>) -> io::Result<()> {
    let mut decoder = lzfse_rust::LzfseRingDecoder::default();
    decoder.reader_bytes(packed).take(most).read_to_end(out).map(|_| ())
}

struct Packed<'a> {
    method: Method,
    space: Space<'a>,
    resources: &'a Extents,
    blocks: std::vec::IntoIter<(u64, u64)>,
    left: u64,
    now: Cursor<Vec<u8>>,
    fault: Option<io::Error>,
}

impl Read for Packed<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(fault) = self.fault.take() {
                return Err(fault);
            }
            let read = self.now.read(buffer)?;
            if read > 0 || buffer.is_empty() || self.left == 0 {
                self.left = self.left.saturating_sub(read as u64);
                return Ok(read);
            }
            let Some((at, length)) = self.blocks.next() else { return Err(io::ErrorKind::UnexpectedEof.into()) };
            let packed =
                self.resources.range(self.space, at, length.min(2 * BLOCK)).ok_or(io::ErrorKind::UnexpectedEof)?;
            self.now = Cursor::new(unpacked(self.method, &packed, self.left.min(BLOCK))?);
            if self.now.get_ref().is_empty() {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: u32, size: u64, inline: &[u8], fork: &[u8]) -> io::Result<Vec<u8>> {
        let header = [b"fpmc".as_slice(), &kind.to_le_bytes(), &size.to_le_bytes(), inline].concat();
        let mut resources = Extents::default();
        resources.push(0, fork.len() as u64);
        let mut out = Vec::new();
        let mut reader = reader(&header, fork.into(), &resources, fork.len() as u64).map_err(io::Error::other)?;
        reader.read_to_end(&mut out).map(|_| out)
    }

    fn zlib(content: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        flate2::bufread::ZlibEncoder::new(content, flate2::Compression::best()).read_to_end(&mut out).unwrap();
        out
    }

    #[test]
    fn in_the_attribute_and_in_the_fork() {
        let content: Vec<u8> = b"content, ".iter().copied().cycle().take(100_000).collect();
        let (first, second) = content.split_at(65_536);
        let size = content.len() as u64;
        assert_eq!(read(1, 3, b"abc", b"").unwrap(), b"abc");
        assert_eq!(read(3, size, &zlib(&content), b"").unwrap(), content);
        assert_eq!(read(3, 3, b"\xffabc", b"").unwrap(), b"abc");
        assert_eq!(read(7, 3, b"\x06abc", b"").unwrap(), b"abc");
        // Blocks of zlib behind a resource's header, placed from their count on.
        let (one, two) = (zlib(first), zlib(second));
        let mut fork = 16_u32.to_be_bytes().to_vec();
        fork.resize(20, 0);
        let places = [2, 20, one.len(), 20 + one.len(), two.len()];
        fork.extend(places.iter().flat_map(|place| u32::try_from(*place).unwrap().to_le_bytes()));
        fork.extend([one, two].concat());
        assert_eq!(read(4, size, b"", &fork).unwrap(), content);
        assert!(read(4, size, b"", &fork[..fork.len() - 1]).is_err());
        // Blocks of LZFSE, placed by a table of where each begins and the last one ends.
        let packed = [first, second].map(|part| {
            let mut out = Vec::new();
            lzfse_rust::encode_bytes(part, &mut out).unwrap();
            out
        });
        let ends = [12, 12 + packed[0].len(), 12 + packed[0].len() + packed[1].len()];
        let mut fork: Vec<u8> = ends.iter().flat_map(|end| u32::try_from(*end).unwrap().to_le_bytes()).collect();
        fork.extend(packed.concat());
        assert_eq!(read(12, size, b"", &fork).unwrap(), content);
        assert!(read(99, size, b"", &fork).is_err());
    }
}
