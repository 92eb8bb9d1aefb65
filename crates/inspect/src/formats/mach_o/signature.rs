//! The code signature: identifier, team, and the certificates behind them.
use interdict_model::{FactKind, Sink};

use super::commands::Image;
use crate::bundle;
use crate::read::{be32, index, span, text, unread, until_zero};
use crate::signed_data::Walk;

const SUPER_BLOB: u32 = 0xfade_0cc0;
const CODE_DIRECTORY: u32 = 0xfade_0c02;
const ENTITLEMENTS: u32 = 0xfade_7171;
const CMS: u32 = 0xfade_0b01;
/// From this version on a code directory names the team.
const NAMES_TEAM: u32 = 0x2_0200;
/// Blobs read of one signature.
const MOST_BLOBS: usize = 64;
/// Longest identifier read.
const LONGEST_NAME: usize = 4096;

/// States what the signature says.
pub(super) fn observe(image: &Image<'_>, sink: &mut Sink<'_>) {
    let Some([offset, size]) = image.signature else { return };
    let start = image.place(offset);
    let end = start.saturating_add(index(size));
    let is_there = end <= image.end && be32(image.bytes, start) == Some(SUPER_BLOB);
    if !is_there {
        let detail = format!("the code signature at offset {start:#x} lies outside the image or is none");
        let range = (start.min(image.end) as u64, end.min(image.end) as u64);
        sink.gap(unread(detail, range.0, range.1));
    }
    let end = end.min(image.end);
    let count = be32(image.bytes, start.saturating_add(8)).filter(|_| is_there).map_or(0, index);
    let mut walk = Walk::default();
    for number in 0..count.min(MOST_BLOBS) {
        let at = start + 12 + number * 8;
        let Some(blob) = be32(image.bytes, at + 4).map(|offset| start.saturating_add(index(offset))) else { break };
        let Some(len) = be32(image.bytes, blob.saturating_add(4)).map(index).filter(|_| blob < end) else { continue };
        let blob_end = blob.saturating_add(len).min(end);
        match be32(image.bytes, blob) {
            Some(CODE_DIRECTORY) => code_directory(image.bytes, blob, blob_end, sink),
            // An ad-hoc signature has an empty one.
            Some(CMS) if len > 8 && walk.signature(image.bytes, blob + 8, blob_end, sink) => {
                sink.fact(FactKind::SignatureState, "not-checked", span(blob, blob_end - blob));
            }
            Some(ENTITLEMENTS) => bundle::observe_entitlements(image.bytes, blob + 8, blob_end, sink),
            _ => {}
        }
    }
}

fn code_directory(bytes: &[u8], start: usize, end: usize, sink: &mut Sink<'_>) {
    let field = |at: usize| be32(bytes, start + at).filter(|offset| *offset != 0).map(index);
    let name = |offset: Option<usize>| {
        let at = start.saturating_add(offset?);
        Some((at, until_zero(bytes.get(..end)?, at, LONGEST_NAME)?))
    };
    if let Some((at, identifier)) = name(field(20)) {
        sink.fact(FactKind::BundleId, &text(identifier), span(at, identifier.len()));
    }
    let names_team = be32(bytes, start + 8).is_some_and(|version| version >= NAMES_TEAM);
    if let Some((at, team)) = name(field(48).filter(|_| names_team)) {
        sink.fact(FactKind::TeamId, &text(team), span(at, team.len()));
    }
}
