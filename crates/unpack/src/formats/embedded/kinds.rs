//! What is looked for: a mark, where it stands in its file, and how long that file is, if it is one.
use std::io::Read as _;

use crate::field::{u16_le, u32_be, u32_le, u64_le};
use crate::formats::{bzip2, lzma, xz, zstd};
use crate::frames::{Frames, Next};

pub(super) struct Kind {
    pub(super) mark: &'static [u8],
    /// Of the mark in its file.
    pub(super) offset: usize,
    pub(super) ending: &'static str,
    /// Of the file whose first bytes these are; nothing where it is none.
    pub(super) length: fn(&[u8]) -> Option<usize>,
}

pub(super) const ZIP: &str = ".zip";

const fn kind(mark: &'static [u8], ending: &'static str, length: fn(&[u8]) -> Option<usize>) -> Kind {
    Kind { mark, offset: 0, ending, length }
}

pub(super) const KINDS: &[Kind] = &[
    kind(b"MSCF\0\0\0\0", ".cab", cabinet),
    kind(b"7z\xbc\xaf\x27\x1c\0", ".7z", seven_zip),
    kind(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".ole", compound),
    kind(b"PK\x03\x04", ZIP, zip),
    kind(b"Rar!\x1a\x07", ".rar", |held| Some(held.len())),
    kind(b"\x1f\x8b\x08", ".gz", gzip),
    kind(b"\xfd7zXZ\0", ".xz", |held| stream(held, xz::open)),
    Kind { mark: b"1AY&SY", offset: 4, ending: ".bz2", length: |held| stream(held, bzip2::open) },
    kind(b"\x28\xb5\x2f\xfd", ".zst", |held| stream(held, zstd::open)),
    kind(b"\x5d\0\0", ".lzma", |held| stream(held, lzma::open)),
    kind(b"hsqs", ".squashfs", squashfs),
    Kind { mark: b"Compressed ROMFS", offset: 16, ending: ".cramfs", length: cramfs },
    kind(b"-rom1fs-", ".romfs", |held| size(u32_be(held, 8)?)),
    kind(b"MZ", ".exe", portable),
    kind(b"\x7fELF", ".elf", elf),
];

fn size(number: u32) -> Option<usize> {
    usize::try_from(number).ok()
}

fn cabinet(held: &[u8]) -> Option<usize> {
    let is_sane = held.get(25) == Some(&1) && u32_le(held, 16)? >= 36 && u16_le(held, 26)? > 0;
    size(u32_le(held, 8)?).filter(|_| is_sane).map(|length| length.min(held.len()))
}

fn seven_zip(held: &[u8]) -> Option<usize> {
    let length = u64_le(held, 12)?.checked_add(u64_le(held, 20)?)?.checked_add(32)?;
    usize::try_from(length).ok()
}

fn compound(held: &[u8]) -> Option<usize> {
    let is_sane = matches!((u16_le(held, 26)?, u16_le(held, 30)?), (3, 9) | (4, 12)) && u16_le(held, 28)? == 0xfffe;
    is_sane.then_some(held.len())
}

/// Only one with a directory is taken; anything else that has the mark is more often a constant of a program.
fn zip(held: &[u8]) -> Option<usize> {
    let end = memchr::memmem::rfind(held, b"PK\x05\x06")?;
    let comment = usize::from(u16_le(held, end + 20)?);
    let name = usize::from(u16_le(held, 26)?);
    let is_sane = u16_le(held, 4)? < 100 && held.get(30..30 + name)?.iter().all(|byte| *byte >= b' ');
    (name > 0 && is_sane).then(|| (end + 22 + comment).min(held.len()))
}

fn squashfs(held: &[u8]) -> Option<usize> {
    let is_sane = u16_le(held, 28)? == 4 && u16_le(held, 30)? == 0 && u32_le(held, 12)?.is_power_of_two();
    usize::try_from(u64_le(held, 40)?).ok().filter(|_| is_sane).map(|length| length.min(held.len()))
}

fn cramfs(held: &[u8]) -> Option<usize> {
    let is_sane = held.starts_with(b"\x45\x3d\xcd\x28");
    size(u32_le(held, 4)?).filter(|_| is_sane).map(|length| length.min(held.len()))
}

/// To the end of its last section, or of its certificates where they follow.
fn portable(held: &[u8]) -> Option<usize> {
    let at = size(u32_le(held, 60)?).filter(|at| (64..4096).contains(at))?;
    if held.get(at..at + 4)? != b"PE\0\0" {
        return None;
    }
    let (sections, optional) = (usize::from(u16_le(held, at + 6)?), usize::from(u16_le(held, at + 20)?));
    let is_wide = match u16_le(held, at + 24)? {
        0x10b => false,
        0x20b => true,
        _ => return None,
    };
    let table = at + 24 + optional;
    let mut end = table + sections * 40;
    for section in 0..sections {
        let entry = table + section * 40;
        let (length, start) = (size(u32_le(held, entry + 16)?)?, size(u32_le(held, entry + 20)?)?);
        end = end.max(start.checked_add(length)?);
    }
    let certificates = at + 24 + if is_wide { 112 } else { 96 } + 32;
    if let (Some(start), Some(length)) = (u32_le(held, certificates), u32_le(held, certificates + 4)) {
        let (start, length) = (size(start)?, size(length)?);
        if start >= end && start - end < 4096 {
            end = start.saturating_add(length);
        }
    }
    (sections > 0).then(|| end.min(held.len()))
}

/// To the end of its section headers, or of its segments where they lie further.
fn elf(held: &[u8]) -> Option<usize> {
    let (is_wide, is_little) = match held.get(4..7)? {
        [class @ (1 | 2), order @ (1 | 2), 1] => (*class == 2, *order == 1),
        _ => return None,
    };
    if !is_little || !matches!(u16_le(held, 16)?, 1..=4) || u32_le(held, 20)? != 1 {
        return None;
    }
    let (at, entry, count) = if is_wide {
        (u64_le(held, 40)?, u16_le(held, 58)?, u16_le(held, 60)?)
    } else {
        (u64::from(u32_le(held, 32)?), u16_le(held, 46)?, u16_le(held, 48)?)
    };
    let end = at.checked_add(u64::from(entry) * u64::from(count))?;
    let end = usize::try_from(end).ok()?;
    (end >= 52).then_some(if end <= held.len() && at > 0 { end } else { held.len() })
}

/// Three bytes are a weak mark: the header must be one that is written, and the content must decode.
fn gzip(held: &[u8]) -> Option<usize> {
    let is_sane = held.get(3)? & 0xe0 == 0 && matches!(held.get(8)?, 0 | 2 | 4) && matches!(held.get(9)?, 0..=13 | 255);
    if !is_sane {
        return None;
    }
    let mut decoder = flate2::bufread::GzDecoder::new(held);
    let mut most = (&mut decoder).take(TRIAL);
    let told = std::io::copy(&mut most, &mut std::io::sink());
    let made = TRIAL - most.limit();
    let rest = decoder.into_inner().len();
    taken(told.is_ok(), made, held.len(), rest)
}

/// Decoding only to find an end stops here.
const TRIAL: u64 = 512 << 20;
/// What decodes this far before it breaks off was no accident.
const MEANT: u64 = 16 * 1024;

fn stream<'a>(held: &'a [u8], open: fn(&'a [u8]) -> Next<'a>) -> Option<usize> {
    let mut frames = Frames::new(held, open);
    let mut most = (&mut frames).take(TRIAL);
    let told = std::io::copy(&mut most, &mut std::io::sink());
    let made = TRIAL - most.limit();
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
