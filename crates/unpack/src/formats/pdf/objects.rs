//! All objects of a PDF file, found by going through it: no table of places is believed, and no earlier version is passed over.
use std::collections::BTreeMap;
use std::io::Read as _;

use interdict_model::{GapReason, Unseen};

use super::filters::decoder;
use super::value::{Dictionary, Value, is_space, parse, skip};

/// What attachments are put together from.
#[derive(Default)]
pub(super) struct Objects {
    /// Streams with their dictionaries' places, those of one number in the order of the file.
    streams: Vec<(u32, usize)>,
    pub(super) attached: Vec<Attached>,
    /// Whole numbers, texts and lists of streams that stand as objects of their own.
    numbers: BTreeMap<u32, i64>,
    texts: BTreeMap<u32, Vec<u8>>,
    lists: BTreeMap<u32, Vec<u32>>,
    pub(super) lock: Option<Lock>,
    pub(super) gaps: Vec<Unseen>,
    /// Where the last object stands.
    pub(super) last: usize,
    /// Where streams end, in order.
    ends: Vec<usize>,
}

/// A file that the document names as one of its own.
pub(super) struct Attached {
    pub(super) name: Option<Vec<u8>>,
    named_by: Option<u32>,
    files: Vec<u32>,
    listed_by: Option<u32>,
}

/// What is encrypted.
#[derive(Clone, Copy)]
pub(super) struct Lock {
    pub(super) streams: bool,
    pub(super) files: bool,
}

/// A stream's dictionary and what it holds.
pub(super) struct Stream<'a> {
    pub(super) number: u32,
    pub(super) dictionary: Dictionary,
    pub(super) raw: &'a [u8],
    pub(super) is_whole: bool,
}

/// No honest file has more objects.
const MOST: usize = 4 << 20;
/// Objects in streams take no more together.
const INSIDE: u64 = 256 << 20;
/// Values that begin in others are read as often as this in all.
const AGAIN: usize = 8;
/// Between a stream and the word that ends it.
const END_OF_LINE: usize = 2;
const LONGEST_TEXT: usize = 4096;

impl Objects {
    pub(super) fn read(bytes: &[u8]) -> Self {
        let ends = memchr::memmem::find_iter(bytes, b"endstream").collect();
        let mut objects = Self { ends, ..Self::default() };
        let mut left = bytes.len().saturating_mul(AGAIN);
        let mut count = 0_usize;
        for at in memchr::memmem::find_iter(bytes, b"obj") {
            let Some(number) = number_before(bytes, at) else { continue };
            count += 1;
            let parsed = parse(bytes, at + 3);
            objects.last = at;
            let behind = skip(bytes, parsed.end);
            let Some(rest) = left.checked_sub(behind.saturating_sub(at)).filter(|_| count <= MOST) else {
                let detail =
                    format!("so many objects, or objects in each other, that those from {at:#x} on were not read");
                objects.gaps.push(Unseen::new(GapReason::OverLimit, detail));
                break;
            };
            left = rest;
            if bytes.get(behind..).is_some_and(|rest| rest.starts_with(b"stream")) {
                objects.streams.push((number, at + 3));
            }
            if parsed.is_cut {
                let detail = format!("object {number} at {at:#x} is too long or too deep to be read to its end");
                objects.gaps.push(Unseen::new(GapReason::OverLimit, detail));
            }
            objects.note(Some(number), &parsed.value);
        }
        objects.streams.sort_by_key(|(number, _)| *number);
        objects.inside(bytes);
        objects
    }

    /// Goes through a value for what says something of attachments.
    fn note(&mut self, number: Option<u32>, value: &Value) {
        match (number, value) {
            (Some(number), Value::Number(value)) => drop(self.numbers.insert(number, *value)),
            (Some(number), Value::Text(text)) if text.len() <= LONGEST_TEXT => {
                self.texts.insert(number, text.clone());
            }
            (Some(number), Value::Dictionary(dictionary)) => {
                let files = files(dictionary);
                if !files.is_empty() && dictionary.get("Type").is_none() {
                    self.lists.insert(number, files);
                }
                self.lock = self.lock.or_else(|| lock(dictionary));
            }
            _ => {}
        }
        let mut waiting = vec![value];
        while let Some(value) = waiting.pop() {
            match value {
                Value::List(list) => waiting.extend(list),
                Value::Dictionary(dictionary) => {
                    self.attached.extend(attached(dictionary));
                    waiting.extend(dictionary.values());
                }
                _ => {}
            }
        }
    }

