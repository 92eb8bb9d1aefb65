//! Signatures in PKCS#7: every signer, every certificate, every signature inside a signature.
use std::collections::BTreeSet;

use interdict_model::{FactKind, Sink};

use crate::certificate::{Certificate, Role, decode};
use crate::der::{CONTEXT_0, CONTEXT_1, Node, OCTETS, OID, SEQUENCE, SET};
use crate::digest;
use crate::read::span;

/// `1.2.840.113549.1.7.2`.
const SIGNED_DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
/// `1.3.6.1.4.1.311.2.1.12`: what the signed program is called.
const OPUS_INFO: &[u8] = b"\x2b\x06\x01\x04\x01\x82\x37\x02\x01\x0c";
/// `1.3.6.1.4.1.311.2.1.4`: the digest of a file, signed.
const INDIRECT_DATA: &[u8] = b"\x2b\x06\x01\x04\x01\x82\x37\x02\x01\x04";
/// `1.2.840.113549.1.9.4`: the digest of what is signed.
const MESSAGE_DIGEST: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x04";
/// Unsigned attributes that hold a signature of their own.
const NESTED: &[&[u8]] = &[
    // 1.3.6.1.4.1.311.2.4.1: a second signature over the same file.
    b"\x2b\x06\x01\x04\x01\x82\x37\x02\x04\x01",
    // 1.3.6.1.4.1.311.3.3.1 and 1.2.840.113549.1.9.16.2.14: a time stamp.
    b"\x2b\x06\x01\x04\x01\x82\x37\x03\x03\x01",
    b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x02\x0e",
];
/// `[0]`, primitive: UTF-16 in a program's name.
const UTF16: u8 = 0x80;
const BMP_STRING: u8 = 0x1e;
/// Signatures read of one file.
const MOST_SIGNATURES: usize = 64;
/// Certificates read of one file.
const MOST_CERTIFICATES: usize = 4096;

/// A digest that a signature states of the file it signs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Signed {
    /// The digest algorithm's object identifier, as encoded.
    pub(crate) algorithm: Vec<u8>,
    pub(crate) digest: Vec<u8>,
    pub(crate) start: usize,
    /// Whether the signer signed this statement; unknown where the signer says nothing that can be compared.
    pub(crate) is_vouched_for: Option<bool>,
    /// The statement itself.
    statement: (usize, usize),
}

/// What a walk over signatures has seen; certificates are stated once however many signatures carry them.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    pub(crate) stated: BTreeSet<usize>,
    pub(crate) signed: Vec<Signed>,
    /// Where a value's length reaches past what holds it.
    pub(crate) cut: Option<usize>,
    /// Whether there was more than is read.
    pub(crate) is_over: bool,
    digests: BTreeSet<Vec<u8>>,
    /// The text that the bytes were made of, where they were: it is the place of all that is said.
    pub(crate) text: Option<(usize, usize)>,
}

impl Walk {
    /// States what the signature at `start` and those inside it say; false where none is there.
    pub(crate) fn signature(&mut self, bytes: &[u8], start: usize, end: usize, sink: &mut Sink<'_>) -> bool {
        let Some(first) = Node::read(bytes, start, end) else { return false };
        let mut open = vec![first];
        let mut is_one = false;
        let mut read = 0_usize;
        while let Some(info) = open.pop() {
            read += 1;
            if read > MOST_SIGNATURES {
                self.is_over = true;
                break;
            }
            if info.is_cut {
                self.cut = Some(info.start);
            }
            let Some(data) = signed_data(bytes, info) else { continue };
            is_one = true;
            self.data(bytes, data, &mut open, sink);
        }
        is_one
    }

