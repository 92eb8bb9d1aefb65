//! Archives gone through while they are decoded: a member is had as it comes, and the whole is held nowhere. What is in any way
//! odd is for the unpacker of the format, which has the whole before it.
use std::io::{self, Read};

use interdict_model::{Head, Member, Members};

/// There is something in it that only the whole can tell; what was said before counts for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotPlain;

/// Takes bytes that are in no member: from where in the archive, and which.
pub type Between<'b> = dyn FnMut(u64, &[u8]) -> Result<(), NotPlain> + 'b;

/// Something that goes through one kind of archive so.
#[derive(Clone, Copy, Debug)]
pub struct Passer {
    /// That of the format's unpacker.
    pub id: &'static str,
    /// From the first bytes; narrower than the unpacker's.
    pub accepts: fn(&Head<'_>) -> bool,
    /// Offers what the unpacker would offer, in the same order, each member as a stream.
    pub pass: fn(&mut dyn Read, &mut dyn Members, &mut Between<'_>) -> Result<(), NotPlain>,
}

/// Every kind of archive that is gone through so.
pub const PASSERS: &[Passer] = &[crate::formats::AR, crate::formats::CPIO, crate::formats::TAR];

/// An archive that is gone through: where it is, and what of it is in no member.
pub(crate) struct Through<'a, 'b> {
    bytes: &'a mut dyn Read,
    between: &'a mut Between<'b>,
    at: u64,
}

/// So much is read at once of what is only searched.
const PIECE: u64 = 1 << 20;

impl<'a, 'b> Through<'a, 'b> {
    pub(crate) fn new(bytes: &'a mut dyn Read, between: &'a mut Between<'b>) -> Self {
        Self { bytes, between, at: 0 }
    }

    /// So many bytes that are in no member, or as many as there are.
    pub(crate) fn read(&mut self, length: u64) -> Result<Vec<u8>, NotPlain> {
        let mut held = Vec::with_capacity(usize::try_from(length.min(PIECE)).unwrap_or_default());
        (&mut *self.bytes).take(length).read_to_end(&mut held).map_err(|_: io::Error| NotPlain)?;
        (self.between)(self.at, &held)?;
        self.at = self.at.saturating_add(held.len() as u64);
        Ok(held)
    }

    /// So many bytes that are in no member.
    pub(crate) fn exact(&mut self, length: u64) -> Result<Vec<u8>, NotPlain> {
        let held = self.read(length)?;
        if held.len() as u64 == length { Ok(held) } else { Err(NotPlain) }
    }

    /// Goes past so many bytes that are in no member.
    pub(crate) fn pass(&mut self, mut length: u64) -> Result<(), NotPlain> {
        while length > 0 {
            length -= self.exact(length.min(PIECE))?.len() as u64;
        }
        Ok(())
    }

    /// Up to a boundary of this width.
    pub(crate) fn align(&mut self, width: u64) -> Result<(), NotPlain> {
        let next = self.at.checked_next_multiple_of(width).ok_or(NotPlain)?;
        self.exact(next - self.at).map(drop)
    }

    /// A member of this size.
    pub(crate) fn member(&mut self, member: &Member<'_>, size: u64, members: &mut dyn Members) -> Result<(), NotPlain> {
        let mut content = (&mut *self.bytes).take(size);
        let flow = members.streamed(member, &mut content);
        if flow.is_break() || content.limit() > 0 {
            return Err(NotPlain);
        }
        self.at = self.at.saturating_add(size);
        Ok(())
    }
}
