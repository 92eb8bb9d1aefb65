//! JSON written value by value, from documents that say the same in another form.
use std::collections::BTreeSet;
use std::ops::Range;

use crate::json::Json;

/// A writer of one JSON document; what is still open at the end is closed.
#[derive(Debug, Default)]
pub(crate) struct Compose {
    out: String,
    open: Vec<Open>,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    is_object: bool,
    is_empty: bool,
    /// A key is written and its value is not; what was written before the key.
    awaits: Option<usize>,
}

impl Compose {
    /// Bytes written so far.
    pub(crate) fn len(&self) -> usize {
        self.out.len()
    }

    /// Writes a key; returns where it stands, with its quotes.
    pub(crate) fn key(&mut self, key: &str) -> Range<usize> {
        let before = self.out.len();
        self.separate();
        let from = self.out.len();
        quote(key, &mut self.out);
        let written = from..self.out.len();
        self.colon(before);
        written
    }

    /// A key that was written before, once more.
    pub(crate) fn key_again(&mut self, written: Range<usize>) {
        let before = self.out.len();
        self.separate();
        self.copy(written);
        self.colon(before);
    }

    /// Takes a key back whose value never came.
    pub(crate) fn unkey(&mut self) {
        if let Some(open) = self.open.last_mut()
            && let Some(before) = open.awaits.take()
        {
            self.out.truncate(before);
            open.is_empty = self.out.ends_with('{');
        }
    }

    /// Writes a text; returns where it stands, with its quotes.
    pub(crate) fn text(&mut self, text: &str) -> Range<usize> {
        self.start();
        let from = self.out.len();
        quote(text, &mut self.out);
        from..self.out.len()
    }

    /// A value that is JSON as it stands: a number, a truth value, `null`.
    pub(crate) fn token(&mut self, token: &str) -> Range<usize> {
        self.start();
        let from = self.out.len();
        self.out.push_str(token);
        from..self.out.len()
    }

    /// Begins an object or a list; returns where its bracket stands.
    pub(crate) fn open(&mut self, is_object: bool) -> usize {
        self.start();
        let at = self.out.len();
        self.out.push(if is_object { '{' } else { '[' });
        self.open.push(Open { is_object, is_empty: true, awaits: None });
        at
    }

    pub(crate) fn close(&mut self) {
        if let Some(open) = self.open.pop() {
            if open.awaits.is_some() {
                self.out.push_str("null");
            }
            self.out.push(if open.is_object { '}' } else { ']' });
        }
    }

    /// A value that was written before, once more.
    pub(crate) fn again(&mut self, written: Range<usize>) {
        self.start();
        self.copy(written);
    }

    /// The members of objects that were written before, in the object that is open and whose bracket or first member
    /// stands at `from`; of members with one key the first stands.
    pub(crate) fn merge(&mut self, from: usize, written: &[Range<usize>]) {
        let mut keys = BTreeSet::new();
        let own = self.out.get(from..).unwrap_or_default();
        members(&format!("{{{}", own.trim_start_matches(['{', ','])), |key, _| {
            keys.insert(key);
        });
        let mut taken = Vec::new();
        for object in written {
            members(self.out.get(object.clone()).unwrap_or_default(), |key, at| {
                if keys.insert(key) {
                    taken.push(object.start + at.start..object.start + at.end);
                }
            });
        }
        for member in taken {
            self.separate();
            self.copy(member);
        }
    }

    /// The first character of what was written here.
    pub(crate) fn first(&self, written: &Range<usize>) -> Option<u8> {
        self.out.as_bytes().get(written.start).copied()
    }

    /// The whole document.
    pub(crate) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.out
    }

    fn copy(&mut self, written: Range<usize>) {
        if self.out.get(written.clone()).is_some() {
            self.out.extend_from_within(written);
        }
    }

    fn colon(&mut self, before: usize) {
        self.out.push(':');
        if let Some(open) = self.open.last_mut() {
            open.awaits = Some(before);
        }
    }

    /// Makes ready for a value.
    fn start(&mut self) {
        match self.open.last_mut() {
            Some(open) if open.is_object => open.awaits = None,
            _ => self.separate(),
        }
    }

    fn separate(&mut self) {
        if let Some(open) = self.open.last_mut() {
            if !open.is_empty {
                self.out.push(',');
            }
            open.is_empty = false;
        }
    }
}

/// Each member of an object that was written here, and where it stands; also of one that is not closed yet.
fn members(object: &str, mut each: impl FnMut(String, Range<usize>)) {
    let mut json = Json::new(object);
    let mut from = 1;
    if json.open().is_err() {
        return;
    }
    while let Ok(Some(key)) = json.key() {
        if json.skip().is_err() {
            break;
        }
        each(key.into_owned(), from..json.offset());
        // A comma stands between two members, and nothing else.
        from = json.offset() + 1;
    }
}

/// A text in double quotes.
fn quote(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f)) {
        let (plain, special) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(plain);
        match special.as_bytes().first() {
            Some(b'\n') => out.push_str("\\n"),
            Some(b'\t') => out.push_str("\\t"),
            Some(b'\r') => out.push_str("\\r"),
            Some(byte @ (b'"' | b'\\')) => out.extend(['\\', char::from(*byte)]),
            Some(byte) => {
                let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
                out.push_str("\\u00");
                out.extend([digit(byte >> 4), digit(byte & 15)]);
            }
            None => {}
        }
        rest = special.get(1..).unwrap_or_default();
    }
    out.push_str(rest);
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_json() {
        let mut compose = Compose::default();
        compose.open(true);
        compose.key("a\"\\");
        let from = compose.len();
        compose.open(true);
        compose.key("x");
        compose.text("é\n\t\u{1}");
        compose.close();
        let to = compose.len();
        compose.key("b");
        compose.open(false);
        compose.again(from..to);
        compose.token("1.0");
        let own = compose.open(true);
        compose.key("y");
        compose.token("2");
        compose.merge(own, &[from..to, from..to]);
        compose.key("z");
        compose.unkey();
        compose.key("z");
        let text = compose.finish();
        assert_eq!(
            text,
            r#"{"a\"\\":{"x":"é\n\t\u0001"},"b":[{"x":"é\n\t\u0001"},1.0,{"y":2,"x":"é\n\t\u0001","z":null}]}"#
        );
        assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
    }
}
