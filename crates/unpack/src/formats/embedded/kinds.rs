//! What is looked for: a mark, where it stands in its file, and how long that file is, if it is one.
use std::cell::{Cell, OnceCell};

use memchr::memmem;

use super::{archives, bytecode, machine, programs, streams};
use crate::field::{from, u32_be, u32_le};
use crate::formats::{bzip2, inno, lz4, lzip, lzma, lzop, nsis, xz, zstd};

pub(super) struct Kind {
    pub(super) mark: &'static [u8],
    /// Of the mark in its file.
    pub(super) offset: usize,
    pub(super) ending: &'static str,
    /// Of the file that begins at this place; nothing where it is none.
    pub(super) length: fn(&Carrier<'_>, usize) -> Option<usize>,
    /// Whether it is looked for in programs by its mark: two letters more are one more pass over all their bytes, and streams
    /// are looked for in them where noise begins.
    pub(super) in_programs: bool,
}

pub(super) const ZIP: &str = ".zip";
pub(super) const PROGRAM: &[u8] = b"MZ";

const fn kind(mark: &'static [u8], ending: &'static str, length: fn(&Carrier<'_>, usize) -> Option<usize>) -> Kind {
    Kind { mark, offset: 0, ending, length, in_programs: true }
}

const fn outside(mark: &'static [u8], ending: &'static str, length: fn(&Carrier<'_>, usize) -> Option<usize>) -> Kind {
    Kind { in_programs: false, ..kind(mark, ending, length) }
}

pub(super) const KINDS: &[Kind] = &[
    kind(b"MSCF\0\0\0\0", ".cab", archives::cabinet),
    kind(b"7z\xbc\xaf\x27\x1c\0", ".7z", archives::seven_zip),
    kind(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".ole", archives::compound),
    kind(b"PK\x03\x04", ZIP, archives::zip),
    kind(b"Rar!\x1a\x07", ".rar", archives::rar),
    kind(b"xar!\0\x1c\0\x01", ".xar", archives::xar),
    kind(b"070701", ".cpio", archives::cpio),
    Kind { mark: b"ustar", offset: 257, ending: ".tar", length: archives::tar, in_programs: true },
    kind(b"\x1f\x8b\x08", ".gz", streams::gzip),
    kind(b"\xfd7zXZ\0", ".xz", |carrier, at| streams::stream(carrier, at, xz::open)),
    Kind {
        mark: b"1AY&SY",
        offset: 4,
        ending: ".bz2",
        length: |carrier, at| streams::stream(carrier, at, bzip2::open),
        in_programs: true,
    },
    kind(b"\x28\xb5\x2f\xfd", ".zst", |carrier, at| streams::stream(carrier, at, zstd::open)),
    kind(b"\x04\x22\x4d\x18", ".lz4", |carrier, at| streams::stream(carrier, at, lz4::open)),
    kind(b"\x02\x21\x4c\x18", ".lz4", |carrier, at| streams::stream(carrier, at, lz4::open)),
    // What the usual libraries write at their four levels.
    outside(b"\x78\x01", ".zlib", streams::zlib_outside),
    outside(b"\x78\x5e", ".zlib", streams::zlib_outside),
    outside(b"\x78\x9c", ".zlib", streams::zlib_outside),
    outside(b"\x78\xda", ".zlib", streams::zlib_outside),
    kind(b"\x5d\0\0", ".lzma", |carrier, at| streams::stream(carrier, at, lzma::open)),
    kind(b"hsqs", ".squashfs", archives::squashfs),
    Kind { mark: b"Compressed ROMFS", offset: 16, ending: ".cramfs", length: cramfs, in_programs: true },
    kind(b"-rom1fs-", ".romfs", romfs),
    kind(PROGRAM, ".exe", programs::portable),
    kind(b"\x7fELF", ".elf", programs::elf),
    kind(b"\xcf\xfa\xed\xfe", ".macho", machine::thin),
    kind(b"\xce\xfa\xed\xfe", ".macho", machine::thin),
    kind(b"\xfe\xed\xfa\xcf", ".macho", machine::thin),
    kind(b"\xfe\xed\xfa\xce", ".macho", machine::thin),
    kind(b"\xca\xfe\xba\xbe", ".cafebabe", |carrier, at| {
        machine::fat(carrier, at).or_else(|| bytecode::class(carrier, at))
    }),
    kind(b"dex\n0", ".dex", bytecode::dex),
    kind(b"!<arch>\n", ".a", archives::ar),
    kind(b"LZIP\x01", ".lz", |carrier, at| streams::stream(carrier, at, lzip::open)),
    kind(lzop::MAGIC, ".lzo", |carrier, at| streams::stream(carrier, at, lzop::open)),
    kind(b"\xed\xab\xee\xdb", ".rpm", archives::rpm),
    kind(b"MSWIM\0\0\0", ".wim", archives::wim),
    Kind { mark: b"-lh", offset: 2, ending: ".lzh", length: archives::lha, in_programs: true },
    Kind { mark: b"-lz", offset: 2, ending: ".lzh", length: archives::lha, in_programs: true },
    outside(b"\x60\xea", ".arj", archives::arj),
];

/// Bytes in which something may stand, and what was spent on finding out.
pub(super) struct Carrier<'a> {
    pub(super) bytes: &'a [u8],
    /// What may still be decoded only to tell a stream from chance.
    left: Cell<u64>,
    /// The last end of a zip archive, looked for once.
    end_of_zip: OnceCell<Option<usize>>,
    /// The last script of an installer, which is read with the program that it stands behind.
    script: OnceCell<Option<usize>>,
}

/// Decoded in all only to find out.
const TRIALS: u64 = 4 << 30;
/// What it costs to begin.
const BEGIN: u64 = 64 << 10;

impl<'a> Carrier<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, left: Cell::new(TRIALS), end_of_zip: OnceCell::new(), script: OnceCell::new() }
    }

