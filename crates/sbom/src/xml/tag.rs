//! Start tags: names, attributes in linear time, and namespace declarations.
use std::borrow::Cow;

use super::namespace::Attribute;
use super::{ATTRIBUTES, DEPTH, Fault, Found, Open, Read, Tag, Xml, split};

/// Attributes that are compared pair by pair; more of them are sorted.
const PAIRWISE: usize = 8;

impl<'a, S: Copy> Xml<'a, S> {
    /// The start tag at `<`, or nothing where it lies too deep and was passed with all that is in it.
    pub(super) fn start_tag(&mut self, written: &'a str) -> Read<Found<'a, S>> {
        let start = self.at;
        if self.open.len() >= DEPTH {
            self.limits.depth.at(start);
            if !self.pass_start_tag()?.1 {
                self.pass_deep(start)?;
            }
            return Ok(Found::Other);
        }
        self.at = start + 1 + written.len();
        let bindings = self.scope.len();
        self.attributes.clear();
        let is_empty = if self.byte() == Some(b'>') {
            self.at += 1;
            false
        } else {
            self.attributes_to_end(start)?
        };
        self.open.push(Open { name: written, bindings });
        self.closing = usize::from(is_empty);
        let (space, name) = if written.bytes().any(|byte| byte == b':') {
            self.resolve(written, start)
        } else {
            (self.scope.default(), written)
        };
        Ok(Found::Start(Tag { name, space, at: start }))
    }

    /// The namespace and the local name of a name as it is written.
    fn resolve(&mut self, written: &'a str, at: usize) -> (S, &'a str) {
        let (prefix, name) = split(written);
        let space = self.scope.space(prefix).unwrap_or_else(|| {
            let prefix: String = prefix.chars().take(40).collect();
            self.odd(at, format!("the prefix `{prefix}` is declared nowhere"), "no namespace");
            self.scope.nowhere()
        });
        (space, name)
    }

    /// Passes the start tag at `<` without looking at its attributes; its name, and whether its element ends with it.
    pub(super) fn pass_start_tag(&mut self) -> Read<(&'a str, bool)> {
        let start = self.at;
        let name = self.name_at(start + 1);
        let mut at = start + 1 + name.len();
        let bytes = self.text.as_bytes();
        let rest = |at: usize| bytes.get(at..).unwrap_or_default();
        while let Some(found) = memchr::memchr3(b'>', b'"', b'\'', rest(at)) {
            at += found;
            let quote = bytes.get(at).copied().unwrap_or(b'>');
            if quote == b'>' {
                self.at = at + 1;
                return Ok((name, bytes.get(at - 1) == Some(&b'/')));
            }
            let Some(end) = memchr::memchr(quote, rest(at + 1)) else { break };
            at += end + 2;
        }
        Err(Fault { at: start, expected: "`>` at the end of a start tag" })
    }

    /// The name of the start tag at the `<` here: behind it there is space or an end, and no `@` as in an address.
    #[inline]
    pub(super) fn name_of_tag(&self, at: usize) -> Option<&'a str> {
        let rest = self.text.as_bytes().get(at + 1..).unwrap_or_default();
        let len = rest.iter().position(|byte| !is_name(*byte)).unwrap_or(rest.len());
        let is_tag = match rest.get(len) {
            Some(behind) => matches!(behind, b' ' | b'\n' | b'\t' | b'\r' | b'/' | b'>' | b'<'),
            None => true,
        };
        self.text.get(at + 1..at + 1 + len).filter(|_| is_tag)
    }

    pub(super) fn is_tag(&self, at: usize) -> bool {
        self.name_of_tag(at).is_some()
    }

