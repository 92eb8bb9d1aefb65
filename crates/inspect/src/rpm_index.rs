//! A header of RPM: an index of tags over a store of values.
use std::cell::Cell;

use crate::read::{Budget, be32, clamped, index, slice, text};

const MAGIC: u32 = 0x8ead_e801;
/// Types of values: four bytes a number, text, a list of texts, a text in several languages.
const INT32: u32 = 4;
const TEXT: [u32; 3] = [6, 8, 9];
/// The longest value there may be; scripts and changelogs are not read here.
const LONGEST: usize = 64 * 1024;

/// Tags by their names in RPM.
pub(crate) mod tag {
    pub(crate) const NAME: u32 = 1000;
    pub(crate) const VERSION: u32 = 1001;
    pub(crate) const RELEASE: u32 = 1002;
    pub(crate) const DISTRIBUTION: u32 = 1010;
    pub(crate) const VENDOR: u32 = 1011;
    pub(crate) const PACKAGER: u32 = 1015;
    pub(crate) const URL: u32 = 1020;
    pub(crate) const OLD_FILE_NAMES: u32 = 1027;
    pub(crate) const FILE_DIGESTS: u32 = 1035;
    pub(crate) const SOURCE_RPM: u32 = 1044;
    pub(crate) const PROVIDES: u32 = 1047;
    pub(crate) const REQUIRES: u32 = 1049;
    pub(crate) const DIRECTORY_OF: u32 = 1116;
    pub(crate) const BASE_NAMES: u32 = 1117;
    pub(crate) const DIRECTORIES: u32 = 1118;
    pub(crate) const PAYLOAD_FORMAT: u32 = 1124;
    pub(crate) const RECOMMENDS: u32 = 5046;
    pub(crate) const LONG_NAME: u32 = 5093;
}

pub(crate) struct Index<'a> {
    bytes: &'a [u8],
    entries: &'a [u8],
    /// Where the store begins and ends.
    store: (usize, usize),
    lost: Cell<u64>,
}

/// One entry: a type, a place in the file, a count.
struct Entry {
    kind: u32,
    at: usize,
    count: usize,
}

impl<'a> Index<'a> {
    pub(crate) fn read(bytes: &'a [u8], at: usize) -> Option<Self> {
        if be32(bytes, at)? != MAGIC {
            return None;
        }
        Self::bare(bytes, at + 8)
    }

    /// One without its mark and version, as databases hold it.
    pub(crate) fn bare(bytes: &'a [u8], at: usize) -> Option<Self> {
        let (count, size) = (index(be32(bytes, at)?), index(be32(bytes, at.checked_add(4)?)?));
        let entries = slice(bytes, at.checked_add(8)?, count.checked_mul(16)?)?;
        let start = at + 8 + entries.len();
        slice(bytes, start, size)?;
        Some(Self { bytes, entries, store: (start, start + size), lost: Cell::new(0) })
    }

    /// Where the structure ends.
    pub(crate) fn end(&self) -> usize {
        self.store.1
    }

    /// How many entries could not be read.
    pub(crate) fn lost(&self) -> u64 {
        self.lost.get()
    }

    fn lose<T>(&self) -> Option<T> {
        self.lost.set(self.lost.get() + 1);
        None
    }

    fn entry(&self, tag: u32) -> Option<Entry> {
        let raw = self.entries.chunks_exact(16).find(|raw| be32(raw, 0) == Some(tag))?;
        let offset = index(be32(raw, 8)?);
        let at = self.store.0.saturating_add(offset);
        if at >= self.store.1 {
            return self.lose();
        }
        Some(Entry { kind: be32(raw, 4)?, at, count: index(be32(raw, 12)?) })
    }

    /// The first text of a tag, and where it stands.
    pub(crate) fn first(&self, tag: u32) -> Option<(&'a [u8], usize)> {
        let entry = self.entry(tag).filter(|entry| TEXT.contains(&entry.kind) && entry.count > 0)?;
        self.text(entry.at).map(|text| (text, entry.at))
    }

    fn text(&self, at: usize) -> Option<&'a [u8]> {
        let rest = clamped(self.bytes, at, self.store.1.saturating_sub(at).min(LONGEST));
        rest.get(..memchr::memchr(0, rest)?)
    }

    /// Every text of a tag, with its number and place.
    pub(crate) fn each(&self, tag: u32, budget: &mut Budget, found: &mut dyn FnMut(usize, &'a [u8], usize)) {
        let Some(entry) = self.entry(tag).filter(|entry| TEXT.contains(&entry.kind)) else { return };
        let mut at = entry.at;
        for number in 0..entry.count {
            let Some(text) = self.text(at).filter(|text| budget.spend(text.len() + 1)) else {
                self.lose::<()>();
                return;
            };
            found(number, text, at);
            at += text.len() + 1;
        }
    }

    /// One number of a tag.
    pub(crate) fn number(&self, tag: u32, at: usize) -> Option<usize> {
        let entry = self.entry(tag).filter(|entry| entry.kind == INT32 && at < entry.count)?;
        let place = entry.at.checked_add(at.checked_mul(4)?)?;
        be32(self.bytes, place).filter(|_| place < self.store.1).map(index)
    }
}

/// What a package says it has or needs: another package, a library, a file, a feature.
pub(crate) struct Relation<'a>(std::borrow::Cow<'a, str>);

impl<'a> Relation<'a> {
    pub(crate) fn of(raw: &'a [u8]) -> Self {
        Self(text(raw))
    }

    pub(crate) fn library(&self) -> Option<&str> {
        let name = self.0.split('(').next()?;
        (name.contains(".so") && !name.starts_with('/')).then_some(name)
    }

    pub(crate) fn package(&self) -> Option<&str> {
        let is_other = self.0.contains('(') || self.0.starts_with('/') || self.0.contains(".so");
        (!is_other).then_some(&*self.0)
    }
}
