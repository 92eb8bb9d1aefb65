//! The resource tree, walked to every language of every version resource and manifest, and to every name.
use std::collections::BTreeSet;

use interdict_model::{FactKind, GapReason, Sink, Unseen};

use super::{manifest, version};
use crate::pe_image::{Directory, Image};
use crate::read::{Budget, clamped, index, le16, le32, slice, span, unread};

const RT_VERSION: u32 = 16;
const RT_MANIFEST: u32 = 24;
/// Type, name, language; a tree that goes on is hostile.
const DEEPEST: usize = 8;
/// Entries read of one tree.
const MOST_ENTRIES: usize = 65_536;
/// Set where a value is a table, and where a name is text.
const IS_TABLE: u32 = 0x8000_0000;
const IS_NAMED: u32 = IS_TABLE;

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
    let mut tree = Tree::of(image, root);
    tree.walk();
    // Blocks may overlap; honest ones do not.
    let mut budget = Budget::for_file(image.bytes.len());
    tree.tell_names(&mut budget, sink);
    for (start, len) in &tree.manifests {
        if budget.spend(*len) {
            manifest::observe(image.bytes, *start, *len, sink);
        }
    }
    let blocks = std::mem::take(&mut tree.blocks);
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
    /// Places of version blocks and manifests, in the order of the tree, and of names.
    blocks: BTreeSet<(usize, usize)>,
    manifests: BTreeSet<(usize, usize)>,
    names: BTreeSet<usize>,
}

impl<'a, 'b> Tree<'a, 'b> {
    fn of(image: &'b Image<'a>, root: usize) -> Self {
        Self {
            image,
            root,
            seen: BTreeSet::new(),
            left: MOST_ENTRIES,
            fault: None,
            blocks: BTreeSet::new(),
            manifests: BTreeSet::new(),
            names: BTreeSet::new(),
        }
    }

    fn walk(&mut self) {
        let mut open = vec![(self.root, 0_usize, 0_u32)];
        while let Some((table, depth, of)) = open.pop() {
            for (id, value) in self.entries(table) {
                let kind = if depth == 0 { id } else { of };
                if id & IS_NAMED != 0 {
                    self.names.insert(self.root.saturating_add(index(id & !IS_NAMED)));
                }
                let at = self.root.saturating_add(index(value & !IS_TABLE));
                if value & IS_TABLE == 0 {
                    self.leaf(kind, at);
                } else if depth < DEEPEST && self.seen.insert(at) {
                    open.push((at, depth + 1, kind));
                } else if kind == RT_VERSION {
                    self.fault = Some(format!("the resource tree turns back on itself at offset {table:#x}"));
                }
            }
        }
    }

    /// Names that an author gave to resources and to kinds of them.
    fn tell_names(&self, budget: &mut Budget, sink: &mut Sink<'_>) {
        for at in &self.names {
            let raw = le16(self.image.bytes, *at).and_then(|len| slice(self.image.bytes, at + 2, usize::from(len) * 2));
            if let Some(raw) = raw.filter(|raw| budget.spend(raw.len())) {
                let units = raw.chunks_exact(2).filter_map(|unit| le16(unit, 0));
                let name: String =
                    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
                sink.fact(FactKind::Resource, &name, span(at + 2, raw.len()));
            }
        }
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

    fn leaf(&mut self, kind: u32, at: usize) {
        if !matches!(kind, RT_VERSION | RT_MANIFEST) {
            return;
        }
        let stated = le32(self.image.bytes, at).zip(le32(self.image.bytes, at.saturating_add(4)));
        match stated.and_then(|(address, size)| Some((self.image.offset_of(address)?, index(size)))) {
            Some(block) if kind == RT_VERSION => {
                self.blocks.insert(block);
            }
            Some(manifest) => {
                self.manifests.insert(manifest);
            }
            None => {
                let what = if kind == RT_VERSION { "version resource" } else { "manifest" };
                self.fault = Some(format!("a {what} at offset {at:#x} lies outside the file"));
            }
        }
    }
}
