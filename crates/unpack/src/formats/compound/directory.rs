//! The directory: entries of 128 bytes, read one after another so that nothing can hide from its tree (MS-CFB §2.6).
use std::io::Read as _;

use interdict_model::spelled;

use crate::extents::Extents;
use crate::field::{u16_le, u32_le};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Unused,
    Storage,
    Stream,
    Root,
}

pub(super) struct Entry {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) start: u32,
    pub(super) size: u64,
    left: u32,
    right: u32,
    child: u32,
}

pub(super) fn entries(bytes: &[u8], directory: &Extents) -> Vec<Entry> {
    let mut raw = Vec::new();
    // Sectors beyond the end are not among the extents: what is read is all there is.
    let _ = directory.reader(bytes, bytes.len() as u64).read_to_end(&mut raw);
    let is_old = u16_le(bytes, 26) == Some(3);
    raw.chunks_exact(128).filter_map(|entry| parse(entry, is_old)).collect()
}

fn parse(entry: &[u8], is_old: bool) -> Option<Entry> {
    let length = usize::from(u16_le(entry, 64)?).clamp(2, 64) - 2;
    let kind = match entry.get(66)? {
        1 => Kind::Storage,
        2 => Kind::Stream,
        5 => Kind::Root,
        _ => Kind::Unused,
    };
    let low = u64::from(u32_le(entry, 120)?);
    let high = u64::from(u32_le(entry, 124)?);
    let raw_name = entry.get(..length)?;
    Some(Entry {
        name: spelled(raw_name.chunks_exact(2).filter_map(|two| two.try_into().ok().map(u16::from_le_bytes))),
        kind,
        start: u32_le(entry, 116)?,
        // Version 3 leaves noise in the high half.
        size: if is_old { low } else { low | high << 32 },
        left: u32_le(entry, 68)?,
        right: u32_le(entry, 72)?,
        child: u32_le(entry, 76)?,
    })
}

/// The path of every entry that the tree reaches; each is visited once.
pub(super) fn paths(entries: &[Entry]) -> Vec<Option<String>> {
    let mut paths: Vec<Option<String>> = entries.iter().map(|_| None).collect();
    let mut waiting: Vec<(u32, String)> = entries.first().map(|root| (root.child, String::new())).into_iter().collect();
    while let Some((index, folder)) = waiting.pop() {
        let Ok(index) = usize::try_from(index) else { continue };
        let (Some(entry), Some(path)) = (entries.get(index), paths.get_mut(index)) else { continue };
        if path.is_some() || index == 0 || entry.kind == Kind::Unused || folder.len() > LONGEST {
            continue;
        }
        let full = format!("{folder}{}", entry.name);
        if entry.kind == Kind::Storage {
            waiting.push((entry.child, format!("{full}/")));
        }
        *path = Some(full);
        waiting.push((entry.left, folder.clone()));
        waiting.push((entry.right, folder));
    }
    paths
}

/// Deeper storages than this are told as orphans: paths must not grow with the square of the file.
const LONGEST: usize = 4096;
