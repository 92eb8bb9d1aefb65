//! The constant pool: where each constant stands, and those that name classes.
use interdict_model::Malformed;

use crate::read::{be16, be32, index, slice};

const UTF8: u8 = 1;
const LONG: u8 = 5;
const DOUBLE: u8 = 6;
const CLASS: u8 = 7;
const NAME_AND_TYPE: u8 = 12;
const METHOD_TYPE: u8 = 16;
const MODULE: u8 = 19;

/// Kinds and places of the constants, by their numbers.
pub(super) struct Constants {
    entries: Vec<(u8, usize)>,
    /// Where the pool ends; unknown where it is cut.
    pub(super) end: Option<usize>,
    /// Where it could not be read on.
    pub(super) cut: Option<usize>,
}

impl Constants {
    /// Walks the pool.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, Malformed> {
        let Some(count) = be16(bytes, 8) else { return Err(Malformed::at("offset 0x8", "no constant pool")) };
        let mut constants = Self { entries: vec![(0, 0)], end: None, cut: None };
        let mut at = 10;
        while constants.entries.len() < usize::from(count) {
            let size = bytes.get(at).copied().and_then(|tag| {
                Some(match tag {
                    UTF8 => 3 + usize::from(be16(bytes, at + 1)?),
                    3 | 4 | 9..=12 | 17 | 18 => 5,
                    LONG | DOUBLE => 9,
                    CLASS | 8 | METHOD_TYPE | MODULE | 20 => 3,
                    15 => 4,
                    _ => return None,
                })
            });
            let Some((tag, next)) = bytes.get(at).copied().zip(size.map(|size| at + size)) else {
                constants.cut = Some(at.min(bytes.len()));
                return Ok(constants);
            };
            constants.entries.push((tag, at + 1));
            if matches!(tag, LONG | DOUBLE) {
                // They take two numbers.
                constants.entries.push((0, 0));
            }
            at = next;
        }
        if at <= bytes.len() {
            constants.end = Some(at);
        } else {
            constants.cut = Some(bytes.len());
        }
        Ok(constants)
    }

    fn of(&self, number: u16, kind: u8) -> Option<usize> {
        let (tag, at) = *self.entries.get(usize::from(number))?;
        (tag == kind).then_some(at)
    }

    fn utf8<'a>(&self, bytes: &'a [u8], number: u16) -> Option<(usize, &'a [u8])> {
        let at = self.of(number, UTF8)?;
        Some((at + 2, slice(bytes, at + 2, usize::from(be16(bytes, at)?))?))
    }

    /// The name of a class constant, and where it stands.
    pub(super) fn class<'a>(&self, bytes: &'a [u8], number: u16) -> Option<(usize, &'a [u8])> {
        self.utf8(bytes, be16(bytes, self.of(number, CLASS)?)?)
    }

    /// The names of all class constants.
    pub(super) fn classes<'a>(&self, bytes: &'a [u8]) -> impl Iterator<Item = (usize, &'a [u8])> {
        self.texts(bytes, CLASS, 0)
    }

    /// The name of the first module constant: module descriptions define no class.
    pub(super) fn module<'a>(&self, bytes: &'a [u8]) -> Option<(usize, &'a [u8])> {
        self.texts(bytes, MODULE, 0).next()
    }

    /// The descriptors of the fields and methods that are used, and of method types.
    pub(super) fn descriptors<'a>(&self, bytes: &'a [u8]) -> impl Iterator<Item = (usize, &'a [u8])> {
        self.texts(bytes, NAME_AND_TYPE, 2).chain(self.texts(bytes, METHOD_TYPE, 0))
    }

    /// The descriptors of the fields and methods that the class itself has, and whether the file holds all of these.
    pub(super) fn own_descriptors<'a>(&self, bytes: &'a [u8]) -> (Vec<(usize, &'a [u8])>, bool) {
        let mut found = Vec::new();
        let mut walk = || {
            let mut at = self.end? + 6;
            at += 2 + usize::from(be16(bytes, at)?) * 2;
            for _ in ["fields", "methods"] {
                let count = be16(bytes, at)?;
                at += 2;
                for _ in 0..count {
                    found.extend(self.utf8(bytes, be16(bytes, at + 4)?));
                    let attributes = be16(bytes, at + 6)?;
                    at += 8;
                    for _ in 0..attributes {
                        at = at.checked_add(6)?.checked_add(index(be32(bytes, at + 2)?))?;
                    }
                }
            }
            (at <= bytes.len()).then_some(())
        };
        let is_whole = walk().is_some();
        (found, is_whole)
    }

    /// The texts that constants of a kind point to by the number at `offset` in them.
    fn texts<'a>(&self, bytes: &'a [u8], kind: u8, offset: usize) -> impl Iterator<Item = (usize, &'a [u8])> {
        let of_kind = self.entries.iter().filter(move |(tag, _)| *tag == kind);
        of_kind.filter_map(move |(_, at)| self.utf8(bytes, be16(bytes, at + offset)?))
    }
}
