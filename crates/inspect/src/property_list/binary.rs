//! Property lists in binary: objects by number, walked once each, whatever points back.
use std::borrow::Cow;

use interdict_model::GapReason;

use super::{DEEPEST, Entry};
use crate::read::{Budget, index, slice, text};

/// Version 00; others are not written any more.
pub(super) const MAGIC: &[u8] = b"bplist0";
const TRAILER: usize = 32;
/// Longest key read.
const LONGEST_KEY: usize = 1024;
const ASCII: u8 = 0x5;
const UTF16: u8 = 0x6;
const LIST: u8 = 0xa;
const SET: u8 = 0xc;
const DICTIONARY: u8 = 0xd;

/// Tells the entries; the reason and what is wrong where it could not be read whole.
pub(super) fn read(bytes: &[u8], each: &mut dyn FnMut(&Entry<'_>)) -> Option<(GapReason, String)> {
    let Some(reader) = Reader::of(bytes) else {
        return Some((GapReason::Malformed, "its trailer does not fit".to_owned()));
    };
    let mut walk = Walk {
        is_list_of: reader.object(reader.top).is_none_or(|top| top.kind != DICTIONARY),
        seen: vec![false; reader.count],
        budget: Budget::for_file(bytes.len()),
        open: vec![Open { number: reader.top, parent: String::new(), key: String::new(), depth: 0, dictionaries: 0 }],
        reader,
        lost: 0,
        over: None,
    };
    while let Some(one) = walk.open.pop() {
        walk.object(&one, each);
        if walk.over.is_some() {
            break;
        }
    }
    if let Some(over) = walk.over {
        return Some((GapReason::OverLimit, over));
    }
    (walk.lost > 0).then(|| (GapReason::Malformed, format!("{} of its objects lie outside it", walk.lost)))
}

struct Walk<'a> {
    reader: Reader<'a>,
    is_list_of: bool,
    seen: Vec<bool>,
    budget: Budget,
    open: Vec<Open>,
    lost: usize,
    over: Option<String>,
}

impl Walk<'_> {
    fn object(&mut self, one: &Open, each: &mut dyn FnMut(&Entry<'_>)) {
        let Some(object) = self.reader.object(one.number) else {
            self.lost += 1;
            return;
        };
        // Texts and keys may be pointed at over and over.
        if !self.budget.spend(object.data.len() + one.key.len()) {
            self.over = Some("it says the same many times over".to_owned());
        } else if let Some(value) = object.text() {
            let is_outermost = one.dictionaries == 1 && !self.is_list_of;
            let (at, len) = (object.at, object.data.len());
            each(&Entry { parent: &one.parent, key: &one.key, value: Some(&value), is_outermost, at, len });
        } else if one.depth >= DEEPEST {
            self.over = Some(format!("it nests more than {DEEPEST} deep"));
        } else if let Some(first) = self.seen.get_mut(one.number).filter(|seen| !**seen) {
            *first = true;
            match object.kind {
                DICTIONARY => (0..object.count).rev().for_each(|pair| self.pair(one, &object, pair, each)),
                LIST | SET => {
                    for place in (0..object.count).rev() {
                        match self.reader.reference(&object, place) {
                            Some(number) => self.open.push(Open { number, depth: one.depth + 1, ..one.clone() }),
                            None => self.lost += 1,
                        }
                    }
                }
                _ => {}
            }
        }
    }

    /// A key of a dictionary, and its value.
    fn pair(&mut self, one: &Open, object: &Object<'_>, pair: usize, each: &mut dyn FnMut(&Entry<'_>)) {
        let numbers = [pair, object.count + pair].map(|place| self.reader.reference(object, place));
        let name = numbers[0].and_then(|name| self.reader.object(name)).filter(|name| name.data.len() <= LONGEST_KEY);
        let (Some(number), Some(name)) = (numbers[1], name) else {
            self.lost += 1;
            return;
        };
        let Some(key) = name.text() else { return };
        if !self.reader.object(number).is_some_and(|value| value.is_text()) {
            let is_outermost = one.dictionaries == 0 && !self.is_list_of;
            each(&Entry { parent: &one.key, key: &key, value: None, is_outermost, at: name.at, len: name.data.len() });
        }
        let (parent, key) = (one.key.clone(), key.into_owned());
        self.open.push(Open { number, parent, key, depth: one.depth + 1, dictionaries: one.dictionaries + 1 });
    }
}

