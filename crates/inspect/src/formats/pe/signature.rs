//! Authenticode: the certificate table, and certificates that stand anywhere else in the image.
use interdict_model::{FactKind, GapReason, Sink, Unseen};

use super::authenticode;
use crate::certificate::{self, Role};
use crate::pe_image::{Directory, Image};
use crate::read::{index, le16, le32, span, unread};
use crate::signed_data::Walk;

/// Entries read of one table.
const MOST_ENTRIES: usize = 64;
const PKCS_SIGNED_DATA: u16 = 2;
/// How far behind the image a bare certificate is looked for: signatures of a vendor's own begin there.
const BEHIND: usize = 64 * 1024;

/// States every signer, by signature or by bare certificate.
pub(super) fn observe(image: &Image<'_>, sink: &mut Sink<'_>) {
    let mut walk = Walk::default();
    let table = image.directory(Directory::Certificate);
    if let Some((at, size)) = table {
        entries(image.bytes, index(at), index(size), &mut walk, sink);
    }
    if let Some(at) = walk.cut {
        let detail = format!("the signature at offset {at:#x} is longer than what holds it");
        sink.gap(unread(detail, at as u64, image.bytes.len() as u64));
    }
    if walk.is_over {
        sink.gap(Unseen::new(GapReason::OverLimit, "there are more signatures or certificates than are read"));
    }
    authenticode::observe(image, &walk.signed, sink);
    bare(image, &mut walk, sink);
}

/// `WIN_CERTIFICATE` entries, each on a multiple of eight bytes.
fn entries(bytes: &[u8], start: usize, size: usize, walk: &mut Walk, sink: &mut Sink<'_>) {
    let end = start.saturating_add(size).min(bytes.len());
    if start.saturating_add(size) > bytes.len() {
        let detail = format!(
            "the certificate table at offset {start:#x} has {size:#x} bytes and the file ends at {:#x}",
            bytes.len()
        );
        sink.gap(unread(detail, start.min(end) as u64, bytes.len() as u64));
    }
    let mut at = start;
    for _ in 0..MOST_ENTRIES {
        let (Some(length), Some(kind)) = (le32(bytes, at), le16(bytes, at.saturating_add(6))) else { return };
        let (body, next) = (at + 8, at.saturating_add(index(length)));
        if at >= end || next <= body {
            return;
        }
        if kind == PKCS_SIGNED_DATA {
            let before = walk.signed.len();
            if !walk.signature(bytes, body, next.min(end), sink) {
                let detail = format!("the certificate table at offset {at:#x} holds no signature that can be read");
                sink.gap(unread(detail, body as u64, next.min(end) as u64));
            } else if walk.signed.len() == before {
                // A signature over something else than a file's digest.
                sink.fact(FactKind::SignatureState, "not-checked", span(body, next.min(end).saturating_sub(body)));
            }
        }
        at = next.checked_next_multiple_of(8).unwrap_or(usize::MAX);
    }
}

/// Certificates in the sections, and right behind them, where a signature of a vendor's own stands; those in resources
/// belong to the files there.
fn bare(image: &Image<'_>, walk: &mut Walk, sink: &mut Sink<'_>) {
    let table = image.directory(Directory::Certificate).map_or(usize::MAX, |(at, _)| index(at));
    let behind = image.end_of_sections();
    let end = behind.saturating_add(BEHIND).min(table).min(image.bytes.len());
    let resources = image.directory(Directory::Resource).and_then(|(address, _)| image.offset_of(address));
    let resources = resources.map_or(0..0, |at| at..at.saturating_add(image.section_from(at)));
    for certificate in certificate::carve(image.bytes, 0, end) {
        if !resources.contains(&certificate.node().start) && certificate.may_sign_code(image.bytes) {
            let role = if certificate.node().start < behind { Role::Stands } else { Role::Signs };
            walk.certificate(image.bytes, certificate.node(), role, sink);
        }
    }
}
