//! The methods that UPX packs with.
use std::io::{self, Read};

use flate2::read::DeflateDecoder;
use lzma_rust2::LzmaReader;

use crate::nrv::{self, Variant};

const DEFLATE: u8 = 15;
const LZMA: u8 = 14;

/// Whether this is a method.
pub(super) fn is_known(method: u8) -> bool {
    matches!(method, 2..=10 | LZMA | DEFLATE)
}

/// The `length` bytes that were packed so.
pub(super) fn decode(method: u8, packed: &[u8], length: usize) -> io::Result<Vec<u8>> {
    let word = |nth: u8| match nth % 3 {
        0 => 4,
        1 => 1,
        _ => 2,
    };
    let bytes = match method {
        2..=4 => nrv::decode(packed, Variant::B, word(method - 2), length)?,
        5..=7 => nrv::decode(packed, Variant::D, word(method - 5), length)?,
        8..=10 => nrv::decode(packed, Variant::E, word(method - 8), length)?,
        LZMA => lzma(packed, length)?,
        DEFLATE => read(DeflateDecoder::new(packed), length)?,
        _ => return Err(io::Error::other(format!("method {method} is not known"))),
    };
    if bytes.len() == length {
        Ok(bytes)
    } else {
        Err(io::Error::other(format!("{} bytes came out where {length} were stated", bytes.len())))
    }
}

/// Two bytes of properties, then the stream alone.
fn lzma(packed: &[u8], length: usize) -> io::Result<Vec<u8>> {
    let (Some([first, second]), Some(stream)) = (packed.first_chunk::<2>(), packed.get(2..)) else {
        return Err(io::ErrorKind::UnexpectedEof.into());
    };
    let (position, literal, low) = (first & 7, second & 15, second >> 4);
    if position > 4 || literal > 8 || low > 4 {
        return Err(io::Error::other("no properties of LZMA"));
    }
    let dictionary = u32::try_from(length.clamp(4096, 1 << 28)).unwrap_or(1 << 28);
    let reader = LzmaReader::new(
        stream,
        length as u64,
        u32::from(literal),
        u32::from(low),
        u32::from(position),
        dictionary,
        None,
    )?;
    read(reader, length)
}

fn read(reader: impl Read, length: usize) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    reader.take(length as u64).read_to_end(&mut out)?;
    Ok(out)
}
