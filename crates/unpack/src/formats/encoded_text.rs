//! Files that are written as text: uuencode and its base64 form (POSIX), and base64 or hexadecimal digits inside scripts, pages and settings.
mod lines;
mod runs;

use std::ops::ControlFlow;

use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};

use self::lines::{Block, blocks};
use self::runs::{Run, runs};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "encoded-text",
    revision: 1,
    title: "files inside text: uuencode, base64, hexadecimal digits",
    limitations: &[
        "base64 and hexadecimal digits of fewer than 256 characters, or that do not begin with what something here opens or runs, are left as they stand",
        "text in pieces that a program joins, and other encodings, are not read",
    ],
    accepts,
    unpack,
};

/// More are not looked for in one text.
const MOST: usize = 4096;

fn accepts(head: &Head<'_>) -> bool {
    is_text(head.bytes)
        && (blocks(head.bytes).next().is_some() || found(head.bytes).next().is_some())
        && !super::UNPACKERS.iter().any(|unpacker| !READ_BESIDE.contains(&unpacker.id) && (unpacker.accepts)(head))
}

/// What does not read the encodings of its own: messages and envelopes do.
const READ_BESIDE: [&str; 3] = [ENTRY.id, super::embedded::ENTRY.id, super::pdf::ENTRY.id];

/// What has a zero among its first bytes is no text of these kinds.
fn is_text(bytes: &[u8]) -> bool {
    const LOOK: usize = 4096;
    bytes.get(..bytes.len().min(LOOK)).is_some_and(|look| memchr::memchr(0, look).is_none())
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let mut count = 0;
    for block in blocks(source.bytes).take(MOST) {
        count += 1;
        let member = Member { name: block.name, ..Member::default() };
        if !block.is_ended {
            let unseen = Unseen::new(GapReason::Malformed, "the encoded file does not come to its end");
            members.unseen(&member, unseen.needing("an intact copy"));
        }
        if members.streamed(&member, &mut block.reader()).is_break() {
            return Ok(());
        }
    }
    for run in found(source.bytes).take(MOST) {
        count += 1;
        let name = format!("{}-at-{:#x}", run.encoding.name(), run.start);
        if offered(&run, &name, members).is_break() {
            return Ok(());
        }
    }
    if count == 0 { Err(Malformed::NotThis) } else { Ok(()) }
}

fn offered(run: &Run<'_>, name: &str, members: &mut dyn Members) -> ControlFlow<()> {
    members.streamed(&Member { name: name.as_bytes(), ..Member::default() }, &mut run.reader())
}

/// Runs outside of blocks whose content is something that is opened or run.
fn found(bytes: &[u8]) -> impl Iterator<Item = Run<'_>> {
    let taken: Vec<(usize, usize)> = blocks(bytes).take(MOST).map(|Block { start, end, .. }| (start, end)).collect();
    let is_free = move |run: &Run<'_>| !taken.iter().any(|(start, end)| (*start..*end).contains(&run.start));
    runs(bytes).filter(is_free).filter_map(Run::settled)
}
