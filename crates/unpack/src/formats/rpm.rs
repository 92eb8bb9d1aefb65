//! RPM packages: lead, signature, header, and the payload, which is offered as it is packed.
use interdict_model::{Head, Malformed, Member, Members, Source, Unpacker};

use crate::field::{broken, from, range, u32_be};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "rpm",
    revision: 1,
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
    let payload = from(source.bytes, at.saturating_add(length));
    if payload.is_empty() {
        return Err(broken(at, "the package breaks off before its payload"));
    }
    let name = format!("payload.cpio{}", ending(payload));
    let _ = members.stored(&Member { name: name.as_bytes(), ..Member::default() }, payload);
    Ok(())
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