    /// Everything from a place on.
    pub(super) fn from(&self, at: usize) -> &'a [u8] {
        from(self.bytes, at as u64)
    }

    /// Whether there is no more to spend.
    pub(super) fn is_spent(&self) -> bool {
        self.left.get() < BEGIN
    }

    /// Takes what was decoded from what may be.
    pub(super) fn spend(&self, made: u64) {
        self.spend_little(BEGIN.saturating_add(made));
    }

    /// The same, of a decoder that costs nothing to begin.
    pub(super) fn spend_little(&self, made: u64) {
        self.left.set(self.left.get().saturating_sub(made));
    }

    /// Where the last record stands that ends a zip archive.
    pub(super) fn end_of_zip(&self) -> Option<usize> {
        *self.end_of_zip.get_or_init(|| memmem::rfind(self.bytes, b"PK\x05\x06"))
    }

    /// Whether the script of an installer stands behind this place.
    pub(super) fn has_script(&self, at: usize) -> bool {
        let last = || [nsis::MARK, inno::MARK].iter().filter_map(|mark| memmem::rfind(self.bytes, mark)).max();
        self.script.get_or_init(last).is_some_and(|last| last >= at)
    }
}

fn cramfs(carrier: &Carrier<'_>, at: usize) -> Option<usize> {
    let held = carrier.from(at);
    let (size, is_known) = (u32_le(held, 4)?, held.starts_with(b"\x45\x3d\xcd\x28"));
    let size = if is_known { size } else { u32_be(held, 4).filter(|_| held.starts_with(b"\x28\xcd\x3d\x45"))? };
    usize::try_from(size).ok().map(|length| length.min(held.len()))
}

/// The words of the first block, of 512 bytes or as many as there are, add up to nothing.
fn romfs(carrier: &Carrier<'_>, at: usize) -> Option<usize> {
    let held = carrier.from(at);
    let size = usize::try_from(u32_be(held, 8)?).ok()?;
    let summed = held.get(..size.min(512))?;
    let (words, _) = summed.as_chunks::<4>();
    let sum = words.iter().fold(0_u32, |sum, word| sum.wrapping_add(u32::from_be_bytes(*word)));
    (sum == 0 && size >= 32).then(|| size.min(held.len()))
}
