//! lzip, several members one after another.
use std::io::{self, Read};

use flate2::Crc;
use interdict_model::{Head, Malformed, Members, Source, Unpacker};
use lzma_rust2::LzmaReader;

use super::xz::MEMORY;
use crate::field::{u32_le, u64_le};
use crate::frames::{Frame, Next, offer};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "lzip",
    revision: 1,
    title: "lzip",
    limitations: &["a dictionary of more than 256 MiB is a gap"],
    accepts,
    unpack,
};

const MAGIC: &[u8] = b"LZIP\x01";
/// Three bits of context, two of position.
const PROPERTIES: u8 = 0x5d;
/// The sum of a member's content, its size, and that of the member.
const TRAILER: usize = 20;
const ENDINGS: &[(&str, &str)] = &[(".tlz", ".tar"), (".lz", "")];

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(MAGIC) && head.bytes.len() > 26
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    offer(source, ENDINGS, open, members)
}

/// A dictionary of 2ⁿ bytes less so many sixteenths of them; none is shorter than 4 KiB or longer than 512 MiB.
fn dictionary(coded: u8) -> Option<u32> {
    let size = Some(coded & 0x1f).filter(|power| (12..=29).contains(power)).map(|power| 1_u32 << power)?;
    Some(size - size / 16 * u32::from(coded >> 5)).filter(|size| *size >= 1 << 12)
}

pub(crate) fn open(bytes: &[u8]) -> Next<'_> {
    let Some(rest) = bytes.strip_prefix(MAGIC) else { return Next::End };
    let Some(size) = rest.first().copied().and_then(dictionary) else {
        return Next::Fault(io::Error::other("a dictionary of no size that can be"));
    };
    if size / 1024 > MEMORY {
        return Next::Fault(io::Error::other(format!("a dictionary of {size} bytes")));
    }
    let packed = rest.get(1..).unwrap_or_default();
    match LzmaReader::new_with_props(packed, u64::MAX, PROPERTIES, size, None) {
        Ok(reader) => Next::Frame(Box::new(Checked { bytes, reader, sum: Crc::new(), size: 0 })),
        Err(why) => Next::Fault(why),
    }
}

/// A member whose sum and sizes are compared once it is read.
struct Checked<'a> {
    bytes: &'a [u8],
    reader: LzmaReader<&'a [u8]>,
    sum: Crc,
    size: u64,
}

impl Read for Checked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.sum.update(buffer.get(..read).unwrap_or_default());
        self.size = self.size.saturating_add(read as u64);
        Ok(read)
    }
}

impl<'a> Frame<'a> for Checked<'a> {
    fn rest(self: Box<Self>) -> io::Result<&'a [u8]> {
        let (unread, unused) = self.reader.into_parts();
        let at = self.bytes.len().saturating_sub(unread.len() + unused.len());
        let (Some(sum), Some(size), Some(length)) =
            (u32_le(self.bytes, at), u64_le(self.bytes, at + 4), u64_le(self.bytes, at + 12))
        else {
            return Err(io::ErrorKind::UnexpectedEof.into());
        };
        let end = at + TRAILER;
        if sum != self.sum.sum() || size != self.size || length != end as u64 {
            return Err(io::Error::other("what stands behind a member does not agree with it"));
        }
        Ok(self.bytes.get(end..).unwrap_or_default())
    }
}
