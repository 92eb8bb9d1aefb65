//! The content of a file: its blocks, then its tail in a block that it shares with others.
use std::io::{self, Read};
use std::rc::Rc;

use super::Image;
use super::inode::{File, NO_FRAGMENT};
use super::packing::Packing;
use crate::field::{range, u32_le, u64_le};

/// Set where a block lies there as it is.
const STORED: u32 = 1 << 24;

/// The shared blocks; the last one is kept, as files that share it stand together.
pub(super) struct Fragments<'a> {
    bytes: &'a [u8],
    packing: Packing,
    block: u64,
    table: u64,
    count: u32,
    last: Option<(u32, Rc<Vec<u8>>)>,
}

impl<'a> Fragments<'a> {
    pub(super) fn new(image: &Image<'a>) -> Self {
        let table = u64_le(image.bytes, 80).unwrap_or(u64::MAX);
        let count = u32_le(image.bytes, 16).unwrap_or_default();
        Self { bytes: image.bytes, packing: image.packing, block: image.block, table, count, last: None }
    }

    fn get(&mut self, index: u32, image: &Image<'a>) -> io::Result<Rc<Vec<u8>>> {
        if let Some((_, block)) = self.last.as_ref().filter(|(last, _)| *last == index) {
            return Ok(Rc::clone(block));
        }
        if index >= self.count {
            return Err(io::Error::other(format!("fragment {index} of {}", self.count)));
        }
        // 512 entries of 16 bytes fill one block of metadata.
        let at = self.table.saturating_add(u64::from(index / 512) * 8);
        let place = range(self.bytes, at, 8).and_then(|eight| u64_le(eight, 0)).ok_or(io::ErrorKind::UnexpectedEof)?;
        let mut cursor = super::Cursor::new(image);
        cursor.seek(place, usize::try_from(index % 512).unwrap_or_default() * 16)?;
        let entry = cursor.take(16)?;
        let (start, length) = (u64_le(&entry, 0).unwrap_or_default(), u32_le(&entry, 8).unwrap_or_default());
        let block = Rc::new(block(self.bytes, self.packing, start, length, self.block)?);
        self.last = Some((index, Rc::clone(&block)));
        Ok(block)
    }
}

fn block(bytes: &[u8], packing: Packing, start: u64, length: u32, most: u64) -> io::Result<Vec<u8>> {
    let raw = range(bytes, start, u64::from(length & (STORED - 1))).ok_or(io::ErrorKind::UnexpectedEof)?;
    if length & STORED != 0 { Ok(raw.to_vec()) } else { packing.decode(raw, most) }
}

pub(super) struct Content<'i, 'a> {
    image: &'i Image<'a>,
    file: &'i File,
    fragments: &'i mut Fragments<'a>,
    next: usize,
    at: u64,
    left: u64,
    now: Rc<Vec<u8>>,
    read: usize,
}

impl<'i, 'a> Content<'i, 'a> {
    pub(super) fn new(image: &'i Image<'a>, file: &'i File, fragments: &'i mut Fragments<'a>) -> Self {
        Self { image, file, fragments, next: 0, at: file.start, left: file.size, now: Rc::default(), read: 0 }
    }

    fn advance(&mut self) -> io::Result<()> {
        let wanted = self.image.block.min(self.left);
        let decoded = if let Some(length) = self.file.blocks.get(self.next) {
            self.next += 1;
            if *length == 0 {
                Rc::new(vec![0; usize::try_from(wanted).unwrap_or_default()])
            } else {
                let block = block(self.image.bytes, self.image.packing, self.at, *length, self.image.block)?;
                self.at = self.at.saturating_add(u64::from(length & (STORED - 1)));
                Rc::new(block)
            }
        } else if self.file.fragment == NO_FRAGMENT {
            return Err(io::ErrorKind::UnexpectedEof.into());
        } else {
            let shared = self.fragments.get(self.file.fragment, self.image)?;
            let start = usize::try_from(self.file.offset).unwrap_or(usize::MAX);
            Rc::new(shared.get(start..).unwrap_or_default().to_vec())
        };
        if (decoded.len() as u64) < wanted {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "a block that is shorter than its file needs"));
        }
        (self.now, self.read) = (decoded, 0);
        Ok(())
    }
}

impl Read for Content<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 || buffer.is_empty() {
            return Ok(0);
        }
        if self.read >= self.now.len() {
            self.advance()?;
        }
        let mut rest = self.now.get(self.read..).unwrap_or_default();
        let most = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let read = rest.read(buffer.get_mut(..most).unwrap_or_default())?;
        self.read += read;
        self.left -= read as u64;
        Ok(read)
    }
}
