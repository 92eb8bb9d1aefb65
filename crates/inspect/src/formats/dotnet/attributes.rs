//! What an assembly says of itself in attributes: the same as in a version resource, which may have been taken away.
use interdict_model::{FactKind, Sink};

use super::schema::{ATTRIBUTE_TYPE, CUSTOM_ATTRIBUTE, HAS_ATTRIBUTE, MEMBER_PARENT, MEMBER_REF, TYPE_REF};
use super::tables::{Column, Metadata};
use crate::read::{index, span, text};

/// The numbers by which coded columns say: an assembly, a reference to a member, a reference to a type.
const OF_ASSEMBLY: u32 = 14;
const BY_MEMBER_REF: u32 = 3;
const OF_TYPE_REF: u32 = 1;
/// What every value begins with.
const PROLOGUE: &[u8] = b"\x01\0";

const ATTRIBUTES: &[(&[u8], FactKind)] = &[
    (b"AssemblyCompanyAttribute", FactKind::CompanyName),
    (b"AssemblyProductAttribute", FactKind::ProductName),
    (b"AssemblyTitleAttribute", FactKind::FileDescription),
    (b"AssemblyDescriptionAttribute", FactKind::FileDescription),
    (b"AssemblyCopyrightAttribute", FactKind::LegalCopyright),
    (b"AssemblyTrademarkAttribute", FactKind::LegalCopyright),
];

/// States it.
pub(super) fn observe(metadata: &Metadata<'_>, sink: &mut Sink<'_>) {
    for row in 0..metadata.rows(CUSTOM_ATTRIBUTE) {
        let parent = metadata.number(CUSTOM_ATTRIBUTE, row, 0, HAS_ATTRIBUTE);
        if parent.is_none_or(|parent| parent & 31 != OF_ASSEMBLY) {
            continue;
        }
        let Some((kind, number)) = kind(metadata, row).zip(metadata.number(CUSTOM_ATTRIBUTE, row, 2, Column::Blob))
        else {
            continue;
        };
        if let Some((at, value)) = metadata.blob(index(number)).and_then(|(at, blob)| string(at, blob)) {
            sink.fact(kind, text(value).trim(), span(at, value.len()));
        }
    }
}

/// What the attribute of a row says, by the name of the type whose constructor it calls.
fn kind(metadata: &Metadata<'_>, row: usize) -> Option<FactKind> {
    let coded = |number: u32, bits: u32, tag: u32| {
        let row = index(number >> bits).checked_sub(1)?;
        (number & ((1 << bits) - 1) == tag).then_some(row)
    };
    let member = coded(metadata.number(CUSTOM_ATTRIBUTE, row, 1, ATTRIBUTE_TYPE)?, 3, BY_MEMBER_REF)?;
    let of = coded(metadata.number(MEMBER_REF, member, 0, MEMBER_PARENT)?, 3, OF_TYPE_REF)?;
    let (_, name) = metadata.string(index(metadata.number(TYPE_REF, of, 1, Column::String)?))?;
    ATTRIBUTES.iter().find(|(attribute, _)| *attribute == name).map(|(_, kind)| *kind)
}

/// The text that a value begins with: its length, in one or two bytes, and itself.
fn string(at: usize, blob: &[u8]) -> Option<(usize, &[u8])> {
    let rest = blob.strip_prefix(PROLOGUE)?;
    let (len, size) = match rest {
        [first @ 0..=0x7f, ..] => (usize::from(*first), 1),
        [first @ 0x80..=0xbf, second, ..] => (usize::from(first & 0x3f) << 8 | usize::from(*second), 2),
        _ => return None,
    };
    Some((at + PROLOGUE.len() + size, rest.get(size..size.checked_add(len)?)?))
}
