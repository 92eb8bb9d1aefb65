//! Lines of a tag-value document: tags with their values, texts over many lines, and what is neither.
use std::borrow::Cow;

use memchr::{memchr, memchr_iter, memchr2, memmem, memrchr2};

/// A line that is longer is not read.
const LINE: usize = 16 << 20;
/// A text between `<text>` and `</text>` that is longer is not read.
const TEXT: usize = 64 << 20;

const OPEN: &str = "<text>";
const CLOSE: &str = "</text>";

/// What a line holds, and its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    pub(super) line: u32,
    pub(super) kind: Kind<'a>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    Pair {
        tag: &'a str,
        value: Cow<'a, str>,
        oddity: Option<&'static Oddity>,
    },
    /// A line without a colon.
    Other(&'a str),
    /// Longer than this limit; the bytes from and to.
    TooLong {
        limit: &'static str,
        from: usize,
        to: usize,
    },
}

/// What is wrong with a value and what is assumed.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Oddity {
    pub(super) wrong: &'static str,
    pub(super) assumed: &'static str,
}

static TWICE: Oddity = Oddity { wrong: "`</text>` stands twice", assumed: "one text up to the last" };
static BEHIND: Oddity = Oddity { wrong: "something stands behind `</text>`", assumed: "that it is part of the text" };
static NESTED: Oddity = Oddity { wrong: "`<text>` stands inside a text", assumed: "one text" };
static NEVER: Oddity = Oddity { wrong: "`<text>` is never closed", assumed: "that it ends with its line" };
static BEFORE_NEXT: Oddity =
    Oddity { wrong: "`<text>` is not closed before the next one opens", assumed: "that it ends with its line" };
static NUL: Oddity = Oddity { wrong: "a NUL character stands in the value", assumed: "the value without it" };

/// A reader of lines. Any of LF, CR and CRLF ends one.
#[derive(Clone, Debug)]
pub(super) struct Lines<'a> {
    text: &'a str,
    at: usize,
    line: u32,
    has_returns: bool,
    has_nul: bool,
    /// Where the next `</text>` stands that was looked for; behind the end where there is none.
    closing: usize,
}

impl<'a> Lines<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let has = |byte| memchr(byte, text.as_bytes()).is_some();
        // Most documents have neither.
        let odd = memchr2(b'\r', 0, text.as_bytes()).is_some();
        Self { text, at: 0, line: 0, has_returns: odd && has(b'\r'), has_nul: odd && has(0), closing: 0 }
    }

    /// Goes on with the line that holds this place, if it was not read yet.
    pub(super) fn seek(&mut self, place: usize) -> bool {
        let Some(unread) = self.text.get(self.at..place) else { return false };
        self.at += memrchr2(b'\n', b'\r', unread.as_bytes()).map_or(0, |end| end + 1);
        true
    }

    /// The next line without what ends it, and where it begins.
    #[inline]
    fn line(&mut self) -> Option<(usize, &'a str)> {
        let start = self.at;
        let rest = self.text.get(start..).filter(|rest| !rest.is_empty())?;
        let bytes = rest.as_bytes();
        let end = if self.has_returns { memchr2(b'\n', b'\r', bytes) } else { memchr(b'\n', bytes) };
        let length = end.unwrap_or(rest.len());
        self.at = start + length + 1;
        if self.has_returns && bytes.get(length..length + 2) == Some(b"\r\n") {
            self.at += 1;
        }
        self.line = self.line.saturating_add(1);
        Some((start, rest.get(..length)?))
    }

    /// A value that opens with `<text>`, which stands at `from`.
    fn text(&mut self, from: usize, first: &'a str) -> (Cow<'a, str>, Option<&'static Oddity>) {
        let inner = first.get(OPEN.len()..).unwrap_or_default();
        // Most texts open and close on one line.
        if let Some(plain) = inner.strip_suffix(CLOSE)
            && memchr(b'<', plain.as_bytes()).is_none()
        {
            return (Cow::Borrowed(plain.trim_ascii()), None);
        }
        let start = from + OPEN.len();
        if self.closing < start {
            let rest = self.text.get(start..).unwrap_or_default();
            self.closing = memmem::find(rest.as_bytes(), CLOSE.as_bytes()).map_or(usize::MAX, |at| start + at);
        }
        let Some(content) = self.text.get(start..self.closing.min(self.text.len() + 1)) else {
            return (Cow::Borrowed(inner.trim()), Some(&NEVER));
        };
        let is_nested = memmem::find(content.as_bytes(), OPEN.as_bytes());
        if is_nested.is_some_and(|at| opens_another(content.get(..at).unwrap_or_default())) {
            return (Cow::Borrowed(inner.trim()), Some(&BEFORE_NEXT));
        }
        if start + content.len() + CLOSE.len() > self.at {
            self.at = start + content.len() + CLOSE.len();
            self.line = self.line.saturating_add(self.breaks(content));
            let numbered = self.line;
            self.line();
            self.line = numbered;
        }
        let whole = self.text.get(start..self.at.min(self.text.len())).unwrap_or_default().trim_end();
        let (value, behind) = whole.split_at_checked(content.len()).unwrap_or((whole, ""));
        let behind = behind.strip_prefix(CLOSE).unwrap_or(behind).trim();
        let oddity = match (behind.is_empty(), is_nested) {
            (false, _) if behind.ends_with(CLOSE) => Some(&TWICE),
            (false, _) => Some(&BEHIND),
            (true, Some(_)) => Some(&NESTED),
            (true, None) => return (Cow::Borrowed(value.trim()), None),
        };
        (Cow::Owned(whole.replace(OPEN, "").replace(CLOSE, "").trim().to_owned()), oddity)
    }

    fn breaks(&self, text: &str) -> u32 {
        let count = |byte| memchr_iter(byte, text.as_bytes()).count();
        let alone =
            if self.has_returns { count(b'\r') - memmem::find_iter(text.as_bytes(), "\r\n").count() } else { 0 };
        u32::try_from(count(b'\n') + alone).unwrap_or(u32::MAX)
    }
}

