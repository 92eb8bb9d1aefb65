//! pbzx: the payload of a macOS installer package, a cpio archive in pieces that are packed by xz one by one.
use std::io::{self, Read};

use interdict_model::{Head, Malformed, Member, Members, Source, Unpacker};
use lzma_rust2::XzReader;

use super::xz::MEMORY;
use crate::field::u64_be;
use crate::frames::{inner_name, trailing};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "pbzx",
    revision: 1,
    title: "pbzx payload of a macOS package",
    limitations: &["pieces packed by another method than xz are a gap"],
    accepts,
    unpack,
};

const MAGIC: &[u8] = b"pbzx";
const HEADER: usize = 12;

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(MAGIC) && head.bytes.len() > HEADER && u64_be(head.bytes, 4).is_some_and(|size| size <= LARGEST)
}

/// No piece is longer.
const LARGEST: u64 = 256 << 20;

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    if !accepts(&source.head()) {
        return Err(Malformed::NotThis);
    }
    let name = inner_name(source.name, &[(".pbzx", "")]);
    let rest = source.bytes.get(HEADER..).unwrap_or_default();
    let mut pieces = Pieces { rest, now: Box::new(io::empty()), left: 0, ended: false, is_cut: false };
    let flow = members.streamed(&Member { name: name.as_bytes(), ..Member::default() }, &mut pieces);
    if flow.is_continue() && pieces.ended {
        trailing(source.bytes, pieces.rest, members);
    }
    Ok(())
}

struct Pieces<'a> {
    rest: &'a [u8],
    now: Box<dyn Read + 'a>,
    /// What the piece should still give.
    left: u64,
    ended: bool,
    /// The last piece is not all there.
    is_cut: bool,
}

impl Pieces<'_> {
    /// A piece is its size, its packed length, and its bytes: packed, unless both are the same.
    fn advance(&mut self) -> io::Result<()> {
        let (Some(size), Some(packed)) = (u64_be(self.rest, 0), u64_be(self.rest, 8)) else {
            self.ended = true;
            return Ok(());
        };
        if size > LARGEST {
            return Err(io::Error::other(format!("a piece of {size} bytes")));
        }
        let data = self.rest.get(16..).unwrap_or_default();
        // Of one that breaks off, as much as is there.
        let whole = usize::try_from(packed).ok().and_then(|packed| data.get(..packed));
        self.is_cut = whole.is_none();
        let data = whole.unwrap_or(data);
        self.rest = self.rest.get(16 + data.len()..).unwrap_or_default();
        self.left = size;
        self.now = if data.starts_with(b"\xfd7zXZ\0") {
            Box::new(XzReader::new_mem_limit(data, false, MEMORY).take(size))
        } else if packed == size {
            Box::new(data)
        } else {
            return Err(io::Error::other("a piece that is packed by an unknown method"));
        };
        Ok(())
    }
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.now.read(buffer)?;
            self.left = self.left.saturating_sub(read as u64);
            if read > 0 || buffer.is_empty() || self.ended {
                return Ok(read);
            }
            if self.left > 0 || self.is_cut {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            self.advance()?;
        }
    }
}
