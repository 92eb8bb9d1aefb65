//! What stands before the archive in an extension for Chrome and its relatives: the keys that signed it, and its id.
use interdict_model::{FactKind, GapReason, Head, Malformed, Observer, Sink, Source, Technique, Unseen, hex};
use sha2::{Digest as _, Sha256};

use crate::read::{index, le32, slice, span, unread};

/// The descriptor of this observer.
pub(super) const ENTRY: Observer = Observer {
    id: "crx",
    revision: 1,
    title: "Headers of browser extensions (CRX 2 and 3): their id and the keys that signed them",
    limitations: &["Signatures are not verified."],
    technique: Technique::Other,
    accepts,
    observe,
};

const MAGIC: &[u8] = b"Cr24";
/// Before the header proper of version 3, and before the keys of version 2.
const FIXED_3: usize = 12;
const FIXED_2: usize = 16;
/// Fields of the header: proofs by RSA and by ECDSA, and what is signed; of a proof, its key; of what is signed, the id.
const PROOFS: [u64; 2] = [2, 3];
const SIGNED: u64 = 10_000;
const FIRST: u64 = 1;
/// Of an id, in bytes.
const ID: usize = 16;
/// Proofs that are read.
const MOST: usize = 256;

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(MAGIC)
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let bytes = source.bytes;
    let word = |at| le32(bytes, at).map(index);
    let (Some(version), Some(length)) = (word(4), word(8)) else {
        return Err(Malformed::at("offset 0x4", "the file breaks off in its header"));
    };
    let (start, length) =
        if version == 2 { (FIXED_2, length.saturating_add(word(12).unwrap_or(0))) } else { (FIXED_3, length) };
    let Some(header) = slice(bytes, start, length) else {
        let detail = format!("a header of {length} bytes is stated, {} are there", bytes.len().saturating_sub(start));
        return Err(Malformed::at(format!("offset {start:#x}"), detail));
    };
    match version {
        2 => {
            let key = header.get(..index(le32(bytes, 8).unwrap_or_default())).unwrap_or_default();
            told(key, start, sink);
            sink.fact(FactKind::BundleId, &spelled(&digest(key)), span(start, key.len()));
        }
        3 => proofs(header, start, sink),
        other => {
            let detail = format!("version {other} of the format is not known; its header says who signed it");
            sink.gap(Unseen::new(GapReason::Unsupported, detail).over(start as u64, (start + length) as u64));
        }
    }
    sink.fact(FactKind::SignatureState, "not-checked", span(start, length));
    Ok(())
}

fn proofs(header: &[u8], start: usize, sink: &mut Sink<'_>) {
    let (mut id, mut keys, mut count) = (None, Vec::new(), 0);
    let is_whole = each(header, &mut |field, at, value| {
        if PROOFS.contains(&field) && count < MOST {
            count += 1;
            each(value, &mut |field, within, key| {
                if field == FIRST {
                    told(key, start + at + within, sink);
                    keys.push(digest(key));
                }
            });
        } else if field == SIGNED {
            each(value, &mut |field, within, bytes| {
                if field == FIRST && bytes.len() == ID {
                    id = Some((bytes.to_vec(), start + at + within));
                }
            });
        }
    });
    if !is_whole {
        let end = (start + header.len()) as u64;
        sink.gap(unread("the header cannot be read to its end", start as u64, end));
    }
    let Some((id, at)) = id else { return };
    sink.fact(FactKind::BundleId, &spelled(&id), span(at, ID));
    if !keys.iter().any(|key| key.starts_with(&id)) {
        let detail = "no key that signed it is the one that its id is made of";
        sink.gap(Unseen::new(GapReason::Ambiguous, detail).over(at as u64, (at + ID) as u64));
    }
}

fn told(key: &[u8], at: usize, sink: &mut Sink<'_>) {
    if !key.is_empty() {
        sink.fact(FactKind::SignerDigest, &hex(&digest(key)), span(at, key.len()));
    }
}

fn digest(key: &[u8]) -> Vec<u8> {
    Sha256::digest(key).to_vec()
}

/// Digits of 16 from `a` on.
fn spelled(digest: &[u8]) -> String {
    let nibbles = digest.iter().take(ID).flat_map(|byte| [byte >> 4, byte & 15]);
    nibbles.map(|nibble| char::from(b'a' + nibble)).collect()
}

/// Every field of a message whose value is bytes, with where they stand; false where it breaks off.
fn each(message: &[u8], hear: &mut dyn FnMut(u64, usize, &[u8])) -> bool {
    let mut at = 0;
    while at < message.len() {
        let Some((key, behind)) = number(message, at) else { return false };
        let next = match key & 7 {
            0 => number(message, behind).map(|(_, behind)| behind),
            1 => behind.checked_add(8),
            5 => behind.checked_add(4),
            2 => number(message, behind).and_then(|(length, from)| {
                let value = slice(message, from, index(length))?;
                hear(key >> 3, from, value);
                Some(from + value.len())
            }),
            _ => None,
        };
        match next.filter(|next| *next <= message.len()) {
            Some(next) => at = next,
            None => return false,
        }
    }
    true
}

fn number(message: &[u8], at: usize) -> Option<(u64, usize)> {
    let mut value = 0_u64;
    for (nth, byte) in message.get(at..)?.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7f).checked_shl(u32::try_from(nth * 7).ok()?).unwrap_or_default();
        if byte & 0x80 == 0 {
            return Some((value, at + nth + 1));
        }
    }
    None
}
