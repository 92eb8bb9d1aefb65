//! Places where something else may begin that has no mark of its own: behind a program or a picture, in a program's resources.
use interdict_model::Head;
use memchr::memmem;

use super::kinds::{Carrier, KINDS};
use super::{ENTRY, IN_PART, programs};
use crate::field::{u16_le, u32_le};
use crate::formats::UNPACKERS;

/// A picture may hold another one, which ends before it does.
const MOST_ENDS: usize = 16;
const MOST_RESOURCES: usize = 4096;

/// From where to where what another unpacker knows by its first bytes, and no mark tells.
pub(super) fn seams(carrier: &Carrier<'_>) -> Vec<(usize, usize)> {
    let bytes = carrier.bytes;
    let mut all = Vec::new();
    let behind = |all: &mut Vec<(usize, usize)>, at: Option<usize>| all.extend(at.map(|at| (at, bytes.len())));
    if bytes.starts_with(b"MZ") {
        all.extend(resources(bytes).unwrap_or_default());
        behind(&mut all, programs::portable_end(bytes).map(|(_, end)| end));
    } else if bytes.starts_with(b"\x7fELF") {
        behind(&mut all, programs::elf(carrier, 0));
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        all.extend(memmem::find_iter(bytes, b"\xff\xd9").take(MOST_ENDS).map(|at| (at + 2, bytes.len())));
    } else if bytes.starts_with(b"\x89PNG") {
        behind(&mut all, memmem::find(bytes, b"IEND\xaeB`\x82").map(|at| at + 8));
    }
    all.retain(|(start, end)| bytes.get(*start..*end).is_some_and(|held| is_known(carrier, *start, held)));
    all.sort_unstable();
    all.dedup();
    all
}

fn is_known(carrier: &Carrier<'_>, start: usize, held: &[u8]) -> bool {
    let has_mark = || {
        let mut kinds = KINDS.iter().filter(|kind| held.get(kind.offset..).is_some_and(|at| at.starts_with(kind.mark)));
        kinds.any(|kind| (kind.length)(carrier, start).is_some())
    };
    let begun = Head { bytes: held, name: "" };
    let mut others = UNPACKERS.iter().filter(|unpacker| unpacker.id != ENTRY.id && !IN_PART.contains(&unpacker.id));
    // Programs have marks, and who looks for installers looks through the whole of them.
    !super::runs(&begun)
        && !held.is_empty()
        && (others.any(|unpacker| (unpacker.accepts)(&begun)) || held.starts_with(b"%PDF-"))
        && !has_mark()
}

/// The leaves of the tree of resources, which is three deep.
fn resources(bytes: &[u8]) -> Option<Vec<(usize, usize)>> {
    let root = programs::directory(bytes, 2)?;
    let (mut open, mut leaves) = (vec![(root, 0)], Vec::new());
    while let Some((folder, depth)) = open.pop() {
        let Some((named, numbered)) = u16_le(bytes, folder + 12).zip(u16_le(bytes, folder + 14)) else { continue };
        for entry in 0..usize::from(named) + usize::from(numbered) {
            let Some(to) = u32_le(bytes, folder + 16 + entry * 8 + 4) else { break };
            let within = root.saturating_add(usize::try_from(to & 0x7fff_ffff).unwrap_or(usize::MAX));
            if leaves.len() + open.len() > MOST_RESOURCES {
                return Some(leaves);
            }
            if to >> 31 == 1 {
                if depth < 3 {
                    open.push((within, depth + 1));
                }
            } else if let Some((address, length)) = u32_le(bytes, within).zip(u32_le(bytes, within.saturating_add(4)))
                && let Some(start) = programs::place(bytes, address)
            {
                leaves.push((start, start.saturating_add(usize::try_from(length).unwrap_or(usize::MAX))));
            }
        }
    }
    Some(leaves)
}
