//! X.509 certificates, read for whom they name and nothing else: negative serials and unknown keys do not matter.
use interdict_model::{Digest, FactKind, Sink, hex};
use memchr::memmem;
use sha1::{Digest as _, Sha1};

use crate::der::{CONTEXT_0, CONTEXT_3, INTEGER, Node, OID, SEQUENCE, SET};
use crate::read::span;

/// `2.5.4`: attributes of names.
const ATTRIBUTES: &[u8] = b"\x55\x04";
const COMMON_NAME: u8 = 3;
const SERIAL_NUMBER: u8 = 5;
const ORGANISATION: u8 = 10;
const UNIT: u8 = 11;
/// `2.5.29.37`.
const EXTENDED_KEY_USAGE: &[u8] = b"\x55\x1d\x25";
/// `1.3.6.1.5.5.7.3.3` and, for any use, `2.5.29.37.0`.
const SIGNS_CODE: &[&[u8]] = &[b"\x2b\x06\x01\x05\x05\x07\x03\x03", b"\x55\x1d\x25\x00"];
/// Parts of a name that are read.
const MOST_ATTRIBUTES: usize = 256;

/// A certificate's parts, by place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Certificate {
    whole: Node,
    issuer: Node,
    subject: Node,
    extensions: Option<Node>,
}

impl Certificate {
    /// The certificate at this node, where its outline is that of one.
    pub(crate) fn at(bytes: &[u8], whole: Node) -> Option<Self> {
        let body = whole.of(SEQUENCE)?.child(bytes)?.of(SEQUENCE)?;
        let mut parts = body.children(bytes).peekable();
        parts.next_if(|part| part.tag == CONTEXT_0);
        parts.next()?.of(INTEGER)?;
        parts.next()?.of(SEQUENCE)?;
        let issuer = parts.next()?.of(SEQUENCE)?;
        parts.next()?.of(SEQUENCE)?;
        let subject = parts.next()?.of(SEQUENCE)?;
        parts.next()?.of(SEQUENCE)?;
        Some(Self { whole, issuer, subject, extensions: parts.find(|part| part.tag == CONTEXT_3) })
    }

    /// States the names, the registry number and the digests of the one it was issued to.
    pub(crate) fn state(&self, bytes: &[u8], sink: &mut Sink<'_>) {
        for (kind, value) in attributes(bytes, self.subject) {
            let fact = match kind {
                COMMON_NAME | ORGANISATION | UNIT => FactKind::SignerSubject,
                SERIAL_NUMBER => FactKind::SignerSerial,
                _ => continue,
            };
            let len = value.body_end.saturating_sub(value.body);
            sink.fact(fact, decode(value.tag, value.content(bytes)).trim(), span(value.body, len));
        }
        if sink.wants(FactKind::SignerDigest) && !self.whole.is_cut {
            let der = self.whole.whole(bytes);
            let place = span(self.whole.start, der.len());
            sink.fact(FactKind::SignerDigest, &hex(&Sha1::digest(der)), place);
            sink.fact(FactKind::SignerDigest, Digest::of(der).hex(), place);
        }
    }

    /// Its outermost value.
    pub(crate) fn node(&self) -> Node {
        self.whole
    }

    /// Whether its uses, where it restricts them, include signing code.
    pub(crate) fn may_sign_code(&self, bytes: &[u8]) -> bool {
        let usage = self.extensions.and_then(|extensions| {
            let mut list = extensions.child(bytes)?.children(bytes);
            list.find(|one| one.child(bytes).is_some_and(|id| id.content(bytes) == EXTENDED_KEY_USAGE))
        });
        usage.is_none_or(|usage| {
            let content = usage.content(bytes);
            SIGNS_CODE.iter().any(|id| memmem::find(content, id).is_some())
        })
    }

    /// Whether it names somebody.
    fn is_named(&self, bytes: &[u8]) -> bool {
        attributes(bytes, self.subject).next().is_some() && attributes(bytes, self.issuer).next().is_some()
    }
}

/// The attributes of a name: the last number of the kind's id, and the value.
fn attributes(bytes: &[u8], name: Node) -> impl Iterator<Item = (u8, Node)> {
    let sets = name.children(bytes).filter(|set| set.tag == SET);
    let pairs = sets.flat_map(|set| set.children(bytes)).take(MOST_ATTRIBUTES);
    pairs.filter_map(|pair| {
        let mut parts = pair.of(SEQUENCE)?.children(bytes);
        let id = parts.next()?.of(OID)?.content(bytes).strip_prefix(ATTRIBUTES)?;
        let [kind] = id else { return None };
        Some((*kind, parts.next()?))
    })
}

/// A directory string as text, by the encoding its tag says.
pub(crate) fn decode(tag: u8, bytes: &[u8]) -> String {
    let units = || bytes.chunks_exact(2).filter_map(|pair| pair.first_chunk().copied().map(u16::from_be_bytes));
    let wide = || bytes.chunks_exact(4).filter_map(|four| four.first_chunk().copied().map(u32::from_be_bytes));
    match tag {
        0x1e => char::decode_utf16(units()).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect(),
        0x1c => wide().map(|code| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)).collect(),
        0x14 if std::str::from_utf8(bytes).is_err() => bytes.iter().copied().map(char::from).collect(),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// Version 3 and the tag of the serial number: what nearly every certificate begins with after its two lengths.
const BEGINNING: &[u8] = b"\xa0\x03\x02\x01\x02\x02";
/// Certificates looked for in one file.
const MOST_CARVED: usize = 1024;

/// Certificates that stand anywhere between `start` and `end`.
pub(crate) fn carve(bytes: &[u8], start: usize, end: usize) -> Vec<Certificate> {
    let Some(within) = bytes.get(start..end.min(bytes.len())) else { return Vec::new() };
    let found = memmem::find_iter(within, BEGINNING).take(MOST_CARVED);
    found.filter_map(|at| around(bytes, start + at, end)).collect()
}

/// The certificate whose version stands at `at`: two sequences, each with a length of one to three bytes, are before it.
fn around(bytes: &[u8], at: usize, end: usize) -> Option<Certificate> {
    let headers = [2, 3, 4];
    let starts = headers.iter().flat_map(|inner| headers.iter().map(move |outer| (*inner, *outer)));
    for (inner, outer) in starts {
        let Some(body_at) = at.checked_sub(inner) else { continue };
        let Some(whole_at) = body_at.checked_sub(outer) else { continue };
        let Some(whole) = Node::read(bytes, whole_at, end).and_then(|node| node.of(SEQUENCE)) else { continue };
        let Some(body) = whole.child(bytes).and_then(|node| node.of(SEQUENCE)) else { continue };
        if whole.is_cut || (whole.body, body.body) != (body_at, at) {
            continue;
        }
        if let Some(certificate) = Certificate::at(bytes, whole).filter(|found| found.is_named(bytes)) {
            return Some(certificate);
        }
    }
    None
}
