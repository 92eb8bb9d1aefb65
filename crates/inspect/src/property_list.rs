//! Apple's property lists, in XML and in binary, as a flat run of keys and texts: whatever nests is told by its key.
mod binary;
mod xml;

use interdict_model::{GapReason, Unseen};

/// How deep dictionaries and lists may nest.
const DEEPEST: usize = 512;
/// Keys and texts told of one list.
const MOST_ENTRIES: usize = 1 << 20;

/// A key, and a text that stands under it; a key whose value is no text comes without one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Entry<'a> {
    /// The key of the dictionary that holds this one.
    pub(crate) parent: &'a str,
    pub(crate) key: &'a str,
    pub(crate) value: Option<&'a str>,
    /// Whether it stands in the outermost dictionary, which is what the list is.
    pub(crate) is_outermost: bool,
    /// Where the text stands, or the key where there is none.
    pub(crate) at: usize,
    pub(crate) len: usize,
}

/// Whether a property list begins here.
pub(crate) fn is_one(bytes: &[u8]) -> bool {
    bytes.starts_with(binary::MAGIC) || xml::is_one(bytes)
}

/// Tells every entry of the list between `start` and `end`, and what of it could not be read.
pub(crate) fn read(bytes: &[u8], start: usize, end: usize, each: &mut dyn FnMut(&Entry<'_>)) -> Option<Unseen> {
    let end = end.min(bytes.len());
    let list = bytes.get(start..end).unwrap_or_default();
    let mut left = MOST_ENTRIES;
    let mut is_over = false;
    let mut counted = |entry: &Entry<'_>| {
        if left == 0 {
            is_over = true;
        } else {
            left -= 1;
            each(&Entry { at: start + entry.at, ..entry.clone() });
        }
    };
    let fault =
        if list.starts_with(binary::MAGIC) { binary::read(list, &mut counted) } else { xml::read(list, &mut counted) };
    if is_over {
        return Some(Unseen::new(GapReason::OverLimit, format!("a property list of more than {MOST_ENTRIES} entries")));
    }
    fault.map(|(reason, detail)| {
        Unseen::new(reason, format!("the property list at offset {start:#x}: {detail}")).over(start as u64, end as u64)
    })
}
