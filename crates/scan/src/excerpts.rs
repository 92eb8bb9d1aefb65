//! What stands at the places of proofs, so that a reader of the report sees it without the file.
use std::collections::{BTreeMap, BTreeSet};

use interdict_model::{Excerpt, FactKind, Match, Observation, Place, Shown};

/// Excerpts of one match.
const EACH: usize = 3;
/// Matches of one artifact that get excerpts.
const MATCHES: usize = 100;
/// A larger document is not read once more for the sake of its lines.
const LARGEST: usize = 64 << 20;
/// Bytes of a proof that are shown, and those around it up to the next full row.
const SHOWN: usize = 64;
const ROW: usize = 16;

/// Adds them to the matches of one artifact.
pub(crate) fn add(matches: &mut [Match], bytes: &[u8]) {
    let facts = || matches.iter().take(MATCHES).flat_map(|one| placed(&one.proof));
    let pointers: BTreeSet<&str> = facts().filter_map(|seen| pointer(&seen.at)).collect();
    let lines = if pointers.is_empty() || bytes.len() > LARGEST {
        BTreeMap::new()
    } else {
        interdict_sbom::excerpts(bytes, &pointers)
    };
    for one in matches.iter_mut().take(MATCHES) {
        let excerpts = placed(&one.proof).filter_map(|seen| match &seen.at {
            Place::Whole => None,
            Place::Bytes { start, end } => raw(bytes, *start, *end),
            Place::Pointer(pointer) => lines.get(pointer).cloned(),
        });
        one.excerpts = excerpts.collect();
    }
}

/// The first facts that have a place; that a section has a name shows least.
fn placed(proof: &[Observation]) -> impl Iterator<Item = &Observation> {
    let (sections, telling): (Vec<_>, Vec<_>) = proof.iter().partition(|one| one.fact.kind == FactKind::Section);
    let mut seen = BTreeSet::new();
    telling.into_iter().chain(sections).filter(move |one| one.at != Place::Whole && seen.insert(&one.at)).take(EACH)
}

fn pointer(place: &Place) -> Option<&str> {
    match place {
        Place::Pointer(pointer) => Some(pointer),
        Place::Whole | Place::Bytes { .. } => None,
    }
}

/// Full rows around the bytes.
fn raw(bytes: &[u8], start: u64, end: u64) -> Option<Excerpt> {
    let at = Place::Bytes { start, end };
    let (start, end) = (usize::try_from(start).ok()?, usize::try_from(end).ok()?);
    if start >= end || end > bytes.len() {
        return None;
    }
    let last = end.min(start.saturating_add(SHOWN));
    let from = start.saturating_sub(ROW / 2) / ROW * ROW;
    let until = (last + ROW / 2).div_ceil(ROW).saturating_mul(ROW).min(bytes.len());
    let shown = bytes.get(from..until)?;
    let mut hex = String::with_capacity(shown.len() * 2);
    for byte in shown {
        hex.extend([byte >> 4, byte & 15].iter().filter_map(|digit| char::from_digit(u32::from(*digit), 16)));
    }
    let marked = ((start - from) as u64, (last - from) as u64);
    Some(Excerpt { at, from: from as u64, marked, shown: Shown::Bytes(hex) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_rows_around_what_is_shown() {
        let bytes: Vec<u8> = (0..=255).collect();
        for (start, end, want) in [
            (20, 22, Some((0, (20, 22), 32))),
            (40, 44, Some((32, (8, 12), 32))),
            (0, 4, Some((0, (0, 4), 16))),
            (250, 256, Some((240, (10, 16), 16))),
            (16, 200, Some((0, (16, 80), 96))),
            (250, 257, None),
            (5, 5, None),
            (u64::MAX - 1, u64::MAX, None),
        ] {
            let got = raw(&bytes, start, end).map(|one| {
                let Shown::Bytes(hex) = &one.shown else { panic!("bytes") };
                (one.from, one.marked, hex.len() / 2)
            });
            assert_eq!(got, want, "{start}..{end}");
        }
    }
}
