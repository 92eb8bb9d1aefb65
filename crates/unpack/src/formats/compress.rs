//! Unix compress: LZW with codes of 9 to 16 bits.
use std::io::{self, Read};

use interdict_model::{Head, Malformed, Members, Source, Unpacker};

use crate::frames::{Frame, Next, offer};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "compress",
    revision: 1,
    title: "Unix compress",
    limitations: &["bytes behind the content cannot be told apart from it"],
    accepts,
    unpack,
};

const ENDINGS: &[(&str, &str)] = &[(".taz", ".tar"), (".z", "")];
const CLEAR: u32 = 256;

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(b"\x1f\x9d")
        && head.bytes.get(2).is_some_and(|flags| flags & 0x60 == 0 && (9..=16).contains(&(flags & 0x1f)))
        && head.bytes.len() > 4
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    offer(source, ENDINGS, open, members)
}

fn open(bytes: &[u8]) -> Next<'_> {
    if accepts(&Head { bytes, name: "" }) { Next::Frame(Box::new(Lzw::new(bytes))) } else { Next::End }
}

struct Lzw<'a> {
    codes: &'a [u8],
    /// In bits, and where the present run of codes of one width began: it is padded to eight codes.
    at: usize,
    run: usize,
    width: u32,
    widest: u32,
    clears: bool,
    /// Of every code from 257 (or 256): the code before its last byte, and that byte.
    table: Vec<(u32, u8)>,
    previous: Option<(u32, u8)>,
    /// Decoded and not yet read, last byte first.
    pending: Vec<u8>,
}

impl<'a> Lzw<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        let flags = bytes.get(2).copied().unwrap_or_default();
        Self {
            codes: bytes.get(3..).unwrap_or_default(),
            at: 0,
            run: 0,
            width: 9,
            widest: u32::from(flags & 0x1f),
            clears: flags & 0x80 != 0,
            table: Vec::new(),
            previous: None,
            pending: Vec::new(),
        }
    }

    fn first_free(&self) -> u32 {
        if self.clears { 257 } else { 256 }
    }

    fn next_code(&mut self) -> Option<u32> {
        let free = self.first_free() + u32::try_from(self.table.len()).unwrap_or(u32::MAX);
        if free > (1 << self.width) - 1 && self.width < self.widest {
            self.pad();
            self.width += 1;
        }
        let mut code = 0;
        for bit in 0..self.width {
            let byte = self.codes.get(self.at / 8)?;
            code |= u32::from(byte >> (self.at % 8) & 1) << bit;
            self.at += 1;
        }
        Some(code)
    }

    /// Codes come in groups of eight, `width` bytes each; a change of width leaves the rest of its group unused.
    fn pad(&mut self) {
        let group = self.width as usize * 8;
        self.at = self.run + (self.at - self.run).next_multiple_of(group);
        self.run = self.at;
    }

    fn step(&mut self) -> io::Result<bool> {
        let Some(code) = self.next_code() else { return Ok(false) };
        if code == CLEAR && self.clears {
            self.pad();
            self.table.clear();
            self.width = 9;
            self.previous = None;
            return Ok(true);
        }
        let free = self.first_free() + u32::try_from(self.table.len()).unwrap_or(u32::MAX);
        let Some((previous, first)) = self.previous else {
            let byte = u8::try_from(code).map_err(|_| io::Error::other("the first code is no byte"))?;
            self.previous = Some((code, byte));
            self.pending.push(byte);
            return Ok(true);
        };
        if code > free {
            return Err(io::Error::other("a code that was not yet defined"));
        }
        let mut walk = code;
        if code == free {
            self.pending.push(first);
            walk = previous;
        }
        while walk > 255 {
            let index = walk.checked_sub(self.first_free()).and_then(|index| usize::try_from(index).ok());
            let Some((before, byte)) = index.and_then(|index| self.table.get(index)) else {
                return Err(io::Error::other("a code that was not yet defined"));
            };
            self.pending.push(*byte);
            walk = *before;
        }
        let first = u8::try_from(walk).unwrap_or_default();
        self.pending.push(first);
        if free < 1 << self.widest {
            self.table.push((previous, first));
        }
        self.previous = Some((code, first));
        Ok(true)
    }
}

impl Read for Lzw<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut read = 0;
        for place in buffer {
            while self.pending.is_empty() {
                if !self.step()? {
                    return Ok(read);
                }
            }
            *place = self.pending.pop().unwrap_or_default();
            read += 1;
        }
        Ok(read)
    }
}

impl<'a> Frame<'a> for Lzw<'a> {
    fn rest(self: Box<Self>) -> io::Result<&'a [u8]> {
        Ok(&[])
    }
}
