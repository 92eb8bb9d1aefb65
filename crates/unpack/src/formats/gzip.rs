//! gzip (RFC 1952), several members one after another.
use std::io::{self, Read};

use flate2::bufread::MultiGzDecoder;
use interdict_model::{Head, Malformed, Member, Members, Source, Unpacker};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "gzip",
    revision: 1,
    title: "gzip",
    limitations: &["bytes behind the last member are stated and not decoded"],
    accepts,
    unpack,
};

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(b"\x1f\x8b\x08")
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let name = content_name(source.bytes, source.name);
    let mut content = Content { decoder: MultiGzDecoder::new(source.bytes), has_ended: false };
    let _ = members.streamed(&Member { name: name.as_bytes(), ..Member::default() }, &mut content);
    // What a receiver left in its midst says nothing of what stands behind it.
    let rest = if content.has_ended { content.decoder.into_inner() } else { &[] };
    if rest.iter().any(|byte| *byte != 0) && !rest.starts_with(b"\x1f\x8b") {
        let at = format!("offset {:#x}", source.bytes.len() - rest.len());
        return Err(Malformed::at(at, format!("{} bytes behind the last member are no gzip", rest.len())));
    }
    Ok(())
}

struct Content<'a> {
    decoder: MultiGzDecoder<&'a [u8]>,
    has_ended: bool,
}

impl Read for Content<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.decoder.read(buffer);
        self.has_ended = !matches!(read, Ok(1..));
        read
    }
}

/// The name in the header, else the container's without its ending.
pub(crate) fn content_name(bytes: &[u8], name: &str) -> String {
    const FEXTRA: u8 = 4;
    const FNAME: u8 = 8;
    let flags = bytes.get(3).copied().unwrap_or_default();
    let mut at = 10;
    if flags & FEXTRA != 0 {
        at += 2 + usize::from(crate::field::u16_le(bytes, at).unwrap_or_default());
    }
    let stated = bytes.get(at..).filter(|_| flags & FNAME != 0).and_then(|rest| {
        let end = rest.iter().take(4096).position(|byte| *byte == 0)?;
        rest.get(..end).filter(|name| !name.is_empty())
    });
    if let Some(stated) = stated {
        return String::from_utf8_lossy(stated).into_owned();
    }
    let lower = name.to_ascii_lowercase();
    let cut = |ending: &str| name.get(..name.len() - ending.len()).unwrap_or_default();
    match lower.rsplit_once('.') {
        Some((_, "tgz")) => format!("{}.tar", cut(".tgz")),
        Some((_, "gz")) => cut(".gz").to_owned(),
        _ => format!("{name}.content"),
    }
}