/// An object yet to be told: its keys, and how many objects and dictionaries are around it.
#[derive(Clone)]
struct Open {
    number: usize,
    parent: String,
    key: String,
    depth: usize,
    dictionaries: usize,
}

struct Reader<'a> {
    list: &'a [u8],
    count: usize,
    top: usize,
    offset_size: usize,
    reference_size: usize,
    offsets: usize,
}

/// An object: its kind, how many it holds, and its bytes.
struct Object<'a> {
    kind: u8,
    count: usize,
    at: usize,
    data: &'a [u8],
}

impl Object<'_> {
    fn is_text(&self) -> bool {
        matches!(self.kind, ASCII | UTF16)
    }

    fn text(&self) -> Option<Cow<'_, str>> {
        match self.kind {
            ASCII => Some(text(self.data)),
            UTF16 => {
                let units = self.data.chunks_exact(2).filter_map(|unit| unit.first_chunk().copied());
                let units = char::decode_utf16(units.map(u16::from_be_bytes));
                Some(Cow::Owned(units.map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()))
            }
            _ => None,
        }
    }
}

impl<'a> Reader<'a> {
    fn of(list: &'a [u8]) -> Option<Self> {
        let trailer = list.len().checked_sub(TRAILER)?;
        let (offset_size, reference_size) = (*list.get(trailer + 6)?, *list.get(trailer + 7)?);
        let offsets = index(number(list, trailer + 24, 8)?);
        let count = index(number(list, trailer + 8, 8)?);
        let sizes = (1..=8).contains(&offset_size) && (1..=8).contains(&reference_size);
        // Every object has an offset, and every offset lies before the trailer.
        let fits = offsets.checked_add(count.checked_mul(usize::from(offset_size))?)? <= trailer;
        (sizes && fits).then(|| Self {
            list,
            count,
            top: index(number(list, trailer + 16, 8).unwrap_or(0)),
            offset_size: usize::from(offset_size),
            reference_size: usize::from(reference_size),
            offsets,
        })
    }

    fn object(&self, number_of: usize) -> Option<Object<'a>> {
        if number_of >= self.count {
            return None;
        }
        let at = index(number(self.list, self.offsets + number_of * self.offset_size, self.offset_size)?);
        let marker = *self.list.get(at)?;
        let (kind, low) = (marker >> 4, usize::from(marker & 15));
        let (mut count, mut start) = (low, at + 1);
        // From fifteen on the count is a number of its own.
        if low == 15 && kind > 3 {
            let marker = *self.list.get(start)?;
            let size = 1_usize << (marker & 15).min(3);
            count = index(number(self.list, start + 1, size).filter(|_| marker >> 4 == 1)?);
            start += 1 + size;
        }
        let size = match kind {
            ASCII => count,
            UTF16 => count.checked_mul(2)?,
            LIST | SET => count.checked_mul(self.reference_size)?,
            DICTIONARY => count.checked_mul(2)?.checked_mul(self.reference_size)?,
            _ => 0,
        };
        Some(Object { kind, count, at: start, data: slice(self.list, start, size)? })
    }

    fn reference(&self, object: &Object<'_>, place: usize) -> Option<usize> {
        number(object.data, place.checked_mul(self.reference_size)?, self.reference_size).map(index)
    }
}

/// A big-endian number of up to eight bytes.
fn number(bytes: &[u8], at: usize, size: usize) -> Option<u64> {
    let digits = slice(bytes, at, size)?;
    Some(digits.iter().fold(0, |number, digit| number << 8 | u64::from(*digit)))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    /// `{ "A": "x", "B": ["é", itself], "C": {} }`, made by hand.
    const LIST: &[u8] = b"bplist00\
        \xd3\x01\x02\x03\x04\x05\x07\x51A\x51B\x51C\x51x\xa2\x06\x00\x61\x00\xe9\xd0\
        \x08\x0f\x11\x13\x15\x17\x1a\x1d\0\0\0\0\0\0\x01\x01\0\0\0\0\0\0\0\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x1e";

    #[test]
    fn a_list_that_holds_itself() {
        let mut told = String::new();
        let fault = read(LIST, &mut |entry| {
            let _ = write!(told, "{}/{}={:?} ", entry.parent, entry.key, entry.value);
        });
        assert_eq!((fault, told.as_str()), (None, "/C=None /B=None /A=Some(\"x\") /B=Some(\"é\") "));
        for cut in 0..LIST.len() {
            read(&LIST[..cut], &mut |_| {});
        }
    }
}