    /// Objects that lie in streams of objects.
    fn inside(&mut self, bytes: &[u8]) {
        let (mut left, streams) = (INSIDE, std::mem::take(&mut self.streams));
        for place in &streams {
            let stream = self.stream(bytes, *place).filter(|stream| stream.dictionary.is("Type", "ObjStm"));
            let Some(stream) = stream else { continue };
            if self.lock.is_some_and(|lock| lock.streams) {
                let detail = "objects lie in streams that are encrypted: whether files are attached is not known";
                self.gaps
                    .push(Unseen::new(GapReason::Encrypted, detail).needing("the password, or a copy without one"));
                break;
            }
            let mut held = Vec::new();
            let fault = match decoder(&stream.dictionary, stream.raw) {
                Ok(None) => {
                    held.extend_from_slice(stream.raw);
                    None
                }
                Ok(Some(content)) => content.take(left).read_to_end(&mut held).err().map(|why| why.to_string()),
                Err(why) => Some(why),
            };
            left = left.saturating_sub(held.len() as u64);
            let what = format!("the stream of objects {}", stream.number);
            if let Some(why) = fault {
                let unseen = Unseen::new(GapReason::Malformed, format!("{what} cannot be read to its end: {why}"));
                self.gaps.push(unseen.needing("an intact copy"));
            }
            self.listed(&stream.dictionary, &held);
            if left == 0 {
                let detail = format!("{what} and those behind it were not read: they hold more than 256 MiB");
                self.gaps.push(Unseen::new(GapReason::OverLimit, detail));
                break;
            }
        }
        self.streams = streams;
    }

    /// A stream of objects begins with a list of their numbers and places.
    fn listed(&mut self, dictionary: &Dictionary, held: &[u8]) {
        let Some(first) = dictionary.number("First").and_then(|first| usize::try_from(first).ok()) else { return };
        let count = dictionary.number("N").unwrap_or_default();
        let (mut at, mut left) = (0, held.len().saturating_mul(AGAIN));
        for _ in 0..count {
            let [number, place] = [0; 2].map(|_| {
                let parsed = parse(held, at);
                at = parsed.end;
                matches!(parsed.value, Value::Number(_)).then_some(parsed.value)
            });
            let (Some(Value::Number(number)), Some(Value::Number(place))) = (number, place) else { break };
            let Some(from) = usize::try_from(place).ok().and_then(|place| place.checked_add(first)) else { continue };
            let parsed = parse(held, from);
            let Some(rest) = left.checked_sub(parsed.end.saturating_sub(from)) else { break };
            left = rest;
            self.note(u32::try_from(number).ok(), &parsed.value);
        }
    }