    fn data(&mut self, bytes: &[u8], data: Node, open: &mut Vec<Node>, sink: &mut Sink<'_>) {
        let first = self.signed.len();
        for (number, part) in data.children(bytes).enumerate() {
            match part.tag {
                SEQUENCE => self.signed.extend(indirect_data(bytes, part)),
                CONTEXT_0 => {
                    for node in part.children(bytes) {
                        self.certificate(bytes, node, Role::Signs, sink);
                    }
                }
                // The first set names digest algorithms.
                SET if number > 1 => {
                    for signer in part.children(bytes).take(MOST_SIGNATURES) {
                        signer_info(bytes, signer, self.text, open, sink);
                        for one in self.signed.iter_mut().skip(first) {
                            let (start, end) = one.statement;
                            let statement = bytes.get(start..end).unwrap_or_default();
                            one.is_vouched_for = one.is_vouched_for.or_else(|| has_signed(bytes, signer, statement));
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// States a certificate once.
    pub(crate) fn certificate(&mut self, bytes: &[u8], node: Node, role: Role, sink: &mut Sink<'_>) {
        if self.stated.len() >= MOST_CERTIFICATES {
            self.is_over = true;
        } else if let Some(certificate) = Certificate::at(bytes, node)
            && self.stated.insert(node.start)
            && self.digests.insert(node.whole(bytes).to_vec())
        {
            certificate.state_at(bytes, role, self.text, sink);
        }
    }
}

/// Whether these bytes begin as a signature does.
pub(crate) fn is_one(bytes: &[u8]) -> bool {
    let Some(node) = Node::read(bytes, 0, bytes.len()).and_then(|node| node.of(SEQUENCE)) else { return false };
    node.child(bytes).is_some_and(|id| id.tag == OID && id.content(bytes) == SIGNED_DATA)
}

/// The `SignedData` inside a `ContentInfo`.
fn signed_data(bytes: &[u8], info: Node) -> Option<Node> {
    let mut parts = info.of(SEQUENCE)?.children(bytes);
    let is_signed = parts.next()?.of(OID)?.content(bytes) == SIGNED_DATA;
    is_signed.then(|| parts.next()?.of(CONTEXT_0)?.child(bytes)?.of(SEQUENCE)).flatten()
}

/// The digest that `SpcIndirectDataContent` holds.
fn indirect_data(bytes: &[u8], content: Node) -> Option<Signed> {
    let mut parts = content.children(bytes);
    if parts.next()?.of(OID)?.content(bytes) != INDIRECT_DATA {
        return None;
    }
    let data = parts.next()?.of(CONTEXT_0)?.child(bytes)?;
    let info = data.children(bytes).nth(1)?;
    let mut parts = info.children(bytes);
    let algorithm = parts.next()?.child(bytes)?.of(OID)?.content(bytes).to_vec();
    let digest = parts.next()?.of(OCTETS)?;
    Some(Signed {
        algorithm,
        digest: digest.content(bytes).to_vec(),
        start: digest.body,
        is_vouched_for: None,
        statement: (data.body, data.body_end),
    })
}

/// Whether the digest among the signed attributes is that of the statement.
fn has_signed(bytes: &[u8], signer: Node, statement: &[u8]) -> Option<bool> {
    let algorithm = signer.children(bytes).nth(2)?.of(SEQUENCE)?.child(bytes)?.of(OID)?;
    let attributes = signer.children(bytes).find(|part| part.tag == CONTEXT_0)?;
    let attribute = attributes.children(bytes).find(|attribute| {
        attribute.child(bytes).is_some_and(|id| id.tag == OID && id.content(bytes) == MESSAGE_DIGEST)
    })?;
    let value = attribute.children(bytes).nth(1)?.child(bytes)?.of(OCTETS)?;
    Some(digest::of(algorithm.content(bytes), &[statement])? == value.content(bytes))
}

/// The program's name among the signed attributes, and the signatures among the unsigned ones.
fn signer_info(bytes: &[u8], signer: Node, text: Option<(usize, usize)>, open: &mut Vec<Node>, sink: &mut Sink<'_>) {
    let attributes = signer.children(bytes).filter(|part| matches!(part.tag, CONTEXT_0 | CONTEXT_1));
    for attribute in attributes.flat_map(|list| list.children(bytes)) {
        let mut parts = attribute.children(bytes);
        let (Some(id), Some(values)) = (parts.next().and_then(|id| id.of(OID)), parts.next()) else { continue };
        let id = id.content(bytes);
        if id == OPUS_INFO {
            for value in values.children(bytes) {
                program_name(bytes, value, text, sink);
            }
        } else if NESTED.contains(&id) {
            open.extend(values.children(bytes).take(MOST_SIGNATURES));
        }
    }
}

/// `SpcSpOpusInfo`: `[0]` holds the name, itself `[0]` in UTF-16 or `[1]` in ASCII.
fn program_name(bytes: &[u8], info: Node, text: Option<(usize, usize)>, sink: &mut Sink<'_>) {
    let name = info.children(bytes).find(|part| part.tag == CONTEXT_0).and_then(|part| part.child(bytes));
    let Some(name) = name else { return };
    let tag = if name.tag == UTF16 { BMP_STRING } else { name.tag };
    let content = name.content(bytes);
    let (start, len) = text.unwrap_or((name.body, content.len()));
    sink.fact(FactKind::SignerProgram, decode(tag, content).trim(), span(start, len));
}
