//! How long the installer's script would be, before anybody decodes it as a whole.
use std::io::{self, Read};

use flate2::Crc;
use flate2::read::ZlibDecoder;

use super::chunk::lzma;
use crate::field::u32_le;

/// Stands before the script, with the version.
pub(super) const MARK: &[u8] = b"Inno Setup Setup Data (";
/// More is not decoded, nor held by its decoder.
const MOST: u64 = 256 << 20;
/// The mark's field, and what may stand behind it before the script: how it is encrypted.
const FIELD: usize = 64;
const BETWEEN: usize = 256;
/// The script is cut into pieces of this length, each behind its checksum.
const PIECE: usize = 4096;

/// Whether everything that may be a script stays within bounds.
pub(super) fn is_bounded(bytes: &[u8]) -> bool {
    memchr::memmem::find_iter(bytes, MARK).take(16).all(|at| {
        let mut at = at + FIELD;
        // The files' places follow the script, in a block like it.
        (0..2).all(|_| match block(bytes, at) {
            Some((begin, end, is_packed)) => {
                at = end;
                !is_packed || stays(bytes.get(begin..end).unwrap_or_default())
            }
            None => true,
        })
    })
}

/// The next block: where its pieces begin and end, and whether they are packed.
fn block(bytes: &[u8], from: usize) -> Option<(usize, usize, bool)> {
    for at in from..from + BETWEEN {
        let stated = u32_le(bytes, at)?;
        // The size has four bytes, or eight in the newest versions; then a byte that says whether it is packed.
        for length in [5, 9] {
            let header = bytes.get(at + 4..at + 4 + length)?;
            let mut crc = Crc::new();
            crc.update(header);
            if crc.sum() == stated {
                let begin = at + 4 + length;
                let size = usize::try_from(u32_le(header, 0)?).ok()?;
                let is_packed = header.last() != Some(&0);
                return Some((begin, begin.saturating_add(size).min(bytes.len()), is_packed));
            }
        }
    }
    None
}

fn stays(framed: &[u8]) -> bool {
    let packed: Vec<u8> =
        framed.chunks(PIECE + 4).flat_map(|piece| piece.get(4..).unwrap_or_default()).copied().collect();
    let counted = |mut reader: Box<dyn Read + '_>| {
        let mut most = (&mut reader).take(MOST);
        let _ = io::copy(&mut most, &mut io::sink());
        most.limit() > 0
    };
    if packed.first() == Some(&0x78) {
        return counted(Box::new(ZlibDecoder::new(packed.as_slice())));
    }
    // What asks for too much memory is told apart from what cannot be: that fails soon enough.
    let dictionary = u32_le(&packed, 1).unwrap_or_default();
    u64::from(dictionary) <= MOST && lzma(&packed).map_or(true, counted)
}
