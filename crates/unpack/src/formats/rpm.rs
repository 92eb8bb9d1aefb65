//! RPM packages: lead, signature, header, and the payload, which is offered as it is packed.
use std::ops::ControlFlow;

use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};

use crate::field::{broken, from, range, u32_be};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "rpm",
    revision: 2,
    title: "RPM package",
    limitations: &["payloads that keep their names in the header alone (files over 4 GiB) are a gap"],
    accepts,
    unpack,
};

const LEAD: u64 = 96;
const HEADER: &[u8] = b"\x8e\xad\xe8\x01";

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(b"\xed\xab\xee\xdb")
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let signature = header_length(source.bytes, LEAD).ok_or_else(|| broken(LEAD, "no signature header"))?;
    let at = signature
        .checked_next_multiple_of(8)
        .and_then(|length| length.checked_add(LEAD))
        .ok_or_else(|| broken(LEAD, "a signature beyond the end"))?;
    let length = header_length(source.bytes, at).ok_or_else(|| broken(at, "no package header"))?;
    let header = range(source.bytes, at, length).unwrap_or_default();
    if scripts(header, members).is_break() {
        return Ok(());
    }
    let payload = from(source.bytes, at.saturating_add(length));
    if payload.is_empty() {
        return Err(broken(at, "the package breaks off before its payload"));
    }
    let name = format!("payload.cpio{}", ending(payload));
    let _ = members.stored(&Member { name: name.as_bytes(), ..Member::default() }, payload);
    members.leaves_rest();
    Ok(())
}

/// What runs when packages come and go, by the tags of the header.
const SCRIPTS: &[(u32, &str)] = &[
    (1023, "preinstall"),
    (1024, "postinstall"),
    (1025, "preuninstall"),
    (1026, "postuninstall"),
    (1065, "trigger"),
    (1079, "verify"),
    (1151, "pretransaction"),
    (1152, "posttransaction"),
    (5066, "file-trigger"),
    (5076, "transaction-file-trigger"),
    (5104, "preuntransaction"),
    (5105, "postuntransaction"),
];
/// Scripts under one tag; no package has more triggers.
const MOST: u32 = 4096;

/// Every script of the header, as text of its own.
fn scripts(header: &[u8], members: &mut dyn Members) -> ControlFlow<()> {
    const TEXTS: [u32; 3] = [6, 8, 9];
    let entries = u64::from(u32_be(header, 8).unwrap_or_default());
    let (index, store) = (range(header, 16, entries * 16).unwrap_or_default(), from(header, 16 + entries * 16));
    for entry in index.chunks_exact(16) {
        let number = |at: usize| u32_be(entry, at).unwrap_or_default();
        let Some((_, name)) = SCRIPTS.iter().find(|(tag, _)| *tag == number(0)) else { continue };
        if !TEXTS.contains(&number(4)) {
            continue;
        }
        let mut rest = from(store, u64::from(number(8)));
        for text in 1..=number(12).min(MOST) {
            let Some(end) = memchr::memchr(0, rest) else { break };
            let (script, behind) = rest.split_at(end);
            rest = behind.get(1..).unwrap_or_default();
            let name = if text == 1 { (*name).to_owned() } else { format!("{name}-{text}") };
            if !script.is_empty() {
                members.stored(&Member { name: name.as_bytes(), ..Member::default() }, script)?;
            }
        }
        if number(12) > MOST {
            let detail =
                format!("{} scripts under one tag; those behind the first {MOST} were not looked at", number(12));
            members.gap(Unseen::new(GapReason::OverLimit, detail));
        }
    }
    ControlFlow::Continue(())
}

/// The length of a header structure: its 16 bytes, its index, its store.
fn header_length(bytes: &[u8], at: u64) -> Option<u64> {
    let intro = range(bytes, at, 16)?;
    if !intro.starts_with(HEADER) {
        return None;
    }
    let (entries, store) = (u64::from(u32_be(intro, 8)?), u64::from(u32_be(intro, 12)?));
    let length = 16 + entries * 16 + store;
    range(bytes, at, length).map(|_| length)
}

/// By content: what the header says of the compressor may be wrong.
fn ending(payload: &[u8]) -> &'static str {
    const MAGICS: &[(&[u8], &str)] = &[
        (b"\x1f\x8b", ".gz"),
        (b"BZh", ".bz2"),
        (b"\xfd7zXZ\0", ".xz"),
        (b"\x28\xb5\x2f\xfd", ".zst"),
        (b"\x5d\0\0", ".lzma"),
    ];
    MAGICS.iter().find(|(magic, _)| payload.starts_with(magic)).map_or("", |(_, ending)| ending)
}
