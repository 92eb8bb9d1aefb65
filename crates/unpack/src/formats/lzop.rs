//! lzop: blocks of LZO under one header, several files one after another.
use std::io::{self, Cursor, Read};

use interdict_model::{Head, Malformed, Members, Source, Unpacker};

use crate::field::{u16_be, u32_be};
use crate::frames::{Frame, Next, offer};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "lzop",
    revision: 1,
    title: "lzop",
    limitations: &["checksums are not compared", "files that were filtered before they were packed are a gap"],
    accepts,
    unpack,
};

const ENDINGS: &[(&str, &str)] = &[(".tzo", ".tar"), (".lzo", "")];
pub(crate) const MAGIC: &[u8] = b"\x89LZO\0\r\n\x1a\n";
/// No block is longer.
const BLOCK: u32 = 64 << 20;

const ADLER_OF_CONTENT: u32 = 0x1;
const ADLER_OF_PACKED: u32 = 0x2;
const EXTRA: u32 = 0x40;
const CRC_OF_CONTENT: u32 = 0x100;
const CRC_OF_PACKED: u32 = 0x200;
const FILTER: u32 = 0x800;

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(MAGIC)
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    offer(source, ENDINGS, open, members)
}

pub(crate) fn open(bytes: &[u8]) -> Next<'_> {
    if !bytes.starts_with(MAGIC) {
        return Next::End;
    }
    match header(bytes) {
        Some((_, flags)) if flags & FILTER != 0 => Next::Fault(io::Error::other("filtered before it was packed")),
        Some((length, flags)) => {
            let rest = bytes.get(length..).unwrap_or_default();
            Next::Frame(Box::new(Blocks { rest, flags, block: Cursor::default(), ended: false }))
        }
        None => Next::Fault(io::ErrorKind::UnexpectedEof.into()),
    }
}

/// Its length, and the flags that say what stands with each block.
fn header(bytes: &[u8]) -> Option<(usize, u32)> {
    let is_new = u16_be(bytes, 9)? >= 0x0940;
    // Three versions, the method and its level; before, two and the method alone.
    let mut at = if is_new { 17 } else { 14 };
    let flags = u32_be(bytes, at)?;
    at += if flags & FILTER != 0 { 8 } else { 4 };
    // The mode, and when it was changed.
    at += if is_new { 12 } else { 8 };
    at += 1 + usize::from(*bytes.get(at)?) + 4;
    if flags & EXTRA != 0 {
        at += 8 + usize::try_from(u32_be(bytes, at)?).ok()?;
    }
    Some((at, flags))
}

struct Blocks<'a> {
    rest: &'a [u8],
    flags: u32,
    block: Cursor<Vec<u8>>,
    ended: bool,
}

impl Blocks<'_> {
    fn advance(&mut self) -> io::Result<()> {
        let short = || io::Error::from(io::ErrorKind::UnexpectedEof);
        let size = u32_be(self.rest, 0).ok_or_else(short)?;
        if size == 0 {
            self.rest = self.rest.get(4..).unwrap_or_default();
            self.ended = true;
            return Ok(());
        }
        let packed = u32_be(self.rest, 4).ok_or_else(short)?;
        if size > BLOCK || packed > size {
            return Err(io::Error::other("a block that cannot be"));
        }
        let sums =
            |adler: u32, crc: u32| 4 * (usize::from(self.flags & adler != 0) + usize::from(self.flags & crc != 0));
        let mut at = 8 + sums(ADLER_OF_CONTENT, CRC_OF_CONTENT);
        if packed < size {
            at += sums(ADLER_OF_PACKED, CRC_OF_PACKED);
        }
        let end = usize::try_from(packed).ok().and_then(|length| at.checked_add(length)).ok_or_else(short)?;
        let data = self.rest.get(at..end).ok_or_else(short)?;
        let most = usize::try_from(size).unwrap_or_default();
        let block = if packed == size { data.to_vec() } else { crate::lzo::decode(data, most)? };
        self.block = Cursor::new(block);
        self.rest = self.rest.get(end..).unwrap_or_default();
        Ok(())
    }
}

impl Read for Blocks<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.block.read(buffer)?;
            if read > 0 || buffer.is_empty() || self.ended {
                return Ok(read);
            }
            self.advance()?;
        }
    }
}

impl<'a> Frame<'a> for Blocks<'a> {
    fn rest(self: Box<Self>) -> io::Result<&'a [u8]> {
        Ok(self.rest)
    }
}
