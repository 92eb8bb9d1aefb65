//! What is in a file, out of pieces that were written one upon another.
use std::collections::BTreeMap;
use std::io::{self, Read};

use flate2::read::{DeflateDecoder, ZlibDecoder};

/// How a piece is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    None,
    Zero,
    Rtime,
    Zlib,
    Deflate,
    Lzo,
    Zstd,
    /// Another, by its number.
    Other(u16),
}

/// A part of a file, as one node holds it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece<'a> {
    /// Of two that overlap, the higher counts.
    pub(crate) version: u64,
    /// Where in the file it begins, and how long it is there.
    pub(crate) at: u64,
    pub(crate) size: u64,
    pub(crate) method: Method,
    pub(crate) packed: &'a [u8],
}

/// Pages of memory are not larger.
const LARGEST: u64 = 1 << 20;

/// A file's content from its beginning.
pub(super) struct Content<'a> {
    pieces: Vec<Piece<'a>>,
    /// By where they begin: where they end, and which piece they are of.
    parts: BTreeMap<u64, (u64, usize)>,
    at: u64,
    size: u64,
    /// The piece that was unpacked last.
    open: Option<(usize, Vec<u8>)>,
}

impl<'a> Content<'a> {
    /// An error is why it cannot be had.
    pub(super) fn new(pieces: &[Piece<'a>], size: u64) -> Result<Self, String> {
        let mut pieces = pieces.to_vec();
        pieces.sort_by_key(|piece| piece.version);
        if let Some(method) = pieces.iter().find_map(|piece| match piece.method {
            Method::Other(method) => Some(method),
            _ => None,
        }) {
            return Err(format!("packed by method {method}, which nothing here decodes; {size} bytes"));
        }
        let mut parts = BTreeMap::new();
        for (index, piece) in pieces.iter().enumerate() {
            let end = piece.at.saturating_add(piece.size).min(size);
            if piece.at < end {
                put(&mut parts, piece.at, end, index);
                // What is not there reads as zeros.
                if piece.method == Method::Zero {
                    parts.remove(&piece.at);
                }
            }
        }
        Ok(Self { pieces, parts, at: 0, size, open: None })
    }

    fn unpacked(&mut self, index: usize) -> io::Result<&[u8]> {
        if self.open.as_ref().is_none_or(|(open, _)| *open != index) {
            let piece = self.pieces.get(index).ok_or(io::ErrorKind::UnexpectedEof)?;
            self.open = Some((index, unpack(piece)?));
        }
        Ok(self.open.as_ref().map_or(&[], |(_, bytes)| bytes))
    }
}

/// What was there before is cut where the new one lies.
fn put(parts: &mut BTreeMap<u64, (u64, usize)>, start: u64, end: u64, index: usize) {
    if let Some((&from, &(to, of))) = parts.range(..start).next_back()
        && to > start
    {
        parts.insert(from, (start, of));
        if to > end {
            parts.insert(end, (to, of));
        }
    }
    let inside: Vec<u64> = parts.range(start..end).map(|(from, _)| *from).collect();
    for from in inside {
        if let Some((to, of)) = parts.remove(&from)
            && to > end
        {
            parts.insert(end, (to, of));
        }
    }
    parts.insert(start, (end, index));
}

fn unpack(piece: &Piece<'_>) -> io::Result<Vec<u8>> {
    if piece.size > LARGEST {
        return Err(io::Error::other(format!("a piece of {} bytes", piece.size)));
    }
    let size = usize::try_from(piece.size).unwrap_or_default();
    let mut bytes = Vec::with_capacity(size);
    match piece.method {
        Method::None => bytes.extend_from_slice(piece.packed.get(..size).unwrap_or(piece.packed)),
        Method::Zero => bytes.resize(size, 0),
        Method::Rtime => bytes = rtime(piece.packed, size),
        Method::Lzo => bytes = crate::lzo::decode(piece.packed, size)?,
        Method::Zlib => {
            ZlibDecoder::new(piece.packed).take(piece.size).read_to_end(&mut bytes)?;
        }
        Method::Deflate => {
            DeflateDecoder::new(piece.packed).take(piece.size).read_to_end(&mut bytes)?;
        }
        Method::Zstd => {
            let frames = crate::frames::Frames::new(piece.packed, crate::formats::zstd_frame);
            frames.take(piece.size).read_to_end(&mut bytes)?;
        }
        Method::Other(_) => return Err(io::ErrorKind::Unsupported.into()),
    }
    if bytes.len() < size {
        return Err(io::Error::other(format!("a piece of {size} bytes gives {}", bytes.len())));
    }
    Ok(bytes)
}

/// Pairs of a byte and how many follow of what came behind that byte when it was last met.
fn rtime(packed: &[u8], size: usize) -> Vec<u8> {
    let (mut places, mut out) = ([0_usize; 256], Vec::with_capacity(size));
    for pair in packed.chunks_exact(2) {
        let &[value, count] = pair else { break };
        if out.len() >= size {
            break;
        }
        out.push(value);
        let from = places.get(usize::from(value)).copied().unwrap_or_default();
        if let Some(place) = places.get_mut(usize::from(value)) {
            *place = out.len();
        }
        for nth in 0..usize::from(count).min(size - out.len()) {
            let Some(byte) = out.get(from + nth).copied() else { return out };
            out.push(byte);
        }
    }
    out
}

impl Read for Content<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let at = self.at;
        let most = usize::try_from(self.size - at).unwrap_or(usize::MAX).min(buffer.len());
        if most == 0 {
            return Ok(0);
        }
        let found = self.parts.range(..=at).next_back().map(|(_, part)| *part).filter(|(end, _)| *end > at);
        let read = if let Some((end, index)) = found {
            let from = self.pieces.get(index).map_or(0, |piece| at - piece.at);
            let held = crate::field::from(self.unpacked(index)?, from);
            let most = most.min(usize::try_from(end - at).unwrap_or(usize::MAX)).min(held.len());
            buffer.iter_mut().zip(held.iter().take(most)).for_each(|(to, from)| *to = *from);
            most
        } else {
            let next = self.parts.range(at..).next().map_or(self.size, |(start, _)| *start);
            let most = most.min(usize::try_from(next - at).unwrap_or(usize::MAX));
            buffer.iter_mut().take(most).for_each(|byte| *byte = 0);
            most
        };
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.at += read as u64;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_pieces_lie_upon_earlier_ones() {
        let (a, b, c) = ([b'a'; 10], [b'b'; 4], [b'c'; 3]);
        let piece = |version, at, packed: &'static [u8]| Piece {
            version,
            at,
            size: packed.len() as u64,
            method: Method::None,
            packed,
        };
        let leak = |bytes: &[u8]| -> &'static [u8] { bytes.to_vec().leak() };
        let pieces = [piece(3, 12, leak(&c)), piece(2, 3, leak(&b)), piece(1, 0, leak(&a))];
        let mut out = Vec::new();
        Content::new(&pieces, 17).unwrap().read_to_end(&mut out).unwrap();
        assert_eq!(out, b"aaabbbbaaa\0\0ccc\0\0");
        out.clear();
        Content::new(&pieces, 5).unwrap().read_to_end(&mut out).unwrap();
        assert_eq!(out, b"aaabb");
    }

    #[test]
    fn runs_of_what_was_met_before() {
        assert_eq!(rtime(b"a\0b\0a\x03", 6), b"ababab");
    }
}
