//! One member by one reading: decoded as its method says, and otherwise where only that agrees with its checksum.
use std::io::{self, Read};
use std::ops::ControlFlow;

use deflate64::Deflate64Decoder;
use flate2::Crc;
use flate2::bufread::DeflateDecoder;
use interdict_model::{GapReason, Member, Members, Unseen};
use lzma_rust2::LzmaReader;
use ppmd_rust::{Ppmd8Decoder, RestoreMethod};
use sha2::digest::DynDigest;

use super::{ENCRYPTED, Entry, Signed};
use crate::field::{from, range, u16_le, u32_le};
use crate::formats::{bzip2, xz, zstd};
use crate::frames::Frames;

/// Bit 1 of the flags of a member that LZMA packed.
const END_IS_MARKED: u16 = 2;
const STORED: u16 = 0;
const DEFLATED: u16 = 8;
const AES: u16 = 99;
/// Decoding only to compare a checksum stops here.
const TRIAL: u64 = 64 << 20;

/// What an entry holds, decoded as it says.
pub(super) fn content<'a>(bytes: &'a [u8], entry: &Entry<'_>, data: u64) -> Option<Box<dyn Read + 'a>> {
    let packed = range(bytes, data, entry.packed)?;
    match entry.method {
        _ if entry.flags & ENCRYPTED != 0 => None,
        STORED => Some(Box::new(packed)),
        method => decoder(entry, method, packed)?.ok(),
    }
}

/// Offers what the entry's bytes hold, and holds it against what the archive's manifest says of it.
pub(super) fn offer(
    bytes: &[u8],
    entry: &Entry<'_>,
    data: u64,
    signed: Option<&mut Signed>,
    members: &mut dyn Members,
) -> ControlFlow<()> {
    if entry.name.ends_with(b"/") && entry.size == 0 && entry.packed == 0 {
        return ControlFlow::Continue(());
    }
    let member = Member { name: entry.name, stated_size: Some(entry.size), ..Member::default() };
    let whole = range(bytes, data, entry.packed);
    let packed = whole.unwrap_or_else(|| from(bytes, data));
    if whole.is_none() {
        let detail = format!("{} packed bytes are stated, {} are there", entry.packed, packed.len());
        members.unseen(&member, Unseen::new(GapReason::Malformed, detail).needing("an intact copy"));
    }
    if entry.flags & ENCRYPTED != 0 || entry.method == AES {
        return locked(entry, packed, data, &member, members);
    }
    if entry.is_link {
        crate::names::link(members, entry.name, packed, false);
    }
    if let Some(other) = lie(entry, packed) {
        let detail =
            format!("its method is stated as {}, its checksum agrees with {other}; both were tried", entry.method);
        members.unseen(&member, Unseen::new(GapReason::Ambiguous, detail));
        decode(entry, other, packed, &member, None, members)?;
    } else if entry.method == STORED && whole.is_some() && !agrees(entry, STORED, packed) {
        let detail = "its checksum does not agree with its content";
        members.unseen(&member, Unseen::new(GapReason::Malformed, detail).needing("an intact copy"));
    }
    decode(entry, entry.method, packed, &member, signed, members)
}

/// The method that the checksum agrees with, where it is not the stated one. Some readers take every unknown method
/// for one of the two usual ones.
fn lie(entry: &Entry<'_>, packed: &[u8]) -> Option<u16> {
    let is_known = entry.method == STORED || decoder(entry, entry.method, packed).is_some();
    let is_whole = packed.len() as u64 == entry.size;
    if entry.method != STORED && is_whole && entry.crc.is_some() && agrees(entry, STORED, packed) {
        return Some(STORED);
    }
    let asks = !is_known || (entry.method == STORED && !agrees(entry, STORED, packed));
    (asks && agrees(entry, DEFLATED, packed)).then_some(DEFLATED)
}

fn decode(
    entry: &Entry<'_>,
    method: u16,
    packed: &[u8],
    member: &Member<'_>,
    signed: Option<&mut Signed>,
    members: &mut dyn Members,
) -> ControlFlow<()> {
    let mut hasher = signed.as_ref().and_then(|signed| signed.hasher(entry.name));
    if method == STORED {
        if let Some(hasher) = &mut hasher {
            hasher.update(packed);
        }
        if let Some(signed) = signed {
            signed.met(entry.name, hasher.map(DynDigest::finalize).as_deref(), members);
        }
        return members.stored(member, packed);
    }
    match decoder(entry, method, packed) {
        Some(Ok(inner)) => {
            let mut checked = Checked { inner, crc: Crc::new(), stated: entry.crc, hasher, is_read: false };
            let flow = members.streamed(member, &mut checked);
            if let Some(signed) = signed {
                let Checked { hasher, is_read, .. } = checked;
                signed.met(entry.name, hasher.filter(|_| is_read).map(DynDigest::finalize).as_deref(), members);
            }
            flow
        }
        Some(Err(why)) => {
            members.unseen(member, Unseen::new(GapReason::Malformed, why.to_string()));
            members.stored(member, packed)
        }
        None => {
            let detail = format!("packed by method {method}, which nothing here decodes; {} bytes", entry.packed);
            members.unseen(member, Unseen::new(GapReason::Unsupported, detail));
            members.stored(member, packed)
        }
    }
}