    /// The stream whose dictionary stands at a place.
    pub(super) fn stream<'a>(&self, bytes: &'a [u8], (number, at): (u32, usize)) -> Option<Stream<'a>> {
        let parsed = parse(bytes, at);
        let Value::Dictionary(dictionary) = parsed.value else { return None };
        let mut start = skip(bytes, parsed.end) + b"stream".len();
        start += usize::from(bytes.get(start) == Some(&b'\r'));
        start += usize::from(bytes.get(start) == Some(&b'\n'));
        let rest = bytes.get(start..).unwrap_or_default();
        let length = match dictionary.get("Length") {
            Some(Value::Number(length)) => Some(*length),
            Some(Value::Reference(number)) => self.numbers.get(number).copied(),
            _ => None,
        };
        let next_end = |from: usize| self.ends.get(self.ends.partition_point(|end| *end < from)).copied();
        let is_ended = |length: &usize| {
            let end = start.checked_add(*length);
            end.is_some_and(|end| next_end(end).is_some_and(|next| next <= end.saturating_add(END_OF_LINE)))
        };
        let stated = length.and_then(|length| usize::try_from(length).ok()).filter(is_ended);
        let found = stated.or_else(|| next_end(start).map(|end| end - start));
        let raw = rest.get(..found.unwrap_or(rest.len()))?;
        Some(Stream { number, dictionary, raw, is_whole: found.is_some() })
    }

    /// Every version of the stream of this number.
    pub(super) fn numbered(&self, number: u32) -> &[(u32, usize)] {
        let from = self.streams.partition_point(|(held, _)| *held < number);
        let until = self.streams.partition_point(|(held, _)| *held <= number);
        self.streams.get(from..until).unwrap_or_default()
    }

    pub(super) fn streams(&self) -> &[(u32, usize)] {
        &self.streams
    }

    /// Which streams hold a file, under all numbers that name one.
    pub(super) fn files(&self, attached: &Attached) -> Vec<u32> {
        let listed = attached.listed_by.and_then(|number| self.lists.get(&number));
        let mut files: Vec<u32> = attached.files.iter().chain(listed.into_iter().flatten()).copied().collect();
        files.sort_unstable();
        files.dedup();
        files
    }

    pub(super) fn name<'s>(&'s self, attached: &'s Attached) -> Option<&'s [u8]> {
        let named = || attached.named_by.and_then(|number| self.texts.get(&number));
        attached.name.as_ref().or_else(named).map(Vec::as_slice)
    }
}

/// `12 0 obj`: the number, from the word on backwards.
fn number_before(bytes: &[u8], at: usize) -> Option<u32> {
    let before = bytes.get(at.saturating_sub(40)..at)?;
    let generation = before.trim_ascii_end();
    let digits = |text: &[u8]| text.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let rest = generation.get(..generation.len() - digits(generation))?;
    let number = rest.trim_ascii_end();
    let number = number.get(number.len() - digits(number)..)?;
    let is_parted = rest.last().copied().is_some_and(is_space) && rest.len() < generation.len();
    std::str::from_utf8(number).ok()?.parse().ok().filter(|_| is_parted)
}

/// The streams under the keys of the systems that a file is for.
fn files(dictionary: &Dictionary) -> Vec<u32> {
    let keys = ["F", "UF", "DOS", "Mac", "Unix"];
    let stream = |key: &&str| match dictionary.get(key) {
        Some(Value::Reference(number)) => Some(*number),
        _ => None,
    };
    keys.iter().filter_map(stream).collect()
}

/// A specification of a file with the file beside it (ISO 32000-1 §7.11).
fn attached(dictionary: &Dictionary) -> Option<Attached> {
    let (files, listed_by) = match dictionary.get("EF")? {
        Value::Dictionary(list) => (files(list), None),
        Value::Reference(number) => (Vec::new(), Some(*number)),
        _ => return None,
    };
    let names = ["UF", "F", "Unix", "DOS", "Mac"].iter().filter_map(|key| dictionary.get(key));
    let (mut name, mut named_by) = (None, None);
    for held in names {
        match held {
            Value::Text(text) if name.is_none() && !text.is_empty() => name = Some(text.clone()),
            Value::Reference(number) if named_by.is_none() => named_by = Some(*number),
            _ => {}
        }
    }
    Some(Attached { name, named_by, files, listed_by })
}

/// What a dictionary of encryption says (ISO 32000-1 §7.6).
fn lock(dictionary: &Dictionary) -> Option<Lock> {
    let is_one = matches!(dictionary.get("Filter"), Some(Value::Name(_)))
        && dictionary.number("V").is_some()
        && (dictionary.get("O").is_some() || dictionary.get("SubFilter").is_some() || dictionary.get("CF").is_some());
    let is_named = |key: &str| matches!(dictionary.get(key), Some(Value::Name(name)) if name != b"Identity");
    let streams = dictionary.number("V").unwrap_or_default() < 4 || is_named("StmF");
    let files = if dictionary.get("EFF").is_some() { is_named("EFF") } else { streams };
    (is_one && dictionary.get("Type").is_none()).then_some(Lock { streams, files })
}
