//! Streams that hold one file, and mostly no name for it.
use std::io::Write as _;

use super::{Out, adler32, crc32, zlib};

pub(super) fn bzip2(_: &str, inside: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::best());
    encoder.write_all(inside).expect("memory takes it");
    encoder.finish().expect("memory takes it")
}

/// One frame of blocks that are stored.
pub(super) fn lz4(_: &str, inside: &[u8]) -> Vec<u8> {
    // Version 1, blocks of their own, up to 4 MiB each; behind them the second byte of their XXH32.
    let mut out = Out::default().put(b"\x04\x22\x4d\x18\x60\x70\x73");
    for block in inside.chunks(4 << 20) {
        out = out.le32(block.len() | 1 << 31).put(block);
    }
    out.le32(0).0
}

pub(super) fn lzop(name: &str, inside: &[u8]) -> Vec<u8> {
    const ADLER_OF_CONTENT: usize = 1;
    let header = Out::default().be16(0x1030).be16(0x2080).be16(0x0940).byte(1).byte(5).be32(ADLER_OF_CONTENT);
    let header = header.be32(0o100_644).be32(0).be32(0).byte(u8::try_from(name.len()).unwrap_or(0)).put(name).0;
    let mut out = Out::default().put(b"\x89LZO\0\r\n\x1a\n").put(&header).be32(adler32(&header));
    for block in inside.chunks(256 << 10) {
        out = out.be32(block.len()).be32(block.len()).be32(adler32(block)).put(block);
    }
    out.be32(0).0
}

pub(super) fn pbzx(name: &str, inside: &[u8]) -> Vec<u8> {
    let mut out = Out::default().put("pbzx").be64(1 << 24);
    for piece in inside.chunks(1 << 24) {
        let packed = xz(name, piece);
        out = out.be64(piece.len()).be64(packed.len()).put(packed);
    }
    out.0
}

/// One block, one filter, LZMA2 in pieces that are stored.
pub(super) fn xz(_: &str, inside: &[u8]) -> Vec<u8> {
    fn number(mut out: Out, mut number: usize) -> Out {
        while number >= 0x80 {
            out = out.byte(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        out.byte(number.to_le_bytes()[0])
    }
    const FLAGS: &[u8] = b"\0\x01";
    const HEADER: &[u8] = b"\x02\0\x21\x01\x10\0\0\0";
    let mut block = Out::default().put(HEADER).le32(crc32(HEADER));
    for (index, piece) in inside.chunks(1 << 16).enumerate() {
        block = block.byte(if index == 0 { 1 } else { 2 }).be16(piece.len() - 1).put(piece);
    }
    let block = block.byte(0);
    let unpadded = block.0.len() + 4;
    let block = block.pad(4).le32(crc32(inside));
    let index = number(number(Out::default().byte(0).byte(1), unpadded), inside.len()).pad(4).0;
    let size = Out::default().le32(index.len() / 4).put(FLAGS).0;
    let out = Out::default().put(b"\xfd7zXZ\0").put(FLAGS).le32(crc32(FLAGS)).put(block.0);
    out.put(&index).le32(crc32(&index)).le32(crc32(&size)).put(size).put("YZ").0
}

pub(super) fn zisofs(_: &str, inside: &[u8]) -> Vec<u8> {
    const LOG: u8 = 15;
    let blocks: Vec<Vec<u8>> = inside.chunks(1 << LOG).map(zlib).collect();
    let mut out = Out::default().put([0x37, 0xe4, 0x53, 0x96, 0xc9, 0xdb, 0xd6, 0x07]);
    out = out.le32(inside.len()).put([4, LOG, 0, 0]);
    let mut at = 16 + 4 * (blocks.len() + 1);
    out = out.le32(at);
    for block in &blocks {
        at += block.len();
        out = out.le32(at);
    }
    blocks.iter().fold(out, Out::put).0
}

/// One frame of one segment, in blocks that are stored.
pub(super) fn zstd(_: &str, inside: &[u8]) -> Vec<u8> {
    const BLOCK: usize = 100 << 10;
    let mut out = Out::default().put(b"\x28\xb5\x2f\xfd\xa0").le32(inside.len());
    let count = inside.len().div_ceil(BLOCK).max(1);
    for index in 0..count {
        let block = inside.get(index * BLOCK..inside.len().min((index + 1) * BLOCK)).unwrap_or_default();
        let head = block.len() << 3 | usize::from(index + 1 == count);
        out = out.put(head.to_le_bytes().get(..3).unwrap_or_default()).put(block);
    }
    out.0
}

pub(super) fn zlib_stream(_: &str, inside: &[u8]) -> Vec<u8> {
    zlib(inside)
}
