//! Zstandard, several frames one after another, with those that are to be skipped.
use std::io::{self, Read};

use interdict_model::{Head, Malformed, Members, Source, Unpacker};
use ruzstd::decoding::{FrameDecoder, StreamingDecoder};

use crate::field::u32_le;
use crate::frames::{Frame, Next, offer};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "zstd",
    revision: 1,
    title: "Zstandard",
    limitations: &["frames that need a dictionary are a gap", "a window of more than 256 MiB is a gap"],
    accepts,
    unpack,
};

pub(crate) const ENDINGS: &[(&str, &str)] = &[(".tzst", ".tar"), (".zstd", ""), (".zst", "")];
const MAGIC: &[u8] = b"\x28\xb5\x2f\xfd";
const WINDOW: u64 = 256 << 20;

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(MAGIC)
        || skippable(head.bytes).and_then(|at| head.bytes.get(at..)).is_some_and(|b| b.starts_with(MAGIC))
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    offer(source, ENDINGS, open, members)
}

pub(crate) fn open(bytes: &[u8]) -> Next<'_> {
    if let Some(length) = skippable(bytes) {
        return skip(bytes, length);
    }
    if !bytes.starts_with(MAGIC) {
        return Next::End;
    }
    match StreamingDecoder::new_with_max_window_size(bytes, WINDOW) {
        Ok(decoder) => Next::Frame(Box::new(Checked(decoder))),
        Err(why) => Next::Fault(io::Error::other(why)),
    }
}

/// The length of a skippable frame (RFC 8878 §3.1.2), with its header.
pub(super) fn skippable(bytes: &[u8]) -> Option<usize> {
    u32_le(bytes, 0).filter(|magic| magic >> 4 == 0x0184_d2a5)?;
    Some(usize::try_from(u32_le(bytes, 4)?).unwrap_or(usize::MAX).saturating_add(8))
}

/// Passes over a frame that is to be skipped, where it is all there.
pub(super) fn skip<'a>(bytes: &[u8], length: usize) -> Next<'a> {
    if length > bytes.len() {
        return Next::Fault(io::Error::new(io::ErrorKind::UnexpectedEof, "a frame to skip breaks off"));
    }
    Next::Skip(length)
}

/// A frame whose checksum is compared once it is read.
struct Checked<'a>(StreamingDecoder<&'a [u8], FrameDecoder>);

impl Read for Checked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl<'a> Frame<'a> for Checked<'a> {
    fn rest(self: Box<Self>) -> io::Result<&'a [u8]> {
        let (rest, decoder) = self.0.into_parts();
        let stated = decoder.get_checksum_from_data();
        if stated.is_some() && stated != decoder.get_calculated_checksum() {
            return Err(io::Error::other("the checksum of a frame does not agree"));
        }
        Ok(rest)
    }
}
