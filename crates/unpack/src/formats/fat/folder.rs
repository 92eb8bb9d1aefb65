//! Entries of 32 bytes, with the long names before them.
use std::io::Read as _;

use crate::extents::Extents;
use crate::field::{u16_le, u32_le};
use crate::space::Space;

pub(super) struct Entry {
    pub(super) name: String,
    pub(super) is_folder: bool,
    pub(super) start: u32,
    pub(super) size: u64,
}

/// No folder may be larger.
const LARGEST: u64 = 65_536 * 32;

/// All entries that are in use, and whether all of the folder is there.
pub(super) fn entries(space: Space<'_>, extents: &Extents) -> (Vec<Entry>, bool) {
    const VOLUME: u8 = 8;
    const FOLDER: u8 = 16;
    const LONG: u8 = 15;
    let mut raw = Vec::new();
    let is_whole = extents.reader(space, LARGEST).read_to_end(&mut raw).is_ok() && extents.length() > 0;
    let (mut entries, mut long) = (Vec::new(), Vec::new());
    for entry in raw.chunks_exact(32) {
        let (first, attributes) =
            (entry.first().copied().unwrap_or_default(), entry.get(11).copied().unwrap_or_default());
        match (first, attributes & 0x3f) {
            (0, _) => break,
            (0xe5, _) => long.clear(),
            (_, LONG) => long.push(part(entry)),
            (_, kind) if kind & VOLUME != 0 => long.clear(),
            (_, kind) => {
                let units: Vec<u16> = long.drain(..).rev().flatten().collect();
                let name = if units.is_empty() { short(entry) } else { String::from_utf16_lossy(&units) };
                let high = u32::from(u16_le(entry, 20).unwrap_or_default());
                let start = u32::from(u16_le(entry, 26).unwrap_or_default()) | high << 16;
                let size = u64::from(u32_le(entry, 28).unwrap_or_default());
                if name != "." && name != ".." {
                    entries.push(Entry { name, is_folder: kind & FOLDER != 0, start, size });
                }
            }
        }
    }
    (entries, is_whole)
}

/// Thirteen characters of a long name.
fn part(entry: &[u8]) -> Vec<u16> {
    let places = (1..11).step_by(2).chain((14..26).step_by(2)).chain((28..32).step_by(2));
    places.filter_map(|at| u16_le(entry, at)).take_while(|unit| *unit != 0 && *unit != 0xffff).collect()
}

/// Eight and three characters.
fn short(entry: &[u8]) -> String {
    let text = |from: usize, to: usize| {
        let field = entry.get(from..to).unwrap_or_default().trim_ascii_end();
        field.iter().map(|byte| if *byte == 5 { 'å' } else { char::from(*byte) }).collect::<String>()
    };
    let (stem, ending) = (text(0, 8), text(8, 11));
    if ending.is_empty() { stem } else { format!("{stem}.{ending}") }
}
