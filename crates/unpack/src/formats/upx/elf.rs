//! ELF: a chain of packed blocks behind the headers, in the order of the program's segments; what no segment loads comes last.
use std::io;

use super::method::{decode, is_known};
use super::{MARK, MOST, Unpacked};
use crate::field::{u16_be, u16_le, u32_be, u32_le, u64_be, u64_le};

/// Before every block: its two sizes, its method, its filter.
const BLOCK_HEADER: usize = 12;
const LOADED: usize = 1;
/// Segments that are looked at, and places tried for what no segment loads.
const MOST_SEGMENTS: usize = 256;
const MOST_TRIES: usize = 64;

/// A part of the file that is loaded: where it stands, where it goes, how long it is.
#[derive(Clone, Copy)]
struct Segment {
    offset: usize,
    address: usize,
    length: usize,
}

/// Fields in the byte order of the program.
struct Fields<'a> {
    bytes: &'a [u8],
    is_little: bool,
    is_wide: bool,
}

impl Fields<'_> {
    fn half(&self, at: usize) -> Option<usize> {
        if self.is_little { u16_le(self.bytes, at) } else { u16_be(self.bytes, at) }.map(usize::from)
    }

    fn word(&self, at: usize) -> Option<usize> {
        let word = if self.is_little { u32_le(self.bytes, at) } else { u32_be(self.bytes, at) };
        usize::try_from(word?).ok()
    }

    /// An address or a size: four bytes or eight.
    fn wide(&self, at: usize) -> Option<usize> {
        if !self.is_wide {
            return self.word(at);
        }
        let wide = if self.is_little { u64_le(self.bytes, at) } else { u64_be(self.bytes, at) };
        usize::try_from(wide?).ok()
    }

    /// The segments that are loaded.
    fn segments(&self) -> Option<Vec<Segment>> {
        let (start, size, count) = if self.is_wide {
            (self.wide(32)?, self.half(54)?, self.half(56)?)
        } else {
            (self.word(28)?, self.half(42)?, self.half(44)?)
        };
        let headers = (0..count.min(MOST_SEGMENTS)).map(|nth| start.checked_add(nth * size));
        let loaded = headers.map(|at| {
            let at = at?;
            let [offset, address, length] = if self.is_wide { [8, 16, 32] } else { [4, 8, 16] };
            let field = |of: usize| self.wide(at.checked_add(of)?);
            let segment = Segment { offset: field(offset)?, address: field(address)?, length: field(length)? };
            Some((self.word(at)? == LOADED).then_some(segment))
        });
        Some(loaded.collect::<Option<Vec<_>>>()?.into_iter().flatten().collect())
    }
}

/// A block's header: what it is packed to and from, and how.
struct Block {
    unpacked: usize,
    packed: usize,
    method: u8,
}

impl Block {
    fn read(file: &Fields<'_>, at: usize) -> Option<Self> {
        let (unpacked, packed) = (file.word(at)?, file.word(at + 4)?);
        let method = *file.bytes.get(at + 8)?;
        // What does not become smaller stands as it is.
        let is_packed = packed < unpacked && is_known(method);
        let is_one = packed > 0 && unpacked <= MOST && (is_packed || packed == unpacked);
        is_one.then_some(Self { unpacked, packed, method })
    }

    /// Its bytes, and where the next one starts.
    fn bytes(&self, file: &Fields<'_>, at: usize) -> io::Result<(Vec<u8>, usize)> {
        let start = at + BLOCK_HEADER;
        let end = start.checked_add(self.packed).ok_or(io::ErrorKind::UnexpectedEof)?;
        let packed = file.bytes.get(start..end).ok_or(io::ErrorKind::UnexpectedEof)?;
        let bytes =
            if self.packed == self.unpacked { packed.to_vec() } else { decode(self.method, packed, self.unpacked)? };
        Ok((bytes, end))
    }
}

