//! The path of the PDB file that the linker wrote.
use interdict_model::{FactKind, GapReason, Sink, Unseen};

use crate::pe_image::{Directory, Image};
use crate::read::{clamped, index, le32, span, text, until_zero};

/// Longest path read.
const LONGEST_PATH: usize = 16 * 1024;
/// Entries read of one directory.
const MOST_ENTRIES: usize = 256;
const CODE_VIEW: u32 = 2;

/// States every PDB path.
pub(super) fn observe(image: &Image<'_>, sink: &mut Sink<'_>) {
    let Some((address, size)) = image.directory(Directory::Debug).filter(|(at, _)| !image.is_zeros(*at)) else {
        return;
    };
    let Some(start) = image.offset_of(address) else {
        let detail = format!("the debug directory at address {address:#x} lies outside the file");
        sink.gap(Unseen::new(GapReason::Malformed, detail));
        return;
    };
    let entries = clamped(image.bytes, start, index(size));
    for entry in entries.chunks_exact(28).take(MOST_ENTRIES) {
        if le32(entry, 12) != Some(CODE_VIEW) {
            continue;
        }
        let stored = le32(entry, 24).map(index).filter(|at| *at != 0 && *at < image.bytes.len());
        let mapped = le32(entry, 20).filter(|address| *address != 0).and_then(|address| image.offset_of(address));
        let places = [stored, mapped];
        let Some((at, path)) = places.into_iter().flatten().find_map(|at| path(image.bytes, at)) else {
            let detail = "a CodeView entry of the debug directory holds no path that can be read";
            sink.gap(Unseen::new(GapReason::Malformed, detail));
            continue;
        };
        sink.fact(FactKind::DebugPath, &text(path), span(at, path.len()));
    }
}

/// The path of a `CodeView` record and where it stands.
fn path(bytes: &[u8], at: usize) -> Option<(usize, &[u8])> {
    let skip = match bytes.get(at..)?.first_chunk()? {
        b"RSDS" => 24,
        b"NB10" | b"NB09" => 16,
        _ => return None,
    };
    let at = at.checked_add(skip)?;
    Some((at, until_zero(bytes, at, LONGEST_PATH)?))
}
