//! LHA and LZH archives: headers of all four levels.
use std::io::{self, Read};
use std::ops::ControlFlow;

use delharc::LhaHeader;
use delharc::decode::{Decoder as _, DecoderAny};
use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};

use crate::field::{broken, range};
use crate::names::{link, odd, slashed};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "lha",
    revision: 1,
    title: "LHA, LZH archive (lh0, lh1, lh4 to lh7, lzs, lz4, lz5)",
    limitations: &["the methods lh2, lh3, lhx and those of PMarc are gaps"],
    accepts,
    unpack,
};

fn accepts(head: &Head<'_>) -> bool {
    begins(head.bytes)
}

/// A method between its dashes, and a level that there is.
fn begins(bytes: &[u8]) -> bool {
    let is_method = |method: &[u8]| matches!(method, [b'-', b'l', b'h' | b'z', b'0'..=b'9' | b'd' | b's' | b'x', b'-']);
    bytes.get(2..7).is_some_and(is_method) && bytes.get(20).is_some_and(|level| *level <= 3)
}

/// Whether a header stands here that reads as one, with the bytes of its member.
pub(crate) fn begins_whole(bytes: &[u8]) -> bool {
    let mut rest = bytes;
    let header = if begins(bytes) { LhaHeader::read(&mut rest).ok().flatten() } else { None };
    header.is_some_and(|header| range(rest, 0, header.compressed_size).is_some())
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let mut rest = source.bytes;
    loop {
        let at = (source.bytes.len() - rest.len()) as u64;
        // A zero where a header would say its length is the end.
        if matches!(rest.first(), None | Some(0)) && !begins(rest) {
            crate::frames::trailing(source.bytes, rest, members);
            return Ok(());
        }
        let header = match LhaHeader::read(&mut rest) {
            Ok(Some(header)) => header,
            Ok(None) => {
                crate::frames::trailing(source.bytes, crate::field::from(source.bytes, at), members);
                return Ok(());
            }
            Err(why) => {
                crate::frames::trailing(source.bytes, crate::field::from(source.bytes, at), members);
                return Err(broken(at, format!("a member's header cannot be read: {why}")));
            }
        };
        let whole = range(rest, 0, header.compressed_size);
        if offer(&header, whole.unwrap_or(rest), members).is_break() {
            return Ok(());
        }
        let Some(whole) = whole else { return Err(broken(at, "the archive breaks off in a member")) };
        rest = rest.get(whole.len()..).unwrap_or_default();
    }
}

fn offer(header: &LhaHeader, packed: &[u8], members: &mut dyn Members) -> ControlFlow<()> {
    let name = name(header);
    odd(members, &name);
    if header.is_directory() {
        // A link stands in the name, behind a bar.
        if let Some(bar) = name.iter().position(|byte| *byte == b'|')
            && let Some((from, to)) = name.split_at_checked(bar)
        {
            link(members, from, to.get(1..).unwrap_or_default(), false);
        }
        return ControlFlow::Continue(());
    }
    let member = Member { name: &name, stated_size: Some(header.original_size), ..Member::default() };
    let decoder = header.compression_method().ok().map(|method| DecoderAny::new_from_compression(method, packed));
    let Some(decoder) = decoder.filter(DecoderAny::is_supported) else {
        let method = header.compression.escape_ascii();
        let detail = format!("packed by method `{method}`, which nothing here decodes; {} bytes", packed.len());
        members.unseen(&member, Unseen::new(GapReason::Unsupported, detail));
        return members.stored(&member, packed);
    };
    members.streamed(&member, &mut Content { decoder, left: header.original_size, sum: 0, stated: header.file_crc })
}

/// Folders are parted by 0xFF where they stand by themselves, else as the system that wrote them does.
fn name(header: &LhaHeader) -> Vec<u8> {
    const NAME: u8 = 1;
    const FOLDER: u8 = 2;
    let (mut folder, mut file) = (Vec::new(), None);
    for extra in header.iter_extra() {
        match extra.split_first() {
            Some((&NAME, name)) => file = Some(name),
            Some((&FOLDER, path)) => {
                folder = path.iter().map(|byte| if *byte == 0xff { b'/' } else { *byte }).collect();
            }
            _ => {}
        }
    }
    let file = file.unwrap_or(&header.filename).split(|byte| *byte == 0).next().unwrap_or_default();
    let file = slashed(file.into());
    while folder.last() == Some(&b'/') {
        folder.pop();
    }
    crate::tree::join(&folder, &file)
}

/// What is decoded; its sum is compared once it is read.
struct Content<'a> {
    decoder: DecoderAny<&'a [u8]>,
    left: u64,
    sum: u16,
    stated: u16,
}

/// Decoded at once: where it breaks off, what came before in this piece is lost.
const STEP: usize = 16;

impl Read for Content<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 && !buffer.is_empty() && self.sum != self.stated {
            return Err(io::Error::other("its checksum does not agree with its content"));
        }
        let length = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        let mut read = 0;
        for piece in buffer.get_mut(..length).unwrap_or_default().chunks_mut(STEP) {
            match self.decoder.fill_buffer(piece) {
                Ok(()) => {}
                // The fault is met again when more is asked for.
                Err(_) if read > 0 => break,
                Err(why) => return Err(io::Error::other(why)),
            }
            self.sum = piece.iter().fold(self.sum, |sum, byte| folded(sum ^ u16::from(*byte)));
            read += piece.len();
        }
        self.left -= read as u64;
        Ok(read)
    }
}

/// One byte of the CRC-16 of ARC.
fn folded(sum: u16) -> u16 {
    (0..8).fold(sum, |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xa001 } else { sum >> 1 })
}
