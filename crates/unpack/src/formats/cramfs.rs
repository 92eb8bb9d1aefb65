//! cramfs: a read-only file system of devices, its blocks of a page packed one by one; of either order of bytes.
use std::io::{self, Cursor, Read as _};
use std::ops::ControlFlow;

use flate2::bufread::ZlibDecoder;
use interdict_model::{Head, Malformed, Member, Members, Source, Unpacker};

use crate::field::{broken, from, range, u16_be, u16_le, u32_be, u32_le};
use crate::tree::{Tree, join};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "cramfs",
    revision: 1,
    title: "cramfs image",
    limitations: &["blocks of another size than 4 KiB, which tools write only when asked to, are a gap"],
    accepts,
    unpack,
};

const SIGNATURE: &[u8] = b"Compressed ROMFS";
const BLOCK: u64 = 4096;
const STORED: u32 = 1 << 31;
/// The place is given, and not that of the end.
const DIRECT: u32 = 1 << 30;

fn accepts(head: &Head<'_>) -> bool {
    (head.starts_with(b"\x45\x3d\xcd\x28") || head.starts_with(b"\x28\xcd\x3d\x45")) && head.has_at(16, SIGNATURE)
}

#[derive(Clone, Copy)]
struct Image<'a> {
    bytes: &'a [u8],
    is_little: bool,
}

struct Inode {
    mode: u16,
    size: u64,
    name: u64,
    offset: u64,
}

impl<'a> Image<'a> {
    fn word(&self, at: u64) -> Option<u32> {
        let held = range(self.bytes, at, 4)?;
        if self.is_little { u32_le(held, 0) } else { u32_be(held, 0) }
    }

    /// Fields of bits, which the two orders fill from different ends.
    fn inode(&self, at: u64) -> Option<Inode> {
        let held = range(self.bytes, at, 12)?;
        let (size, place) = (self.word(at + 4)?, self.word(at + 8)?);
        let (mode, size, name, offset) = if self.is_little {
            (u16_le(held, 0)?, size & 0x00ff_ffff, place & 0x3f, place >> 6)
        } else {
            (u16_be(held, 0)?, size >> 8, place >> 26, place & 0x03ff_ffff)
        };
        Some(Inode { mode, size: u64::from(size), name: u64::from(name) * 4, offset: u64::from(offset) * 4 })
    }

    fn name(&self, at: u64, inode: &Inode) -> Option<&'a [u8]> {
        let raw = range(self.bytes, at + 12, inode.name)?;
        raw.split(|byte| *byte == 0).next()
    }

    /// The table of a file and the blocks that follow it, up to where the last one ends.
    fn claim(&self, inode: &Inode, members: &mut dyn Members) {
        let blocks = inode.size.div_ceil(BLOCK);
        let last = blocks.checked_sub(1).and_then(|last| self.word(inode.offset.saturating_add(last * 4)));
        let end = last.filter(|word| word & DIRECT == 0).map(|word| u64::from(word & !STORED));
        let length = end.and_then(|end| end.checked_sub(inode.offset));
        members.claims(range(self.bytes, inode.offset, length.unwrap_or_default()).unwrap_or_default());
    }

    fn content(&self, inode: &Inode) -> Content<'a> {
        let blocks = inode.size.div_ceil(BLOCK);
        let data = inode.offset.saturating_add(blocks * 4);
        Content { image: *self, table: inode.offset, next: 0, at: data, left: inode.size, block: Cursor::default() }
    }
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let bytes = source.bytes;
    let image = Image { bytes, is_little: bytes.starts_with(b"\x45") };
    let Some(root) = image.inode(64) else { return Err(broken(0, "the image breaks off in its first block")) };
    // The root has no name of its own: it is known by the range that its entries fill.
    members.leaves_rest();
    let mut tree = Tree::new((root.offset, root.size));
    let mut fault = None;
    while let Some(((begin, length), folder)) = tree.next() {
        let (mut at, end) = (begin, begin.saturating_add(length));
        while at < end {
            let Some((inode, name)) = image
                .inode(at)
                .and_then(|inode| Some((image.name(at, &inode)?, inode)))
                .map(|(name, inode)| (inode, name))
            else {
                fault.get_or_insert_with(|| broken(at, "a folder lies beyond the end"));
                break;
            };
            at += 12 + inode.name;
            if entry(&image, &inode, join(&folder, name), &mut tree, members).is_break() {
                return Ok(());
            }
        }
    }
    if let Some(fault) = fault {
        return Err(fault);
    }
    let stated = image.word(4).map(u64::from).unwrap_or_default();
    if stated > bytes.len() as u64 {
        return Err(broken(bytes.len() as u64, format!("{stated} bytes are stated, {} are there", bytes.len())));
    }
    crate::frames::trailing(bytes, from(bytes, stated), members);
    Ok(())
}

