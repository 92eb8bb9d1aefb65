//! xar archives, which macOS installs packages from: a table of contents in compressed XML, then a heap.
mod contents;

use std::io::{self, Read};

use flate2::bufread::ZlibDecoder;
use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};
use lzma_rust2::LzmaReader;

use self::contents::{Entry, entries};
use super::{bzip2, xz};
use crate::field::{broken, from, range, u64_be};
use crate::frames::Frames;

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "xar",
    revision: 1,
    title: "xar archive, macOS installer package",
    limitations: &["extended attributes are not offered", "a table of contents of more than 64 MiB is cut"],
    accepts,
    unpack,
};

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(b"xar!")
}

/// A longer table of contents is cut.
const TABLE: u64 = 64 << 20;

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let bytes = source.bytes;
    let header = bytes.get(4..6).and_then(|two| two.try_into().ok()).map(u16::from_be_bytes).map(u64::from);
    let (Some(header), Some(packed)) = (header, u64_be(bytes, 8)) else {
        return Err(broken(0, "the archive breaks off in its header"));
    };
    let heap = header.saturating_add(packed);
    let table = range(bytes, header, packed).unwrap_or_else(|| from(bytes, header));
    members.claims(table);
    members.leaves_rest();
    let mut text = Vec::new();
    let read = ZlibDecoder::new(table).take(TABLE).read_to_end(&mut text);
    for entry in entries(&text) {
        crate::names::odd(members, &entry.name);
        if let Some(link) = &entry.link {
            crate::names::link(members, &entry.name, link, true);
        }
        if offer(bytes, heap, &entry, members).is_break() {
            return Ok(());
        }
    }
    match read {
        Err(why) => Err(broken(header, format!("the table of contents breaks off: {why}"))),
        Ok(_) if text.is_empty() => Err(broken(header, "the table of contents is empty")),
        Ok(read) if read as u64 >= TABLE => Err(broken(header, "the table of contents is longer than 64 MiB")),
        Ok(_) => Ok(()),
    }
}

fn offer(bytes: &[u8], heap: u64, entry: &Entry, members: &mut dyn Members) -> std::ops::ControlFlow<()> {
    let Some(data) = &entry.data else { return std::ops::ControlFlow::Continue(()) };
    let member = Member { name: &entry.name, stated_size: Some(data.size), ..Member::default() };
    let start = heap.saturating_add(data.offset);
    let whole = range(bytes, start, data.packed);
    if whole.is_none() {
        let detail = format!("{} packed bytes are stated, {} are there", data.packed, from(bytes, start).len());
        members.unseen(&member, Unseen::new(GapReason::Malformed, detail).needing("an intact copy"));
    }
    let packed = whole.unwrap_or_else(|| from(bytes, start));
    members.claims(packed);
    match decoder(&data.style, packed) {
        None if data.style.is_empty() || data.style.ends_with("octet-stream") => members.stored(&member, packed),
        Some(Ok(mut decoder)) => members.streamed(&member, &mut decoder),
        Some(Err(why)) => {
            members.unseen(&member, Unseen::new(GapReason::Malformed, why.to_string()));
            members.stored(&member, packed)
        }
        None => {
            let detail = format!("packed as `{}`, {} bytes", data.style.escape_debug(), data.packed);
            members.unseen(&member, Unseen::new(GapReason::Unsupported, detail));
            members.stored(&member, packed)
        }
    }
}

/// By the content where that is plain: tools have called one packing by the name of another.
fn decoder<'a>(style: &str, packed: &'a [u8]) -> Option<io::Result<Box<dyn Read + 'a>>> {
    Some(Ok(match style {
        _ if style.ends_with("octet-stream") || style.is_empty() => return None,
        _ if packed.starts_with(b"\xfd7zXZ\0") => Box::new(Frames::new(packed, xz::open)),
        _ if packed.starts_with(b"BZh") => Box::new(Frames::new(packed, bzip2::open)),
        _ if style.ends_with("gzip") || style.ends_with("zlib") => Box::new(ZlibDecoder::new(packed)),
        _ if style.ends_with("lzma") => {
            let reader = LzmaReader::new_mem_limit(packed, xz::MEMORY, None);
            return Some(reader.map(|reader| Box::new(reader) as Box<dyn Read + 'a>));
        }
        _ => return None,
    }))
}
