//! lzip, several members one after another.
use std::io;

use interdict_model::{Head, Malformed, Members, Source, Unpacker};
use lzma_rust2::LzipReader;

use crate::frames::{Frame, Next, offer};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "lzip",
    revision: 1,
    title: "lzip",
    limitations: &["bytes behind the last member are not told apart from it"],
    accepts,
    unpack,
};

const ENDINGS: &[(&str, &str)] = &[(".tlz", ".tar"), (".lz", "")];

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(b"LZIP\x01") && head.bytes.len() > 26
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    offer(source, ENDINGS, open, members)
}

fn open(bytes: &[u8]) -> Next<'_> {
    if bytes.starts_with(b"LZIP\x01") { Next::Frame(Box::new(Whole(LzipReader::new(bytes)))) } else { Next::End }
}

/// Its reader goes through all members by itself.
struct Whole<'a>(LzipReader<&'a [u8]>);

impl io::Read for Whole<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl<'a> Frame<'a> for Whole<'a> {
    fn rest(self: Box<Self>) -> io::Result<&'a [u8]> {
        Ok(&[])
    }
}
