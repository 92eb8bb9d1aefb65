//! romfs: the file system of small devices, a chain of headers with names and bytes as they are.
use std::collections::BTreeSet;
use std::ops::ControlFlow;

use interdict_model::{Head, Malformed, Member, Members, Source, Unpacker};

use crate::field::{broken, from, range, u32_be};
use crate::tree::{Tree, join};

pub(crate) const ENTRY: Unpacker =
    Unpacker { id: "romfs", revision: 1, title: "romfs image", limitations: &[], accepts, unpack };

const MAGIC: &[u8] = b"-rom1fs-";
/// Longer names are cut.
const LONGEST: usize = 4096;

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(MAGIC)
}

/// One file: where the next is, what it is, and where its bytes are.
struct Node<'a> {
    next: u64,
    kind: u32,
    info: u64,
    size: u64,
    name: &'a [u8],
    data: u64,
}

impl<'a> Node<'a> {
    fn read(bytes: &'a [u8], at: u64) -> Option<Self> {
        let header = range(bytes, at, 16)?;
        let next = u32_be(header, 0)?;
        let name = from(bytes, at + 16);
        let name = name.get(..name.iter().take(LONGEST).position(|byte| *byte == 0)?)?;
        Some(Self {
            next: u64::from(next & !15),
            kind: next & 7,
            info: u64::from(u32_be(header, 4)?),
            size: u64::from(u32_be(header, 8)?),
            name,
            data: at + 16 + (name.len() as u64 + 1).next_multiple_of(16),
        })
    }
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let bytes = source.bytes;
    // The name of the volume, padded like all names.
    let label = from(bytes, 16).iter().take(LONGEST).position(|byte| *byte == 0);
    let first = label.map(|length| 16 + (length as u64 + 1).next_multiple_of(16));
    let first = first.ok_or_else(|| broken(0, "the image breaks off in its first block"))?;
    let mut tree = Tree::new(first);
    let mut fault = None;
    let mut met = BTreeSet::new();
    while let Some((first, folder)) = tree.next() {
        let mut at = first;
        while at > 0 {
            let Some(node) = Node::read(bytes, at).filter(|_| met.insert(at)) else {
                fault.get_or_insert_with(|| {
                    broken(at, "a file's header lies beyond the end, or stands in its chain twice")
                });
                break;
            };
            let path = join(&folder, node.name);
            match node.kind {
                1 if !matches!(node.name, b"." | b"..") => tree.enter(node.info & !15, path, members),
                2 => {
                    let whole = range(bytes, node.data, node.size);
                    if whole.is_none() {
                        fault.get_or_insert_with(|| broken(node.data, "a file reaches beyond the end"));
                    }
                    let member = Member { name: &path, stated_size: Some(node.size), ..Member::default() };
                    let held = whole.unwrap_or_else(|| from(bytes, node.data));
                    if let ControlFlow::Break(()) = members.stored(&member, held) {
                        return Ok(());
                    }
                }
                3 => {
                    let to = range(bytes, node.data, node.size.min(LONGEST as u64)).unwrap_or_default();
                    crate::names::link(members, &path, to, true);
                }
                4..=7 => members.anomaly(Some(&path), "device", "a device node, pipe or socket".to_owned()),
                _ => {}
            }
            at = node.next;
        }
    }
    if let Some(fault) = fault {
        return Err(fault);
    }
    let stated = u32_be(bytes, 8).map(u64::from).unwrap_or_default();
    if stated > bytes.len() as u64 {
        return Err(broken(bytes.len() as u64, format!("{stated} bytes are stated, {} are there", bytes.len())));
    }
    crate::frames::trailing(bytes, from(bytes, stated), members);
    Ok(())
}
