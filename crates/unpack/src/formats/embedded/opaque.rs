//! What looks like noise in a program: compressed streams with hardly a mark are opened there, and what is left unexplained
//! is told.
use interdict_model::{GapReason, Head, Member, Members, Source, Unpacker, Unseen};

use super::kinds::Carrier;
use super::{ENTRY, IN_PART, Places, noise, pictures, programs, streams};
use crate::field::u32_le;
use crate::formats::{UNPACKERS, nsis, upx, zip};

/// Resources that one assembly has.
const MOST: usize = 65_536;
/// What is shorter is no library.
const SHORTEST: usize = 512;

/// So far before noise begins may a stream's head stand: what is packed first is often not even.
const AHEAD: usize = 1 << 20;

/// Whether this is code to be linked, of which nothing can unpack anything by itself: ciphers and curves have tables in theirs
/// that no one can tell from noise. A module of the Linux kernel is such a file too, and is loaded as it is.
pub(super) fn is_object(bytes: &[u8]) -> bool {
    const MODULE: &[u8] = b".gnu.linkonce.this_module";
    bytes.starts_with(b"\x7fELF")
        && matches!((bytes.get(5), bytes.get(16..18)), (Some(1), Some([1, 0])) | (Some(2), Some([0, 1])))
        && memchr::memmem::find(bytes, MODULE).is_none()
}

/// Opens what can be, and says what cannot; how much was opened.
pub(super) fn offer(source: &Source<'_>, places: &mut Places<'_>, members: &mut dyn Members) -> usize {
    let bytes = source.bytes;
    if is_object(bytes) || (upx::ENTRY.accepts)(&source.head()) {
        return 0;
    }
    let mut found = 0;
    for (start, end) in deflated(&places.carrier) {
        found += 1;
        places.known.push((start, end));
        let name = format!("at-{start:#x}.deflate");
        let member = Member { name: name.as_bytes(), ..Member::default() };
        let packed = bytes.get(start..end).unwrap_or_default();
        if members.streamed(&member, &mut flate2::bufread::DeflateDecoder::new(packed)).is_break() {
            return found;
        }
    }
    let rows = noise::rows(bytes);
    if rows.is_empty() {
        return found;
    }
    let mut explained = std::mem::take(&mut places.known);
    explained.extend(places.opened.iter().copied());
    explained.extend(nsis::data(bytes));
    explained.extend(pictures::ranges(bytes));
    explained.extend(overlay(source, places));
    let explained = noise::merged(explained);
    let is_explained = |at: usize| {
        let next = explained.partition_point(|(_, to)| *to <= at);
        explained.get(next).is_some_and(|(from, _)| *from <= at)
    };
    let ahead = rows.iter().map(|(start, end)| (start.saturating_sub(AHEAD), *end)).collect();
    let mut until = 0;
    for (from, to) in noise::merged(ahead) {
        for start in memchr::memchr_iter(b'\x78', bytes.get(from..to).unwrap_or_default()).map(|at| from + at) {
            let is_mark = matches!(bytes.get(start + 1), Some(1 | 0x5e | 0x9c | 0xda));
            if start < until || !is_mark || is_explained(start) {
                continue;
            }
            let Some(length) = streams::zlib(&places.carrier, start) else { continue };
            (found, until) = (found + 1, start + length);
            places.known.push((start, until));
            let name = format!("at-{start:#x}.zlib");
            let member = Member { name: name.as_bytes(), ..Member::default() };
            let packed = bytes.get(start..until).unwrap_or_default();
            if members.streamed(&member, &mut flate2::bufread::ZlibDecoder::new(packed)).is_break() {
                return found;
            }
        }
    }
    places.known.extend(explained);
    let explained = noise::merged(std::mem::take(&mut places.known));
    if let Some((all, (start, end))) = noise::unexplained(bytes, &rows, &explained) {
        let detail = format!(
            "{all:#x} bytes look like noise and nothing explains them, the most in a row at offset {start:#x}: it is packed or encrypted"
        );
        let gap = Unseen::new(GapReason::Packed, detail).over(start as u64, end as u64);
        members.gap(gap.needing("the program as it was before it was packed"));
    }
    found
}

/// Resources of a .NET assembly that are one deflated stream each, as tools leave them that put libraries into a program.
pub(super) fn deflated(carrier: &Carrier<'_>) -> Vec<(usize, usize)> {
    let all = assembly(carrier.bytes).unwrap_or_default().into_iter();
    let is_deflated = |(start, end): &(usize, usize)| {
        let packed = carrier.bytes.get(*start..*end).unwrap_or_default();
        !carrier.is_spent() && packed.len() >= SHORTEST && streams::is_deflated(carrier, packed)
    };
    all.filter(is_deflated).collect()
}

/// What stands behind a program, where another unpacker takes the whole for its own; a zip archive's place is known.
fn overlay(source: &Source<'_>, places: &Places<'_>) -> Option<(usize, usize)> {
    let head = Head { bytes: source.bytes, name: source.name };
    let opens = |unpacker: &&Unpacker| {
        ![ENTRY.id, nsis::ENTRY.id, zip::ENTRY.id].contains(&unpacker.id)
            && !IN_PART.contains(&unpacker.id)
            && (unpacker.accepts)(&head)
    };
    UNPACKERS.iter().find(opens)?;
    let end = programs::portable_end(source.bytes).map(|(_, end)| end).or_else(|| programs::elf(&places.carrier, 0));
    Some((end.unwrap_or(0), source.bytes.len()))
}

/// The resources of a .NET assembly (ECMA-335 II.24.2.4, II.25.3.3), each behind its length.
fn assembly(bytes: &[u8]) -> Option<Vec<(usize, usize)>> {
    let clr = programs::directory(bytes, 14)?;
    let place = programs::place(bytes, u32_le(bytes, clr + 24)?)?;
    let end = place.checked_add(usize::try_from(u32_le(bytes, clr + 28)?).ok()?)?.min(bytes.len());
    let (mut at, mut all) = (place, Vec::new());
    while at < end && all.len() < MOST {
        let start = at + 4;
        let Some(until) = u32_le(bytes, at).and_then(|length| start.checked_add(usize::try_from(length).ok()?)) else {
            break;
        };
        if until > end {
            break;
        }
        all.push((start, until));
        at = place + (until - place).next_multiple_of(8);
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_code_to_be_linked_and_kernel_modules_are_not() {
        let elf =
            |kind: u8, name: &[u8]| [b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0", [kind, 0].as_slice(), name].concat();
        for (bytes, want) in [
            (elf(1, b".rodata"), true),
            (elf(1, b".gnu.linkonce.this_module"), false),
            (elf(2, b".rodata"), false),
            (elf(3, b".rodata"), false),
            (b"MZ".to_vec(), false),
        ] {
            assert_eq!(is_object(&bytes), want);
        }
    }
}
