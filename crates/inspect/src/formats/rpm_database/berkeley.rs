//! Berkeley DB's hash tables, as `Packages` is one: pages of keys and values, long values over a chain of further pages.
use std::borrow::Cow;

use crate::read::{be16, be32, clamped, index, le16, le32, slice};

const MAGIC: u32 = 0x0006_1561;
/// Before what a page holds.
const HEADER: usize = 26;
/// Kinds of pages: of keys and values, in two orders; of a piece of a long value.
const UNSORTED: u8 = 2;
const SORTED: u8 = 13;
const LONG: u8 = 7;
/// Kinds of values: on the page, and on pages of their own.
const HERE: u8 = 1;
const ELSEWHERE: u8 = 3;

/// Whether these bytes begin so.
pub(super) fn is_hash(bytes: &[u8]) -> bool {
    Table::of(bytes).is_some()
}

struct Table<'a> {
    bytes: &'a [u8],
    page: usize,
    is_big: bool,
    /// Bytes of long values that may still be put together: no page is part of two.
    left: usize,
}

/// Every value; how many could not be read.
pub(super) fn values(bytes: &[u8], each: &mut dyn FnMut(&[u8])) -> u64 {
    let Some(mut table) = Table::of(bytes) else { return 1 };
    let mut lost = u64::from(!bytes.len().is_multiple_of(table.page));
    for number in 1..bytes.len() / table.page {
        let Some(page) = table.at(number) else { break };
        if !matches!(page.get(25), Some(&(UNSORTED | SORTED))) {
            continue;
        }
        let count = table.short(page, 20).map(usize::from).unwrap_or_default();
        // Keys and values by turns.
        for item in (1..count).step_by(2) {
            match table.value(page, item) {
                Some(value) => each(&value),
                None => lost += 1,
            }
        }
    }
    lost
}

impl<'a> Table<'a> {
    fn of(bytes: &'a [u8]) -> Option<Self> {
        let is_big = be32(bytes, 12)? == MAGIC;
        (is_big || le32(bytes, 12)? == MAGIC).then_some(())?;
        let mut table = Self { bytes, page: 0, is_big, left: bytes.len() };
        // Encrypted ones have a number here.
        let page = table.word(bytes, 20).map(index).filter(|_| bytes.get(24) == Some(&0))?;
        table.page = page;
        (page.is_power_of_two() && (512..=65_536).contains(&page)).then_some(table)
    }

    fn at(&self, number: usize) -> Option<&'a [u8]> {
        slice(self.bytes, number.checked_mul(self.page)?, self.page)
    }

    fn word(&self, bytes: &[u8], at: usize) -> Option<u32> {
        if self.is_big { be32(bytes, at) } else { le32(bytes, at) }
    }

    fn short(&self, bytes: &[u8], at: usize) -> Option<u16> {
        if self.is_big { be16(bytes, at) } else { le16(bytes, at) }
    }

    fn value(&mut self, page: &'a [u8], item: usize) -> Option<Cow<'a, [u8]>> {
        let place = |table: &Self, item: usize| table.short(page, HEADER + item * 2).map(usize::from);
        // Items fill the page from its end.
        let (at, end) = (place(self, item)?, place(self, item - 1)?);
        let value = slice(page, at, end.checked_sub(at)?)?;
        match *value.first()? {
            HERE => value.get(1..).map(Cow::Borrowed),
            ELSEWHERE => self.long(self.word(value, 4)?, index(self.word(value, 8)?)).map(Cow::Owned),
            _ => None,
        }
    }

    fn long(&mut self, first: u32, length: usize) -> Option<Vec<u8>> {
        self.left = self.left.checked_sub(length)?;
        let (mut value, mut number) = (Vec::with_capacity(length), first);
        while value.len() < length {
            let page = self.at(index(number)).filter(|page| number != 0 && page.get(25) == Some(&LONG))?;
            let held = usize::from(self.short(page, 22)?).min(length - value.len());
            if held == 0 {
                return None;
            }
            value.extend_from_slice(clamped(page, HEADER, held));
            number = self.word(page, 16)?;
        }
        Some(value)
    }
}
