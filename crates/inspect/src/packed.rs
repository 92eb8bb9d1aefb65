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
/// Fewer bytes say nothing about how they are spread; more than these need not be counted.
const FEWEST: usize = 4096;
const MOST: usize = 4 << 20;
/// Bits that a byte carries: code has six, compressed and encrypted bytes nearly eight.
const NOISE: f64 = 7.5;

/// Says which packer a program was packed by, by the names of its sections or by UPX's mark; tells whether one is known.
pub(crate) fn observe<'a>(mut sections: impl Iterator<Item = &'a [u8]>, bytes: &[u8], sink: &mut Sink<'_>) -> bool {
    let by_name = sections.find_map(|name| SECTIONS.iter().find(|(start, _)| name.starts_with(start)));
    let packer = by_name.map(|(_, packer)| *packer);
    // A program that unpacks others holds the mark too, but among its data.
    let is_marked = memmem::find(clamped(bytes, 0, HEADERS), UPX).is_some();
    let Some(packer) = packer.or(is_marked.then_some("UPX")) else { return false };
    // Unpackers open what UPX left whole, and say where they cannot.
    if packer != "UPX" || !is_opened(bytes) {
        let detail = format!("packed by {packer}: what the program holds shows only once it is unpacked");
        sink.gap(Unseen::new(GapReason::Packed, detail).needing(BEFORE));
    }
    true
}

const BEFORE: &str = "the program as it was before it was packed";

/// Whether UPX packed it so that it is opened, which is done for ELF and PE: a method is named where its header has it, behind the mark, or in ELF in
/// front of the first block.
pub(crate) fn is_opened(bytes: &[u8]) -> bool {
    if !bytes.starts_with(b"\x7fELF") && !bytes.starts_with(b"MZ") {
        return false;
    }
    let Some(mark) = memmem::find(clamped(bytes, 0, HEADERS), UPX) else { return false };
    let at = mark.saturating_add(if bytes.starts_with(b"\x7fELF") { 28 } else { 6 });
    bytes.get(at).is_some_and(|method| matches!(method, 2..=10 | 14 | 15))
}

/// Says where most of a program looks like noise: it is compressed or encrypted, by whatever means.
pub(crate) fn observe_noise(bytes: &[u8], ranges: &[(usize, usize)], what: &str, sink: &mut Sink<'_>) {
    let Some((start, len)) = ranges.iter().copied().max_by_key(|(_, len)| *len) else { return };
    let bits = bits_a_byte(clamped(bytes, start, len.min(MOST)));
    if bits.is_some_and(|bits| bits > NOISE) {
        let detail =
            format!("{what}, and {len:#x} bytes from offset {start:#x} look like noise: it is packed or encrypted");
        sink.gap(Unseen::new(GapReason::Packed, detail).over(start as u64, (start + len) as u64).needing(BEFORE));
    }
}

/// How many bits a byte of these carries, by how often each value stands there.
fn bits_a_byte(bytes: &[u8]) -> Option<f64> {
    let mut counts = [0_u32; 256];
    for byte in bytes {
        if let Some(count) = counts.get_mut(usize::from(*byte)) {
            *count += 1;
        }
    }
    let total = u32::try_from(bytes.len()).ok().filter(|_| bytes.len() >= FEWEST).map(f64::from)?;
    let shares = counts.iter().filter(|count| **count > 0).map(|count| f64::from(*count) / total);
    Some(shares.map(|share| -share * share.log2()).sum())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_opens_is_not_opened() {
        let behind = |magic: &[u8]| [magic, &[0; 32], UPX, &[13, 9, 2, 8], &[0; 64]].concat();
        assert!(is_opened(&behind(b"MZ")));
        assert!(!is_opened(&behind(b"\xcf\xfa\xed\xfe")));
    }

    #[test]
    fn noise_is_told_from_text_and_code() {
        let noise: Vec<u8> = (0..16_384_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13 & 0xff) as u8).collect();
        assert!(bits_a_byte(&noise).is_some_and(|bits| bits > NOISE));
        assert!(bits_a_byte(&b"ordinary text of no secret at all. ".repeat(200)).is_some_and(|bits| bits < 5.0));
        assert_eq!(bits_a_byte(&[0; 8192]), Some(0.0));
        assert_eq!(bits_a_byte(&noise[..100]), None);
    }
}
