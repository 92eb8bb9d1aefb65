//! Whole files and containers inside something else: behind an executable, in its resources, in a blob of firmware.
mod kinds;

use std::ops::ControlFlow;

use interdict_model::{Head, Malformed, Member, Members, Source, Unpacker};
use memchr::memmem;

use self::kinds::{KINDS, ZIP};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "embedded",
    revision: 1,
    title: "containers and executables inside executables, scripts and firmware",
    limitations: &[
        "found by their own marks and checked against their own headers: what is encrypted or packed in an unknown way is not found",
    ],
    accepts,
    unpack,
};

/// What runs is searched, whatever else it is; of the rest, only what no other unpacker reads as a whole.
fn accepts(head: &Head<'_>) -> bool {
    let is_read_otherwise = |unpacker: &Unpacker| unpacker.id != ENTRY.id && (unpacker.accepts)(head);
    let is_searched = runs(head) || !super::UNPACKERS.iter().any(is_read_otherwise);
    head.bytes.len() >= SMALLEST && !is_plain_text(head.bytes) && is_searched && Places::new(head).next().is_some()
}

/// Text without a control character holds no file of these kinds: each has a byte in its head that no text has.
fn is_plain_text(bytes: &[u8]) -> bool {
    // Whole chunks at a time, without a way out in their midst, so that many bytes are looked at at once.
    let is_control = |byte: u8| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r' | b'\x0c');
    let holds_none = |chunk: &[u8]| !chunk.iter().fold(false, |any, byte| any | is_control(*byte));
    bytes.chunks(4096).all(holds_none) && std::str::from_utf8(bytes).is_ok()
}

fn runs(head: &Head<'_>) -> bool {
    [b"MZ".as_slice(), b"\x7fELF", b"#!", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe"]
        .iter()
        .any(|magic| head.starts_with(magic))
}

/// A carrier and what it carries.
const SMALLEST: usize = 128;
/// Found in one carrier.
const MOST: usize = 65_536;

/// Something that stands inside the bytes.
struct Found {
    start: usize,
    end: usize,
    ending: &'static str,
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let mut places = Places::new(&source.head()).take(MOST).peekable();
    if places.peek().is_none() {
        return Err(Malformed::NotThis);
    }
    for found in places {
        let Some(content) = source.bytes.get(found.start..found.end) else { continue };
        let name = format!("at-{:#x}{}", found.start, found.ending);
        if let ControlFlow::Break(()) = members.stored(&Member { name: name.as_bytes(), ..Member::default() }, content)
        {
            break;
        }
    }
    Ok(())
}

/// All finds in order, none inside another.
struct Places<'a> {
    bytes: &'a [u8],
    /// The next place of each kind's mark; nothing once there is none left.
    next: Vec<Option<usize>>,
    finders: Vec<memmem::Finder<'static>>,
    until: usize,
    /// A zip archive behind a stub is read as one with its stub.
    is_zip: bool,
}

impl<'a> Places<'a> {
    fn new(head: &Head<'a>) -> Self {
        let finders: Vec<_> = KINDS.iter().map(|kind| memmem::Finder::new(kind.mark)).collect();
        let is_zip = (super::zip::ENTRY.accepts)(head);
        let mut places = Self { bytes: head.bytes, next: vec![Some(0); finders.len()], finders, until: 1, is_zip };
        for kind in 0..places.next.len() {
            places.advance(kind, 0);
        }
        places
    }

    /// Goes to the next mark of a kind, from `from` on.
    fn advance(&mut self, kind: usize, from: usize) {
        let found = self.finders.get(kind).zip(self.bytes.get(from..)).and_then(|(finder, rest)| finder.find(rest));
        if let Some(place) = self.next.get_mut(kind) {
            *place = found.map(|at| from + at);
        }
    }
}

impl Iterator for Places<'_> {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            let places = self.next.iter().enumerate().filter_map(|(kind, at)| at.map(|at| (at, kind)));
            let (at, index) = places.min()?;
            let kind = KINDS.get(index)?;
            self.advance(index, at + 1);
            let Some(start) = at.checked_sub(kind.offset).filter(|start| *start >= self.until) else { continue };
            let held = self.bytes.get(start..).unwrap_or_default();
            if let Some(length) = (kind.length)(held).filter(|length| *length > 0 && *length <= held.len()) {
                self.until = start + length;
                if kind.ending == ZIP && self.is_zip {
                    continue;
                }
                return Some(Found { start, end: self.until, ending: kind.ending });
            }
        }
    }
}
