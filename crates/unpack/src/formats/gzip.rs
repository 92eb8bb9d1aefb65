//! gzip (RFC 1952), several members one after another.
use std::io;

use flate2::bufread::GzDecoder;
use interdict_model::{Head, Malformed, Members, Source, Unpacker};

use crate::frames::{Frame, Next, offer_as};

pub(crate) const ENTRY: Unpacker =
    Unpacker { id: "gzip", revision: 2, title: "gzip", limitations: &[], accepts, unpack };

const MAGIC: &[u8] = b"\x1f\x8b\x08";

fn accepts(head: &Head<'_>) -> bool {
    head.starts_with(MAGIC)
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    members.claims(source.bytes.get(head(source.bytes)..).unwrap_or_default());
    members.leaves_rest();
    offer_as(&content_name(source.bytes, source.name), source, open, members)
}

fn open(bytes: &[u8]) -> Next<'_> {
    if bytes.starts_with(MAGIC) { Next::Frame(Box::new(GzDecoder::new(bytes))) } else { Next::End }
}

impl<'a> Frame<'a> for GzDecoder<&'a [u8]> {
    fn rest(self: Box<Self>) -> io::Result<&'a [u8]> {
        Ok(self.into_inner())
    }
}

/// Where the first member's data begin, behind whatever its header holds.
fn head(bytes: &[u8]) -> usize {
    const HAS_CHECKSUM: u8 = 2;
    const HAS_EXTRA: u8 = 4;
    let flags = bytes.get(3).copied().unwrap_or_default();
    let mut at = 10;
    if flags & HAS_EXTRA != 0 {
        at += 2 + usize::from(crate::field::u16_le(bytes, at).unwrap_or_default());
    }
    // A name and a comment.
    for text in [8, 16] {
        let rest = bytes.get(at..).filter(|_| flags & text != 0);
        at += rest.map_or(0, |rest| memchr::memchr(0, rest).map_or(rest.len(), |end| end + 1));
    }
    at + if flags & HAS_CHECKSUM == 0 { 0 } else { 2 }
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

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::ops::ControlFlow;

    use interdict_model::{Member, Needles, Unseen};

    use super::*;

    /// Reads so many bytes of each content, as one does who meets a limit.
    struct Reader {
        most: u64,
        stored: Vec<Vec<u8>>,
        gaps: usize,
    }

    impl Members for Reader {
        fn stored(&mut self, _: &Member<'_>, bytes: &[u8]) -> ControlFlow<()> {
            self.stored.push(bytes.to_vec());
            ControlFlow::Continue(())
        }

        fn streamed(&mut self, _: &Member<'_>, bytes: &mut dyn Read) -> ControlFlow<()> {
            io::copy(&mut bytes.take(self.most), &mut io::sink()).unwrap();
            ControlFlow::Continue(())
        }

        fn inside(
            &mut self,
            _: &Member<'_>,
            go: &mut dyn FnMut(&mut dyn Members) -> ControlFlow<()>,
        ) -> ControlFlow<()> {
            go(self)
        }

        fn unseen(&mut self, _: &Member<'_>, _: Unseen) {
            self.gaps += 1;
        }

        fn gap(&mut self, _: Unseen) {
            self.gaps += 1;
        }

        fn asks_hidden(&self) -> bool {
            false
        }

        fn anomaly(&mut self, _: Option<&[u8]>, _: &'static str, _: String) {}
    }

    #[test]
    fn what_is_left_at_a_limit_is_not_called_broken() {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        packed.write_all(&vec![b'.'; 100_000]).unwrap();
        let mut bytes = packed.finish().unwrap();
        let one = bytes.len();
        bytes.extend(bytes.clone());
        bytes.extend(b"behind");
        for (most, behind) in [(10, None), (100_000, None), (150_000, None), (u64::MAX, Some(b"behind".to_vec()))] {
            let mut reader = Reader { most, stored: Vec::new(), gaps: 0 };
            let source = Source { bytes: &bytes, name: "a.gz", needles: &Needles::default() };
            assert_eq!(unpack(&source, &mut reader).is_err(), behind.is_some());
            assert_eq!((reader.stored.pop(), reader.gaps), (behind, 0), "{most} bytes of {one} packed twice");
        }
    }
}
