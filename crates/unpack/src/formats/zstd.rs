//! Zstandard, several frames one after another, with those that are to be skipped.
use std::io::{self, Read};

use interdict_model::{Head, Malformed, Members, Source, Unpacker};
use zstd_safe::{DCtx, DParameter, InBuffer, OutBuffer, get_error_name};

use crate::field::u32_le;
use crate::frames::{Frame, Next, offer};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "zstd",
    revision: 2,
    title: "Zstandard",
    limitations: &["frames that need a dictionary are a gap", "a window of more than 256 MiB is a gap"],
    accepts,
    unpack,
};

pub(crate) const ENDINGS: &[(&str, &str)] = &[(".tzst", ".tar"), (".zstd", ""), (".zst", "")];
const MAGIC: &[u8] = b"\x28\xb5\x2f\xfd";
/// What a frame may ask to look back on: 2 to the power of this.
const WINDOW: u32 = 28;

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
    match Decoder::new(bytes) {
        Ok(decoder) => Next::Frame(Box::new(decoder)),
        Err(why) => Next::Fault(why),
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

/// One frame. Its parts are handed on one by one, so that of a broken one everything before the fault is had.
pub(crate) struct Decoder<'a> {
    context: DCtx<'static>,
    /// Of the part that is being decoded, what was not taken yet.
    part: &'a [u8],
    /// Behind it.
    rest: &'a [u8],
    next: Part,
    has_checksum: bool,
    /// There may be more of what was taken already.
    is_full: bool,
}

enum Part {
    Block,
    Checksum,
    End,
    /// Nothing comes behind a fault.
    Fault,
}

impl<'a> Decoder<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> io::Result<Self> {
        let mut context = DCtx::try_create().ok_or(io::ErrorKind::OutOfMemory)?;
        context.set_parameter(DParameter::WindowLogMax(WINDOW)).map_err(fault)?;
        let (length, has_checksum) = header(bytes).ok_or(io::ErrorKind::UnexpectedEof)?;
        let (part, rest) = bytes.split_at_checked(length).ok_or(io::ErrorKind::UnexpectedEof)?;
        Ok(Self { context, part, rest, next: Part::Block, has_checksum, is_full: false })
    }

    /// Goes on to the next part; false at the end.
    fn advance(&mut self) -> io::Result<bool> {
        let length = match self.next {
            Part::Block => {
                let header = u32_le(&padded(self.rest)?, 0).unwrap_or_default();
                let length = if header >> 1 & 3 == 1 { 1 } else { header >> 3 };
                if header & 1 == 1 {
                    self.next = if self.has_checksum { Part::Checksum } else { Part::End };
                }
                usize::try_from(length).unwrap_or(usize::MAX).saturating_add(3)
            }
            Part::Checksum => {
                self.next = Part::End;
                4
            }
            Part::End => return Ok(false),
            Part::Fault => return Err(io::ErrorKind::InvalidData.into()),
        };
        (self.part, self.rest) = self.rest.split_at_checked(length).ok_or(io::ErrorKind::UnexpectedEof)?;
        Ok(true)
    }

    fn decode(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.part.is_empty() && !self.is_full && !self.advance()? {
                return Ok(0);
            }
            let (mut input, room) = (InBuffer::around(self.part), buffer.len());
            let mut output = OutBuffer::around(&mut *buffer);
            self.context.decompress_stream(&mut output, &mut input).map_err(fault)?;
            let (taken, made) = (input.pos(), output.pos());
            if taken == 0 && made == 0 && !self.part.is_empty() {
                return Err(io::Error::other("a part of the frame is not taken"));
            }
            self.part = self.part.get(taken..).unwrap_or_default();
            self.is_full = made == room;
            if made > 0 {
                return Ok(made);
            }
        }
    }
}

impl Read for Decoder<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        self.decode(buffer).inspect_err(|_| self.next = Part::Fault)
    }
}

