//! A tolerant reader of DER and BER: it follows lengths as far as the bytes carry them and judges nothing.

use crate::read::index;

/// SEQUENCE.
pub(crate) const SEQUENCE: u8 = 0x30;
/// SET.
pub(crate) const SET: u8 = 0x31;
/// OBJECT IDENTIFIER.
pub(crate) const OID: u8 = 0x06;
/// INTEGER.
pub(crate) const INTEGER: u8 = 0x02;
/// OCTET STRING.
pub(crate) const OCTETS: u8 = 0x04;
/// `[0]`, constructed.
pub(crate) const CONTEXT_0: u8 = 0xa0;
/// `[1]`, constructed.
pub(crate) const CONTEXT_1: u8 = 0xa1;
/// `[3]`, constructed.
pub(crate) const CONTEXT_3: u8 = 0xa3;

const IS_CONSTRUCTED: u8 = 0x20;
/// How deep values of indefinite length may nest.
const DEEPEST: usize = 64;

/// One value: where it starts, where its content is, where the next one starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) tag: u8,
    pub(crate) start: usize,
    pub(crate) body: usize,
    pub(crate) body_end: usize,
    pub(crate) end: usize,
    /// Whether its length reaches past what holds it.
    pub(crate) is_cut: bool,
}

impl Node {
    /// The value at `at`, which must end before `end`; cut there otherwise.
    pub(crate) fn read(bytes: &[u8], at: usize, end: usize) -> Option<Self> {
        let end = end.min(bytes.len());
        let byte = |at: usize| bytes.get(at).copied().filter(|_| at < end);
        let tag = byte(at)?;
        let mut body = at.checked_add(1)?;
        if tag & 0x1f == 0x1f {
            while byte(body)? & 0x80 != 0 {
                body += 1;
            }
            body += 1;
        }
        let first = byte(body)?;
        body += 1;
        if first == 0x80 && tag & IS_CONSTRUCTED != 0 {
            let (body_end, next, is_cut) = indefinite(bytes, body, end);
            return Some(Self { tag, start: at, body, body_end, end: next, is_cut });
        }
        let length = if first < 0x80 {
            usize::from(first)
        } else {
            let mut length = 0_u64;
            for _ in 0..first & 0x7f {
                length = length.checked_mul(256)?.checked_add(u64::from(byte(body)?))?;
                body += 1;
            }
            index(length)
        };
        let stated = body.saturating_add(length);
        let body_end = stated.min(end);
        Some(Self { tag, start: at, body, body_end, end: body_end, is_cut: stated > end })
    }

    /// The values inside.
    pub(crate) fn children<'a>(&self, bytes: &'a [u8]) -> Children<'a> {
        Children { bytes, at: self.body, end: self.body_end }
    }

    /// The first value inside.
    pub(crate) fn child(&self, bytes: &[u8]) -> Option<Self> {
        self.children(bytes).next()
    }

    /// The content.
    pub(crate) fn content<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        bytes.get(self.body..self.body_end).unwrap_or_default()
    }

    /// Header and content.
    pub(crate) fn whole<'a>(&self, bytes: &'a [u8]) -> &'a [u8] {
        bytes.get(self.start..self.end).unwrap_or_default()
    }

    /// Itself, where it has this tag.
    pub(crate) fn of(self, tag: u8) -> Option<Self> {
        (self.tag == tag).then_some(self)
    }
}

/// Values one after the other.
#[derive(Clone, Debug)]
pub(crate) struct Children<'a> {
    bytes: &'a [u8],
    at: usize,
    end: usize,
}

impl Iterator for Children<'_> {
    type Item = Node;

    fn next(&mut self) -> Option<Node> {
        let node = Node::read(self.bytes, self.at, self.end).filter(|node| node.end > self.at)?;
        self.at = node.end;
        Some(node)
    }
}

/// Where a content of indefinite length ends, where the next value starts, and whether the end is missing.
fn indefinite(bytes: &[u8], body: usize, end: usize) -> (usize, usize, bool) {
    let mut at = body;
    let mut depth = 1_usize;
    while let (Some(tag), Some(length)) = (bytes.get(at).copied(), bytes.get(at + 1).copied()) {
        if at + 2 > end {
            break;
        }
        if (tag, length) == (0, 0) {
            depth -= 1;
            if depth == 0 {
                return (at, at + 2, false);
            }
            at += 2;
        } else if length == 0x80 && tag & IS_CONSTRUCTED != 0 && tag & 0x1f != 0x1f {
            depth += 1;
            if depth > DEEPEST {
                break;
            }
            at += 2;
        } else {
            match Node::read_definite(bytes, at, end) {
                Some(next) => at = next,
                None => break,
            }
        }
    }
    (end, end, true)
}

impl Node {
    /// Where the value after one of definite length starts.
    fn read_definite(bytes: &[u8], at: usize, end: usize) -> Option<usize> {
        let is_indefinite = bytes.get(at + 1) == Some(&0x80);
        let node = if is_indefinite { None } else { Self::read(bytes, at, end) };
        node.filter(|node| node.end > at && !node.is_cut).map(|node| node.end)
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    fn show(bytes: &[u8]) -> String {
        let mut out = String::new();
        let mut open = vec![(0, bytes.len(), 0)];
        while let Some((at, end, depth)) = open.pop() {
            let Some(node) = Node::read(bytes, at, end) else { continue };
            let cut = if node.is_cut { " cut" } else { "" };
            let indent = "  ".repeat(depth);
            let _ = writeln!(out, "{indent}{:02x} {}..{}{cut}", node.tag, node.body, node.body_end);
            open.push((node.end, end, depth));
            if node.tag & IS_CONSTRUCTED != 0 {
                open.push((node.body, node.body_end, depth + 1));
            }
        }
        out
    }

    #[test]
    fn reads_both_forms_of_length() {
        let definite = b"\x30\x81\x05\x02\x01\x05\x05\x00\x04\x01x";
        assert_eq!(show(definite), "30 3..8\n  02 5..6\n  05 8..8\n04 10..11\n");
        let indefinite = b"\x30\x80\xa0\x80\x04\x01x\x00\x00\x00\x00\x05\x00";
        assert_eq!(show(indefinite), "30 2..9\n  a0 4..7\n    04 6..7\n05 13..13\n");
    }

    #[test]
    fn follows_what_is_cut_as_far_as_it_goes() {
        assert_eq!(show(b"\x30\x82\xff\xff\x02\x01\x05"), "30 4..7 cut\n  02 6..7\n");
        assert_eq!(show(b"\x30\x80\x02\x01\x05"), "30 2..5 cut\n  02 4..5\n");
        assert_eq!(show(b"\x30\x89\xff\xff\xff\xff\xff\xff\xff\xff\xff"), "");
        assert_eq!(show(b"\x1f\x81"), "");
        let deep = [b"\x30\x80".repeat(1000), b"\x05\x00".to_vec()].concat();
        assert!(Node::read(&deep, 0, deep.len()).is_some_and(|node| node.is_cut));
    }
}