type Decoder<'a> = io::Result<Box<dyn Read + 'a>>;

/// The numbers of APPNOTE 6.3.10 §4.4.5.
fn decoder<'a>(entry: &Entry<'_>, method: u16, packed: &'a [u8]) -> Option<Decoder<'a>> {
    Some(Ok(match method {
        8 => Box::new(DeflateDecoder::new(packed)),
        9 => Box::new(Deflate64Decoder::new(packed)),
        12 => Box::new(Frames::new(packed, bzip2::open)),
        14 => return Some(lzma(entry, packed)),
        20 | 93 => Box::new(Frames::new(packed, zstd::open)),
        95 => Box::new(Frames::new(packed, xz::open)),
        98 => return Some(ppmd(entry, packed)),
        _ => return None,
    }))
}

/// A version, the length of the properties, the properties, the stream (§5.8); without a mark at its end it ends where
/// its size says (§4.4.4, bit 1).
fn lzma<'a>(entry: &Entry<'_>, packed: &'a [u8]) -> Decoder<'a> {
    let (Some(5), Some(&properties), Some(dictionary)) = (u16_le(packed, 2), packed.get(4), u32_le(packed, 5)) else {
        return Err(io::Error::other("the properties of its LZMA stream are not five bytes"));
    };
    let need = lzma_rust2::lzma_get_memory_usage_by_props(dictionary, properties)?;
    if need > xz::MEMORY {
        return Err(io::Error::other(format!("a dictionary of {dictionary} bytes")));
    }
    let size = if entry.flags & END_IS_MARKED == 0 { stated(entry) } else { u64::MAX };
    let stream = packed.get(9..).unwrap_or_default();
    Ok(Box::new(LzmaReader::new_with_props(stream, size, properties, dictionary, None)?))
}

/// The order, the mebibytes of its model and what is done when that is full, in two bytes; then the stream (§5.10).
fn ppmd<'a>(entry: &Entry<'_>, packed: &'a [u8]) -> Decoder<'a> {
    let word = u32::from(u16_le(packed, 0).unwrap_or_default());
    let restore = if word >> 12 == 0 { RestoreMethod::Restart } else { RestoreMethod::CutOff };
    let (order, memory) = ((word & 15) + 1, ((word >> 4 & 255) + 1) << 20);
    let stream = packed.get(2..).unwrap_or_default();
    let decoder = Ppmd8Decoder::new(stream, order, memory, restore).map_err(io::Error::other)?;
    Ok(Box::new(decoder.take(stated(entry))))
}

/// The size of the content; open where it follows the data.
fn stated(entry: &Entry<'_>) -> u64 {
    if entry.size == 0 { u64::MAX } else { entry.size }
}

/// A member that is marked as locked, but whose checksum agrees with what is plainly there, is not.
fn locked(
    entry: &Entry<'_>,
    packed: &[u8],
    data: u64,
    member: &Member<'_>,
    members: &mut dyn Members,
) -> ControlFlow<()> {
    if entry.method != AES && agrees(entry, entry.method, packed) {
        let detail = "marked as encrypted, which it is not; it was looked at";
        members.unseen(member, Unseen::new(GapReason::Ambiguous, detail));
        return decode(entry, entry.method, packed, member, None, members);
    }
    let unseen = Unseen::new(GapReason::Encrypted, format!("encrypted, {} bytes packed", entry.packed));
    members.unseen(member, unseen.over(data, data.saturating_add(entry.packed)).needing("the archive's password"));
    ControlFlow::Continue(())
}

/// Whether these bytes, by this method, have the stated checksum. Without one there is nothing to disagree with.
fn agrees(entry: &Entry<'_>, method: u16, packed: &[u8]) -> bool {
    let Some(stated) = entry.crc else { return method == STORED && entry.flags & ENCRYPTED == 0 };
    let mut crc = Crc::new();
    if method == STORED {
        crc.update(packed);
        return crc.sum() == stated;
    }
    let Some(Ok(decoder)) = decoder(entry, method, packed) else { return false };
    let mut checked = Checked { inner: decoder, crc, stated: None, hasher: None, is_read: false };
    let read = io::copy(&mut checked.by_ref().take(TRIAL), &mut io::sink());
    read.is_ok_and(|read| read > 0 || entry.size == 0) && checked.crc.sum() == stated
}

/// A decoder that tells a fault where its checksum does not agree in the end.
struct Checked<'a> {
    inner: Box<dyn Read + 'a>,
    crc: Crc,
    stated: Option<u32>,
    hasher: Option<Box<dyn DynDigest>>,
    /// Whether its end was met.
    is_read: bool,
}

impl Read for Checked<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.crc.update(buffer.get(..read).unwrap_or_default());
        if let Some(hasher) = &mut self.hasher {
            hasher.update(buffer.get(..read).unwrap_or_default());
        }
        self.is_read |= read == 0 && !buffer.is_empty();
        if read == 0 && !buffer.is_empty() && self.stated.is_some_and(|stated| stated != self.crc.sum()) {
            return Err(io::Error::other("its checksum does not agree with its content"));
        }
        Ok(read)
    }
}
