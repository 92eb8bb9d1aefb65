//! bzip2, several streams one after another.
use std::io;

use bzip2::bufread::BzDecoder;
use interdict_model::{Head, Malformed, Members, Source, Unpacker};

use crate::frames::{Frame, Next, offer};

pub(crate) const ENTRY: Unpacker =
    Unpacker { id: "bzip2", revision: 1, title: "bzip2", limitations: &[], accepts, unpack };

pub(crate) const ENDINGS: &[(&str, &str)] = &[(".tbz2", ".tar"), (".tbz", ".tar"), (".bz2", ""), (".bz", "")];
const BLOCK: &[u8] = b"\x31\x41\x59\x26\x53\x59";
const EMPTY: &[u8] = b"\x17\x72\x45\x38\x50\x90";

fn accepts(head: &Head<'_>) -> bool {
    begins(head.bytes)
}

pub(crate) fn begins(bytes: &[u8]) -> bool {
    bytes.starts_with(b"BZh")
        && bytes.get(3).is_some_and(|level| matches!(level, b'1'..=b'9'))
        && bytes.get(4..).is_some_and(|rest| rest.starts_with(BLOCK) || rest.starts_with(EMPTY))
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    offer(source, ENDINGS, open, members)
}

pub(crate) fn open(bytes: &[u8]) -> Next<'_> {
    if begins(bytes) { Next::Frame(Box::new(BzDecoder::new(bytes))) } else { Next::End }
}

impl<'a> Frame<'a> for BzDecoder<&'a [u8]> {
    fn rest(self: Box<Self>) -> io::Result<&'a [u8]> {
        Ok(self.into_inner())
    }
}
