//! `VS_VERSION_INFO`: every string of every table of every block, with its bytes.
use interdict_model::{FactKind, Sink};
use memchr::memmem;

use crate::read::{clamped, index, le16, le32, span, unread};

/// The key a block begins with, in UTF-16.
const KEY: &[u8] = b"V\0S\0_\0V\0E\0R\0S\0I\0O\0N\0_\0I\0N\0F\0O\0";
/// Nodes read of one block.
const MOST_NODES: usize = 4096;
/// Block, file info, table, string.
const DEEPEST: usize = 4;
/// Blocks looked for where the tree is broken.
const MOST_BLOCKS: usize = 64;
const FIXED_MAGIC: u32 = 0xfeef_04bd;

/// Words that stand in the names of many companies, and in most notices.
const COMMON: &[&str] = &[
    "all",
    "and",
    "authors",
    "company",
    "contributors",
    "copyright",
    "corp",
    "corporation",
    "foundation",
    "gmbh",
    "group",
    "inc",
    "international",
    "lab",
    "laboratory",
    "labs",
    "limited",
    "llc",
    "ltd",
    "reserved",
    "rights",
    "security",
    "software",
    "systems",
    "team",
    "technologies",
    "technology",
    "the",
    "лаборатория",
];
/// What each string says.
const FIELDS: &[(&str, FactKind)] = &[
    ("CompanyName", FactKind::CompanyName),
    ("ProductName", FactKind::ProductName),
    ("FileDescription", FactKind::FileDescription),
    ("OriginalFilename", FactKind::OriginalFileName),
    ("InternalName", FactKind::OriginalFileName),
    ("LegalCopyright", FactKind::LegalCopyright),
    ("LegalTrademarks", FactKind::LegalCopyright),
    ("FileVersion", FactKind::Version),
    ("ProductVersion", FactKind::Version),
];

/// A node of the block: its key and the ranges of its value and children, all in the file.
struct Node {
    key: String,
    value: (usize, usize),
    children: usize,
    end: usize,
}

/// States the strings of the block at `start`.
pub(super) fn observe(bytes: &[u8], start: usize, len: usize, sink: &mut Sink<'_>) {
    let end = start.saturating_add(len).min(bytes.len());
    let mut reader = Reader {
        bytes,
        start,
        end,
        told: Vec::new(),
        companies: Vec::new(),
        copyrights: Vec::new(),
        is_broken: len > end - start,
    };
    reader.walk(sink);
    if reader.is_broken {
        let detail =
            format!("the version resource at offset {start:#x} is cut short or states lengths that do not fit");
        sink.gap(unread(detail, start as u64, end as u64));
        reader.salvage(sink);
    }
    reader.state_copyrights(sink);
    if !reader.told.iter().any(|(kind, _)| *kind == FactKind::Version) {
        fixed_version(bytes, start, end, sink);
    }
}

/// Places of blocks in `rest`, which begins at `base` of the file, by their key alone.
pub(super) fn carve(rest: &[u8], base: usize) -> Vec<(usize, usize)> {
    let found = memmem::find_iter(rest, KEY).take(MOST_BLOCKS);
    found
        .filter_map(|key| {
            let at = key.checked_sub(6)?;
            let len = index(le16(rest, at)?);
            Some((base + at, len.max(KEY.len() + 6)))
        })
        .collect()
}

struct Reader<'a> {
    bytes: &'a [u8],
    start: usize,
    end: usize,
    /// What was stated, and where its value begins.
    told: Vec<(FactKind, usize)>,
    companies: Vec<String>,
    /// Notices and their places: whose they are shows once every company is known.
    copyrights: Vec<(String, usize, usize)>,
    is_broken: bool,
}

