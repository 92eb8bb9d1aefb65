//! A cpio archive gone through while it is decoded: one alone, in which every file has one name.
use std::io::Read;

use interdict_model::{Head, Member, Members};

use super::{ENTRY, KIND, LAST, REGULAR, noted};
use crate::field::digits;
use crate::passing::{Between, NotPlain, Passer, Through};

pub(crate) const PASSER: Passer = Passer { id: ENTRY.id, accepts, pass };

/// Names and links are not longer than this.
const LONGEST: u64 = 1 << 20;

fn accepts(head: &Head<'_>) -> bool {
    [b"070701", b"070702", b"070707"].iter().any(|magic| head.starts_with(*magic))
}

struct Header {
    mode: u64,
    links: u64,
    name: u64,
    size: u64,
    /// To what names and contents are padded.
    width: u64,
}

impl Header {
    /// Six bytes of magic, which were read, tell what follows.
    fn parse(magic: &[u8], archive: &mut Through<'_, '_>) -> Result<Self, NotPlain> {
        if magic == b"070707" {
            let rest = archive.exact(70)?;
            let field =
                |from: usize, to: usize| rest.get(from - 6..to - 6).and_then(|field| digits(field, 8)).ok_or(NotPlain);
            // As the unpacker does, which makes nothing of numbers of links here.
            return Ok(Self { mode: field(18, 24)?, links: 1, name: field(59, 65)?, size: field(65, 76)?, width: 1 });
        }
        if !matches!(magic, b"070701" | b"070702") {
            return Err(NotPlain);
        }
        let rest = archive.exact(104)?;
        let field =
            |index: usize| rest.get(index * 8..index * 8 + 8).and_then(|field| digits(field, 16)).ok_or(NotPlain);
        // What the unpacker reads too, to tell files of several names.
        [0, 7, 8].into_iter().try_for_each(|index| field(index).map(drop))?;
        Ok(Self { mode: field(1)?, links: field(4)?, name: field(11)?, size: field(6)?, width: 4 })
    }
}

fn pass(bytes: &mut dyn Read, members: &mut dyn Members, between: &mut Between<'_>) -> Result<(), NotPlain> {
    let mut archive = Through::new(bytes, between);
    loop {
        let magic = archive.exact(6)?;
        let header = Header::parse(&magic, &mut archive)?;
        let name = archive.exact(Some(header.name).filter(|length| *length <= LONGEST).ok_or(NotPlain)?)?;
        let name = name.split(|byte| *byte == 0).next().unwrap_or_default();
        archive.align(header.width)?;
        let is_file = matches!(header.mode & KIND, REGULAR | 0);
        if name == LAST && header.size == 0 {
            return ended(&mut archive);
        }
        if name == LAST || (is_file && header.links > 1) {
            return Err(NotPlain);
        }
        if is_file {
            let member = Member { name, stated_size: Some(header.size), ..Member::default() };
            archive.member(&member, header.size, members)?;
        } else {
            let body = archive.exact(Some(header.size).filter(|length| *length <= LONGEST).ok_or(NotPlain)?)?;
            noted(header.mode & KIND, name, &body, members);
        }
        archive.align(header.width)?;
    }
}

/// Behind the last there is nothing but zeros.
fn ended(archive: &mut Through<'_, '_>) -> Result<(), NotPlain> {
    const PIECE: u64 = 64 << 10;
    loop {
        let rest = archive.read(PIECE)?;
        if rest.is_empty() {
            return Ok(());
        }
        if rest.iter().any(|byte| *byte != 0) {
            return Err(NotPlain);
        }
    }
}
