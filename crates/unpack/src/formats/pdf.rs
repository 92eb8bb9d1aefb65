//! PDF documents: the files that are attached to them.
mod filters;
mod objects;
mod value;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{ControlFlow, Range};

use encoding_rs::{UTF_16BE, UTF_16LE, WINDOWS_1252};
use interdict_model::{GapReason, Head, Malformed, Member, Members, Source, Unpacker, Unseen};

use self::filters::decoder;
use self::objects::{Objects, Stream};
use self::value::Value;
use crate::field::broken;
use crate::names::{odd, slashed};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "pdf",
    revision: 1,
    title: "files attached to PDF documents",
    limitations: &[
        "text, pictures, fonts and scripts of the pages are not looked at as artifacts",
        "attached files that are encrypted, or packed by LZW or with a predictor, are gaps",
    ],
    accepts,
    unpack,
};

const MARK: &[u8] = b"%PDF-";
/// It need not stand at the very beginning.
const LOOK: usize = 1024;

fn accepts(head: &Head<'_>) -> bool {
    let look = head.bytes.get(..head.bytes.len().min(LOOK)).unwrap_or_default();
    memchr::memmem::find(look, MARK).is_some()
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let bytes = source.bytes;
    let mut objects = Objects::read(bytes);
    if objects.last == 0 && !source.head().starts_with(MARK) {
        return Err(Malformed::NotThis);
    }
    for gap in std::mem::take(&mut objects.gaps) {
        members.gap(gap);
    }
    // Most documents have objects and nothing attached.
    if objects.last > 0 {
        members.entry(b"objects");
    }
    let mut names: BTreeMap<u32, Option<Vec<u8>>> = BTreeMap::new();
    for attached in &objects.attached {
        // With the streams, texts are encrypted too.
        let name = objects.name(attached).filter(|_| !objects.lock.is_some_and(|lock| lock.streams)).map(text);
        for file in objects.files(attached) {
            if objects.numbered(file).is_empty() {
                missing(file, name.as_deref(), members);
            }
            let held = names.entry(file).or_default();
            *held = held.take().or_else(|| name.clone());
        }
    }
    let mut told = BTreeSet::new();
    // A document that is attached as it is has objects of its own: they are its members, not this one's.
    let mut inner: Vec<Range<usize>> = Vec::new();
    let mut places = objects.streams().to_vec();
    places.sort_by_key(|(_, at)| *at);
    for place in places {
        let Some(stream) = objects.stream(bytes, place) else { continue };
        let is_file = stream.dictionary.is("Type", "EmbeddedFile") || names.contains_key(&stream.number);
        if !is_file || inner.last().is_some_and(|range| range.contains(&place.1)) {
            continue;
        }
        let name = names.get(&stream.number).cloned().flatten();
        let name = name.unwrap_or_else(|| format!("object-{}", stream.number).into_bytes());
        if told.insert(name.clone()) {
            odd(members, &name);
        }
        let is_locked = objects.lock.is_some_and(|lock| lock.files);
        let (flow, is_plain) = offer(&stream, &name, is_locked, members);
        if flow.is_break() {
            return Ok(());
        }
        if is_plain {
            let start = stream.raw.as_ptr().addr().saturating_sub(bytes.as_ptr().addr());
            inner.push(start..start + stream.raw.len());
        }
    }
    let behind = bytes.get(objects.last..).unwrap_or_default();
    if memchr::memmem::find(behind, b"%%EOF").is_none() {
        return Err(broken(bytes.len() as u64, "the document breaks off: what ends it is missing"));
    }
    Ok(())
}

/// Offers a stream's content; says whether it stands there as it is.
fn offer(stream: &Stream<'_>, name: &[u8], is_locked: bool, members: &mut dyn Members) -> (ControlFlow<()>, bool) {
    let stated = match stream.dictionary.get("Params") {
        Some(Value::Dictionary(parameters)) => parameters.number("Size"),
        _ => None,
    };
    let stated_size = stated.and_then(|size| u64::try_from(size).ok());
    let member = Member { name, stated_size, ..Member::default() };
    let go_on = (ControlFlow::Continue(()), false);
    let packed = stream.raw.len();
    if is_locked {
        let detail = format!("an attached file of {packed} bytes is encrypted");
        members
            .unseen(&member, Unseen::new(GapReason::Encrypted, detail).needing("the password, or a copy without one"));
        return go_on;
    }
    if stream.dictionary.get("F").is_some() {
        let detail = "the content of an attached file lies in a file beside the document";
        members.unseen(&member, Unseen::new(GapReason::Missing, detail).needing("the file beside the document"));
        return go_on;
    }
    if !stream.is_whole {
        let detail = format!("the stream does not end: {packed} bytes are there");
        members.unseen(&member, Unseen::new(GapReason::Malformed, detail).needing("an intact copy"));
    }
    match decoder(&stream.dictionary, stream.raw) {
        Ok(None) => (members.stored(&member, stream.raw), true),
        Ok(Some(mut content)) => (members.streamed(&member, &mut content), false),
        Err(why) => {
            members.unseen(&member, Unseen::new(GapReason::Unsupported, format!("{why}, {packed} bytes")));
            go_on
        }
    }
}

fn missing(number: u32, name: Option<&[u8]>, members: &mut dyn Members) {
    let unnamed = format!("object-{number}");
    let member = Member { name: name.unwrap_or(unnamed.as_bytes()), ..Member::default() };
    let detail = format!("an attached file is named, and the stream {number} that should hold it is not there");
    members.unseen(&member, Unseen::new(GapReason::Malformed, detail).needing("an intact copy"));
}

/// A text of the document: UTF-16 or UTF-8 by their marks, else its own letters, which are nearly those of Windows.
fn text(raw: &[u8]) -> Vec<u8> {
    let decoded = match raw {
        [0xfe, 0xff, rest @ ..] => UTF_16BE.decode_without_bom_handling(rest).0,
        [0xff, 0xfe, rest @ ..] => UTF_16LE.decode_without_bom_handling(rest).0,
        [0xef, 0xbb, 0xbf, rest @ ..] => return slashed(rest.into()).into_owned(),
        _ => WINDOWS_1252.decode_without_bom_handling(raw).0,
    };
    slashed(decoded.as_bytes().into()).into_owned()
}
