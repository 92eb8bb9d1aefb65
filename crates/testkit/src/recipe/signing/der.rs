//! Values in DER: a tag, a length, content.

pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;
pub(super) const INTEGER: u8 = 2;
pub(super) const BITS: u8 = 3;
pub(super) const OCTETS: u8 = 4;

/// A value around this content.
pub(super) fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let length = content.len();
    match u8::try_from(length) {
        Ok(short) if short < 0x80 => out.push(short),
        _ => {
            let bytes: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|byte| *byte == 0).collect();
            out.push(0x80 | u8::try_from(bytes.len()).unwrap_or(0));
            out.extend(bytes);
        }
    }
    out.extend_from_slice(content);
    out
}

/// A value around these values.
pub(super) fn group(tag: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    value(tag, &parts.concat())
}

pub(super) fn sequence(parts: &[Vec<u8>]) -> Vec<u8> {
    group(SEQUENCE, parts)
}

/// A context-specific value `[number]` that holds others.
pub(super) fn context(number: u8, parts: &[Vec<u8>]) -> Vec<u8> {
    group(0xa0 | number, parts)
}

/// An object identifier in dotted numbers; those here are all well formed.
pub(super) fn oid(dotted: &str) -> Vec<u8> {
    let mut numbers = dotted.split('.').map(|number| number.parse::<u32>().unwrap_or(0));
    let (first, second) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    let mut content = Vec::new();
    for number in [first * 40 + second].into_iter().chain(numbers) {
        let groups = (0..5).rev().map(|group| (group, number >> (7 * group) & 0x7f));
        let started = groups.skip_while(|(group, bits)| *group > 0 && *bits == 0);
        content.extend(started.map(|(group, bits)| u8::try_from(bits).unwrap_or(0) | if group > 0 { 0x80 } else { 0 }));
    }
    value(6, &content)
}

/// An algorithm without parameters of its own.
pub(super) fn algorithm(dotted: &str) -> Vec<u8> {
    sequence(&[oid(dotted), value(5, &[])])
}

/// The values one after another, whole and by their content; ends where no value is.
pub(super) fn values(mut bytes: &[u8]) -> Vec<(&[u8], &[u8])> {
    let mut out = Vec::new();
    while let Some((whole, content)) = first(bytes) {
        out.push((whole, content));
        bytes = bytes.get(whole.len()..).unwrap_or_default();
    }
    out
}

fn first(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let short = usize::from(*bytes.get(1)?);
    let (start, length) = match short.checked_sub(0x80) {
        None => (2, short),
        Some(count) => {
            let digits = bytes.get(2..2 + count)?;
            (2 + count, digits.iter().fold(0_usize, |length, digit| length << 8 | usize::from(*digit)))
        }
    };
    let end = start.checked_add(length)?;
    Some((bytes.get(..end)?, bytes.get(start..end)?))
}
