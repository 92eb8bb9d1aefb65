//! Whole files and containers inside something else: behind an executable, in its resources, in a blob of firmware.
mod archives;
mod bytecode;
mod kinds;
mod machine;
mod marks;
mod noise;
mod opaque;
mod pictures;
mod programs;
mod seams;
mod streams;

use std::collections::VecDeque;
use std::ops::ControlFlow;

use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};

use self::kinds::{Carrier, KINDS, ZIP};
use self::marks::Marks;
use self::seams::seams;

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "embedded",
    revision: 4,
    title: "containers and executables inside executables, scripts and firmware",
    limitations: &[
        "found by their own marks and checked against their own headers; of a program in which much looks like noise that nothing explains, that is a gap",
        "of marks that only decoding can tell from chance, those that are met once 4 GiB were decoded are not tried; that is a gap",
    ],
    accepts,
    unpack,
};

/// The same for what others took for theirs by its first bytes, and what was nothing of theirs.
pub(crate) const LEFT: Unpacker = Unpacker { accepts: |head| is_searched(head) && holds(head), ..ENTRY };

/// What runs is searched, whatever else it is; of the rest, only what no other unpacker reads as a whole.
fn accepts(head: &Head<'_>) -> bool {
    let is_read_otherwise =
        |unpacker: &Unpacker| !(unpacker.id == ENTRY.id || IN_PART.contains(&unpacker.id)) && (unpacker.accepts)(head);
    is_searched(head) && (runs(head) || !super::UNPACKERS.iter().any(is_read_otherwise)) && holds(head)
}

fn is_searched(head: &Head<'_>) -> bool {
    head.bytes.len() >= SMALLEST && !is_plain_text(head.bytes)
}

/// Whether anything stands in it.
fn holds(head: &Head<'_>) -> bool {
    let mut places = Places::new(head);
    places.next().is_some()
        || places.carrier.is_spent()
        || !seams(&places.carrier).is_empty()
        || (runs(head)
            && !opaque::is_object(head.bytes)
            && (noise::is_likely(head.bytes) || !opaque::deflated(&places.carrier).is_empty()))
}

/// Text without a control character holds no file of these kinds: each has a byte in its head that no text has.
fn is_plain_text(bytes: &[u8]) -> bool {
    // Whole chunks at a time, without a way out in their midst, so that many bytes are looked at at once.
    let is_control = |byte: u8| byte < b' ' && !matches!(byte, b'\t' | b'\n' | b'\r' | b'\x0c');
    let holds_none = |chunk: &[u8]| !chunk.iter().fold(false, |any, byte| any | is_control(*byte));
    bytes.chunks(4096).all(holds_none) && std::str::from_utf8(bytes).is_ok()
}

/// Unpackers that do not look at the whole.
const IN_PART: [&str; 2] = [super::pdf::ENTRY.id, super::encoded_text::ENTRY.id];

pub(super) fn runs(head: &Head<'_>) -> bool {
    [b"MZ".as_slice(), b"\x7fELF", b"#!", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe"]
        .iter()
        .any(|magic| head.starts_with(magic))
}

/// Whether deflated streams are what it is made of: those of a program stand where noise begins, those of a page hold letters and
/// drawings, those of a Git pack its history.
fn has_its_own_streams(head: &Head<'_>) -> bool {
    runs(head) || (super::pdf::ENTRY.accepts)(head) || crate::git::part(head).is_some()
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
    let mut places = Places::new(&source.head());
    let mut found = 0;
    for (start, end) in seams(&places.carrier) {
        let Some(content) = source.bytes.get(start..end).filter(|_| !places.is_opened(start)) else { continue };
        found += 1;
        places.known.push((start, end));
        let name = format!("at-{start:#x}");
        if members.stored(&Member { name: name.as_bytes(), ..Member::default() }, content).is_break() {
            return Ok(());
        }
    }
    for Found { start, end, ending } in places.by_ref() {
        if found == MOST {
            let detail =
                format!("more than {MOST} things stand inside it; those from {start:#x} on were not looked at");
            members.gap(Unseen::new(GapReason::OverLimit, detail).over(start as u64, source.bytes.len() as u64));
            return Ok(());
        }
        found += 1;
        let Some(content) = source.bytes.get(start..end) else { continue };
        let name = format!("at-{start:#x}{ending}");
        if members.stored(&Member { name: name.as_bytes(), ..Member::default() }, content).is_break() {
            return Ok(());
        }
    }
    if runs(&source.head()) {
        found += opaque::offer(source, &mut places, members);
    }
    if places.carrier.is_spent() {
        let detail =
            "so much was decoded only to tell streams from chance that further marks of streams were not tried";
        members.gap(Unseen::new(GapReason::OverLimit, detail));
    } else if found == 0 {
        return Err(Malformed::NotThis);
    }
    Ok(())
}

/// Offers what stands, by its marks, in these pieces of the bytes.
pub fn within(bytes: &[u8], pieces: &[(usize, usize)], members: &mut dyn Members) -> ControlFlow<()> {
    let mut found = 0;
    for (from, to) in pieces {
        let Some(piece) = bytes.get(*from..*to) else { continue };
        let mut places = Places { until: 0, ..Places::new(&Head { bytes: piece, name: "" }) };
        for Found { start, end, ending } in places.by_ref() {
            let Some(content) = piece.get(start..end).filter(|_| found < MOST) else { break };
            found += 1;
            let name = format!("at-{:#x}{ending}", from + start);
            members.stored(&Member { name: name.as_bytes(), ..Member::default() }, content)?;
        }
        if places.carrier.is_spent() || found == MOST {
            let detail = "more of what no member holds looks like files than was tried";
            members.gap(Unseen::new(GapReason::OverLimit, detail).over(*from as u64, *to as u64));
            break;
        }
    }
    ControlFlow::Continue(())
}

/// All finds in order, none inside another.
struct Places<'a> {
    carrier: Carrier<'a>,
    marks: Marks<'a>,
    until: usize,
    /// Marks inside of what was found last, those nearest to its end: what begins there may go on behind it.
    within: VecDeque<(usize, usize)>,
    /// A mark that was met while these were waiting.
    met: Option<(usize, usize)>,
    /// A zip archive behind a stub is read as one with its stub.
    is_zip: bool,
    /// What other unpackers open under its own names: from where to where.
    opened: Vec<(usize, usize)>,
    /// What was found so far, whoever opens it.
    known: Vec<(usize, usize)>,
}

