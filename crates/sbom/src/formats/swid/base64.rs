//! Base64 as documents carry it: line breaks and missing padding are no matter.

/// The bytes of a text; `None` where it holds what is no base64.
pub(super) fn decoded(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0_u32);
    for byte in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' => break,
            _ => return None,
        };
        bits = (bits << 6 | u32::from(value)) & 0xff_ffff;
        held += 6;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from(bits >> held & 0xff).unwrap_or_default());
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_encoded_comes_back() {
        for (text, want) in [
            ("", ""),
            ("TQ==", "M"),
            ("TWE", "Ma"),
            ("TWFu", "Man"),
            ("S2Fz\n cGVy\r\nc2t5", "Kaspersky"),
            ("_-8=", "\u{fffd}\u{fffd}"),
        ] {
            assert_eq!(String::from_utf8_lossy(&decoded(text).unwrap()), want, "{text}");
        }
        assert_eq!(decoded("TW?u"), None);
    }
}
