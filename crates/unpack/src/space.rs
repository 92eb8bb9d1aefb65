//! Bytes by their places, wherever they are kept: a whole file, the blocks of a disk image, a part of either.
use std::borrow::Cow;
use std::rc::Rc;

use crate::field::{from, range};

/// What says where each byte is.
pub(crate) trait Blocks {
    /// What is at a place, as far on as it is in one piece; at least one byte.
    fn find(&self, at: u64) -> Piece<'_>;
}

/// Bytes from a place on.
pub(crate) enum Piece<'a> {
    Stored(&'a [u8]),
    /// So many zeros that are kept nowhere.
    Zeros(u64),
    /// A decoded block, and where in it the place is.
    Decoded(Rc<Vec<u8>>, usize),
    /// Nothing is there, for so many bytes, and why.
    Lost(u64, String),
}

/// So many bytes of a file from a place on, or as many as are there.
pub(crate) fn stored(bytes: &[u8], at: u64, length: u64) -> Piece<'_> {
    match range(bytes, at, length).unwrap_or_else(|| from(bytes, at)) {
        [] => Piece::Lost(length, "lies beyond the end".to_owned()),
        there => Piece::Stored(there),
    }
}

impl Piece<'_> {
    /// As many of its bytes as fit, and no more than `most`.
    pub(crate) fn copy(&self, buffer: &mut [u8], most: u64) -> Result<usize, String> {
        let most = buffer.len().min(usize::try_from(most).unwrap_or(usize::MAX));
        let length = most.min(usize::try_from(self.length()).unwrap_or(usize::MAX));
        let buffer = buffer.get_mut(..length).unwrap_or_default();
        match self {
            Self::Stored(bytes) => buffer.copy_from_slice(bytes.get(..length).unwrap_or_default()),
            Self::Decoded(block, at) => buffer.copy_from_slice(block.get(*at..at + length).unwrap_or_default()),
            Self::Zeros(_) => buffer.fill(0),
            Self::Lost(_, why) => return Err(why.clone()),
        }
        Ok(length)
    }

    fn length(&self) -> u64 {
        match self {
            Self::Stored(bytes) => bytes.len() as u64,
            Self::Zeros(length) | Self::Lost(length, _) => *length,
            Self::Decoded(block, at) => block.len().saturating_sub(*at) as u64,
        }
    }
}

#[derive(Clone, Copy)]
enum Kept<'a> {
    Slice(&'a [u8]),
    Blocks(&'a dyn Blocks),
}

/// A range of places, numbered from its start.
#[derive(Clone, Copy)]
pub(crate) struct Space<'a> {
    kept: Kept<'a>,
    start: u64,
    length: u64,
}

impl<'a> From<&'a [u8]> for Space<'a> {
    fn from(bytes: &'a [u8]) -> Self {
        Self { kept: Kept::Slice(bytes), start: 0, length: bytes.len() as u64 }
    }
}

/// More is not taken at once.
const MOST: u64 = 64 << 20;

impl<'a> Space<'a> {
    pub(crate) fn new(blocks: &'a dyn Blocks, length: u64) -> Self {
        Self { kept: Kept::Blocks(blocks), start: 0, length }
    }

    /// How many bytes it has, kept or not.
    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// So many bytes from a place on, as far as they are there.
    pub(crate) fn part(&self, start: u64, length: u64) -> Self {
        let start = start.min(self.length);
        Self { kept: self.kept, start: self.start.saturating_add(start), length: length.min(self.length - start) }
    }

    /// What is at a place, within the range.
    pub(crate) fn find(&self, at: u64) -> Piece<'a> {
        let Some(left) = self.length.checked_sub(at).filter(|left| *left > 0) else {
            return Piece::Lost(u64::MAX - at, "lies beyond the end".to_owned());
        };
        let at = self.start.saturating_add(at);
        let piece = match self.kept {
            Kept::Slice(bytes) => Piece::Stored(from(bytes, at)),
            Kept::Blocks(blocks) => blocks.find(at),
        };
        match piece {
            Piece::Stored(bytes) => {
                Piece::Stored(bytes.get(..usize::try_from(left).unwrap_or(usize::MAX)).unwrap_or(bytes))
            }
            Piece::Zeros(length) => Piece::Zeros(length.min(left)),
            other => other,
        }
    }

    /// These bytes, where they are one slice of the file.
    pub(crate) fn slice(&self, start: u64, length: u64) -> Option<&'a [u8]> {
        match self.find(start) {
            Piece::Stored(bytes) => bytes.get(..usize::try_from(length).ok()?),
            _ => None,
        }
    }

    /// These bytes, where all of them are there.
    pub(crate) fn range(&self, start: u64, length: u64) -> Option<Cow<'a, [u8]>> {
        if let Some(slice) = self.slice(start, length) {
            return Some(Cow::Borrowed(slice));
        }
        let end = start.checked_add(length).filter(|end| length <= MOST && *end <= self.length)?;
        let (mut out, mut at) = (Vec::new(), start);
        while at < end {
            let piece = self.find(at);
            let take = usize::try_from(piece.length().min(end - at)).ok().filter(|take| *take > 0)?;
            match piece {
                Piece::Stored(bytes) => out.extend_from_slice(bytes.get(..take)?),
                Piece::Zeros(_) => out.resize(out.len() + take, 0),
                Piece::Decoded(block, from) => out.extend_from_slice(block.get(from..from + take)?),
                Piece::Lost(..) => return None,
            }
            at += take as u64;
        }
        Some(Cow::Owned(out))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Four bytes stored, four zeros, four decoded, four lost.
    struct Mixed;

    impl Blocks for Mixed {
        fn find(&self, at: u64) -> Piece<'_> {
            let within = usize::try_from(at % 4).unwrap();
            match at / 4 {
                0 => Piece::Stored(&b"abcd"[within..]),
                1 => Piece::Zeros(4 - at % 4),
                2 => Piece::Decoded(Rc::new(b"ijkl".to_vec()), within),
                _ => Piece::Lost(4 - at % 4, "gone".to_owned()),
            }
        }
    }

    #[test]
    fn ranges_over_pieces() {
        let space = Space::new(&Mixed, 16);
        assert_eq!(space.range(1, 2).as_deref(), Some(b"bc".as_slice()));
        assert_eq!(space.range(2, 8).as_deref(), Some(b"cd\0\0\0\0ij".as_slice()));
        assert_eq!(space.range(10, 3), None);
        assert_eq!(space.slice(3, 2), None);
        let part = space.part(3, 6);
        assert_eq!((part.length(), part.range(0, 6).as_deref()), (6, Some(b"d\0\0\0\0i".as_slice())));
        assert_eq!(part.range(5, 2), None);
        assert_eq!(space.part(20, 1).length(), 0);
    }
}
