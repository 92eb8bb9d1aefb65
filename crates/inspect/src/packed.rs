//! Packers: programs whose code lies compressed or encrypted in the file, and that show little until they run.
use interdict_model::{GapReason, Sink, Unseen};
use memchr::memmem;

use crate::read::clamped;

/// Sections by which a packer is known, where their names begin so.
const SECTIONS: &[(&[u8], &str)] = &[
    (b"UPX0", "UPX"),
    (b"UPX1", "UPX"),
    (b".aspack", "ASPack"),
    (b".adata", "ASPack"),
    (b"PEC2", "PECompact"),
    (b"pec1", "PECompact"),
    (b".MPRESS", "MPRESS"),
    (b"MPRESS", "MPRESS"),
    (b".themida", "Themida"),
    (b".winlice", "WinLicense"),
    (b".vmp0", "VMProtect"),
    (b".vmp1", "VMProtect"),
    (b".petite", "Petite"),
    (b"nsp0", "NsPack"),
    (b".nsp0", "NsPack"),
    (b".enigma1", "Enigma Protector"),
    (b".svkp", "SVKP"),
    (b".yP", "Yoda's Protector"),
    (b".perplex", "Perplex"),
    (b"kkrunchy", "kkrunchy"),
    (b".boom", "Boomerang"),
];
/// UPX writes its mark behind the headers.
const UPX: &[u8] = b"UPX!";
const HEADERS: usize = 4096;

/// Says which packer a program was packed by, by the names of its sections or by UPX's mark.
pub(crate) fn observe<'a>(mut sections: impl Iterator<Item = &'a [u8]>, bytes: &[u8], sink: &mut Sink<'_>) {
    let by_name = sections.find_map(|name| SECTIONS.iter().find(|(start, _)| name.starts_with(start)));
    let packer = by_name.map(|(_, packer)| *packer);
    // A program that unpacks others holds the mark too, but among its data.
    let packer = packer.or_else(|| memmem::find(clamped(bytes, 0, HEADERS), UPX).map(|_| "UPX"));
    if let Some(packer) = packer {
        let detail = format!("packed by {packer}: what the program holds shows only once it is unpacked");
        sink.gap(Unseen::new(GapReason::Packed, detail).needing("the program as it was before it was packed"));
    }
}
