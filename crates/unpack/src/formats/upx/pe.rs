//! PE: one packed block that becomes the program as it lies in memory; its headers stand at the end of it.
use std::io;

use super::method::{decode, is_known};
use super::{MOST, Unpacked};
use crate::field::{u16_le, u32_le};

/// What UPX says of the block, from its mark on.
const PACK_HEADER: usize = 32;
const SECTION: usize = 40;
/// Loaders refuse far fewer.
const MOST_SECTIONS: usize = 256;
const DOS_HEADER: usize = 64;
const ALIGNMENT: usize = 0x200;
/// Directories whose tables are whole in the block: debug data, delayed imports, .NET.
const KEPT: &[usize] = &[6, 13, 14];
const DIRECTORIES: usize = 16;

/// The mark begins a header of 32 bytes; the block stands behind it.
pub(super) fn unpack(bytes: &[u8], mark: usize) -> io::Result<Unpacked> {
    let cut = || io::Error::from(io::ErrorKind::UnexpectedEof);
    let number = |at: usize| u32_le(bytes, mark + at).and_then(|number| usize::try_from(number).ok()).ok_or_else(cut);
    let method = bytes.get(mark + 6).copied().filter(|method| is_known(*method));
    let method = method.ok_or_else(|| io::Error::other("no method that is known"))?;
    let (unpacked, packed) = (number(16)?, number(20)?);
    if unpacked > MOST {
        return Err(io::Error::other(format!("{unpacked} bytes are more than the {MOST} that are unpacked")));
    }
    let start = mark + PACK_HEADER;
    let packed = start.checked_add(packed).and_then(|end| bytes.get(start..end)).ok_or_else(cut)?;
    let image = decode(method, packed, unpacked)?;
    let bytes =
        rebuilt(&image).ok_or_else(|| io::Error::other("the program's headers are not where they should be"))?;
    Ok(Unpacked { bytes, lost: 0 })
}

/// A file of the sections as they lie in memory, under the headers that stand behind them.
fn rebuilt(image: &[u8]) -> Option<Vec<u8>> {
    let headers = usize::try_from(u32_le(image, image.len().checked_sub(4)?)?).ok()?;
    let is_one = image.get(headers..)?.starts_with(b"PE\0\0");
    let count = usize::from(u16_le(image, headers + 6)?);
    // Stored without what follows the directories, whatever this says.
    let is_wide = u16_le(image, headers + 24)? == 0x20b;
    let (length, directories) = if is_wide { (0x108, 0x88) } else { (0xf8, 0x78) };
    let table = headers.checked_add(length)?;
    if !is_one || count > MOST_SECTIONS {
        return None;
    }
    let mut out = vec![0; DOS_HEADER];
    out.get_mut(..2)?.copy_from_slice(b"MZ");
    *out.get_mut(0x3c)? = u8::try_from(DOS_HEADER).ok()?;
    out.extend_from_slice(image.get(headers..table)?);
    for nth in (0..DIRECTORIES).filter(|nth| !KEPT.contains(nth)) {
        out.get_mut(DOS_HEADER + directories + nth * 8..)?.get_mut(..8)?.fill(0);
    }
    // No symbols: they lie behind what was packed.
    out.get_mut(DOS_HEADER + 12..DOS_HEADER + 20)?.fill(0);
    let size = u16::try_from(length - 24).ok()?.to_le_bytes();
    out.get_mut(DOS_HEADER + 20..DOS_HEADER + 22)?.copy_from_slice(&size);
    out.extend_from_slice(image.get(table..table.checked_add(count * SECTION)?)?);
    let base = usize::try_from(u32_le(image, table + 12)?).ok()?;
    for nth in 0..count {
        let field = |at: usize| usize::try_from(u32_le(image, table + nth * SECTION + at)?).ok();
        let (address, stored) = (field(12)?, field(16)?);
        let from = address.checked_sub(base)?.min(headers);
        let content = image.get(from..from.saturating_add(stored).min(headers))?;
        out.resize(out.len().next_multiple_of(ALIGNMENT), 0);
        let place = [u32::try_from(content.len()).ok()?, u32::try_from(out.len()).ok()?];
        let header = DOS_HEADER + length + nth * SECTION;
        for (field, value) in place.into_iter().enumerate() {
            out.get_mut(header + 16 + field * 4..)?.get_mut(..4)?.copy_from_slice(&value.to_le_bytes());
        }
        if out.len() + content.len() > 2 * MOST {
            return None;
        }
        out.extend_from_slice(content);
    }
    Some(out)
}
