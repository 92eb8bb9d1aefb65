//! The entries of an archive that lies in memory, one after another, each with what the headers before it say.
use std::borrow::Cow;
use std::rc::Rc;

use interdict_model::Malformed;

use super::header::{BLOCK, Extended, Header};
use super::sparse::Sparse;
use crate::field::{broken, from, range};

pub(super) struct Walk<'a> {
    bytes: &'a [u8],
    /// Where the next header is looked for.
    pub(super) at: u64,
    global: Rc<Extended>,
    /// Whether blocks of zeros were met, which end an archive.
    pub(super) ended: bool,
    /// Where headers for a next member stand that were read since the last entry.
    pub(super) extensions: Vec<u64>,
    /// Headers for a next member that do not read as such: where they stand, and their bodies.
    pub(super) odd: Vec<(u64, &'a [u8])>,
    /// What was wrong with the last entry: nothing is read behind it.
    broken: Option<Malformed>,
}

/// One entry: its headers, and as many of its bytes as are there.
pub(super) struct Found<'a> {
    /// Where the first header that speaks of it stands, and where its own does.
    pub(super) from: u64,
    pub(super) at: u64,
    pub(super) header: Header<'a>,
    pub(super) own: Extended,
    global: Rc<Extended>,
    pub(super) size: u64,
    pub(super) held: &'a [u8],
    /// A size is stated, and nothing of it is there: links state the size of what they lead to.
    pub(super) is_empty: bool,
}

impl<'a> Walk<'a> {
    pub(super) fn new(bytes: &'a [u8], at: u64) -> Self {
        Self { bytes, at, global: Rc::default(), ended: false, extensions: Vec::new(), odd: Vec::new(), broken: None }
    }

    /// The next entry; nothing at the end, and where what follows is no header: that is where the walk stays.
    pub(super) fn next(&mut self) -> Result<Option<Found<'a>>, Malformed> {
        if let Some(why) = self.broken.take() {
            return Err(why);
        }
        let (bytes, mut own, mut first) = (self.bytes, Extended::default(), None);
        while self.at < bytes.len() as u64 {
            let at = self.at;
            let header = match Header::parse(bytes, at) {
                Some(header) if header.is_blank => {
                    (self.at, self.ended) = (at + BLOCK, true);
                    continue;
                }
                Some(header) if header.sum_agrees => header,
                _ => return Ok(None),
            };
            first.get_or_insert(at);
            if header.is_extension() {
                self.extensions.push(at);
                let Some(held) = self.past(header.size, 0) else { return Err(cut(at)) };
                let reads = if header.kind == b'g' {
                    let mut global = Extended::clone(&self.global);
                    let reads = global.read(&header, held);
                    (self.global, own, first) = (Rc::new(global), Extended::default(), None);
                    reads
                } else {
                    own.read(&header, held)
                };
                if !reads {
                    self.odd.push((at, held));
                }
                continue;
            }
            let size = own.size.or(self.global.size).unwrap_or(header.size);
            let is_empty = header.is_bodiless() && size > 0 && self.is_followed(at + BLOCK, size);
            let map = if header.kind == b'S' { Sparse::old(bytes, at) } else { None };
            let map = map.map_or(0, |sparse| sparse.map_blocks);
            let held = self.past(if is_empty { 0 } else { size }, map).unwrap_or_else(|| {
                self.broken = Some(cut(at));
                from(bytes, at + BLOCK)
            });
            let global = Rc::clone(&self.global);
            return Ok(Some(Found { from: first.unwrap_or(at), at, header, own, global, size, held, is_empty }));
        }
        Ok(None)
    }

    /// Goes past a header, a body of this size and the blocks of its map; nothing where the body is not all there.
    fn past(&mut self, size: u64, map: u64) -> Option<&'a [u8]> {
        let start = self.at + BLOCK;
        let held = range(self.bytes, start, size);
        let next =
            size.checked_next_multiple_of(BLOCK).and_then(|size| start.checked_add(size)?.checked_add(map * BLOCK));
        self.at = next.filter(|_| held.is_some()).unwrap_or(u64::MAX);
        held
    }

    /// Whether another header stands where content should, or nothing does.
    fn is_followed(&self, start: u64, size: u64) -> bool {
        let is_end = range(self.bytes, start, size).is_none() && from(self.bytes, start).iter().all(|byte| *byte == 0);
        is_end || is_header(self.bytes, start)
    }
}

fn cut(at: u64) -> Malformed {
    broken(at, "the archive breaks off in a member")
}

pub(super) fn is_header(bytes: &[u8], at: u64) -> bool {
    Header::parse(bytes, at).is_some_and(|header| header.sum_agrees && !header.is_blank)
}

impl Found<'_> {
    pub(super) fn name(&self) -> Cow<'_, [u8]> {
        match self.own.path.as_ref().or(self.global.path.as_ref()) {
            Some(path) => Cow::Borrowed(path),
            None => Cow::Owned(self.header.name()),
        }
    }

    /// To what, where it is a link.
    pub(super) fn link(&self) -> &[u8] {
        self.own.link.as_deref().or(self.global.link.as_deref()).unwrap_or(self.header.link)
    }

    /// Whether something stands behind its header.
    pub(super) fn has_content(&self) -> bool {
        !self.is_empty && (self.size > 0 || !self.header.is_bodiless())
    }

    /// Whether a hard link may lead to it. Names for everything, which a global header gives, are nobody's.
    pub(super) fn is_linkable(&self) -> bool {
        !matches!(self.header.kind, b'5' | b'M' | b'V') && (self.own.path.is_some() || self.global.path.is_none())
    }

    /// The header's size, where another one counts.
    pub(super) fn other_size(&self) -> Option<u64> {
        (self.size != self.header.size && self.header.size != 0).then_some(self.header.size)
    }
}
