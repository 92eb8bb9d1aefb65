//! The resource tree, walked to every language of every version resource.
use std::collections::BTreeSet;

use interdict_model::{GapReason, Sink, Unseen};

use super::version;
use crate::pe_image::{Directory, Image};
use crate::read::{Budget, clamped, index, le16, le32, unread};

const RT_VERSION: u32 = 16;
/// Type, name, language; a tree that goes on is hostile.
const DEEPEST: usize = 8;
/// Entries read of one tree.
const MOST_ENTRIES: usize = 65_536;
const IS_TABLE: u32 = 0x8000_0000;

/// Reads every version resource.
pub(super) fn observe(image: &Image<'_>, sink: &mut Sink<'_>) {
    let Some((address, size)) = image.directory(Directory::Resource).filter(|(at, _)| !image.is_zeros(*at)) else {
        return;
    };
    let Some(root) = image.offset_of(address) else {
        let detail = format!("the resource directory at address {address:#x} lies outside the file");
        sink.gap(Unseen::new(GapReason::Malformed, detail));
        return;
    };
    let mut tree = Tree { image, root, seen: BTreeSet::new(), left: MOST_ENTRIES, fault: None };
    let blocks = tree.version_blocks();
    // Blocks may overlap; honest ones do not.
    let mut budget = Budget::for_file(image.bytes.len());
    let mut read = |start: usize, len: usize, sink: &mut Sink<'_>| {
        let is_paid = budget.spend(len.min(image.bytes.len()));
        if is_paid {
            version::observe(image.bytes, start, len, sink);
        }
        is_paid
    };
    if !blocks.iter().all(|(start, len)| read(*start, *len, sink)) {
        let detail = "the version resources together are many times longer than the file";
        sink.gap(Unseen::new(GapReason::OverLimit, detail));
    }
    if let Some(fault) = tree.fault {
        sink.gap(unread(fault, root as u64, image.bytes.len() as u64));
        // Where the tree is broken, the blocks still begin with their own name.
        let rest = clamped(image.bytes, root, index(size).max(image.section_from(root)));
        for (start, len) in version::carve(rest, root) {
            if !blocks.iter().any(|(known, _)| *known == start) {
                read(start, len, sink);
            }
        }
    }
}

struct Tree<'a, 'b> {
    image: &'b Image<'a>,
    root: usize,
    seen: BTreeSet<usize>,
    left: usize,
    fault: Option<String>,
}

impl Tree<'_, '_> {
    /// Places of the version blocks, in the order of the tree.
    fn version_blocks(&mut self) -> BTreeSet<(usize, usize)> {
        let mut blocks = BTreeSet::new();
        let mut open = vec![(self.root, 0_usize)];
        while let Some((table, depth)) = open.pop() {
            for (id, value) in self.entries(table) {
                if depth == 0 && id != RT_VERSION {
                    continue;
                }
                let at = self.root.saturating_add(index(value & !IS_TABLE));
                if value & IS_TABLE == 0 {
                    blocks.extend(self.leaf(at));
                } else if depth >= DEEPEST || !self.seen.insert(at) {
                    self.fault = Some(format!("the resource tree turns back on itself at offset {table:#x}"));
                } else {
                    open.push((at, depth + 1));
                }
            }
        }
        blocks
    }

    fn entries(&mut self, table: usize) -> Vec<(u32, u32)> {
        let bytes = self.image.bytes;
        let counts = le16(bytes, table.saturating_add(12)).zip(le16(bytes, table.saturating_add(14)));
        let Some((named, numbered)) = counts else {
            self.fault = Some(format!("a resource table at offset {table:#x} lies outside the file"));
            return Vec::new();
        };
        let stated = usize::from(named) + usize::from(numbered);
        let count = stated.min(self.left);
        self.left -= count;
        let entry = |number: usize| {
            let at = table.saturating_add(16 + number * 8);
            Some((le32(bytes, at)?, le32(bytes, at.saturating_add(4))?))
        };
        let entries: Vec<_> = (0..count).map_while(entry).collect();
        if entries.len() < stated {
            self.fault = Some(format!(
                "the resource table at offset {table:#x} has {stated} entries, {} were read",
                entries.len()
            ));
        }
        entries
    }

    fn leaf(&mut self, at: usize) -> Option<(usize, usize)> {
        let stated = le32(self.image.bytes, at).zip(le32(self.image.bytes, at.saturating_add(4)));
        let block = stated.and_then(|(address, size)| Some((self.image.offset_of(address)?, index(size))));
        if block.is_none() {
            self.fault = Some(format!("a version resource at offset {at:#x} lies outside the file"));
        }
        block
    }
}
