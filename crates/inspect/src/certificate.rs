//! X.509 certificates, read for whom they name and nothing else: negative serials and unknown keys do not matter.
use std::collections::BTreeSet;

use interdict_model::{Digest, FactKind, Sink, hex};
use memchr::memmem;
use sha1::{Digest as _, Sha1};

use crate::der::{CONTEXT_0, CONTEXT_3, INTEGER, Node, OCTETS, OID, SEQUENCE, SET};
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
/// What a certificate does in the file that holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// It is one of those that a signature comes with.
    Signs,
    /// It stands there, and signs nothing.
    Stands,
}

/// Parts of a name that are read.
const MOST_ATTRIBUTES: usize = 256;

/// A certificate's parts, by place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Certificate {
    whole: Node,
    serial: Node,
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
        let serial = parts.next()?.of(INTEGER)?;
        parts.next()?.of(SEQUENCE)?;
        let issuer = parts.next()?.of(SEQUENCE)?;
        parts.next()?.of(SEQUENCE)?;
        let subject = parts.next()?.of(SEQUENCE)?;
        parts.next()?.of(SEQUENCE)?;
        Some(Self { whole, serial, issuer, subject, extensions: parts.find(|part| part.tag == CONTEXT_3) })
    }

    /// States whom it was issued to and by, its numbers, its digests, and what it may be used for.
    pub(crate) fn state(&self, bytes: &[u8], role: Role, sink: &mut Sink<'_>) {
        self.state_at(bytes, role, None, sink);
    }

    /// The same; where its bytes were made of text, that text is the place of all of it.
    pub(crate) fn state_at(&self, bytes: &[u8], role: Role, text: Option<(usize, usize)>, sink: &mut Sink<'_>) {
        let place = |start: usize, len: usize| text.map_or(span(start, len), |(start, len)| span(start, len));
        let (subject, number, digest) = match role {
            Role::Signs => (FactKind::SignerSubject, FactKind::SignerSerial, FactKind::SignerDigest),
            Role::Stands => {
                (FactKind::CertificateSubject, FactKind::CertificateRegistryNumber, FactKind::CertificateDigest)
            }
        };
        let issuer = (role == Role::Signs).then_some((self.issuer, FactKind::SignerIssuer, None));
        for (name, of, number) in issuer.into_iter().chain([(self.subject, subject, Some(number))]) {
            for (kind, value) in attributes(bytes, name) {
                let fact = match kind {
                    COMMON_NAME | ORGANISATION | UNIT => Some(of),
                    SERIAL_NUMBER => number,
                    _ => None,
                };
                let content = value.content(bytes);
                if let Some(fact) = fact {
                    sink.fact(fact, decode(value.tag, content).trim(), place(value.body, content.len()));
                }
            }
        }
        let serial = self.serial.content(bytes);
        sink.fact(FactKind::CertificateSerial, &hex(unsigned(serial)), place(self.serial.body, serial.len()));
        for usage in self.usages(bytes).filter(|_| role == Role::Signs) {
            let id = usage.content(bytes);
            sink.fact(FactKind::SignerUsage, &dotted(id), place(usage.body, id.len()));
        }
        if sink.wants(digest) && !self.whole.is_cut {
            let der = self.whole.whole(bytes);
            let place = place(self.whole.start, der.len());
            sink.fact(digest, &hex(&Sha1::digest(der)), place);
            sink.fact(digest, Digest::of(der).hex(), place);
        }
    }

    /// The uses that it is restricted to.
    fn usages<'a>(&self, bytes: &'a [u8]) -> impl Iterator<Item = Node> + use<'a> {
        let list = self.extensions.and_then(|extensions| {
            let mut list = extensions.child(bytes)?.children(bytes);
            let usage = list.find(|one| one.child(bytes).is_some_and(|id| id.content(bytes) == EXTENDED_KEY_USAGE))?;
            let value = usage.children(bytes).find_map(|part| part.of(OCTETS))?;
            Node::read(bytes, value.body, value.body_end)?.of(SEQUENCE)
        });
        let ids = list.into_iter().flat_map(|list| list.children(bytes));
        ids.filter(|id| id.tag == OID).take(MOST_ATTRIBUTES)
    }

    /// Its outermost value.
    pub(crate) fn node(&self) -> Node {
        self.whole
    }

    /// Whether its uses, where it restricts them, include signing code.
    pub(crate) fn may_sign_code(&self, bytes: &[u8]) -> bool {
        let mut usages = self.usages(bytes).peekable();
        usages.peek().is_none() || usages.any(|usage| SIGNS_CODE.contains(&usage.content(bytes)))
    }

    /// Whether it names somebody.
    pub(crate) fn is_named(&self, bytes: &[u8]) -> bool {
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

/// A number without the zero that keeps it from being negative.
fn unsigned(number: &[u8]) -> &[u8] {
    number.strip_prefix(b"\0").filter(|rest| !rest.is_empty()).unwrap_or(number)
}

/// An object identifier with dots: `1.3.6.1.5.5.7.3.3`.
pub(crate) fn dotted(id: &[u8]) -> String {
    let mut numbers: Vec<u128> = Vec::new();
    let mut number = 0_u128;
    for byte in id {
        number = number.wrapping_shl(7) | u128::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            if numbers.is_empty() {
                let first = (number / 40).min(2);
                numbers.extend([first, number - first * 40]);
            } else {
                numbers.push(number);
            }
            number = 0;
        }
    }
    numbers.iter().map(u128::to_string).collect::<Vec<_>>().join(".")
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

/// States the certificates that stand between `start` and `end`, sign nothing there and may sign code elsewhere.
pub(crate) fn observe(bytes: &[u8], start: usize, end: usize, sink: &mut Sink<'_>) {
    let mut told = BTreeSet::new();
    for certificate in carve(bytes, start, end) {
        if certificate.may_sign_code(bytes) && told.insert(certificate.whole.whole(bytes)) {
            certificate.state(bytes, Role::Stands, sink);
        }
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_dotted() {
        for (id, text) in [
            (&b"\x2b\x06\x01\x05\x05\x07\x03\x03"[..], "1.3.6.1.5.5.7.3.3"),
            (b"\x55\x1d\x25\x00", "2.5.29.37.0"),
            (b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", "1.2.840.113549.1.7.2"),
            (b"\x88\x37", "2.999"),
            (b"\x86", ""),
            (b"", ""),
        ] {
            assert_eq!(dotted(id), text);
        }
        assert!(!dotted(&[0xff; 64]).contains('-'));
    }
}