    /// The name that stands here, up to what cannot be part of one.
    fn name_at(&self, from: usize) -> &'a str {
        let rest = self.text.as_bytes().get(from..).unwrap_or_default();
        let len = rest.iter().position(|byte| ends_name(*byte)).unwrap_or(rest.len());
        self.text.get(from..from + len).unwrap_or_default()
    }

    /// Reads attributes up to the end of the start tag; whether its element ends with it.
    fn attributes_to_end(&mut self, start: usize) -> Read<bool> {
        let is_empty = loop {
            self.pass_space();
            match self.byte() {
                Some(b'>') => {
                    self.at += 1;
                    break false;
                }
                Some(b'/') => {
                    self.at += 1;
                    if self.byte() == Some(b'>') {
                        self.at += 1;
                        break true;
                    }
                    self.odd(self.at - 1, "a `/` inside a start tag", "nothing");
                }
                Some(b'<') => {
                    self.mismatch(start, "a start tag without `>`", "the start tag");
                    break false;
                }
                Some(b'=' | b'"' | b'\'') => {
                    self.odd(self.at, "an attribute without a name", "nothing");
                    self.at += 1;
                }
                Some(_) => {
                    let before = self.at.checked_sub(1).and_then(|at| self.text.as_bytes().get(at));
                    if before.is_some_and(|byte| !byte.is_ascii_whitespace()) {
                        self.odd(self.at, "no space before an attribute", "a space");
                    }
                    self.one_attribute(start)?;
                }
                None => return Err(Fault { at: start, expected: "`>` at the end of a start tag" }),
            }
        };
        if !self.attributes.is_empty() {
            self.tell_twice(start);
            self.resolve_attributes(start);
        }
        Ok(is_empty)
    }

    fn one_attribute(&mut self, start: usize) -> Read<()> {
        let at = self.at;
        let written = self.name_at(at);
        self.at += written.len();
        self.pass_space();
        let value = if self.byte() == Some(b'=') {
            self.at += 1;
            self.pass_space();
            self.attribute_value(start)?
        } else {
            self.odd(at, "an attribute without a value", "an empty one");
            Cow::Borrowed("")
        };
        let (prefix, name) = split(written);
        if written == "xmlns" || prefix == "xmlns" {
            let prefix = if prefix.is_empty() { "" } else { name };
            if !self.scope.declare(prefix, value) {
                self.limits.namespaces.at(at);
            }
        } else if self.attributes.len() < ATTRIBUTES {
            let space = self.scope.nowhere();
            self.attributes.push(Attribute { prefix, name, space, value });
        } else {
            self.limits.attributes.at(at);
        }
        Ok(())
    }

    fn attribute_value(&mut self, start: usize) -> Read<Cow<'a, str>> {
        let bytes = self.text.as_bytes();
        let from = self.at;
        let Some(quote @ (b'"' | b'\'')) = self.byte() else {
            let rest = bytes.get(from..).unwrap_or_default();
            let len = rest.iter().position(|byte| matches!(byte, b' ' | b'\n' | b'\t' | b'\r' | b'>' | b'<'));
            self.at = from + len.unwrap_or(rest.len());
            self.odd(from, "a value without quotes", "the value up to the next space");
            return Ok(self.value(from, self.at));
        };
        let Some(len) = memchr::memchr(quote, bytes.get(from + 1..).unwrap_or_default()) else {
            return Err(Fault { at: start, expected: "a closing quote in a start tag" });
        };
        self.at = from + len + 2;
        Ok(self.value(from + 1, from + 1 + len))
    }

    /// Says which attributes stand twice; both are kept.
    fn tell_twice(&mut self, start: usize) {
        let names = |one: &Attribute<'a, S>| (one.prefix, one.name);
        let twice = if self.attributes.len() <= PAIRWISE {
            let mut pairs = self.attributes.iter().enumerate();
            pairs
                .find(|(at, one)| self.attributes.iter().take(*at).any(|other| names(other) == names(one)))
                .map(|(_, one)| names(one))
        } else {
            let mut sorted: Vec<_> = self.attributes.iter().map(names).collect();
            sorted.sort_unstable();
            sorted.iter().zip(sorted.iter().skip(1)).find(|(one, other)| one == other).map(|(one, _)| *one)
        };
        if let Some((_, name)) = twice {
            let name: String = name.chars().take(40).collect();
            self.odd(start, format!("the attribute `{name}` stands twice"), "both values");
        }
    }

    /// Says what namespace each attribute with a prefix belongs to, now that all declarations of the tag are known.
    fn resolve_attributes(&mut self, start: usize) {
        let mut last = ("", self.scope.nowhere());
        for index in 0..self.attributes.len() {
            let Some(prefix) = self.attributes.get(index).map(|one| one.prefix).filter(|prefix| !prefix.is_empty())
            else {
                continue;
            };
            if last.0 != prefix {
                let space = self.scope.space(prefix).unwrap_or_else(|| {
                    let prefix: String = prefix.chars().take(40).collect();
                    self.odd(start, format!("the prefix `{prefix}` is declared nowhere"), "no namespace");
                    self.scope.nowhere()
                });
                last = (prefix, space);
            }
            if let Some(one) = self.attributes.get_mut(index) {
                one.space = last.1;
            }
        }
    }
}

/// Whether a name may hold this byte; every byte of a character outside of ASCII may stand in one.
#[inline]
fn is_name(byte: u8) -> bool {
    NAME.get(usize::from(byte)).is_some_and(|is_name| *is_name)
}

static NAME: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    loop {
        #[expect(clippy::indexing_slicing, reason = "a table of every byte, filled when this is compiled")]
        {
            table[byte as usize] =
                byte.is_ascii_alphanumeric() || byte >= 0x80 || matches!(byte, b'-' | b'_' | b'.' | b':');
        }
        if byte == u8::MAX {
            break table;
        }
        byte += 1;
    }
};

const fn ends_name(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t' | b'\r' | b'/' | b'>' | b'<' | b'=' | b'"' | b'\'')
}
