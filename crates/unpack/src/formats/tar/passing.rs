//! An archive gone through while it is decoded: for one in which every member simply follows the last.
use std::borrow::Cow;
use std::io::Read;

use interdict_model::{Head, Member, Members};

use super::header::{BLOCK, Extended, Header};
use super::noted;
use crate::passing::{Between, NotPlain, Passer, Through};

pub(crate) const PASSER: Passer = Passer { id: super::ENTRY.id, accepts, pass };

/// What stands before a member is not longer than this.
const LONGEST: u64 = 1 << 20;
/// Names by which an archive may hold the image of a container: what its parts are to each other is seen in the whole alone.
const OF_IMAGES: [&[u8]; 4] = [b"manifest.json", b"index.json", b"oci-layout", b"repositories"];
/// The same, of an image in a folder of the archive.
const DEEPER: [&[u8]; 3] = [b"/layer.tar", b"/oci-layout", b"/blobs/sha256/"];

/// A tar archive whose first name is letters and zeros: it is nothing else besides.
fn accepts(head: &Head<'_>) -> bool {
    let name = head.bytes.get(..100).unwrap_or_default();
    let end = name.iter().position(|byte| *byte == 0).unwrap_or(name.len());
    let (name, padding) = name.split_at(end);
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'/' | b'_' | b'-' | b'@' | b'+');
    (super::ENTRY.accepts)(head)
        && name.first().is_some_and(|first| first.is_ascii_alphanumeric() || matches!(first, b'.' | b'/' | b'_' | b'@'))
        && name.iter().all(is_plain)
        && padding.iter().all(|byte| *byte == 0)
}

fn pass(bytes: &mut dyn Read, members: &mut dyn Members, between: &mut Between<'_>) -> Result<(), NotPlain> {
    let mut archive = Archive(Through::new(bytes, between));
    let (mut global, mut own, mut ended) = (Extended::default(), Extended::default(), false);
    while let Some(block) = archive.block()? {
        let header = Header::parse(&block, 0).ok_or(NotPlain)?;
        if header.is_blank {
            ended = true;
            continue;
        }
        if !header.sum_agrees {
            return Err(NotPlain);
        }
        if header.is_extension() {
            let body = archive.body(header.size)?;
            if header.kind == b'g' {
                own = Extended::default();
            }
            let into = if header.kind == b'g' { &mut global } else { &mut own };
            if !into.read(&header, &body) {
                return Err(NotPlain);
            }
            continue;
        }
        let own = std::mem::take(&mut own);
        archive.member(&header, &own, &global, members)?;
    }
    if ended { Ok(()) } else { Err(NotPlain) }
}

struct Archive<'a, 'b>(Through<'a, 'b>);

impl Archive<'_, '_> {
    /// The next block; nothing at the end, or where less than a block of zeros is left.
    fn block(&mut self) -> Result<Option<Vec<u8>>, NotPlain> {
        let block = self.0.read(BLOCK)?;
        if block.len() as u64 == BLOCK {
            return Ok(Some(block));
        }
        if block.iter().all(|byte| *byte == 0) { Ok(None) } else { Err(NotPlain) }
    }

    /// The body of a header that speaks of another, with its padding.
    fn body(&mut self, size: u64) -> Result<Vec<u8>, NotPlain> {
        if size > LONGEST {
            return Err(NotPlain);
        }
        let padded = size.checked_next_multiple_of(BLOCK).ok_or(NotPlain)?;
        let mut body = self.0.exact(padded)?;
        body.truncate(usize::try_from(size).unwrap_or(usize::MAX));
        Ok(body)
    }

    fn member(
        &mut self,
        header: &Header<'_>,
        own: &Extended,
        global: &Extended,
        members: &mut dyn Members,
    ) -> Result<(), NotPlain> {
        let size = own.size.or(global.size).unwrap_or(header.size);
        let is_read_twice = size != header.size && header.size != 0;
        let is_in_pieces = header.kind == b'S' || own.real_size.is_some() || header.kind == b'M';
        // A hard link has its content elsewhere, and what states a size may have none.
        let is_elsewhere = header.kind == b'1' || (header.is_bodiless() && size > 0);
        if is_read_twice || is_in_pieces || is_elsewhere {
            return Err(NotPlain);
        }
        let name = match own.path.as_ref().or(global.path.as_ref()) {
            Some(path) => Cow::Borrowed(path.as_slice()),
            None => Cow::Owned(header.name()),
        };
        let plain = name.strip_prefix(b"./").unwrap_or(&name);
        let is_deeper = DEEPER.iter().any(|ending| plain.ends_with(ending));
        if OF_IMAGES.contains(&plain) || plain.starts_with(b"blobs/") || is_deeper {
            return Err(NotPlain);
        }
        noted(header.kind, &name, own.link.as_deref().or(global.link.as_deref()).unwrap_or(header.link), members);
        if header.is_bodiless() {
            return Ok(());
        }
        let member = Member { name: &name, stated_size: Some(size), ..Member::default() };
        self.0.member(&member, size, members)?;
        self.0.align(BLOCK)
    }
}
