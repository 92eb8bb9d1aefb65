//! Texts of JSON: borrowed where they stand as they are, written anew where they hold escapes.
use std::borrow::Cow;

use super::{Json, Read};

impl<'a> Json<'a> {
    /// The text that comes next.
    #[inline]
    pub(crate) fn text(&mut self) -> Read<Cow<'a, str>> {
        if self.peek() == Some(b'"')
            && let Some(text) = self.plain()
        {
            return Ok(Cow::Borrowed(text));
        }
        self.text_anew()
    }

    /// The text that begins here, where it holds nothing that must be read in another way.
    #[inline]
    pub(super) fn plain(&mut self) -> Option<&'a str> {
        let start = self.at + 1;
        let end = self.special(start);
        if self.text.as_bytes().get(end) != Some(&b'"') {
            return None;
        }
        let text = self.text.get(start..end)?;
        self.at = end + 1;
        Some(text)
    }

    #[cold]
    fn text_anew(&mut self) -> Read<Cow<'a, str>> {
        if self.peek() != Some(b'"') {
            return Err(self.fault("a text"));
        }
        self.written_anew(self.at + 1).map(Cow::Owned)
    }

    fn written_anew(&mut self, start: usize) -> Read<String> {
        let mut out = String::new();
        let mut from = start;
        loop {
            let end = self.special(from);
            out.push_str(self.text.get(from..end).unwrap_or_default());
            match self.text.as_bytes().get(end) {
                Some(b'"') => {
                    self.at = end + 1;
                    return Ok(out);
                }
                Some(b'\\') => from = self.escape(end, &mut out),
                Some(control) => {
                    self.odd(end, "a control character inside a text", "the character itself");
                    out.push(char::from(*control));
                    from = end + 1;
                }
                None => return Err(self.fault("a text with its closing double quote")),
            }
        }
    }

    /// Decodes the escape at `at`; returns where the text goes on.
    fn escape(&mut self, at: usize, out: &mut String) -> usize {
        let letter = self.text.as_bytes().get(at + 1).copied();
        let plain = match letter {
            Some(b'n') => '\n',
            Some(b't') => '\t',
            Some(b'r') => '\r',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(same @ (b'"' | b'\\' | b'/')) => char::from(same),
            Some(b'u') => return self.unit(at, out),
            // JSON5 goes on in the next line, and knows bytes by two digits.
            Some(b'\n') => {
                self.odd(at, "a text that goes on in the next line", "one text");
                return at + 2;
            }
            Some(b'x') if let Some(byte) = self.digits(at, 2) => {
                self.odd(at, "an unknown escape", "the character of that number");
                out.extend(char::from_u32(byte));
                return at + 4;
            }
            _ => {
                self.odd(at, "an unknown escape", "a backslash");
                out.push('\\');
                return at + 1;
            }
        };
        out.push(plain);
        at + 2
    }

    fn unit(&mut self, at: usize, out: &mut String) -> usize {
        let Some(first) = self.hex(at) else {
            self.odd(at, "an escape without four hexadecimal digits", "a backslash");
            out.push('\\');
            return at + 1;
        };
        if let 0xd800..=0xdbff = first
            && self.text.as_bytes().get(at + 6) == Some(&b'\\')
            && let Some(second @ 0xdc00..=0xdfff) = self.hex(at + 6)
        {
            let code = 0x1_0000 + ((first & 0x3ff) << 10) + (second & 0x3ff);
            out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            return at + 12;
        }
        out.push(char::from_u32(first).unwrap_or_else(|| {
            self.odd(at, "half of a surrogate pair", "the replacement character");
            char::REPLACEMENT_CHARACTER
        }));
        at + 6
    }

    /// The four digits of `\uXXXX` at `at`.
    fn hex(&self, at: usize) -> Option<u32> {
        let is_unit = self.text.as_bytes().get(at + 1) == Some(&b'u');
        is_unit.then(|| self.digits(at, 4)).flatten()
    }

    /// So many hexadecimal digits behind the backslash and the letter at `at`.
    fn digits(&self, at: usize, count: usize) -> Option<u32> {
        let digits = self.text.get(at + 2..at + 2 + count)?;
        let is_number = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_number.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
    }
}
