//! How long compressed streams are that begin at a place: they are decoded to their ends, as their marks are weak.
use std::io::Read as _;

use interdict_model::Head;

use super::kinds::Carrier;
use crate::frames::{Frames, Next};

/// Decoding only to find an end stops here.
const TRIAL: u64 = 512 << 20;
/// What decodes this far before it breaks off was no accident.
const MEANT: u64 = 16 * 1024;

/// Three bytes are a weak mark: the header must be one that is written, and the content must decode.
pub(super) fn gzip(carrier: &Carrier<'_>, at: usize) -> Option<usize> {
    let held = carrier.from(at);
    let is_sane = held.get(3)? & 0xe0 == 0 && matches!(held.get(8)?, 0 | 2 | 4) && matches!(held.get(9)?, 0..=13 | 255);
    if !is_sane || carrier.is_spent() {
        return None;
    }
    let mut decoder = flate2::bufread::GzDecoder::new(held);
    let mut most = (&mut decoder).take(TRIAL);
    let told = std::io::copy(&mut most, &mut std::io::sink());
    let made = TRIAL - most.limit();
    carrier.spend(made);
    let rest = decoder.into_inner().len();
    taken(told.is_ok(), made, held.len(), rest)
}

/// Two bytes are hardly a mark: the content must decode to its end and agree with its checksum.
pub(super) fn zlib(carrier: &Carrier<'_>, at: usize) -> Option<usize> {
    const SHORTEST: usize = 64;
    let held = carrier.from(at);
    if !matches!(held.get(..2)?, b"\x78\x01" | b"\x78\x5e" | b"\x78\x9c" | b"\x78\xda") || carrier.is_spent() {
        return None;
    }
    let mut decoder = flate2::bufread::ZlibDecoder::new(held);
    let mut most = (&mut decoder).take(TRIAL);
    let told = std::io::copy(&mut most, &mut std::io::sink());
    let made = TRIAL - most.limit();
    carrier.spend_little(made + 1024);
    let taken = held.len().checked_sub(decoder.into_inner().len())?;
    (told.is_ok() && (1..TRIAL).contains(&made) && taken >= SHORTEST).then_some(taken)
}

/// The same outside of programs, in which they are looked for where noise begins; the pixels of a picture belong to it.
pub(super) fn zlib_outside(carrier: &Carrier<'_>, at: usize) -> Option<usize> {
    const RESERVED: u8 = 6;
    let is_pixels = at.checked_sub(4).is_some_and(|before| carrier.from(before).starts_with(b"IDAT"));
    let begins = carrier.from(at).get(2).is_some_and(|first| first & RESERVED != RESERVED);
    if is_pixels || !begins || super::runs(&Head { bytes: carrier.bytes, name: "" }) {
        return None;
    }
    zlib(carrier, at)
}

/// Whether all of this is one deflated stream, without any mark.
pub(super) fn is_deflated(carrier: &Carrier<'_>, packed: &[u8]) -> bool {
    let mut decoder = flate2::bufread::DeflateDecoder::new(packed);
    let mut most = (&mut decoder).take(TRIAL);
    let told = std::io::copy(&mut most, &mut std::io::sink());
    let made = TRIAL - most.limit();
    carrier.spend(made);
    told.is_ok() && (1..TRIAL).contains(&made) && decoder.into_inner().is_empty()
}

pub(super) fn stream<'a>(carrier: &Carrier<'a>, at: usize, open: fn(&'a [u8]) -> Next<'a>) -> Option<usize> {
    let held = carrier.from(at);
    if carrier.is_spent() || matches!(open(held), Next::End) {
        return None;
    }
    let mut frames = Frames::new(held, open);
    let mut most = (&mut frames).take(TRIAL);
    let told = std::io::copy(&mut most, &mut std::io::sink());
    let made = TRIAL - most.limit();
    carrier.spend(made);
    taken(told.is_ok(), made, held.len(), frames.rest().len())
}

/// The length of a stream that came to its end; everything, of one that broke off late.
fn taken(is_whole: bool, made: u64, held: usize, rest: usize) -> Option<usize> {
    match (is_whole, made) {
        (true, 1..TRIAL) => held.checked_sub(rest),
        (true, TRIAL..) | (false, MEANT..) => Some(held),
        _ => None,
    }
}
