//! The block before the directory of an Android package in which the schemes from the second on keep their signers.
use interdict_model::{FactKind, GapReason, Head, Malformed, Observer, Sink, Source, Technique, Unseen};

use crate::certificate::{Role, carve};
use crate::der::Node;
use crate::read::{clamped, index, le32, le64, slice, span, unread};
use crate::signed_data::Walk;

/// The descriptor of this observer.
pub(super) const ENTRY: Observer = Observer {
    id: "apk-signature",
    revision: 1,
    title: "Signing blocks of Android packages (schemes 2, 3 and 3.1, and the stamp of a source)",
    limitations: &["Digests and signature values are not verified."],
    technique: Technique::Other,
    accepts,
    observe,
};

const MAGIC: &[u8] = b"APK Sig Block 42";
/// What ends a zip archive: its mark, its length without a comment, and the longest comment.
const END: &[u8] = b"PK\x05\x06";
const END_LEN: usize = 22;
const LONGEST_COMMENT: usize = 0xffff;
/// Schemes 2, 3, 3.1 hold signers; the stamp of a source holds one certificate.
const SCHEMES: &[u32] = &[0x7109_871a, 0xf053_68c0, 0x1b93_ad61];
const STAMPS: &[u32] = &[0x2b09_189e, 0x6dff_800d];
/// The attribute of scheme 3 that holds earlier certificates of the same signer.
const LINEAGE: u32 = 0x3ba0_6f8c;
/// How far before the directory certificates are looked for where the block is broken.
const BROKEN: usize = 1 << 20;
/// Entries of one list that are read.
const MOST: usize = 1024;

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(b"PK\x03\x04") && block(head.bytes).is_some()
}

/// Where the block's entries stand, by the end of the archive.
fn block(bytes: &[u8]) -> Option<(usize, usize)> {
    let from = bytes.len().saturating_sub(LONGEST_COMMENT + END_LEN);
    let end = from + memchr::memmem::rfind(bytes.get(from..)?, END)?;
    let directory = index(le32(bytes, end + 16)?);
    let magic = directory.checked_sub(MAGIC.len())?;
    (slice(bytes, magic, MAGIC.len()) == Some(MAGIC)).then_some(())?;
    // The size stands at both ends, and counts all but the first.
    let size = index(le64(bytes, magic.checked_sub(8)?)?);
    let start = directory.checked_sub(size)?;
    Some((start, magic - 8))
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let bytes = source.bytes;
    let (start, end) = block(bytes).ok_or(Malformed::NotThis)?;
    let mut walk = Walk::default();
    let mut is_broken = le64(bytes, start.saturating_sub(8)) != le64(bytes, end);
    let mut at = start;
    while at + 12 <= end {
        let (Some(len), Some(id)) = (le64(bytes, at).map(index), le32(bytes, at + 8)) else { break };
        let (body, next) = (at + 12, at.saturating_add(8).saturating_add(len));
        if len < 4 || next > end {
            let detail =
                format!("an entry of the signing block at offset {at:#x} has {len:#x} bytes, {:#x} are left", end - at);
            sink.gap(unread(detail, at as u64, end as u64));
            is_broken = true;
            break;
        }
        let mut reader = Reader { bytes, walk: &mut walk, sink };
        let is_read = if SCHEMES.contains(&id) {
            reader.signers(body, next)
        } else if STAMPS.contains(&id) {
            reader.stamp(body, next)
        } else {
            Some(())
        };
        if is_read.is_none() {
            let detail = format!("the signers at offset {body:#x} (scheme {id:#x}) cannot be read to their end");
            sink.gap(unread(detail, body as u64, next as u64));
            is_broken = true;
        }
        if SCHEMES.contains(&id) {
            sink.fact(FactKind::SignatureState, "not-checked", span(at, next - at));
        }
        at = next;
    }
    if is_broken {
        let detail =
            "the sizes in the signing block do not fit one another; its certificates were looked for one by one";
        sink.gap(unread(detail, start.min(end) as u64, end as u64));
        for certificate in carve(bytes, end.saturating_sub(BROKEN), end) {
            walk.certificate(bytes, certificate.node(), Role::Signs, sink);
        }
    }
    if walk.is_over {
        sink.gap(Unseen::new(GapReason::OverLimit, "there are more certificates than are read"));
    }
    Ok(())
}

struct Reader<'a, 'b, 's> {
    bytes: &'a [u8],
    walk: &'b mut Walk,
    sink: &'b mut Sink<'s>,
}

/// A part behind its length, which must end before `end`: where it is, and where the next one starts.
fn part(bytes: &[u8], at: usize, end: usize) -> Option<(usize, usize)> {
    let len = index(le32(bytes, at)?);
    let body = at.checked_add(4)?;
    let next = body.checked_add(len).filter(|next| *next <= end)?;
    Some((body, next))
}

impl Reader<'_, '_, '_> {
    /// Signers, each of signed data: digests, certificates, attributes.
    fn signers(&mut self, start: usize, end: usize) -> Option<()> {
        let (mut at, end) = part(self.bytes, start, end)?;
        for _ in 0..MOST {
            if at >= end {
                return Some(());
            }
            let (signer, next) = part(self.bytes, at, end)?;
            let (data, data_end) = part(self.bytes, signer, next)?;
            let (_, certificates_at) = part(self.bytes, data, data_end)?;
            let (certificates, certificates_end) = part(self.bytes, certificates_at, data_end)?;
            self.certificates(certificates, certificates_end)?;
            self.lineage(certificates_end, data_end);
            at = next;
        }
        self.walk.is_over = true;
        Some(())
    }

    fn certificates(&mut self, start: usize, end: usize) -> Option<()> {
        let mut at = start;
        while at < end {
            let (body, next) = part(self.bytes, at, end)?;
            let node = Node::read(self.bytes, body, next)?;
            self.walk.certificate(self.bytes, node, Role::Signs, self.sink);
            at = next;
        }
        Some(())
    }

    fn stamp(&mut self, start: usize, end: usize) -> Option<()> {
        let (body, end) = part(self.bytes, start, end)?;
        let (certificate, next) = part(self.bytes, body, end)?;
        let node = Node::read(self.bytes, certificate, next)?;
        self.walk.certificate(self.bytes, node, Role::Signs, self.sink);
        Some(())
    }

    /// Earlier certificates of a signer stand among the attributes: between numbers and signatures, each as DER.
    fn lineage(&mut self, start: usize, end: usize) {
        let within = clamped(self.bytes, start, end.saturating_sub(start));
        let has_one = memchr::memmem::find(within, &LINEAGE.to_le_bytes()).is_some();
        if has_one {
            for certificate in carve(self.bytes, start, end) {
                self.walk.certificate(self.bytes, certificate.node(), Role::Signs, self.sink);
            }
        }
    }
}
