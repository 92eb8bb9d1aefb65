//! How the blocks of an image are packed, and how one is decoded.
use std::io::{self, Read};

use flate2::bufread::ZlibDecoder;
use lzma_rust2::{LzmaReader, XzReader};

use crate::formats::xz::MEMORY;
use crate::formats::zstd::Decoder as Zstandard;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Zlib,
    Lzma,
    Lzo,
    Xz,
    Lz4,
    Zstd,
}

impl Packing {
    pub(super) fn of(number: u16) -> Option<Self> {
        Some(match number {
            1 => Self::Zlib,
            2 => Self::Lzma,
            3 => Self::Lzo,
            4 => Self::Xz,
            5 => Self::Lz4,
            6 => Self::Zstd,
            _ => return None,
        })
    }

    /// One block, of which no more than `most` bytes can come.
    pub(super) fn decode(self, packed: &[u8], most: u64) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        match self {
            Self::Zlib => ZlibDecoder::new(packed).take(most).read_to_end(&mut out)?,
            Self::Lzma => LzmaReader::new_mem_limit(packed, MEMORY, None)?.take(most).read_to_end(&mut out)?,
            Self::Xz => XzReader::new_mem_limit(packed, false, MEMORY).take(most).read_to_end(&mut out)?,
            Self::Lzo => {
                out = crate::lzo::decode(packed, usize::try_from(most).unwrap_or(usize::MAX))?;
                out.len()
            }
            Self::Lz4 => {
                let most = usize::try_from(most).unwrap_or(usize::MAX);
                out = lz4_flex::block::decompress(packed, most).map_err(io::Error::other)?;
                out.len()
            }
            Self::Zstd => Zstandard::new(packed)?.take(most).read_to_end(&mut out)?,
        };
        Ok(out)
    }
}
