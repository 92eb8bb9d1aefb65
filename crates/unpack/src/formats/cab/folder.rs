//! A folder's data: blocks of at most 32 KiB, each decoded with what came before it.
use std::io::{self, Read};

use flate2::{Decompress, FlushDecompress, Status};
use interdict_model::{GapReason, Unseen};
use lzxd::{Lzxd, WindowSize};

use crate::field::{range, u16_le, u32_le};

/// Where a folder's blocks are and how they are packed.
pub(super) struct Folder {
    at: u64,
    blocks: u16,
    method: u16,
    reserve: usize,
}

impl Folder {
    pub(super) fn parse(bytes: &[u8], at: u64, reserve: usize) -> Option<Self> {
        let entry = range(bytes, at, 8)?;
        Some(Self { at: u64::from(u32_le(entry, 0)?), blocks: u16_le(entry, 4)?, method: u16_le(entry, 6)?, reserve })
    }
}

enum Method {
    Stored,
    /// With the last 32 KiB that were decoded.
    MsZip(Vec<u8>),
    Lzx(Box<Lzxd>),
}

/// The folder's blocks as one stream.
pub(super) struct Blocks<'a> {
    bytes: &'a [u8],
    at: u64,
    left: u16,
    reserve: usize,
    method: Method,
    now: io::Cursor<Vec<u8>>,
    ended: bool,
    number: u16,
    /// The last block that did not agree with its checksum.
    pub(super) bad: Option<u16>,
}

/// No block holds more, packed or not.
const BLOCK: usize = 32 * 1024;

impl<'a> Blocks<'a> {
    pub(super) fn new(folder: &Folder, bytes: &'a [u8]) -> Result<Self, Unseen> {
        let method = match folder.method & 15 {
            0 => Method::Stored,
            1 => Method::MsZip(Vec::new()),
            3 => Method::Lzx(Box::new(Lzxd::new(window(folder.method)?))),
            2 => return Err(Unseen::new(GapReason::Unsupported, "packed by the Quantum method")),
            other => return Err(Unseen::new(GapReason::Unsupported, format!("packed by method {other}"))),
        };
        let (at, left, reserve) = (folder.at, folder.blocks, folder.reserve);
        Ok(Self { bytes, at, left, reserve, method, now: io::Cursor::default(), ended: false, number: 0, bad: None })
    }

    /// Whether everything was read, or a fault met.
    pub(super) fn has_ended(&self) -> bool {
        self.ended
    }

    fn next(&mut self) -> io::Result<Vec<u8>> {
        let head = 8 + self.reserve as u64;
        let header = range(self.bytes, self.at, head).ok_or(io::ErrorKind::UnexpectedEof)?;
        let (packed, size) = (u16_le(header, 4).unwrap_or_default(), u16_le(header, 6).unwrap_or_default());
        let data = range(self.bytes, self.at + head, u64::from(packed)).ok_or(io::ErrorKind::UnexpectedEof)?;
        if size == 0 {
            return Err(io::Error::other("a block that continues in the next cabinet"));
        }
        self.at += head + u64::from(packed);
        let stated = u32_le(header, 0).unwrap_or_default();
        if stated != 0 && checksum(header.get(4..).unwrap_or_default(), checksum(data, 0)) != stated {
            self.bad = Some(self.number);
        }
        self.number = self.number.wrapping_add(1);
        let size = usize::from(size).min(BLOCK);
        match &mut self.method {
            Method::Stored => Ok(data.to_vec()),
            Method::MsZip(history) => inflate(data, size, history),
            Method::Lzx(decoder) => decoder.decompress_next(data, size).map(<[u8]>::to_vec).map_err(io::Error::other),
        }
    }
}

/// Words of four bytes, combined; the last one is of what is left, the other way round.
fn checksum(data: &[u8], seed: u32) -> u32 {
    let (words, rest) = data.as_chunks::<4>();
    let sum = words.iter().fold(seed, |sum, word| sum ^ u32::from_le_bytes(*word));
    sum ^ rest.iter().fold(0, |last, byte| last << 8 | u32::from(*byte))
}

fn window(method: u16) -> Result<WindowSize, Unseen> {
    Ok(match method >> 8 & 31 {
        15 => WindowSize::KB32,
        16 => WindowSize::KB64,
        17 => WindowSize::KB128,
        18 => WindowSize::KB256,
        19 => WindowSize::KB512,
        20 => WindowSize::MB1,
        21 => WindowSize::MB2,
        bits => return Err(Unseen::new(GapReason::Unsupported, format!("an LZX window of 2^{bits} bytes"))),
    })
}

fn inflate(data: &[u8], size: usize, history: &mut Vec<u8>) -> io::Result<Vec<u8>> {
    let packed = data.strip_prefix(b"CK").ok_or_else(|| io::Error::other("a block without its mark"))?;
    let mut decoder = Decompress::new(false);
    if !history.is_empty() {
        decoder.set_dictionary(history).map_err(io::Error::other)?;
    }
    let mut out = Vec::with_capacity(size);
    let status = decoder.decompress_vec(packed, &mut out, FlushDecompress::Finish).map_err(io::Error::other)?;
    if status != Status::StreamEnd && out.len() < size {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    history.extend_from_slice(&out);
    history.drain(..history.len().saturating_sub(BLOCK));
    Ok(out)
}

impl Read for Blocks<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.now.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            if self.left == 0 || self.ended {
                self.ended = true;
                return Ok(0);
            }
            self.left -= 1;
            self.now = io::Cursor::new(self.next().inspect_err(|_| self.ended = true)?);
        }
    }
}
