//! A chunk: the bytes of several files, packed as one.
use std::io::{self, Read};

use bzip2::read::BzDecoder;
use flate2::bufread::ZlibDecoder;
use innospect::{CompressMethod, DataEntry, DataFlag, InnoInstaller};
use interdict_model::{GapReason, Unseen};
use lzma_rust2::{Lzma2Reader, LzmaReader};

use crate::field::{from, u32_le};
use crate::formats::xz::MEMORY;

pub(super) const MAGIC: &[u8] = b"zlb\x1a";

/// The content of the chunk that this file is in.
pub(super) fn open<'a>(installer: &InnoInstaller<'a>, entry: &DataEntry) -> Result<Box<dyn Read + 'a>, Unseen> {
    let broken = |detail: &str| Unseen::new(GapReason::Malformed, detail).needing("an intact copy");
    if entry.flags.contains(&DataFlag::ChunkEncrypted) {
        return Err(Unseen::new(GapReason::Encrypted, "encrypted").needing("the installer's password"));
    }
    let begin = installer.offset_table().offset_setup1;
    if begin == 0 || entry.first_slice > 0 || entry.last_slice > 0 {
        let detail = format!("lies in slice {} beside the installer", entry.first_slice.saturating_add(1));
        return Err(Unseen::new(GapReason::Missing, detail).needing("the other files of the installer"));
    }
    let rest = from(installer.input(), begin.saturating_add(u64::from(entry.start_offset)));
    let packed = rest.strip_prefix(MAGIC).ok_or_else(|| broken("no chunk stands where it should"))?;
    let packed =
        usize::try_from(entry.chunk_compressed_size).ok().and_then(|size| packed.get(..size)).unwrap_or(packed);
    let method = installer.header().and_then(|header| header.tail().compress_method);
    let method = method.filter(|_| entry.flags.contains(&DataFlag::ChunkCompressed));
    let opened = match method.unwrap_or(CompressMethod::Stored) {
        CompressMethod::Stored => Ok(Box::new(packed) as Box<dyn Read>),
        CompressMethod::Zlib => Ok(Box::new(ZlibDecoder::new(packed)) as Box<dyn Read>),
        CompressMethod::Bzip2 => Ok(Box::new(BzDecoder::new(packed)) as Box<dyn Read>),
        CompressMethod::Lzma1 => lzma(packed),
        CompressMethod::Lzma2 => lzma2(packed),
        _ => return Err(Unseen::new(GapReason::Unsupported, "packed by a method that is not known")),
    };
    opened.map_err(|why| broken(&format!("packed in a way that cannot be: {why}")))
}

/// A byte of properties, the size of the dictionary, then the stream.
pub(super) fn lzma(packed: &[u8]) -> io::Result<Box<dyn Read + '_>> {
    let (Some(properties), Some(dictionary), Some(stream)) = (packed.first(), u32_le(packed, 1), packed.get(5..))
    else {
        return Err(io::ErrorKind::UnexpectedEof.into());
    };
    if dictionary > MEMORY << 10 {
        return Err(io::Error::other(format!("a dictionary of {dictionary} bytes")));
    }
    Ok(Box::new(LzmaReader::new_with_props(stream, u64::MAX, *properties, dictionary, None)?))
}

/// A byte that says how large the dictionary is, then the stream.
fn lzma2(packed: &[u8]) -> io::Result<Box<dyn Read + '_>> {
    let Some((property, stream)) = packed.split_first() else { return Err(io::ErrorKind::UnexpectedEof.into()) };
    let dictionary = (2 | u32::from(property & 1)).checked_shl(u32::from(property / 2) + 11).unwrap_or(u32::MAX);
    if *property >= 40 || dictionary > MEMORY << 10 {
        return Err(io::Error::other(format!("a dictionary of {dictionary} bytes")));
    }
    Ok(Box::new(Lzma2Reader::new(stream, dictionary, None)))
}
