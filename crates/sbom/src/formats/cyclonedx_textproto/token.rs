//! The tokens of the protobuf text format: names, texts, numbers and signs, with comments passed over.
use crate::json::Fault;

/// One token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token<'a> {
    Name(&'a str),
    /// All texts that stand next to each other are one.
    Text(Vec<u8>),
    /// A number with its sign, as it is written.
    Number(&'a str),
    Sign(u8),
    End,
}

/// A reader of tokens.
#[derive(Clone, Debug)]
pub(super) struct Tokens<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// Where the next token begins.
    pub(super) fn offset(&mut self) -> usize {
        self.space();
        self.at
    }

    /// The sign that comes next, which stays where it is.
    pub(super) fn sign(&mut self) -> Option<u8> {
        self.space();
        self.byte().filter(|byte| matches!(byte, b':' | b'{' | b'}' | b'<' | b'>' | b'[' | b']' | b',' | b';'))
    }

    pub(super) fn next(&mut self) -> Result<Token<'a>, Fault> {
        self.space();
        let start = self.at;
        let Some(byte) = self.byte() else { return Ok(Token::End) };
        match byte {
            b'"' | b'\'' => self.texts().map(Token::Text),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                self.while_in(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'/'));
                Ok(Token::Name(self.since(start)))
            }
            b'0'..=b'9' | b'-' | b'+' | b'.' => {
                let from = if matches!(byte, b'-' | b'+') {
                    self.at += 1;
                    self.space();
                    self.at
                } else {
                    start
                };
                self.while_in(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'+'));
                let written = if self.at == from { "" } else { self.since(start) };
                Ok(Token::Number(written))
            }
            _ => {
                self.at += self.text.get(start..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
                Ok(Token::Sign(if byte.is_ascii() { byte } else { 0 }))
            }
        }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn since(&self, start: usize) -> &'a str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn while_in(&mut self, belongs: impl Fn(u8) -> bool) {
        while self.byte().is_some_and(&belongs) {
            self.at += 1;
        }
    }

    /// Passes over white space and comments.
    fn space(&mut self) {
        loop {
            self.while_in(|byte| byte.is_ascii_whitespace() || byte == 0x0b);
            if self.byte() != Some(b'#') {
                return;
            }
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        }
    }

    fn texts(&mut self) -> Result<Vec<u8>, Fault> {
        let mut out = Vec::new();
        while let Some(quote @ (b'"' | b'\'')) = self.byte() {
            let start = self.at;
            self.at += 1;
            if !self.one(quote, &mut out) {
                self.at = start;
                return Err(Fault { at: start, expected: "a text with its closing quote on the same line" });
            }
            self.space();
        }
        Ok(out)
    }

    /// Reads up to the closing quote; false where there is none on this line.
    fn one(&mut self, quote: u8, out: &mut Vec<u8>) -> bool {
        loop {
            let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
            let Some(plain) = memchr::memchr3(quote, b'\\', b'\n', rest) else { return false };
            out.extend_from_slice(rest.get(..plain).unwrap_or_default());
            self.at += plain + 1;
            match rest.get(plain) {
                Some(b'\\') => self.escape(out),
                Some(byte) if *byte == quote => return true,
                _ => return false,
            }
        }
    }

    fn escape(&mut self, out: &mut Vec<u8>) {
        let Some(letter) = self.byte() else { return };
        self.at += 1;
        match letter {
            b'a' => out.push(7),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'v' => out.push(11),
            b'0'..=b'7' => {
                self.at -= 1;
                let code = self.digits(8, 3);
                out.push(u8::try_from(code & 0xff).unwrap_or(0));
            }
            b'x' | b'X' => {
                let code = self.digits(16, 2);
                out.push(u8::try_from(code).unwrap_or(0));
            }
            b'u' | b'U' => {
                let code = self.digits(16, if letter == b'u' { 4 } else { 8 });
                let character = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
                out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            }
            other => out.push(other),
        }
    }

    /// The number that at most so many digits make.
    fn digits(&mut self, base: u32, most: usize) -> u32 {
        let mut code: u32 = 0;
        for _ in 0..most {
            let Some(digit) = self.byte().and_then(|byte| char::from(byte).to_digit(base)) else { break };
            code = code.wrapping_mul(base).wrapping_add(digit);
            self.at += 1;
        }
        code
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_of_every_kind() {
        let mut tokens =
            Tokens::new("# a comment\na_b: 'x\\ty' \"\\x41\\101\\u00e9\" # more\n -7\nx 0x1F 1.5e-3 0 - inf < } é");
        let mut met = Vec::new();
        loop {
            match tokens.next().unwrap() {
                Token::End => break,
                token => met.push(token),
            }
        }
        let want = [
            Token::Name("a_b"),
            Token::Sign(b':'),
            Token::Text("x\tyAA\u{e9}".into()),
            Token::Number("-7"),
            Token::Name("x"),
            Token::Number("0x1F"),
            Token::Number("1.5e-3"),
            Token::Number("0"),
            Token::Number("- inf"),
            Token::Sign(b'<'),
            Token::Sign(b'}'),
            Token::Sign(0),
        ];
        assert_eq!(met, want);
    }

    #[test]
    fn a_text_ends_on_its_line() {
        for text in ["'abc", "\"abc\n\"", "\"abc\\", "'a' 'b"] {
            assert!(Tokens::new(text).next().is_err(), "{text}");
        }
    }
}