/// The mark is the second word of the loader's header, of twelve bytes as is the program's that follows.
pub(super) fn unpack(bytes: &[u8], mark: usize) -> io::Result<Unpacked> {
    let file = Fields { bytes, is_little: bytes.get(5) != Some(&2), is_wide: bytes.get(4) == Some(&2) };
    let program = mark + MARK.len() + 4;
    let (Some(length), Some(largest)) = (file.word(program + 4), file.word(program + 8)) else {
        return Err(io::ErrorKind::UnexpectedEof.into());
    };
    if length > MOST {
        return Err(io::Error::other(format!("{length} bytes are more than the {MOST} that are unpacked")));
    }
    let mut at = program + 12;
    let no_block = || io::Error::other("no block where one should start");
    let (headers, behind) = Block::read(&file, at).ok_or_else(no_block)?.bytes(&file, at)?;
    let own = Fields { bytes: &headers, is_little: file.is_little, is_wide: file.is_wide };
    if !headers.starts_with(b"\x7fELF") {
        return Err(io::Error::other("the first block is no header of a program"));
    }
    let segments = own.segments().ok_or_else(|| io::Error::other("the program's headers are cut short"))?;
    let mut out = Vec::new();
    let mut filled: Vec<(usize, usize)> = Vec::new();
    let kept = file.segments().unwrap_or_default();
    for Segment { offset, address, length: size } in segments {
        let end = offset.checked_add(size).filter(|end| *end <= length).ok_or_else(no_block)?;
        let mut to = offset;
        // Of libraries, what their loader must see before they run stays as it is.
        let as_it_is = kept.iter().find(|segment| (segment.address, segment.length) == (address, size));
        let as_it_is = as_it_is.and_then(|segment| bytes.get(segment.offset..segment.offset.checked_add(size)?));
        if let Some(part) = as_it_is {
            put(&mut out, offset, part);
            if offset == 0 {
                put(&mut out, 0, headers.get(..size).unwrap_or(&headers));
                at = behind;
            }
            to = end;
        }
        while to < end {
            let block = Block::read(&file, at).filter(|block| block.unpacked <= end - to).ok_or_else(no_block)?;
            let (part, next) = block.bytes(&file, at)?;
            put(&mut out, to, &part);
            (to, at) = (to + part.len(), next);
        }
        filled.push((offset, end));
    }
    let mut lost = 0;
    for (start, end) in holes(filled, length) {
        let mut to = start;
        while to < end {
            let Some((part, next)) = search(&file, at, (end - to).min(largest)) else { break };
            put(&mut out, to, &part);
            (to, at) = (to + part.len(), next);
        }
        lost += end - to;
    }
    if lost > 0 {
        forget_sections(&mut out, file.is_wide);
    }
    Ok(Unpacked { bytes: out, lost })
}

/// Puts these bytes there; what nothing was put into is zeros.
fn put(out: &mut Vec<u8>, at: usize, part: &[u8]) {
    let end = at + part.len();
    if out.len() < end {
        out.resize(end, 0);
    }
    if let Some(room) = out.get_mut(at..end) {
        room.copy_from_slice(part);
    }
}

/// What lies between segments and behind the last.
fn holes(mut filled: Vec<(usize, usize)>, length: usize) -> Vec<(usize, usize)> {
    filled.sort_unstable();
    let mut at = 0;
    let mut holes = Vec::new();
    for (start, end) in filled.into_iter().chain([(length, length)]) {
        if start > at {
            holes.push((at, start));
        }
        at = at.max(end);
    }
    holes
}

/// The next block of this size: the loader lies between the segments' blocks and those of the rest.
fn search(file: &Fields<'_>, from: usize, size: usize) -> Option<(Vec<u8>, usize)> {
    let places = (from..file.bytes.len()).filter(|at| file.word(*at) == Some(size));
    places.take(MOST_TRIES).find_map(|at| Block::read(file, at)?.bytes(file, at).ok())
}

/// Takes the table of sections out of the header, where its bytes are not there.
fn forget_sections(out: &mut [u8], is_wide: bool) {
    let fields = if is_wide { [(40, 8), (60, 4)] } else { [(32, 4), (48, 4)] };
    for (at, length) in fields {
        if let Some(field) = out.get_mut(at..at + length) {
            field.fill(0);
        }
    }
}
