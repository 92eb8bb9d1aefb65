//! Bytes in text between `-----BEGIN …-----` and `-----END …-----`.
use memchr::memmem;

use crate::base64;

/// What stood between two such lines.
pub(crate) struct Block {
    pub(crate) bytes: Vec<u8>,
    /// Where the text of it stands.
    pub(crate) start: usize,
    pub(crate) len: usize,
}

/// How far the beginning is looked at: remarks and attributes may stand before the first block.
const LOOK: usize = 64 * 1024;

/// Whether a block of this label begins near the beginning.
pub(crate) fn begins_with(bytes: &[u8], label: &str) -> bool {
    let look = bytes.get(..LOOK.min(bytes.len())).unwrap_or_default();
    memmem::find(look, opening(label).as_bytes()).is_some()
}

/// Every block of this label; one that does not end goes to the end.
pub(crate) fn blocks<'a>(bytes: &'a [u8], label: &str) -> impl Iterator<Item = Block> + use<'a> {
    let open = opening(label);
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = bytes.get(at..)?;
        let start = at + memmem::find(rest, open.as_bytes())? + open.len();
        let rest = bytes.get(start..)?;
        let len = memmem::find(rest, b"-----END").unwrap_or(rest.len());
        at = start + len;
        Some(Block { bytes: base64::decoded(rest.get(..len)?), start, len })
    })
}

fn opening(label: &str) -> String {
    format!("-----BEGIN {label}-----")
}