/// Whether the last line of this is a tag and its colon.
fn opens_another(before: &str) -> bool {
    let Some((_, last)) = before.rsplit_once(['\n', '\r']) else { return false };
    last.trim().strip_suffix(':').is_some_and(|tag| is_word(tag.trim_end()))
}

/// Whether this could be a tag, known or not.
pub(super) fn is_word(tag: &str) -> bool {
    const LONGEST: usize = 48;
    (1..=LONGEST).contains(&tag.len())
        && tag.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

impl<'a> Iterator for Lines<'a> {
    type Item = Entry<'a>;

    #[inline]
    fn next(&mut self) -> Option<Entry<'a>> {
        loop {
            let (start, raw) = self.line()?;
            let number = self.line;
            let line = match raw.as_bytes().first() {
                Some(b'A'..=b'Z') => raw,
                _ => raw.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}'),
            };
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let colon = memchr(b':', line.as_bytes()).unwrap_or(line.len());
            let value = line.get(colon + 1..).unwrap_or_default();
            let kept = value.trim_ascii_start();
            let is_text = kept.starts_with(OPEN);
            let (limit, most) = if is_text { ("a text of 64 MiB", TEXT) } else { ("a line of 16 MiB", LINE) };
            if raw.len() > most {
                return Some(Entry { line: number, kind: Kind::TooLong { limit, from: start, to: start + raw.len() } });
            }
            if colon == line.len() {
                return Some(Entry { line: number, kind: Kind::Other(line.trim_end()) });
            }
            let tag = line.get(..colon).unwrap_or_default();
            let (mut value, mut oddity) = if is_text {
                let from = start + (raw.len() - kept.len());
                let (value, oddity) = self.text(from, kept.trim_ascii_end());
                if value.len() > TEXT {
                    let to = from + value.len();
                    return Some(Entry { line: number, kind: Kind::TooLong { limit, from, to } });
                }
                (value, oddity)
            } else {
                (Cow::Borrowed(kept.trim_ascii_end()), None)
            };
            if self.has_nul && memchr(0, value.as_bytes()).is_some() {
                value = Cow::Owned(value.replace('\0', ""));
                oddity = Some(&NUL);
            }
            return Some(Entry { line: number, kind: Kind::Pair { tag, value, oddity } });
        }
    }
}
