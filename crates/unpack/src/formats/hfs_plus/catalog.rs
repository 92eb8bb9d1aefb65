//! The catalog: what each folder holds.
use std::collections::BTreeMap;

use super::trees::{Fork, Leaves};
use crate::field::{u16_be, u32_be};

pub(super) enum Entry {
    Folder(u32),
    File(Box<File>),
}

pub(super) struct File {
    pub(super) id: u32,
    pub(super) mode: u16,
    pub(super) is_packed: bool,
    pub(super) is_hard_link: bool,
    pub(super) data: Fork,
    pub(super) resources: Fork,
}

/// By folder: names with what they are.
pub(super) type Children = BTreeMap<u32, Vec<(Vec<u8>, Entry)>>;

/// Everything that the catalog lists, and why no more.
pub(super) fn entries(leaves: &mut Leaves<'_>) -> (Children, Option<String>) {
    let mut children = Children::new();
    while let Some(leaf) = leaves.next() {
        let leaf = match leaf {
            Ok(leaf) => leaf,
            Err(why) => return (children, Some(why)),
        };
        for (from, to) in &leaf.records {
            if let Some((parent, name, entry)) = leaf.bytes.get(*from..*to).and_then(parse) {
                children.entry(parent).or_default().push((name, entry));
            }
        }
    }
    (children, None)
}

fn parse(record: &[u8]) -> Option<(u32, Vec<u8>, Entry)> {
    let key = usize::from(u16_be(record, 0)?);
    let length = usize::from(u16_be(record, 6)?);
    let units = record.get(8..8 + length * 2)?.chunks_exact(2).filter_map(|two| u16_be(two, 0));
    // A slash in a name is what a colon is to others.
    let name: String = char::decode_utf16(units)
        .map(|letter| match letter {
            Ok('/') => ':',
            letter => letter.unwrap_or(char::REPLACEMENT_CHARACTER),
        })
        .collect();
    let data = record.get((2 + key).next_multiple_of(2)..)?;
    let id = || u32_be(data, 8);
    let entry = match u16_be(data, 0)? {
        1 => Entry::Folder(id()?),
        2 => Entry::File(Box::new(File {
            id: id()?,
            mode: u16_be(data, 42)?,
            is_packed: data.get(41)? & 0x20 != 0,
            is_hard_link: data.get(48..56)? == b"hlnkhfs+",
            data: Fork::parse(data.get(88..168)?)?,
            resources: Fork::parse(data.get(168..248)?)?,
        })),
        // The way back from a file to its folder.
        _ => return None,
    };
    Some((u32_be(record, 2)?, name.into_bytes(), entry))
}
