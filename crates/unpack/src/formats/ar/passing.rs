//! An ar archive gone through while it is decoded.
use std::io::Read;

use interdict_model::{Member, Members};

use super::{ENTRY, HEADER, MAGIC, accepts, is_index, named};
use crate::field::digits;
use crate::passing::{Between, NotPlain, Passer, Through};

pub(crate) const PASSER: Passer = Passer { id: ENTRY.id, accepts, pass };

/// Names that stand elsewhere than in a member's header are not longer than this, one or all.
const LONGEST: u64 = 16 << 20;

fn pass(bytes: &mut dyn Read, members: &mut dyn Members, between: &mut Between<'_>) -> Result<(), NotPlain> {
    let mut archive = Through::new(bytes, between);
    archive.exact(MAGIC.len() as u64)?;
    let mut long_names = Vec::new();
    loop {
        let header = archive.read(HEADER)?;
        if header.is_empty() {
            return Ok(());
        }
        if header.get(58..60) != Some(b"`\n") {
            return Err(NotPlain);
        }
        let size = header.get(48..58).and_then(|field| digits(field, 10)).ok_or(NotPlain)?;
        let raw = header.get(..16).unwrap_or_default().trim_ascii_end();
        if raw == b"//" {
            long_names = archive.exact(Some(size).filter(|size| *size <= LONGEST).ok_or(NotPlain)?)?;
        } else if is_index(raw) {
            archive.pass(size)?;
        } else {
            let own = raw.strip_prefix(b"#1/").map(|length| digits(length, 10).ok_or(NotPlain)).transpose()?;
            let own = own.unwrap_or_default();
            let content = size.checked_sub(own).filter(|_| own <= LONGEST).ok_or(NotPlain)?;
            let held = archive.exact(own)?;
            let (name, _) = named(raw, &long_names, &held);
            archive.member(&Member { name, stated_size: Some(size), ..Member::default() }, content, members)?;
        }
        // The last may lack its padding.
        archive.read(size % 2)?;
    }
}
