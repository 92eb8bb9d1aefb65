//! Inodes and folders lie in packed blocks of at most 8 KiB, read as if they were one.
use std::collections::BTreeMap;
use std::io;
use std::rc::Rc;

use super::Image;
use super::packing::Packing;
use crate::field::{range, u16_le};

const BLOCK: u64 = 8192;
/// Decoded blocks that are kept, 16 MiB at most.
const KEPT: usize = 2048;

pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    packing: Packing,
    kept: BTreeMap<u64, (Rc<Vec<u8>>, u64)>,
    now: Rc<Vec<u8>>,
    at: usize,
    next: u64,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(image: &Image<'a>) -> Self {
        let (bytes, packing) = (image.bytes, image.packing);
        Self { bytes, packing, kept: BTreeMap::new(), now: Rc::default(), at: 0, next: 0 }
    }

    /// Goes to an offset in the block at this place.
    pub(super) fn seek(&mut self, block: u64, offset: usize) -> io::Result<()> {
        self.load(block)?;
        self.at = offset;
        Ok(())
    }

    fn load(&mut self, block: u64) -> io::Result<()> {
        if let Some((decoded, next)) = self.kept.get(&block) {
            (self.now, self.next, self.at) = (Rc::clone(decoded), *next, 0);
            return Ok(());
        }
        let header = range(self.bytes, block, 2).and_then(|two| u16_le(two, 0)).ok_or(io::ErrorKind::UnexpectedEof)?;
        let length = u64::from(header & 0x7fff);
        let raw = range(self.bytes, block + 2, length).ok_or(io::ErrorKind::UnexpectedEof)?;
        let decoded = if header & 0x8000 != 0 { raw.to_vec() } else { self.packing.decode(raw, BLOCK)? };
        if decoded.is_empty() {
            return Err(io::Error::other("an empty block of metadata"));
        }
        if self.kept.len() >= KEPT {
            self.kept.clear();
        }
        (self.now, self.next, self.at) = (Rc::new(decoded), block + 2 + length, 0);
        self.kept.insert(block, (Rc::clone(&self.now), self.next));
        Ok(())
    }

    pub(super) fn take(&mut self, length: usize) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        while out.len() < length {
            let rest = self.now.get(self.at..).unwrap_or_default();
            if rest.is_empty() {
                self.load(self.next)?;
                continue;
            }
            let part = rest.get(..length - out.len()).unwrap_or(rest);
            out.extend_from_slice(part);
            self.at += part.len();
        }
        Ok(out)
    }
}
