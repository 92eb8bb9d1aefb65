//! xz, several streams one after another, with the padding between them.
use std::io;

use interdict_model::{Head, Malformed, Members, Source, Unpacker};
use lzma_rust2::XzReader;

use crate::frames::{Frame, Next, offer};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "xz",
    revision: 1,
    title: "xz",
    limitations: &["a dictionary of more than 256 MiB is a gap"],
    accepts,
    unpack,
};

pub(crate) const ENDINGS: &[(&str, &str)] = &[(".txz", ".tar"), (".xz", "")];
const MAGIC: &[u8] = b"\xfd7zXZ\0";

/// What a decoder of the LZMA family may take, in KiB.
pub(crate) const MEMORY: u32 = 300 * 1024;

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(MAGIC)
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    offer(source, ENDINGS, open, members)
}

pub(crate) fn open(bytes: &[u8]) -> Next<'_> {
    if bytes.starts_with(MAGIC) {
        return Next::Frame(Box::new(XzReader::new_mem_limit(bytes, false, MEMORY)));
    }
    // Padding between streams is zeros; what trails the last stream is not read over.
    let padding = bytes.iter().position(|byte| *byte != 0).unwrap_or(0);
    let is_followed = padding > 0 && bytes.get(padding..).is_some_and(|rest| rest.starts_with(MAGIC));
    if is_followed { Next::Skip(padding) } else { Next::End }
}

impl<'a> Frame<'a> for XzReader<&'a [u8]> {
    fn rest(self: Box<Self>) -> io::Result<&'a [u8]> {
        Ok(self.into_inner())
    }
}
