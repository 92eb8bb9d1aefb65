//! Tables of a `SQLite` database: rows of a B-tree of pages, long ones over a chain of further pages.
use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::read::{be16, be32, index, slice};

pub(super) const MAGIC: &[u8] = b"SQLite format 3\0";
/// The header of the file, which stands before the first page's own.
const HEADER: usize = 100;
/// Kinds of pages: of a table, inside and at the end of its tree.
const INSIDE: u8 = 5;
const LEAF: u8 = 13;
/// Columns that a row is read for.
const COLUMNS: usize = 16;

pub(super) struct Database<'a> {
    bytes: &'a [u8],
    page: usize,
    /// What of a page holds content.
    usable: usize,
}

/// One row.
pub(super) struct Row<'r> {
    payload: &'r [u8],
    /// Type and place of each column.
    columns: Vec<(u64, usize)>,
}

impl<'a> Database<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Option<Self> {
        let page = match be16(bytes, 16).filter(|_| bytes.starts_with(MAGIC))? {
            1 => 65_536,
            size if size.is_power_of_two() && size >= 512 => usize::from(size),
            _ => return None,
        };
        let usable = page.checked_sub(usize::from(*bytes.get(20)?)).filter(|usable| *usable >= 480)?;
        Some(Self { bytes, page, usable })
    }

    /// The first page of the table of this name.
    pub(super) fn table(&self, name: &str) -> Option<u32> {
        let mut found = None;
        self.rows(1, &mut |row| {
            if found.is_none() && row.text(0) == Some(b"table") && row.text(1) == Some(name.as_bytes()) {
                found = row.number(3);
            }
        });
        found
    }

    fn page(&self, number: u32) -> Option<&'a [u8]> {
        slice(self.bytes, index(number).checked_sub(1)?.checked_mul(self.page)?, self.page)?.get(..self.usable)
    }

    /// Every row of the tree that begins at this page, in its order; how many pages or rows could not be read.
    pub(super) fn rows(&self, root: u32, each: &mut dyn FnMut(&Row<'_>)) -> u64 {
        let (mut open, mut seen, mut lost) = (vec![root], BTreeSet::new(), 0);
        // A long row takes pages of its own; all together there are no more than the file has.
        let mut left = self.bytes.len();
        while let Some(number) = open.pop() {
            // A page that stands twice in a tree is none that SQLite made.
            let page = self.page(number).filter(|_| seen.insert(number));
            let begin = if number == 1 { HEADER } else { 0 };
            let Some((page, kind)) = page.and_then(|page| Some((page, *page.get(begin)?))) else {
                lost += 1;
                continue;
            };
            let cells = usize::from(be16(page, begin + 3).unwrap_or_default());
            let first = begin + if kind == INSIDE { 12 } else { 8 };
            let cell = |at: usize| be16(page, first + 2 * at).map(usize::from);
            match kind {
                INSIDE => {
                    let children: Vec<Option<u32>> =
                        (0..cells).map(|at| be32(page, cell(at)?)).chain([be32(page, begin + 8)]).collect();
                    lost += children.iter().filter(|child| child.is_none()).count() as u64;
                    open.extend(children.into_iter().rev().flatten());
                }
                LEAF => {
                    for at in 0..cells {
                        let payload = cell(at).and_then(|cell| self.payload(page, cell, &mut left));
                        match payload.as_deref().and_then(Row::of) {
                            Some(row) => each(&row),
                            None => lost += 1,
                        }
                    }
                }
                _ => lost += 1,
            }
        }
        lost
    }

    /// The bytes of a row, put together where they lie on several pages.
    fn payload(&self, page: &'a [u8], cell: usize, left: &mut usize) -> Option<Cow<'a, [u8]>> {
        let (length, at) = varint(page, cell)?;
        let (_, at) = varint(page, at)?;
        let length = usize::try_from(length).ok()?;
        let (most, step) = (self.usable - 35, self.usable - 4);
        if length <= most {
            return slice(page, at, length).map(Cow::Borrowed);
        }
        *left = left.checked_sub(length)?;
        let least = (self.usable - 12) * 32 / 255 - 23;
        let here = least + (length - least) % step;
        let here = if here <= most { here } else { least };
        let mut whole = slice(page, at, here)?.to_vec();
        let mut next = be32(page, at + here)?;
        while whole.len() < length {
            let page = self.page(next)?;
            next = be32(page, 0)?;
            whole.extend_from_slice(slice(page, 4, (length - whole.len()).min(step))?);
        }
        Some(Cow::Owned(whole))
    }
}

impl<'r> Row<'r> {
    fn of(payload: &'r [u8]) -> Option<Self> {
        let (length, mut at) = varint(payload, 0)?;
        let head = usize::try_from(length).ok().filter(|head| *head <= payload.len())?;
        let (mut columns, mut place) = (Vec::new(), head);
        while at < head && columns.len() < COLUMNS {
            let (kind, next) = varint(payload, at)?;
            columns.push((kind, place));
            place = place.checked_add(width(kind)?)?;
            at = next;
        }
        Some(Self { payload, columns })
    }

    fn column(&self, at: usize, is: fn(u64) -> bool) -> Option<&'r [u8]> {
        let (kind, place) = self.columns.get(at).filter(|(kind, _)| is(*kind))?;
        slice(self.payload, *place, width(*kind)?)
    }

    pub(super) fn blob(&self, at: usize) -> Option<&'r [u8]> {
        self.column(at, |kind| kind >= 12 && kind.is_multiple_of(2))
    }

    fn text(&self, at: usize) -> Option<&'r [u8]> {
        self.column(at, |kind| kind >= 13 && !kind.is_multiple_of(2))
    }

    /// A number that is the number of a page.
    fn number(&self, at: usize) -> Option<u32> {
        if let Some((9, _)) = self.columns.get(at) {
            return Some(1);
        }
        let bytes = self.column(at, |kind| (1..=4).contains(&kind))?;
        Some(bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte)))
    }
}

/// How many bytes a column of this type takes.
fn width(kind: u64) -> Option<usize> {
    match kind {
        0 | 8 | 9 => Some(0),
        1..=4 => usize::try_from(kind).ok(),
        5 => Some(6),
        6 | 7 => Some(8),
        10 | 11 => None,
        _ => usize::try_from((kind - 12) / 2).ok(),
    }
}

/// A number of one to nine bytes, the largest first, and where it ends.
fn varint(bytes: &[u8], at: usize) -> Option<(u64, usize)> {
    let mut number = 0;
    for (step, byte) in bytes.get(at..)?.iter().take(9).enumerate() {
        if step == 8 {
            return Some((number << 8 | u64::from(*byte), at + 9));
        }
        number = number << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 == 0 {
            return Some((number, at + step + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::varint;

    #[test]
    fn numbers_of_any_length() {
        for (bytes, want) in [
            (&[0x7f][..], Some((0x7f, 1))),
            (&[0x81, 0x00], Some((0x80, 2))),
            (&[0xff; 9], Some((u64::MAX, 9))),
            (&[0x80, 0x80], None),
            (&[], None),
        ] {
            assert_eq!(varint(bytes, 0), want);
        }
    }
}
