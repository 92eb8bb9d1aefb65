//! The resource section: a tree of types, ids and languages, with the data behind it.
use std::collections::BTreeMap;

use serde::Deserialize;

use super::super::bytes::Fragment;
use crate::out::Out;

/// A resource of the author's own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Resource {
    #[serde(rename = "type")]
    pub(super) kind: Id,
    #[serde(default)]
    pub(super) id: Id,
    #[serde(default = "english")]
    pub(super) language: u32,
    pub(super) parts: Vec<Fragment>,
}

pub(super) fn english() -> u32 {
    0x409
}

/// Names come before numbers, as the format wants it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(untagged)]
pub(super) enum Id {
    Name(String),
    Number(u32),
}

impl Default for Id {
    fn default() -> Self {
        Self::Number(1)
    }
}

#[derive(Default)]
pub(super) struct Tree(BTreeMap<Id, Node>);

enum Node {
    Branch(BTreeMap<Id, Node>),
    Leaf(Vec<u8>),
}

impl Tree {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn add(&mut self, kind: Id, id: Id, language: u32, data: Vec<u8>) {
        let ids = self.0.entry(kind).or_insert_with(|| Node::Branch(BTreeMap::new()));
        let Node::Branch(ids) = ids else { return };
        let languages = ids.entry(id).or_insert_with(|| Node::Branch(BTreeMap::new()));
        let Node::Branch(languages) = languages else { return };
        languages.insert(Id::Number(language), Node::Leaf(data));
    }

    pub(super) fn write(self, rva: usize) -> Vec<u8> {
        let mut out = Out::little();
        directory(&mut out, rva, &Node::Branch(self.0));
        out.bytes
    }
}

/// Writes a node and what hangs below it; says where it starts.
fn directory(out: &mut Out, rva: usize, node: &Node) -> usize {
    out.align(4);
    let entries = match node {
        Node::Branch(entries) => entries,
        Node::Leaf(data) => {
            let at = out.len();
            out.u32(rva + at + 16);
            out.u32(data.len());
            out.zeros(8);
            out.raw(data);
            return at;
        }
    };
    let start = out.len();
    let named = entries.keys().filter(|id| matches!(id, Id::Name(_))).count();
    out.zeros(12);
    out.u16(named);
    out.u16(entries.len() - named);
    let table = out.len();
    out.zeros(8 * entries.len());
    for (number, (id, below)) in entries.iter().enumerate() {
        let id = match id {
            Id::Number(number) => *number,
            Id::Name(name) => {
                out.align(2);
                let at = out.len();
                out.u16(name.encode_utf16().count());
                out.utf16(name);
                0x8000_0000 | narrow(at)
            }
        };
        let branch = if matches!(below, Node::Branch(_)) { 0x8000_0000 } else { 0 };
        let target = branch | narrow(directory(out, rva, below));
        let mut entry = Out::little();
        entry.u32(id);
        entry.u32(target);
        out.put(table + 8 * number, &entry.bytes);
    }
    start
}

fn narrow(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}
