//! Moving through JSON: white space, separators, and values read past without looking into them.
use super::{Json, Kind, Read};

/// Eight spaces.
const SPACES: u64 = 0x2020_2020_2020_2020;

impl Json<'_> {
    /// The next character that is no white space; the reader stands before it.
    #[inline]
    pub(super) fn peek(&mut self) -> Option<u8> {
        match self.byte() {
            Some(byte) if byte > b' ' => Some(byte),
            _ => self.peek_far(),
        }
    }

    /// The same over a line's end and the spaces that the next one begins with.
    fn peek_far(&mut self) -> Option<u8> {
        loop {
            match self.byte() {
                Some(b' ' | b'\n' | b'\t' | b'\r') => self.at += 1,
                other => return other,
            }
            while let Some(chunk) = self.text.as_bytes().get(self.at..).and_then(<[u8]>::first_chunk::<8>) {
                let spaces = (u64::from_le_bytes(*chunk) ^ SPACES).trailing_zeros() as usize / 8;
                self.at += spaces;
                if spaces < 8 {
                    break;
                }
            }
        }
    }

    #[inline]
    pub(super) fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Whether the container has another member; reads the separator before it or the bracket after the last.
    #[inline]
    pub(super) fn another(&mut self, close: u8, expected: &'static str) -> Read<bool> {
        let mut next = self.peek();
        if self.fresh {
            self.fresh = false;
        } else if next == Some(b',') {
            let comma = self.at;
            self.at += 1;
            next = self.peek();
            if next == Some(close) {
                self.odd(comma, "a comma before the closing bracket", "no comma");
            }
        } else if next != Some(close) {
            return Err(self.fault(expected));
        }
        match next {
            None => Err(self.fault(expected)),
            Some(byte) if byte == close => {
                self.at += 1;
                Ok(false)
            }
            Some(_) => Ok(true),
        }
    }

    #[inline]
    pub(super) fn colon(&mut self) -> Read<()> {
        if self.peek() != Some(b':') {
            return Err(self.fault("`:` after a key"));
        }
        self.at += 1;
        Ok(())
    }

    /// Reads past one value, however deep.
    pub(crate) fn skip(&mut self) -> Read<()> {
        self.open.clear();
        loop {
            match self.kind()? {
                Kind::Text => self.skip_text()?,
                Kind::Number => self.skip_number()?,
                Kind::Bool | Kind::Null => self.skip_word()?,
                kind @ (Kind::Object | Kind::Array) => {
                    self.at += 1;
                    self.fresh = true;
                    self.open.push(kind == Kind::Object);
                }
            }
            loop {
                let Some(in_object) = self.open.last().copied() else { return Ok(()) };
                let more = if in_object { self.skip_key()? } else { self.item()? };
                if more {
                    break;
                }
                self.open.pop();
            }
        }
    }

    fn skip_key(&mut self) -> Read<bool> {
        if !self.another(b'}', "`,` or `}` after a member of an object")? {
            return Ok(false);
        }
        if self.byte() != Some(b'"') {
            return Err(self.fault("a key in double quotes"));
        }
        self.skip_text()?;
        self.colon()?;
        Ok(true)
    }

    fn skip_text(&mut self) -> Read<()> {
        let start = self.at;
        self.at += 1;
        loop {
            self.at = self.special(self.at);
            match self.byte() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => self.at += 2,
                Some(_) => self.at += 1,
                None => {
                    self.at = start;
                    return Err(self.fault("a text with its closing double quote"));
                }
            }
        }
    }

    fn skip_number(&mut self) -> Read<()> {
        let start = self.at;
        while matches!(self.byte(), Some(b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')) {
            self.at += 1;
        }
        if self.text.as_bytes().get(start..self.at).is_some_and(|digits| !digits.iter().any(u8::is_ascii_digit)) {
            self.at = start;
            return Err(self.fault("a number"));
        }
        Ok(())
    }

    fn skip_word(&mut self) -> Read<()> {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let word = [b"true".as_slice(), b"false", b"null"].into_iter().find(|word| rest.starts_with(word));
        let Some(word) = word else { return Err(self.fault("`true`, `false` or `null`")) };
        self.at += word.len();
        Ok(())
    }
}
