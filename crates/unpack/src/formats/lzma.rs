//! LZMA alone: the format before xz, without a magic.
use std::io::{self, Read};

use interdict_model::{Head, Malformed, Members, Source, Unpacker};
use lzma_rust2::LzmaReader;

use super::xz::MEMORY;
use crate::field::{u32_le, u64_le};
use crate::frames::{Frame, Next, offer};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "lzma",
    revision: 1,
    title: "LZMA alone",
    limitations: &["unusual properties are recognised only where the size is left open"],
    accepts,
    unpack,
};

const ENDINGS: &[(&str, &str)] = &[(".tlz", ".tar"), (".lzma", "")];
const LONGEST: u64 = 1 << 40;
/// Three bits of context, two of position.
const USUAL: u8 = 0x5d;
/// All there can be.
const PROPERTIES: u8 = 9 * 5 * 5;

/// No magic: a dictionary of 2ⁿ or 2ⁿ + 2ⁿ⁻¹ bytes, the zero byte that every range coder begins with, and the usual
/// properties with a size that is open or sane, or any with an open one.
fn accepts(head: &Head<'_>) -> bool {
    let (Some(dictionary), Some(size)) = (u32_le(head.bytes, 1), u64_le(head.bytes, 5)) else { return false };
    let smooth =
        dictionary >= 1 << 12 && (dictionary.is_power_of_two() || dictionary >> dictionary.trailing_zeros() == 3);
    let is_likely = match head.bytes.first() {
        Some(&USUAL) => size == u64::MAX || (size > 0 && size < LONGEST),
        Some(&properties) => properties < PROPERTIES && size == u64::MAX,
        None => false,
    };
    (smooth || dictionary == u32::MAX) && is_likely && head.bytes.get(13) == Some(&0) && head.bytes.len() > 18
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    offer(source, ENDINGS, open, members)
}

pub(crate) fn open(bytes: &[u8]) -> Next<'_> {
    if !accepts(&Head { bytes, name: "" }) {
        return Next::End;
    }
    match LzmaReader::new_mem_limit(bytes, MEMORY, None) {
        Ok(reader) => Next::Frame(Box::new(Alone { bytes, reader })),
        Err(why) => Next::Fault(why),
    }
}

/// Its reader takes more than it needs, and tells in the end how much.
struct Alone<'a> {
    bytes: &'a [u8],
    reader: LzmaReader<&'a [u8]>,
}

impl Read for Alone<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.reader.read(buffer)
    }
}

impl<'a> Frame<'a> for Alone<'a> {
    fn rest(self: Box<Self>) -> io::Result<&'a [u8]> {
        let (unread, unused) = self.reader.into_parts();
        let behind = self.bytes.len().saturating_sub(unread.len() + unused.len());
        Ok(self.bytes.get(behind..).unwrap_or_default())
    }
}