fn entry(
    image: &Image<'_>,
    inode: &Inode,
    path: Vec<u8>,
    tree: &mut Tree<(u64, u64)>,
    members: &mut dyn Members,
) -> ControlFlow<()> {
    match inode.mode >> 12 {
        0o04 if inode.size > 0 => tree.enter((inode.offset, inode.size), path, members),
        0o04 => {}
        0o10 => {
            image.claim(inode, members);
            let member = Member { name: &path, stated_size: Some(inode.size), ..Member::default() };
            return members.streamed(&member, &mut image.content(inode));
        }
        0o12 => {
            let mut to = Vec::new();
            let _ = image.content(inode).take(BLOCK).read_to_end(&mut to);
            crate::names::link(members, &path, &to, true);
        }
        _ => members.anomaly(Some(&path), "device", "a device node, pipe or socket".to_owned()),
    }
    ControlFlow::Continue(())
}

/// A table says where each block ends; the first begins behind it.
struct Content<'a> {
    image: Image<'a>,
    table: u64,
    next: u64,
    at: u64,
    left: u64,
    block: Cursor<Vec<u8>>,
}

impl Content<'_> {
    fn advance(&mut self) -> io::Result<()> {
        let short = || io::Error::from(io::ErrorKind::UnexpectedEof);
        let word = self.image.word(self.table + self.next * 4).ok_or_else(short)?;
        self.next += 1;
        let wanted = self.left.min(BLOCK);
        let (mut begin, place) = (self.at, u64::from(word & !(STORED | DIRECT)));
        let end = if word & DIRECT != 0 {
            begin = place * 4;
            let length = range(self.image.bytes, begin, 2).and_then(|two| u16_le(two, 0)).ok_or_else(short)?;
            let length = if word & STORED != 0 { wanted } else { u64::from(length) };
            begin += if word & STORED != 0 { 0 } else { 2 };
            begin.saturating_add(length)
        } else {
            place
        };
        let packed =
            end.checked_sub(begin).and_then(|length| range(self.image.bytes, begin, length)).ok_or_else(short)?;
        self.at = end;
        let mut block = Vec::new();
        if packed.is_empty() {
            block.resize(usize::try_from(wanted).unwrap_or_default(), 0);
        } else if word & STORED != 0 {
            block.extend_from_slice(packed);
        } else {
            ZlibDecoder::new(packed).take(wanted).read_to_end(&mut block)?;
        }
        if (block.len() as u64) < wanted {
            return Err(short());
        }
        self.block = Cursor::new(block);
        Ok(())
    }
}

impl io::Read for Content<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 || buffer.is_empty() {
            return Ok(0);
        }
        if self.block.position() >= self.block.get_ref().len() as u64 {
            self.advance()?;
        }
        let most = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let read = self.block.read(buffer.get_mut(..most).unwrap_or_default())?;
        self.left -= read as u64;
        Ok(read)
    }
}
