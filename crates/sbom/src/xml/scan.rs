//! Moving through XML: to the next tag, past what is no element, and past elements without looking into them.
use super::{Fault, Found, Open, Read, Xml, doctype};

/// One in every byte.
const ONES: u64 = 0x0101_0101_0101_0101;
/// The highest bit of every byte.
const HIGH: u64 = 0x8080_8080_8080_8080;

impl<'a, S: Copy> Xml<'a, S> {
    #[inline]
    pub(super) fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    #[inline]
    pub(super) fn has(&self, prefix: &[u8]) -> bool {
        self.text.as_bytes().get(self.at..).is_some_and(|rest| rest.starts_with(prefix))
    }

    #[inline]
    pub(super) fn pass_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.byte() {
            self.at += 1;
        }
    }

    /// Moves to the next `<`; text on the way is an oddity.
    #[inline]
    pub(super) fn pass_text(&mut self) {
        self.pass_space();
        if !matches!(self.byte(), Some(b'<') | None) {
            let what = if self.open.is_empty() { "text outside of all elements" } else { "text between elements" };
            self.odd(self.at, what, "nothing");
            self.at = self.next_tag(self.at);
        }
    }

    pub(super) fn pass_outside(&mut self) {
        self.pass_text();
    }

    pub(super) fn next_tag(&self, from: usize) -> usize {
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        memchr::memchr(b'<', rest).map_or(self.text.len(), |found| from + found)
    }

    /// Reads what stands at a `<`, or the end of the text.
    #[inline]
    pub(super) fn tag(&mut self) -> Read<Found<'a, S>> {
        match self.text.as_bytes().get(self.at + 1).copied() {
            Some(b'/') => self.end_tag(),
            Some(b'!' | b'?') => self.pass_aside().map(|()| Found::Other),
            Some(byte) if begins_name(byte) => match self.name_of_tag(self.at) {
                Some(name) => self.start_tag(name),
                None => Ok(self.pass_bracket()),
            },
            None if self.at >= self.text.len() => self.at_end(),
            _ => Ok(self.pass_bracket()),
        }
    }

    #[cold]
    fn pass_bracket(&mut self) -> Found<'a, S> {
        self.odd(self.at, "a `<` that begins no tag", "nothing");
        self.at += 1;
        Found::Other
    }

    fn at_end(&mut self) -> Read<Found<'a, S>> {
        if self.open.is_empty() {
            return Ok(Found::Nothing);
        }
        Err(Fault { at: self.text.len(), expected: "the end tag of an element" })
    }

    /// The end tag at `<`: ends its element, and with it those inside that have none of their own.
    fn end_tag(&mut self) -> Read<Found<'a, S>> {
        if self.ends_at(self.at) {
            return Ok(Found::End);
        }
        if self.pass_end_tag()? {
            self.leave();
            return Ok(Found::End);
        }
        Ok(Found::Other)
    }

    /// Whether the innermost element's own end tag stands here, written as short as it can be; it is passed then.
    #[inline]
    pub(super) fn ends_at(&mut self, at: usize) -> bool {
        let Some(open) = self.open.last() else { return false };
        let len = open.name.len();
        let Some(tag) = self.text.as_bytes().get(at..).and_then(|rest| rest.get(..len + 3)) else { return false };
        // Names are short: comparing byte by byte is faster than calling for it.
        let is_name = || tag.iter().skip(2).zip(open.name.as_bytes()).all(|(has, wants)| has == wants);
        let ends = tag.starts_with(b"</") && tag.last() == Some(&b'>') && is_name();
        if ends {
            self.at = at + len + 3;
            self.leave();
        }
        ends
    }

    /// Passes any end tag; whether it ends an element that is open. Those inside of that one are left to be ended.
    fn pass_end_tag(&mut self) -> Read<bool> {
        let start = self.at;
        let stop = memchr::memchr2(b'>', b'<', self.text.as_bytes().get(start + 1..).unwrap_or_default());
        let Some(stop) = stop.map(|found| start + 1 + found) else {
            return Err(Fault { at: start, expected: "`>` at the end of an end tag" });
        };
        let is_closed = self.text.as_bytes().get(stop) == Some(&b'>');
        let name = self.text.get(start + 2..stop).unwrap_or_default().trim_ascii();
        self.at = if is_closed { stop + 1 } else { stop };
        if !is_closed {
            self.mismatch(start, "an end tag without `>`", "the end tag");
        }
        if self.open.last().is_some_and(|open| open.name != name && open.name.eq_ignore_ascii_case(name)) {
            self.mismatch(start, "an end tag in other letters than its start tag", "the end tag");
            return Ok(true);
        }
        let Some(at) = self.open.iter().rposition(|open| open.name == name) else {
            self.mismatch(start, "an end tag without a start tag", "nothing");
            return Ok(false);
        };
        let inside = self.open.len() - 1 - at;
        if inside > 0 {
            let name: String = self.open.last().map(|open| open.name.chars().take(40).collect()).unwrap_or_default();
            self.mismatch(start, format!("`{name}` has no end tag"), "that it ends here");
        }
        self.closing = inside;
        Ok(true)
    }

    /// A comment, a processing instruction, a CDATA section or a declaration, passed over.
    pub(super) fn pass_aside(&mut self) -> Read<()> {
        let start = self.at;
        let (close, expected) = if self.has(b"<!--") {
            (b"-->".as_slice(), "`-->` at the end of a comment")
        } else if self.has(b"<![CDATA[") {
            if self.open.is_empty() {
                self.odd(start, "text outside of all elements", "nothing");
            }
            (b"]]>".as_slice(), "`]]>` at the end of a CDATA section")
        } else if self.has(b"<?") {
            (b"?>".as_slice(), "`?>` at the end of a processing instruction")
        } else {
            return self.pass_declaration();
        };
        let from = start + if close == b"?>" { 2 } else { 4 };
        match self.find(from, close) {
            Some(end) => {
                self.at = end + close.len();
                Ok(())
            }
            None => Err(Fault { at: start, expected }),
        }
    }

    fn pass_declaration(&mut self) -> Read<()> {
        let start = self.at;
        if !self.open.is_empty() {
            self.odd(start, "a declaration inside an element", "nothing");
        }
        let Some(end) = doctype::end(self.text, start) else {
            return Err(Fault { at: start, expected: "`>` at the end of a declaration" });
        };
        self.at = end;
        Ok(())
    }

    pub(super) fn find(&self, from: usize, what: &[u8]) -> Option<usize> {
        let rest = self.text.as_bytes().get(from..)?;
        memchr::memmem::find(rest, what).map(|found| from + found)
    }

    /// Passes one tag, or what is no tag, inside an element that nobody looks into.
    pub(super) fn pass(&mut self) -> Read<()> {
        self.at = self.next_tag(self.at);
        match self.text.as_bytes().get(self.at + 1).copied() {
            Some(b'/') => self.end_tag().map(|_| ()),
            Some(b'!' | b'?') => self.pass_aside(),
            Some(byte) if begins_name(byte) && self.is_tag(self.at) => {
                let start = self.at;
                let (name, is_empty) = self.pass_start_tag()?;
                if self.open.len() >= super::DEPTH {
                    return if is_empty { Ok(()) } else { self.pass_deep(start) };
                }
                if !is_empty {
                    self.open.push(Open { name, bindings: self.scope.len() });
                }
                Ok(())
            }
            None if self.at >= self.text.len() => self.at_end().map(|_| ()),
            _ => {
                self.at += 1;
                Ok(())
            }
        }
    }

    /// Passes the rest of an element whose start tag was passed, counting tags only.
    pub(super) fn pass_deep(&mut self, start: usize) -> Read<()> {
        let mut depth = 1_u64;
        while depth > 0 {
            self.at = self.next_tag(self.at);
            match self.text.as_bytes().get(self.at + 1).copied() {
                Some(b'/') => {
                    let end = memchr::memchr(b'>', self.text.as_bytes().get(self.at..).unwrap_or_default());
                    self.at = end.map_or(self.text.len(), |found| self.at + found + 1);
                    depth -= 1;
                }
                Some(b'!' | b'?') => self.pass_aside()?,
                Some(byte) if begins_name(byte) && self.is_tag(self.at) => {
                    if !self.pass_start_tag()?.1 {
                        depth += 1;
                    }
                }
                None if self.at >= self.text.len() => {
                    return Err(Fault { at: start, expected: "the end tag of an element" });
                }
                _ => self.at += 1,
            }
        }
        Ok(())
    }

    /// The first `<`, `&` or control character from here on; the end of the text where there is none.
    #[inline]
    pub(super) fn special(&self, from: usize) -> usize {
        self.special_before(from, self.text.len())
    }

    /// The same, looking no further than `end`.
    #[inline]
    pub(super) fn special_before(&self, from: usize, end: usize) -> usize {
        let bytes = self.text.as_bytes().get(..end).unwrap_or_default();
        let mut at = from;
        while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
            let word = u64::from_le_bytes(*chunk);
            let found = zeroes(word ^ (ONES * 0x3c)) | zeroes(word ^ (ONES * 0x26)) | controls(word);
            if found != 0 {
                // A borrow can only mark bytes after the first true one.
                return at + (found.trailing_zeros() / 8) as usize;
            }
            at += 8;
        }
        while let Some(byte) = bytes.get(at) {
            if matches!(byte, b'<' | b'&' | 0..=0x1f) {
                return at;
            }
            at += 1;
        }
        at
    }
}

/// Whether a name may begin with this byte; every byte of a character outside of ASCII may.
#[inline]
pub(super) const fn begins_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'_' | b':') || byte >= 0x80
}

const fn zeroes(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGH
}

const fn controls(word: u64) -> u64 {
    word.wrapping_sub(ONES * 0x20) & !word & HIGH
}
