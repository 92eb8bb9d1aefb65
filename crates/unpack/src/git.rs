//! What Git keeps beside a working tree: objects, packs of them, and the indexes of packs; known, and not opened.
use std::io::Read;

use flate2::read::ZlibDecoder;
use interdict_model::Head;

/// Digits of an object's name, by SHA-1 and by SHA-256.
const NAMES: [usize; 2] = [40, 64];
/// Of these, the first two are the name of the folder that an object lies in.
const FOLDER: usize = 2;

/// What part of a store this file is, told by its name and by its structure.
pub(crate) fn part(head: &Head<'_>) -> Option<&'static str> {
    let is_digits = |text: &str, less: usize| {
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        NAMES.iter().any(|digits| text.len() + less == *digits) && text.bytes().all(is_digit)
    };
    if is_digits(head.name, FOLDER) {
        return is_object(head.bytes).then_some("git-object");
    }
    let (name, kind) = head.name.strip_prefix("pack-")?.split_once('.')?;
    match kind {
        "pack" if is_digits(name, 0) && is_pack(head.bytes) => Some("git-pack"),
        "idx" if is_digits(name, 0) && is_index(head.bytes) => Some("git-pack-index"),
        _ => None,
    }
}

/// A zlib stream that begins with a kind, a space, a length and a zero (gitformat-loose).
fn is_object(bytes: &[u8]) -> bool {
    const LONGEST: u64 = 32;
    let mut header = Vec::new();
    // A stream that is longer is cut here, and one that is broken behind it has said enough.
    let _ = ZlibDecoder::new(bytes).take(LONGEST).read_to_end(&mut header);
    let Some(end) = header.iter().position(|byte| *byte == 0) else { return false };
    let header = header.get(..end).and_then(|header| std::str::from_utf8(header).ok()).unwrap_or_default();
    let (kind, length) = header.split_once(' ').unwrap_or_default();
    matches!(kind, "blob" | "tree" | "commit" | "tag")
        && !length.is_empty()
        && length.bytes().all(|byte| byte.is_ascii_digit())
}

/// Version 2 or 3, with objects in it of which the first is of a kind that there is (gitformat-pack).
fn is_pack(bytes: &[u8]) -> bool {
    let (version, count) = (word(bytes, 4), word(bytes, 8));
    let first = bytes.get(12).map(|byte| byte >> 4 & 7);
    bytes.starts_with(b"PACK")
        && matches!(version, Some(2 | 3))
        && count > Some(0)
        && matches!(first, Some(1..=4 | 6 | 7))
}

/// Version 2: a table of 256 counts that never fall, and room for what the last of them says and no more than that.
fn is_index(bytes: &[u8]) -> bool {
    const TABLE: usize = 8;
    let counts: Vec<u32> = (0..256).filter_map(|at| word(bytes, TABLE + at * 4)).collect();
    let (true, Some(all)) = (counts.is_sorted(), counts.last()) else { return false };
    let sizes = NAMES.map(|digits| {
        let (name, all) = (digits as u64 / 2, u64::from(*all));
        let least = TABLE as u64 + 256 * 4 + all * (name + 4 + 4) + 2 * name;
        least..=least + all * 8
    });
    bytes.starts_with(b"\xfftOc\0\0\0\x02")
        && counts.len() == 256
        && sizes.iter().any(|size| size.contains(&(bytes.len() as u64)))
}

fn word(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4).and_then(|four| four.first_chunk()).map(|four| u32::from_be_bytes(*four))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::*;

    fn deflated(text: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn told_by_name_and_structure() {
        let digits = "0123456789abcdef0123456789abcdef01234567";
        let (object, pack) = (digits[2..].to_owned(), format!("pack-{digits}.pack"));
        let mut index = b"\xfftOc\0\0\0\x02".to_vec();
        index.extend([[0; 4]; 255].concat());
        index.extend([0, 0, 0, 1]);
        index.extend([0x5a; 28 + 40]);
        let index_name = format!("pack-{digits}.idx");
        for (name, bytes, want) in [
            (object.as_str(), deflated(b"blob 12\0hello"), Some("git-object")),
            (&object, deflated(b"blob of something\0"), None),
            (&object, deflated(b"MZ"), None),
            (&object, b"\x78\x01".to_vec(), None),
            ("object", deflated(b"blob 12\0hello"), None),
            (&pack, b"PACK\0\0\0\x02\0\0\0\x01\x95".to_vec(), Some("git-pack")),
            (&pack, b"PACK\0\0\0\x02\0\0\0\0\x95".to_vec(), None),
            ("x.pack", b"PACK\0\0\0\x02\0\0\0\x01\x95".to_vec(), None),
            (&index_name, index.clone(), Some("git-pack-index")),
            (&index_name, [index.as_slice(), &[0; 9]].concat(), None),
            (&index_name, index[..100].to_vec(), None),
        ] {
            assert_eq!(part(&Head { bytes: &bytes, name }), want, "{name} {}", bytes.len());
        }
    }
}
