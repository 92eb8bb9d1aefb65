//! Base64, as far as it goes: what is no digit is passed over.

/// The bytes that these digits stand for.
pub(crate) fn decoded(digits: &[u8]) -> Vec<u8> {
    let mut out = Decoder::default();
    for digit in digits.iter().take_while(|digit| **digit != b'=') {
        out.digit(*digit);
    }
    out.bytes
}

/// The same of digits that may stand in the strings of a program or document: `\n`, and what is between two strings, are no digits.
pub(crate) fn quoted(text: &[u8]) -> Vec<u8> {
    let mut out = Decoder::default();
    let mut is_outside = false;
    let mut rest = text.iter();
    while let Some(byte) = rest.next().filter(|byte| **byte != b'=') {
        match byte {
            b'\\' => {
                rest.next();
            }
            b'"' | b'\'' | b'`' => is_outside = !is_outside,
            digit if !is_outside => out.digit(*digit),
            _ => {}
        }
    }
    out.bytes
}

#[derive(Debug, Default)]
struct Decoder {
    bytes: Vec<u8>,
    bits: u32,
    count: u32,
}

impl Decoder {
    fn digit(&mut self, digit: u8) {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return,
        };
        self.bits = (self.bits << 6 | u32::from(value)) & 0x00ff_ffff;
        self.count += 6;
        if self.count >= 8 {
            self.count -= 8;
            self.bytes.push(u8::try_from(self.bits >> self.count & 0xff).unwrap_or_default());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_become_bytes() {
        for (digits, bytes) in [
            (&b"aGVsbG8="[..], &b"hello"[..]),
            (b"aGVs\r\nbG8", b"hello"),
            (b"_-+/", b"\xff\xef\xbf"),
            (b"a", b""),
            (b"", b""),
        ] {
            assert_eq!(decoded(digits), bytes);
        }
    }

    #[test]
    fn strings_end_and_begin_anew() {
        for text in [&b"aGVsbG8="[..], b"aGVs\\nbG8=\\n", b"aGVs\\n\"\n   \"bG8=\"", b"aGVs' +\n'bG8"] {
            assert_eq!(quoted(text), b"hello");
        }
    }
}
