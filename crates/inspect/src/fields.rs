//! Metadata in lines of text: keys and values with their places, and the persons and packages that values name.
use std::borrow::Cow;

use interdict_model::{At, FactKind, Part, Sink};

use crate::read::{span, text};

/// The lines with their offsets, without their ends.
pub(crate) fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = bytes.get(at..).filter(|rest| !rest.is_empty())?;
        let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        let line = rest.get(..length)?;
        let start = at;
        at += length + 1;
        Some((start, line.strip_suffix(b"\r").unwrap_or(line)))
    })
}

/// One value and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Value<'a> {
    pub(crate) text: Cow<'a, str>,
    pub(crate) start: usize,
    pub(crate) length: usize,
}

impl<'a> Value<'a> {
    /// What is between these offsets, without the white space around it.
    pub(crate) fn new(bytes: &'a [u8], start: usize, end: usize) -> Self {
        let raw = bytes.get(start..end).unwrap_or_default();
        let trimmed = raw.trim_ascii_start();
        let start = start + (raw.len() - trimmed.len());
        let trimmed = trimmed.trim_ascii_end();
        Self { text: text(trimmed), start, length: trimmed.len() }
    }

    pub(crate) fn at(&self) -> At<'static> {
        span(self.start, self.length)
    }

    pub(crate) fn tell(&self, on: Part, kind: FactKind, sink: &mut Sink<'_>) {
        sink.fact_on(on, kind, &self.text, self.at());
    }

    /// The person or company of `Name <mail>`; each of several with commas between them.
    pub(crate) fn tell_people(&self, on: Part, kind: FactKind, sink: &mut Sink<'_>) {
        // A comma also stands inside of names: `Example, Inc. <mail>`.
        for person in self.text.split_inclusive('>') {
            sink.fact_on(on, kind, person_of(person), self.at());
        }
    }
}

/// `Name` of `Name <mail>`; the mail where there is nothing else.
pub(crate) fn person_of(text: &str) -> &str {
    let text = text.trim_matches(|c: char| c.is_whitespace() || c == ',');
    let name = text.split('<').next().unwrap_or_default().trim();
    if name.is_empty() { text.trim_matches(['<', '>']) } else { name }
}

/// A key and its value on one line.
pub(crate) fn pair<'a>(bytes: &'a [u8], at: usize, line: &'a [u8], mark: u8) -> Option<(Cow<'a, str>, Value<'a>)> {
    let cut = memchr::memchr(mark, line)?;
    let key = line.get(..cut)?.trim_ascii();
    let is_key = !key.is_empty() && key.len() < 64 && key.iter().all(u8::is_ascii_graphic);
    is_key.then(|| (text(key), Value::new(bytes, at + cut + 1, at + line.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn persons_without_their_mail() {
        for (raw, want) in [
            ("Example, Inc. <a@example.com>", "Example, Inc."),
            (", Second <b@example.com>", "Second"),
            ("<c@example.com>", "c@example.com"),
            ("Plain", "Plain"),
            ("", ""),
        ] {
            assert_eq!(person_of(raw), want);
        }
    }

    #[test]
    fn lines_and_pairs_know_their_places() {
        let bytes = b"a: 1\r\n\nKey =  two \nno";
        let all: Vec<_> = lines(bytes).collect();
        assert_eq!(all, [(0, b"a: 1".as_slice()), (6, b""), (7, b"Key =  two "), (19, b"no")]);
        let (key, value) = pair(bytes, 7, all[2].1, b'=').unwrap();
        assert_eq!((&*key, &*value.text, value.start, value.length), ("Key", "two", 14, 3));
        assert!(pair(bytes, 19, all[3].1, b'=').is_none());
    }
}
