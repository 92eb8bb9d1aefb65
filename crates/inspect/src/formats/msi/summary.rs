//! The summary of a compound file: a property set with numbered texts (MS-OLEPS §2.21).
use interdict_model::{At, FactKind, Sink};

use super::decoded;

/// What the numbers stand for.
const NUMBERS: &[(u32, FactKind, &str)] = &[
    (3, FactKind::ProductName, "subject"),
    (4, FactKind::Author, "author"),
    (5, FactKind::Comment, "keywords"),
    (6, FactKind::Comment, "comments"),
];
/// Summaries name few.
const MOST: usize = 64;

pub(super) fn observe(bytes: &[u8], sink: &mut Sink<'_>) {
    let Some(set) = number(bytes, 44).and_then(|at| bytes.get(at..)) else { return };
    let count = number(set, 4).unwrap_or_default().min(MOST);
    let place = |wanted: usize| {
        let pair = |index: usize| Some((number(set, 8 + index * 8)?, number(set, 12 + index * 8)?));
        (0..count).filter_map(pair).find(|(id, _)| *id == wanted).map(|(_, at)| at)
    };
    // Of two bytes: the code page of the texts.
    let page = place(1).and_then(|at| number(set, at + 4)).map_or(0, |page| u32::try_from(page & 0xffff).unwrap_or(0));
    for (id, kind, name) in NUMBERS {
        let text = usize::try_from(*id).ok().and_then(place).and_then(|at| text(set, at));
        if let Some(text) = text {
            let text = decoded(text, page);
            sink.fact(*kind, text.trim(), At::Pointer("/SummaryInformation/", name));
        }
    }
}

/// A text of kind 30: its length, its bytes, a NUL.
fn text(set: &[u8], at: usize) -> Option<&[u8]> {
    let length = number(set, at.checked_add(4)?).filter(|_| number(set, at) == Some(30))?;
    let held = set.get(at + 8..)?;
    let held = held.get(..length).unwrap_or(held);
    held.split(|byte| *byte == 0).next()
}

fn number(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..at.checked_add(4)?)?.first_chunk::<4>()?;
    usize::try_from(u32::from_le_bytes(*four)).ok()
}
