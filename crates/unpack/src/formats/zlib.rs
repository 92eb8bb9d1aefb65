//! zlib streams by themselves (RFC 1950): two bytes of header, told by what can be decoded behind them.
use std::io::{self, Read};

use flate2::bufread::ZlibDecoder;
use interdict_model::{Head, Malformed, Members, Source, Unpacker};

use crate::frames::{Frame, Next, offer};
use crate::git;

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "zlib",
    revision: 1,
    title: "zlib stream",
    limitations: &[
        "known where 512 bytes can be decoded, or all of it, for its header is no magic; one with a preset dictionary is not",
        "objects that Git keeps are not opened",
    ],
    accepts,
    unpack,
};

const ENDINGS: &[(&str, &str)] = &[(".zlib", ""), (".zz", "")];
/// What noise and prose do not decode to by chance.
const ENOUGH: u64 = 512;

fn accepts(head: &Head<'_>) -> bool {
    begins(head.bytes) && git::part(head).is_none() && is_stream(head.bytes)
}

/// Deflate, a window of at most 32 KiB, the check of the two bytes, no dictionary.
fn begins(bytes: &[u8]) -> bool {
    const DICTIONARY: u8 = 0x20;
    let Some([method, flags]) = bytes.first_chunk::<2>() else { return false };
    let check = u16::from_be_bytes([*method, *flags]) % 31 == 0;
    method & 0xf == 8 && method >> 4 <= 7 && check && flags & DICTIONARY == 0
}

fn is_stream(bytes: &[u8]) -> bool {
    let read = io::copy(&mut ZlibDecoder::new(bytes).take(ENOUGH), &mut io::sink());
    read.is_ok_and(|read| read > 0)
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    if !accepts(&source.head()) {
        return Err(Malformed::NotThis);
    }
    offer(source, ENDINGS, open, members)
}

fn open(bytes: &[u8]) -> Next<'_> {
    if begins(bytes) && is_stream(bytes) { Next::Frame(Box::new(ZlibDecoder::new(bytes))) } else { Next::End }
}

impl<'a> Frame<'a> for ZlibDecoder<&'a [u8]> {
    fn rest(self: Box<Self>) -> io::Result<&'a [u8]> {
        Ok(self.into_inner())
    }
}