impl<'a> Frame<'a> for Decoder<'a> {
    fn rest(self: Box<Self>) -> io::Result<&'a [u8]> {
        Ok(self.rest)
    }
}

/// How long a frame's header is, and whether a checksum stands at its end (RFC 8878 §3.1.1.1).
fn header(bytes: &[u8]) -> Option<(usize, bool)> {
    let descriptor = *bytes.get(MAGIC.len())?;
    let is_single = descriptor & 0x20 != 0;
    let window = usize::from(!is_single);
    let dictionary = match descriptor & 3 {
        3 => 4,
        length => usize::from(length),
    };
    let size = match descriptor >> 6 {
        0 => usize::from(is_single),
        power => 1 << power,
    };
    Some((MAGIC.len() + 1 + window + dictionary + size, descriptor & 4 != 0))
}

/// The header of a block as a number of four bytes.
fn padded(bytes: &[u8]) -> io::Result<[u8; 4]> {
    let Some([low, middle, high]) = bytes.first_chunk::<3>() else { return Err(io::ErrorKind::UnexpectedEof.into()) };
    Ok([*low, *middle, *high, 0])
}

fn fault(code: usize) -> io::Error {
    io::Error::other(get_error_name(code))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocks of raw bytes, behind a header that states a window, and a checksum that is none.
    fn frame(window: u8, blocks: &[&[u8]], ends: bool, has_checksum: bool) -> Vec<u8> {
        let mut frame = [MAGIC, &[u8::from(has_checksum) << 2, window]].concat();
        for (index, block) in blocks.iter().enumerate() {
            let is_last = u32::from(ends && index + 1 == blocks.len());
            let header = u32::try_from(block.len()).unwrap() << 3 | is_last;
            frame.extend_from_slice(&header.to_le_bytes()[..3]);
            frame.extend_from_slice(block);
        }
        if has_checksum {
            frame.extend_from_slice(b"none");
        }
        frame
    }

    #[test]
    fn what_stands_before_a_fault_is_had() {
        let (kilobyte, long) = ([b'a'; 1024], vec![b'b'; 100_000]);
        let blocks: &[&[u8]] = &[&kilobyte, &long, &kilobyte];
        let whole = frame(0x58, blocks, true, false);
        let cases = [
            (whole.clone(), 102_048, None),
            (whole[..whole.len() - 1].to_vec(), 101_024, Some("unexpected end of file")),
            (whole[..1040].to_vec(), 1024, Some("unexpected end of file")),
            (frame(0x58, blocks, false, false), 102_048, Some("unexpected end of file")),
            (frame(0x58, blocks, true, true), 102_048, Some("Restored data doesn't match checksum")),
            (frame(0x90, blocks, true, false), 102_048, None),
            (frame(0x91, blocks, true, false), 0, Some("Frame requires too much memory for decoding")),
            (frame(0xff, blocks, true, false), 0, Some("Frame requires too much memory for decoding")),
        ];
        for (bytes, length, why) in cases {
            for room in [1, 1000, 1 << 20] {
                let mut decoder = Decoder::new(&bytes).unwrap();
                let (mut made, mut buffer) = (0, vec![0; room]);
                let told = loop {
                    match decoder.read(&mut buffer) {
                        Ok(0) => break None,
                        Ok(read) => made += read,
                        Err(why) => break Some(why.to_string()),
                    }
                };
                assert_eq!((made, told.as_deref()), (length, why), "{room}");
                assert_eq!(decoder.read(&mut buffer).is_err(), why.is_some());
            }
        }
    }

    #[test]
    fn frames_follow_each_other() {
        let one = frame(0x58, &[b"one, "], true, false);
        let bytes = [one.as_slice(), b"\x50\x2a\x4d\x18\x02\0\0\0xx", &one, b"behind"].concat();
        let mut frames = crate::frames::Frames::new(&bytes, open);
        let mut text = String::new();
        frames.read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), frames.rest()), ("one, one, ", b"behind".as_slice()));
    }
}
