//! Archives gone through while they are decoded: a member is had as it comes, and the whole is held nowhere. What is in any way
//! odd is for the unpacker of the format, which has the whole before it.
use std::io::Read;

use interdict_model::{Head, Members};

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
pub const PASSERS: &[Passer] = &[crate::formats::TAR];
