//! Pictures, fonts and sounds inside a program: bytes that look like noise, and of which everybody knows what they are.
use memchr::memmem;

use crate::field::{u16_be, u32_be, u32_le};

/// Tells how long the thing is that begins here.
type Length = fn(&[u8]) -> Option<usize>;

const KINDS: &[(&[u8], Length)] = &[
    (b"\x89PNG\r\n\x1a\n", png),
    (b"\xff\xd8\xff", jpeg),
    (b"RIFF", riff),
    (b"OggS", ogg),
    (b"wOFF", font),
    (b"wOF2", font),
];

/// From where to where each stands.
pub(super) fn ranges(bytes: &[u8]) -> Vec<(usize, usize)> {
    let mut all = Vec::new();
    for (mark, length) in KINDS {
        let mut from = 0;
        while let Some(at) = bytes.get(from..).and_then(|rest| memmem::find(rest, mark)).map(|at| from + at) {
            let end = bytes.get(at..).and_then(length).and_then(|length| at.checked_add(length));
            let end = end.filter(|end| *end <= bytes.len());
            all.extend(end.map(|end| (at, end)));
            from = end.unwrap_or(at + 1).max(at + 1);
        }
    }
    all.sort_unstable();
    all
}

/// Chunks of a length and four letters, up to the one that ends it.
fn png(held: &[u8]) -> Option<usize> {
    let mut at = 8_usize;
    loop {
        let (length, kind) = (usize::try_from(u32_be(held, at)?).ok()?, held.get(at + 4..at + 8)?);
        if !kind.iter().all(u8::is_ascii_alphabetic) {
            return None;
        }
        at = at.checked_add(12)?.checked_add(length)?;
        if kind == b"IEND" {
            return Some(at);
        }
    }
}

/// Segments up to the scan, which ends with the mark of the end.
fn jpeg(held: &[u8]) -> Option<usize> {
    let mut at = 2_usize;
    loop {
        let [0xff, kind @ 0xc0..=0xfe] = *held.get(at..at + 2)? else { return None };
        let length = usize::from(u16_be(held, at + 2)?);
        at = at.checked_add(2 + length).filter(|_| length >= 2)?;
        if kind == 0xda {
            return memmem::find(held.get(at..)?, b"\xff\xd9").map(|end| at + end + 2);
        }
    }
}

/// Pictures and sounds; the kind stands behind the length.
fn riff(held: &[u8]) -> Option<usize> {
    let is_known = matches!(held.get(8..12)?, b"WEBP" | b"WAVE" | b"AVI ");
    usize::try_from(u32_le(held, 4)?).ok().filter(|_| is_known)?.checked_add(8)
}

/// Page after page, each with the lengths of what it holds.
fn ogg(held: &[u8]) -> Option<usize> {
    let mut at = 0_usize;
    while let Some(page) = held.get(at..).filter(|page| page.starts_with(b"OggS\0")) {
        let count = usize::from(*page.get(26)?);
        let body: usize = page.get(27..27 + count)?.iter().map(|length| usize::from(*length)).sum();
        at = at.checked_add(27 + count + body)?;
    }
    (at > 0).then_some(at)
}

/// Web fonts say how long they are.
fn font(held: &[u8]) -> Option<usize> {
    let is_known = matches!(held.get(4..8)?, b"\0\x01\0\0" | b"OTTO" | b"true" | b"ttcf");
    usize::try_from(u32_be(held, 8)?).ok().filter(|length| is_known && *length > 44)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_as_long_as_it_says() {
        let chunk = |kind: &[u8], body: &[u8]| {
            [&u32::try_from(body.len()).unwrap_or(0).to_be_bytes(), kind, body, &[0; 4]].concat()
        };
        let png = [&b"\x89PNG\r\n\x1a\n"[..], &chunk(b"IHDR", &[0; 13]), &chunk(b"IEND", b"")].concat();
        let jpeg = b"\xff\xd8\xff\xe0\0\x04JF\xff\xda\0\x02abc\xff\x00def\xff\xd9".to_vec();
        let riff = b"RIFF\x08\0\0\0WEBPabcd".to_vec();
        let ogg = [&b"OggS\0\x02"[..], &[0; 20], &[2, 3, 4], b"abcdefg"].concat();
        let font = [&b"wOF2\0\x01\0\0\0\0\0\x40"[..], &[7; 52]].concat();
        for one in [png, jpeg, riff, ogg, font] {
            let bytes = [b"before", one.as_slice(), b"behind"].concat();
            assert_eq!(ranges(&bytes), [(6, 6 + one.len())], "{:?}", one.get(..4));
            for cut in 0..one.len() {
                assert_eq!(ranges(one.get(..cut).unwrap_or_default()), [], "{:?} cut at {cut}", one.get(..4));
            }
        }
        assert_eq!(ranges(b"\xff\xd8\xff\x00\x89PNG\r\n\x1a\nRIFF\x01\0\0\0text"), []);
    }
}