impl<'a> Places<'a> {
    fn new(head: &Head<'a>) -> Self {
        let is_zip = (super::zip::ENTRY.accepts)(head);
        Self {
            carrier: Carrier::new(head.bytes),
            marks: Marks::new(head.bytes, has_its_own_streams(head)),
            until: 1,
            within: VecDeque::new(),
            met: None,
            is_zip,
            known: Vec::new(),
            opened: super::inno::chunks(head.bytes).into_iter().chain(super::burn::containers(head.bytes)).collect(),
        }
    }

    fn is_opened(&self, start: usize) -> bool {
        self.opened.iter().any(|(begin, end)| (*begin..*end).contains(&start))
    }
}

/// So many of these marks are tried.
const NEAREST: usize = 16;
/// What ends nowhere in particular goes on behind everything.
const ENDLESS: [&str; 7] = [".rar", ".xar", ".rpm", ".wim", ".lzh", ".arj", ZIP];

impl Places<'_> {
    /// What begins here, if it is what its mark says.
    fn found(&self, start: usize, index: usize) -> Option<Found> {
        let kind = KINDS.get(index)?;
        let left = self.carrier.bytes.len().saturating_sub(start);
        let length = (kind.length)(&self.carrier, start).filter(|length| *length > 0 && *length <= left)?;
        Some(Found { start, end: start + length, ending: kind.ending })
    }

    /// What was found last may have been cut, and its header tell of bytes that are another file's: that file crosses its end.
    fn crossing(&mut self) -> Option<Found> {
        while let Some((start, index)) = self.within.pop_front() {
            let found = self.found(start, index).filter(|found| found.end > self.until);
            if found.as_ref().is_some_and(|found| !ENDLESS.contains(&found.ending)) {
                return found;
            }
        }
        None
    }
}

impl Iterator for Places<'_> {
    type Item = Found;

    fn next(&mut self) -> Option<Found> {
        loop {
            let met = self.met.take().or_else(|| self.marks.next());
            let place = match met {
                Some((at, index)) => match at.checked_sub(KINDS.get(index)?.offset).filter(|start| *start > 0) {
                    Some(start) if start < self.until => {
                        if self.within.len() == NEAREST {
                            self.within.pop_front();
                        }
                        self.within.push_back((start, index));
                        continue;
                    }
                    Some(start) => Some((start, index)),
                    None => continue,
                },
                None => None,
            };
            if let Some(found) = self.crossing() {
                (self.until, self.met) = (found.end, met);
                return Some(found);
            }
            let (start, index) = place?;
            if let Some((_, end)) = self.opened.iter().find(|(begin, end)| (*begin..*end).contains(&start)) {
                self.until = *end;
                self.marks.skip_to(self.until);
                continue;
            }
            if let Some(found) = self.found(start, index) {
                self.until = found.end;
                if found.ending == ZIP && self.is_zip {
                    self.marks.skip_to(self.until);
                    continue;
                }
                return Some(found);
            }
        }
    }
}
