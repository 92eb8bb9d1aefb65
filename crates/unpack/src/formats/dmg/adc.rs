//! Apple Data Compression: literals, and copies of two lengths.
use std::io;

/// Decodes a block of no more than `most` bytes.
pub(super) fn decode(packed: &[u8], most: usize) -> io::Result<Vec<u8>> {
    let (mut out, mut at) = (Vec::new(), 0);
    while out.len() < most
        && let Some(code) = packed.get(at).copied().map(usize::from)
    {
        let next = |by: usize| packed.get(at + by).copied().map(usize::from).ok_or(io::ErrorKind::UnexpectedEof);
        if code & 0x80 != 0 {
            let length = (code & 0x7f) + 1;
            out.extend_from_slice(packed.get(at + 1..at + 1 + length).ok_or(io::ErrorKind::UnexpectedEof)?);
            at += 1 + length;
            continue;
        }
        let (length, distance, taken) = if code & 0x40 != 0 {
            ((code & 0x3f) + 4, (next(1)? << 8) + next(2)? + 1, 3)
        } else {
            ((code >> 2) + 3, ((code & 3) << 8) + next(1)? + 1, 2)
        };
        let from = out.len().checked_sub(distance).ok_or_else(|| io::Error::other("a copy from before the start"))?;
        for place in from..from + length {
            let byte = out.get(place).copied().unwrap_or_default();
            out.push(byte);
        }
        at += taken;
    }
    out.truncate(most);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_and_both_copies() {
        assert_eq!(decode(b"\x82abc\x00\x00\x40\x00\x05", 100).unwrap(), b"abcccc\x61bcc"[..10].to_vec());
        assert!(decode(b"\x82ab", 100).is_err());
        assert!(decode(b"\x80a\x00\x09", 100).is_err());
    }
}
