//! Texts of XML: borrowed where they stand as they are, written anew where they hold references or are in pieces.
use std::borrow::Cow;

use super::scan::begins_name;
use super::{Read, Xml};

/// The longest reference that is looked for behind a `&`.
const LONGEST: usize = 40;

impl<'a, S: Copy> Xml<'a, S> {
    /// The text up to the next tag, joined across what is no element; `None` where there is none.
    pub(super) fn joined(&mut self) -> Read<Option<Cow<'a, str>>> {
        let mut out: Option<Cow<'a, str>> = None;
        let add = |out: &mut Option<Cow<'a, str>>, piece: Cow<'a, str>| match out {
            None => *out = Some(piece),
            Some(text) => text.to_mut().push_str(&piece),
        };
        loop {
            let start = self.at;
            self.at = self.next_tag(start);
            if self.at > start {
                let piece = self.plain(start, self.at);
                add(&mut out, piece);
            }
            match self.text.as_bytes().get(self.at + 1).copied() {
                Some(b'!') if self.has(b"<![CDATA[") => {
                    let from = self.at + b"<![CDATA[".len();
                    self.pass_aside()?;
                    let piece = self.text.get(from..self.at - b"]]>".len()).unwrap_or_default();
                    add(&mut out, Cow::Borrowed(piece));
                }
                Some(b'!' | b'?') => self.pass_aside()?,
                Some(b'/') => return Ok(out),
                Some(byte) if begins_name(byte) && self.is_tag(self.at) => return Ok(out),
                _ if self.at >= self.text.len() => return Ok(out),
                _ => {
                    self.odd(self.at, "a `<` that begins no tag", "the character itself");
                    self.at += 1;
                    add(&mut out, Cow::Borrowed("<"));
                }
            }
        }
    }

    /// Character data: references are replaced, line ends are one character.
    pub(super) fn plain(&mut self, start: usize, end: usize) -> Cow<'a, str> {
        self.decoded(start, end, false)
    }

    /// The value of an attribute: as character data, and white space is a space.
    pub(super) fn value(&mut self, start: usize, end: usize) -> Cow<'a, str> {
        self.decoded(start, end, true)
    }

    fn decoded(&mut self, start: usize, end: usize, is_value: bool) -> Cow<'a, str> {
        let whole = self.text.get(start..end).unwrap_or_default();
        let is_plain = |byte: u8| byte >= 0x20 && !matches!(byte, b'&' | b'<') || matches!(byte, b'\n' | b'\t');
        if self.special_before(start, end) >= end || (!is_value && whole.bytes().all(is_plain)) {
            return Cow::Borrowed(whole);
        }
        let mut out = String::new();
        let mut at = start;
        while at < end {
            let stop = self.special_before(at, end);
            out.push_str(self.text.get(at..stop).unwrap_or_default());
            at = stop;
            if at < end {
                at = self.special_character(at, end, is_value, &mut out);
            }
        }
        Cow::Owned(out)
    }

    /// Writes what a `<`, a `&` or a control character stands for; returns where the text goes on.
    fn special_character(&mut self, at: usize, end: usize, is_value: bool, out: &mut String) -> usize {
        let bytes = self.text.as_bytes();
        match bytes.get(at).copied().unwrap_or(b' ') {
            b'&' => return self.reference(at, end, out),
            b'\n' | b'\t' if is_value => out.push(' '),
            b'\r' if bytes.get(at + 1) == Some(&b'\n') => {}
            b'\r' => out.push(if is_value { ' ' } else { '\n' }),
            same @ (b'\n' | b'\t') => out.push(char::from(same)),
            b'<' => {
                self.odd(at, "a `<` inside a value", "the character itself");
                out.push('<');
            }
            control => {
                self.odd(at, "a character that XML does not allow", "the character itself");
                out.push(char::from(control));
            }
        }
        at + 1
    }

    fn reference(&mut self, at: usize, end: usize, out: &mut String) -> usize {
        let rest = self.text.as_bytes().get(at + 1..end.min(at + LONGEST)).unwrap_or_default();
        let name = memchr::memchr(b';', rest).and_then(|len| self.text.get(at + 1..at + 1 + len));
        let is_name = |name: &&str| !name.is_empty() && !name.contains([' ', '\n', '\t', '\r', '&']);
        let Some(name) = name.filter(is_name) else {
            self.odd(at, "a `&` that begins no reference", "the character itself");
            out.push('&');
            return at + 1;
        };
        let behind = at + name.len() + 2;
        if let Some(number) = name.strip_prefix('#') {
            let character = character(number).unwrap_or_else(|| {
                self.odd(at, "a reference to a character that there is not", "the replacement character");
                char::REPLACEMENT_CHARACTER
            });
            out.push(character);
            return behind;
        }
        if let Some(character) = predefined(name) {
            out.push(character);
        } else if let Some(character) = known(name) {
            self.odd(at, "an entity of HTML that the document does not declare", "its character");
            out.push(character);
        } else {
            self.odd(at, "an entity that is not known", "the characters themselves");
            self.limits.unknown.at(at);
            out.push('&');
            return at + 1;
        }
        behind
    }
}

/// The character of a number as references write it.
pub(super) fn character(number: &str) -> Option<char> {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => number.parse(),
    };
    code.ok().filter(|code| *code != 0).and_then(char::from_u32)
}

/// The five entities that every document has.
fn predefined(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

/// Entities of HTML that stand in names and notices although no XML document has them by itself.
fn known(name: &str) -> Option<char> {
    Some(match name {
        "nbsp" => '\u{a0}',
        "copy" => '©',
        "reg" => '®',
        "trade" => '™',
        "laquo" => '«',
        "raquo" => '»',
        "ldquo" => '“',
        "rdquo" => '”',
        "lsquo" => '‘',
        "rsquo" => '’',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        "middot" => '·',
        "shy" => '\u{ad}',
        "zwnj" => '\u{200c}',
        "zwj" => '\u{200d}',
        _ => return None,
    })
}
