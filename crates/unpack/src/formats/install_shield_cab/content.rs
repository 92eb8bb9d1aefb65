//! What is in a file: pieces in volumes, disguised or not, and in them pieces that are deflated each by itself.
use std::collections::VecDeque;
use std::io::{self, Read};

use flate2::read::DeflateDecoder;

use super::header::{DISGUISED, File, PACKED, SPLIT};
use crate::field::{from, range, u32_le, u64_le};

/// A cabinet, with what it says of the files at its ends.
pub(super) struct Volume<'a> {
    bytes: &'a [u8],
    first: End,
    last: End,
}

#[derive(Clone, Copy, Default)]
struct End {
    index: u32,
    at: u64,
    size: u64,
    packed: u64,
}

impl<'a> Volume<'a> {
    pub(super) fn new(bytes: &'a [u8], major: u32) -> Self {
        let head = from(bytes, 20);
        let index = |at: usize| u32_le(head, at).unwrap_or(u32::MAX);
        let number = |nth: usize| {
            let (long, short) = (u64_le(head, 16 + nth * 8), u32_le(head, 16 + nth * 4).map(u64::from));
            (if major > 5 { long } else { short }).unwrap_or_default()
        };
        let end = |index, nth| End { index, at: number(nth), size: number(nth + 1), packed: number(nth + 2) };
        Self { bytes, first: end(index(8), 0), last: end(index(12), 3) }
    }
}

/// Where nothing is at an end.
const NOTHING: u64 = 0x7fff_ffff;

/// The pieces of a file, and the number of the volume that is not there, or not whole.
pub(super) fn pieces<'a>(volumes: &[Volume<'a>], major: u32, index: u32, file: &File) -> (Vec<&'a [u8]>, Option<u32>) {
    let mut number = file.volume.max(1);
    if major <= 5 {
        // Entries of old do not say in which volume they are.
        let holds = |volume: &Volume<'_>| index <= volume.last.index;
        number = volumes.iter().position(holds).and_then(|at| u32::try_from(at + 1).ok()).unwrap_or(1);
    }
    let (mut pieces, mut left) = (Vec::new(), file.length());
    while left > 0 {
        let volume = usize::try_from(number).ok().and_then(|number| volumes.get(number.checked_sub(1)?));
        let Some(volume) = volume else { return (pieces, Some(number)) };
        let of = |end: &End| if file.flags & PACKED == 0 { end.size } else { end.packed };
        let differs = |end: &End| end.index == index && of(end) != file.length();
        let is_split = file.flags & SPLIT != 0 || (major <= 5 && (differs(&volume.last) || differs(&volume.first)));
        let (at, length) = match (is_split, pieces.is_empty()) {
            (true, true) if volume.last.index == index && volume.last.at != NOTHING => {
                (volume.last.at, of(&volume.last))
            }
            (true, _) if volume.first.index == index => (volume.first.at, of(&volume.first)),
            (_, true) => (file.data, left),
            _ => return (pieces, Some(number)),
        };
        let length = length.min(left);
        let Some(piece) = range(volume.bytes, at, length).filter(|piece| !piece.is_empty()) else {
            pieces.push(from(volume.bytes, at));
            return (pieces, Some(number));
        };
        pieces.push(piece);
        left -= length;
        number += 1;
    }
    (pieces, None)
}

/// A file's content.
pub(super) struct Content<'a> {
    pieces: Pieces<'a>,
    is_packed: bool,
    chunk: io::Cursor<Vec<u8>>,
    /// What is still to come, by the size that is stated.
    left: u64,
}

struct Pieces<'a> {
    pieces: VecDeque<&'a [u8]>,
    /// How many bytes were read, where they are disguised by that.
    disguise: Option<u32>,
}

impl<'a> Content<'a> {
    pub(super) fn new(pieces: &[&'a [u8]], file: &File) -> Self {
        let disguise = (file.flags & DISGUISED != 0).then_some(0);
        let pieces = Pieces { pieces: pieces.iter().copied().collect(), disguise };
        Self { pieces, is_packed: file.flags & PACKED != 0, chunk: io::Cursor::default(), left: file.size }
    }

    /// The next piece: its length in two bytes, and so many deflated bytes.
    fn advance(&mut self) -> io::Result<()> {
        const LARGEST: u64 = 1 << 20;
        let mut length = [0; 2];
        self.pieces.read_exact(&mut length)?;
        let mut packed = vec![0; usize::from(u16::from_le_bytes(length))];
        self.pieces.read_exact(&mut packed)?;
        let mut chunk = std::mem::take(self.chunk.get_mut());
        chunk.clear();
        // Some end without the mark that ends a stream: what was made until then is theirs.
        let told = DeflateDecoder::new(packed.as_slice()).take(LARGEST).read_to_end(&mut chunk);
        if chunk.is_empty() {
            told?;
            return Err(io::Error::other("a piece with nothing in it"));
        }
        self.chunk = io::Cursor::new(chunk);
        Ok(())
    }
}

impl Read for Content<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 || buffer.is_empty() {
            return Ok(0);
        }
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buffer.len());
        let buffer = buffer.get_mut(..most).unwrap_or_default();
        let mut read = if self.is_packed { self.chunk.read(buffer)? } else { self.pieces.read(buffer)? };
        if read == 0 && self.is_packed {
            self.advance()?;
            read = self.chunk.read(buffer)?;
        }
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= read as u64;
        Ok(read)
    }
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.pieces.front().is_some_and(|piece| piece.is_empty()) {
            self.pieces.pop_front();
        }
        let read = self.pieces.front_mut().map_or(Ok(0), |piece| piece.read(buffer))?;
        if let Some(count) = &mut self.disguise {
            for byte in buffer.iter_mut().take(read) {
                let turned = (*byte ^ 0xd5).rotate_right(2);
                *byte = turned.wrapping_sub(u8::try_from(*count % 0x47).unwrap_or_default());
                *count = count.wrapping_add(1);
            }
        }
        Ok(read)
    }
}
