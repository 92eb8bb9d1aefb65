//! Archives with names, their members stored.
use super::{Out, crc32, zlib};
use crate::archives::gzip;
use crate::canary::files::cpio;

pub(super) fn asar(name: &str, inside: &[u8]) -> Vec<u8> {
    let text = format!("{{\"files\":{{\"{name}\":{{\"size\":{},\"offset\":\"0\"}}}}}}", inside.len());
    let padded = text.len().next_multiple_of(4);
    let head = Out::default().le32(4).le32(padded + 8).le32(padded + 4).le32(text.len());
    head.put(text).pad(4).put(inside).0
}

pub(super) fn cab(name: &str, inside: &[u8]) -> Vec<u8> {
    let pieces: Vec<&[u8]> = inside.chunks(1 << 15).collect();
    let files = 36 + 8;
    let data = files + 16 + name.len() + 1;
    let size = data + pieces.iter().map(|piece| 8 + piece.len()).sum::<usize>();
    let head = Out::default().put("MSCF").le32(0).le32(size).le32(0).le32(files).le32(0).put([3, 1]);
    let head = head.le16(1).le16(1).le16(0).le16(1).le16(0);
    let folder = head.le32(data).le16(pieces.len()).le16(0);
    let file = folder.le32(inside.len()).le32(0).le16(0).le16(0x5421).le16(0).le16(0x20).put(name).byte(0);
    pieces.iter().fold(file, |out, piece| out.le32(0).le16(piece.len()).le16(piece.len()).put(piece)).0
}

/// A header of level 0, method `-lh0-`.
pub(super) fn lha(name: &str, inside: &[u8]) -> Vec<u8> {
    let mut crc = 0_usize;
    for byte in inside {
        crc ^= usize::from(*byte);
        (0..8).for_each(|_| crc = if crc & 1 == 1 { crc >> 1 ^ 0xa001 } else { crc >> 1 });
    }
    let head = Out::default().put("-lh0-").le32(inside.len()).le32(inside.len()).le32(0x5421_0000).put([0x20, 0]);
    let head = head.byte(u8::try_from(name.len()).unwrap_or(0)).put(name).le16(crc).0;
    let sum = head.iter().fold(0_u8, |sum, byte| sum.wrapping_add(*byte));
    let length = u8::try_from(head.len()).unwrap_or(0);
    Out::default().byte(length).byte(sum).put(head).put(inside).byte(0).0
}

/// The fifth format of RAR.
pub(super) fn rar(name: &str, inside: &[u8]) -> Vec<u8> {
    fn number(out: Out, number: usize) -> Out {
        // Always of five bytes: more than it needs is allowed.
        (0..5).fold(out, |out, at| {
            let seven = (number >> (7 * at)).to_le_bytes()[0] & 0x7f;
            out.byte(if at < 4 { seven | 0x80 } else { seven })
        })
    }
    fn block(out: Out, head: &[u8]) -> Out {
        let sized = number(Out::default(), head.len()).put(head).0;
        out.le32(crc32(&sized)).put(sized)
    }
    const DATA_FOLLOWS: u8 = 2;
    const HAS_CRC: u8 = 4;
    let file = number(number(Out::default().byte(2).byte(DATA_FOLLOWS), inside.len()).byte(HAS_CRC), inside.len());
    let file = file.byte(0).le32(crc32(inside)).byte(0).byte(1).byte(u8::try_from(name.len()).unwrap_or(0)).put(name);
    let out = block(Out::default().put(b"Rar!\x1a\x07\x01\0"), &[1, 0, 0]);
    block(block(out, &file.0).put(inside), &[5, 0, 0]).0
}

/// Lead, an empty signature, a header of one tag, and the payload.
pub(super) fn rpm(name: &str, inside: &[u8]) -> Vec<u8> {
    const NAME: usize = 1000;
    const TEXT: usize = 6;
    let header = |tags: &[(usize, &str)]| {
        let data = tags.iter().fold(Out::default(), |out, (_, text)| out.put(text).byte(0)).0;
        let out = Out::default().put(b"\x8e\xad\xe8\x01\0\0\0\0").be32(tags.len()).be32(data.len());
        let mut at = 0;
        let out = tags.iter().fold(out, |out, (tag, text)| {
            let out = out.be32(*tag).be32(TEXT).be32(at).be32(1);
            at += text.len() + 1;
            out
        });
        out.put(data).0
    };
    let lead = Out::default().put(b"\xed\xab\xee\xdb\x03\0\0\0\0\x01a-1-1").to(76).be16(1).be16(5).to(96);
    lead.put(header(&[])).pad(8).put(header(&[(NAME, "a")])).put(gzip(&cpio(name, inside))).0
}

pub(super) fn seven_zip(name: &str, inside: &[u8]) -> Vec<u8> {
    let number = |out: Out, number: usize| out.byte(0xff).le64(number);
    let wide: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
    // The packed stream; one folder of one coder, which copies; sizes and sums; one file with its name.
    let head = number(Out::default().put([1, 4, 6, 0, 1, 9]), inside.len()).put([0, 7, 0x0b, 1, 0, 1, 1, 0, 0x0c]);
    let head = number(head, inside.len()).put([0x0a, 1]).le32(crc32(inside)).put([0, 8, 0, 0, 5, 1, 0x11]);
    let head = number(head, wide.len() + 1).byte(0).put(wide).put([0, 0]).0;
    let start = Out::default().le64(inside.len()).le64(head.len()).le32(crc32(&head)).0;
    Out::default().put(b"7z\xbc\xaf\x27\x1c\0\x04").le32(crc32(&start)).put(start).put(inside).put(head).0
}

pub(super) fn xar(name: &str, inside: &[u8]) -> Vec<u8> {
    let toc = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><xar><toc><file id=\"1\"><name>{name}</name><type>file</type><data><offset>0</offset><size>{0}</size><length>{0}</length><encoding style=\"application/octet-stream\"/></data></file></toc></xar>",
        inside.len()
    );
    let packed = zlib(toc.as_bytes());
    let head = Out::default().put("xar!").be16(28).be16(1).be64(packed.len()).be64(toc.len()).be32(0);
    head.put(packed).put(inside).0
}
