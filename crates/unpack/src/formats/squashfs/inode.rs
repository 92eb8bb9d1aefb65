//! Inodes and the folders they list.
use std::io;

use super::Image;
use super::metadata::Cursor;
use crate::field::{u16_le, u32_le, u64_le};

pub(super) enum Inode {
    Folder { block: u64, offset: u16, size: u64 },
    File(File),
    Link(Vec<u8>),
    Other,
}

pub(super) struct File {
    pub(super) start: u64,
    pub(super) size: u64,
    pub(super) fragment: u32,
    pub(super) offset: u32,
    /// The packed length of each block; a bit says that it is not packed.
    pub(super) blocks: Vec<u32>,
}

pub(super) const NO_FRAGMENT: u32 = u32::MAX;
/// A file of more blocks than this is taken to be a lie.
const BLOCKS: u64 = 16 << 20;
/// In one folder; packed folders may grow a thousandfold.
const ENTRIES: usize = 1 << 20;
/// No system has longer ones.
const LINK: u32 = 64 * 1024;

impl Inode {
    /// The inode of this reference: the place of its block in the table, and an offset in it.
    pub(super) fn read(image: &Image<'_>, cursor: &mut Cursor<'_>, reference: u64) -> io::Result<Self> {
        let offset = usize::from(u16::try_from(reference & 0xffff).unwrap_or_default());
        cursor.seek(image.inodes_at.saturating_add(reference >> 16), offset)?;
        let kind = u16_le(&cursor.take(16)?, 0).unwrap_or_default();
        Ok(match kind {
            1 => {
                let body = cursor.take(16)?;
                let size = u64::from(u16_le(&body, 8).unwrap_or_default());
                let block = u64::from(u32_le(&body, 0).unwrap_or_default());
                Self::Folder { block, offset: u16_le(&body, 10).unwrap_or_default(), size }
            }
            8 => {
                let body = cursor.take(24)?;
                let size = u64::from(u32_le(&body, 4).unwrap_or_default());
                let block = u64::from(u32_le(&body, 8).unwrap_or_default());
                Self::Folder { block, offset: u16_le(&body, 18).unwrap_or_default(), size }
            }
            2 => {
                let body = cursor.take(16)?;
                let field = |at| u32_le(&body, at).unwrap_or_default();
                File::read(image, cursor, (u64::from(field(0)), u64::from(field(12))), (field(4), field(8)))?
            }
            9 => {
                let body = cursor.take(40)?;
                let field = |at| u32_le(&body, at).unwrap_or_default();
                let long = |at| u64_le(&body, at).unwrap_or_default();
                File::read(image, cursor, (long(0), long(8)), (field(28), field(32)))?
            }
            3 | 10 => {
                let length = u32_le(&cursor.take(8)?, 4).unwrap_or_default();
                if length > LINK {
                    return Err(io::Error::other("a link of more than 64 KiB"));
                }
                Self::Link(cursor.take(usize::try_from(length).unwrap_or_default())?)
            }
            4..=7 | 11..=14 => Self::Other,
            other => return Err(io::Error::other(format!("an inode of kind {other}"))),
        })
    }
}

impl File {
    fn read(
        image: &Image<'_>,
        cursor: &mut Cursor<'_>,
        (start, size): (u64, u64),
        tail: (u32, u32),
    ) -> io::Result<Inode> {
        let (fragment, offset) = tail;
        let count = if fragment == NO_FRAGMENT { size.div_ceil(image.block) } else { size / image.block };
        if count > BLOCKS {
            return Err(io::Error::other(format!("a file of {count} blocks")));
        }
        let raw = cursor.take(usize::try_from(count).unwrap_or_default() * 4)?;
        let blocks = raw.chunks_exact(4).filter_map(|four| u32_le(four, 0)).collect();
        Ok(Inode::File(Self { start, size, fragment, offset, blocks }))
    }
}

/// The names in a folder, each with the reference of its inode; as far as they can be read, and why no further.
pub(super) fn list(
    inode: &Inode,
    image: &Image<'_>,
    cursor: &mut Cursor<'_>,
) -> (Vec<(Vec<u8>, u64)>, Option<io::Error>) {
    let mut entries = Vec::new();
    let fault = fill(inode, image, cursor, &mut entries).err();
    (entries, fault)
}

fn fill(
    inode: &Inode,
    image: &Image<'_>,
    cursor: &mut Cursor<'_>,
    entries: &mut Vec<(Vec<u8>, u64)>,
) -> io::Result<()> {
    let Inode::Folder { block, offset, size } = inode else {
        return Err(io::Error::other("it is no folder"));
    };
    // The stated size counts three bytes more than are there.
    let mut left = size.saturating_sub(3);
    if left > 0 {
        cursor.seek(image.folders_at.saturating_add(*block), usize::from(*offset))?;
    }
    while left > 0 {
        let header = cursor.take(12)?;
        let count = u32_le(&header, 0).unwrap_or_default();
        let start = u64::from(u32_le(&header, 4).unwrap_or_default());
        left = left.saturating_sub(12);
        for _ in 0..=count.min(256) {
            let entry = cursor.take(8)?;
            let length = usize::from(u16_le(&entry, 6).unwrap_or_default()) + 1;
            let name = cursor.take(length)?;
            left = left.saturating_sub(8 + length as u64);
            entries.push((name, start << 16 | u64::from(u16_le(&entry, 0).unwrap_or_default())));
            if left == 0 {
                break;
            }
        }
        if entries.len() > ENTRIES {
            return Err(io::Error::other(format!("more than {ENTRIES} names in one folder")));
        }
    }
    Ok(())
}