impl Reader<'_> {
    fn walk(&mut self, sink: &mut Sink<'_>) {
        let mut open = vec![(self.start, self.end, 0_usize)];
        let mut left = MOST_NODES;
        while let Some((at, end, depth)) = open.pop() {
            if at.saturating_add(6) > end {
                continue;
            }
            // Zeros between or after nodes are padding.
            if le16(self.bytes, at) == Some(0) {
                if self.bytes.get(at..end).is_some_and(|rest| rest.iter().any(|byte| *byte != 0)) {
                    self.is_broken = true;
                }
                continue;
            }
            left = left.saturating_sub(1);
            let Some(node) = self.node(at, end, depth).filter(|_| left > 0) else {
                self.is_broken = true;
                continue;
            };
            open.push((self.aligned(node.end), end, depth));
            if depth + 1 == DEEPEST {
                self.state(&node, sink);
            } else if depth > 0 || node.key == "VS_VERSION_INFO" {
                // `VarFileInfo` holds numbers, no strings.
                if node.key != "VarFileInfo" {
                    open.push((node.children, node.end, depth + 1));
                }
            } else {
                self.is_broken = true;
            }
        }
    }

    fn node(&mut self, at: usize, end: usize, depth: usize) -> Option<Node> {
        let stated = index(le16(self.bytes, at)?);
        let value_len = index(le16(self.bytes, at + 2)?);
        let is_text = le16(self.bytes, at + 4)? == 1;
        if stated < 8 {
            return None;
        }
        let mut node_end = at.saturating_add(stated);
        if node_end > end {
            self.is_broken = true;
            node_end = end;
        }
        let (key, key_end) = self.utf16(at + 6, node_end)?;
        let value = self.aligned(key_end.saturating_add(2));
        // Lengths of texts count characters; some writers count bytes. A string's value ends at its zero anyway.
        let size = if depth + 1 == DEEPEST || is_text { node_end.saturating_sub(value) } else { value_len };
        let value_end = value.saturating_add(size).min(node_end);
        let children = if is_text { value } else { self.aligned(value_end) };
        Some(Node { key, value: (value, value_end), children, end: node_end })
    }

    fn state(&mut self, node: &Node, sink: &mut Sink<'_>) {
        let field = FIELDS.iter().find(|(key, _)| key.eq_ignore_ascii_case(&node.key));
        if let Some((_, kind)) = field {
            self.state_value(*kind, node.value.0, node.value.1, sink);
        }
    }

    fn state_value(&mut self, kind: FactKind, at: usize, end: usize, sink: &mut Sink<'_>) {
        let (value, value_end) = self.utf16(at, end).unwrap_or_else(|| {
            let even = end.saturating_sub(at) & !1;
            (decode(clamped(self.bytes, at, even)), at.saturating_add(even))
        });
        self.told.push((kind, at));
        let value = value.trim();
        if kind == FactKind::LegalCopyright {
            self.copyrights.push((value.to_owned(), at, value_end.saturating_sub(at)));
            return;
        }
        if kind == FactKind::CompanyName && !value.is_empty() {
            self.companies.push(value.to_lowercase());
        }
        sink.fact(kind, value, span(at, value_end.saturating_sub(at)));
    }

    /// States every notice: of the company that the resource names, or of somebody else.
    fn state_copyrights(&self, sink: &mut Sink<'_>) {
        for (notice, at, len) in &self.copyrights {
            let lower = notice.to_lowercase();
            let is_own = |company: &String| names(company).any(|name| names(&lower).any(|word| word == name));
            let is_foreign = !self.companies.is_empty() && !self.companies.iter().any(is_own);
            let kind = if is_foreign { FactKind::ForeignCopyright } else { FactKind::LegalCopyright };
            sink.fact(kind, notice, span(*at, *len));
        }
    }

    /// Finds the strings by their keys alone, as far as they were not stated.
    fn salvage(&mut self, sink: &mut Sink<'_>) {
        for (key, kind) in FIELDS {
            let wide: Vec<u8> = key.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
            let block = clamped(self.bytes, self.start, self.end.saturating_sub(self.start));
            let found: Vec<usize> = memmem::find_iter(block, &wide).take(MOST_BLOCKS).collect();
            for at in found {
                let value = self.aligned(self.start + at + wide.len());
                if !self.told.iter().any(|(_, told)| *told == value) && self.utf16(value, self.end).is_some() {
                    self.state_value(*kind, value, self.end, sink);
                }
            }
        }
    }

    /// The next multiple of four, counted from the block's start.
    fn aligned(&self, at: usize) -> usize {
        let within = at.saturating_sub(self.start);
        self.start.saturating_add(within.checked_next_multiple_of(4).unwrap_or(usize::MAX))
    }

    /// A text that ends with a zero before `end`, and where its zero stands.
    fn utf16(&self, at: usize, end: usize) -> Option<(String, usize)> {
        let bytes = self.bytes.get(at..end)?;
        let len = bytes.chunks_exact(2).position(|unit| unit == [0, 0])? * 2;
        Some((decode(bytes.get(..len)?), at + len))
    }
}

/// Words of a text that tell one company from another.
fn names(text: &str) -> impl Iterator<Item = &str> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| word.chars().count() > 2 && !COMMON.contains(word))
}

fn decode(bytes: &[u8]) -> String {
    let units = bytes.chunks_exact(2).filter_map(|unit| le16(unit, 0));
    char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// The numbers of `VS_FIXEDFILEINFO`, where no string says a version.
fn fixed_version(bytes: &[u8], start: usize, end: usize, sink: &mut Sink<'_>) {
    // Lengths and type, the key and its zero, and padding stand before it.
    let at = start.saturating_add(6 + KEY.len() + 4);
    if at.saturating_add(24) > end || le32(bytes, at) != Some(FIXED_MAGIC) {
        return;
    }
    if let (Some(high), Some(low)) = (le32(bytes, at + 8), le32(bytes, at + 12)) {
        // Nobody filled it in.
        if (high, low) == (0, 0) {
            return;
        }
        let version = format!("{}.{}.{}.{}", high >> 16, high & 0xffff, low >> 16, low & 0xffff);
        sink.fact(FactKind::Version, &version, span(at + 8, 8));
    }
}
