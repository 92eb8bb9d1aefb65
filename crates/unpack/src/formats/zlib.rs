//! zlib streams by themselves (RFC 1950): two bytes of header, told by what can be decoded behind them.
use std::io::{self, Read};

use flate2::bufread::{DeflateDecoder, ZlibDecoder};
use interdict_model::{Head, Malformed, Members, Source, Unpacker};

use crate::field::{from, u32_be};
use crate::frames::{Frame, Next, offer};
use crate::git;

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "zlib",
    revision: 1,
    title: "zlib stream, raw deflate, file of an OSTree repository",
    limitations: &[
        "known where 512 bytes can be decoded, or all of it, for its header is no magic; one with a preset dictionary is not",
        "raw deflate is recognised only where it is a whole file, or stands behind the head that OSTree writes",
        "objects that Git keeps are not opened",
    ],
    accepts,
    unpack,
};

const ENDINGS: &[(&str, &str)] = &[(".zlib", ""), (".zz", ""), (".deflate", ""), (".filez", "")];
/// What noise and prose do not decode to by chance.
const ENOUGH: u64 = 512;

fn accepts(head: &Head<'_>) -> bool {
    (begins(head.bytes) && git::part(head).is_none() && is_stream(head.bytes)) || deflated(head.bytes).is_some()
}

/// What `OSTree` writes before a file's content: a length, four zeros, so many bytes of attributes.
const LONGEST_HEAD: u32 = 64 << 10;
/// No more is decoded to tell deflate from chance, and less is no content.
const TRIAL: u64 = 256 << 20;
const LEAST: u64 = 32;

/// Where deflate begins that is a whole file by itself (RFC 1951), or stands behind the head of `OSTree`. Chance does not end with
/// the file, nor make more than it takes.
fn deflated(bytes: &[u8]) -> Option<&[u8]> {
    let head = u32_be(bytes, 0).filter(|head| *head <= LONGEST_HEAD && u32_be(bytes, 4) == Some(0));
    let behind = head.map(|head| u64::from(head) + 8);
    [behind, Some(0)].into_iter().flatten().map(|at| from(bytes, at)).find(|packed| {
        let mut decoder = DeflateDecoder::new(*packed);
        let mut most = decoder.by_ref().take(TRIAL);
        let told = io::copy(&mut most, &mut io::sink());
        let (made, taken) = (TRIAL - most.limit(), decoder.total_in());
        told.is_ok() && made >= LEAST && made > taken && (made == TRIAL || taken == packed.len() as u64)
    })
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
    if begins(bytes) && is_stream(bytes) {
        return Next::Frame(Box::new(ZlibDecoder::new(bytes)));
    }
    deflated(bytes).map_or(Next::End, |packed| Next::Frame(Box::new(DeflateDecoder::new(packed))))
}

impl<'a> Frame<'a> for DeflateDecoder<&'a [u8]> {
    fn rest(self: Box<Self>) -> io::Result<&'a [u8]> {
        Ok(self.into_inner())
    }
}

impl<'a> Frame<'a> for ZlibDecoder<&'a [u8]> {
    fn rest(self: Box<Self>) -> io::Result<&'a [u8]> {
        Ok(self.into_inner())
    }
}
