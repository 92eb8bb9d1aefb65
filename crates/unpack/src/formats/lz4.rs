//! LZ4 frames, and the older format that kernels use.
use std::io::{self, Cursor, Read};

use interdict_model::{Head, Malformed, Members, Source, Unpacker};
use lz4_flex::frame::FrameDecoder;

use super::zstd::{skip, skippable};
use crate::field::u32_le;
use crate::frames::{Frame, Next, offer};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "lz4",
    revision: 1,
    title: "LZ4 frames",
    limitations: &["frames that need a dictionary are a gap"],
    accepts,
    unpack,
};

const ENDINGS: &[(&str, &str)] = &[(".tlz4", ".tar"), (".lz4", "")];
const MAGIC: &[u8] = b"\x04\x22\x4d\x18";
const OLD: &[u8] = b"\x02\x21\x4c\x18";
/// The old format cuts its content into blocks of this length.
const OLD_BLOCK: usize = 8 << 20;

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(MAGIC) || head.starts_with(OLD)
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    offer(source, ENDINGS, open, members)
}

pub(crate) fn open(bytes: &[u8]) -> Next<'_> {
    if bytes.starts_with(MAGIC) {
        return Next::Frame(Box::new(FrameDecoder::new(bytes)));
    }
    if let Some(rest) = bytes.strip_prefix(OLD) {
        return Next::Frame(Box::new(Old { rest, block: Cursor::default() }));
    }
    skippable(bytes).map_or(Next::End, |length| skip(bytes, length))
}

impl<'a> Frame<'a> for FrameDecoder<&'a [u8]> {
    fn rest(self: Box<Self>) -> io::Result<&'a [u8]> {
        Ok(self.into_inner())
    }
}

struct Old<'a> {
    rest: &'a [u8],
    block: Cursor<Vec<u8>>,
}

impl Read for Old<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.block.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            let Some(length) = u32_le(self.rest, 0).filter(|length| *length > 0 && !self.rest.starts_with(OLD)) else {
                return Ok(0);
            };
            let end = usize::try_from(length).ok().and_then(|length| length.checked_add(4));
            let packed = end.and_then(|end| self.rest.get(4..end)).ok_or(io::ErrorKind::UnexpectedEof)?;
            self.block = Cursor::new(lz4_flex::block::decompress(packed, OLD_BLOCK).map_err(io::Error::other)?);
            self.rest = self.rest.get(packed.len() + 4..).unwrap_or_default();
        }
    }
}

impl<'a> Frame<'a> for Old<'a> {
    fn rest(self: Box<Self>) -> io::Result<&'a [u8]> {
        Ok(self.rest)
    }
}
