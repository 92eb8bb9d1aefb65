//! A pull reader of JSON: one pass, borrowed strings, no recursion, and a place for every fault.
mod blocks;
mod keys;
mod scan;
mod text;

use std::borrow::Cow;

pub(crate) use self::keys::Keys;

/// What kind of value comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Object,
    Array,
    Text,
    Number,
    Bool,
    Null,
}

impl Kind {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Object => "an object",
            Self::Array => "a list",
            Self::Text => "a text",
            Self::Number => "a number",
            Self::Bool => "a truth value",
            Self::Null => "null",
        }
    }
}

/// Where the text stopped being JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) at: usize,
    pub(crate) expected: &'static str,
}

/// Something that is not JSON and was read all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Oddity {
    pub(crate) at: usize,
    pub(crate) wrong: &'static str,
    pub(crate) assumed: &'static str,
}

pub(crate) type Read<T> = Result<T, Fault>;

/// Oddities kept; a document with more of them is told as having these.
const ODDITIES: usize = 20;

/// A reader standing before a value, or inside containers that were opened and not yet read to their end.
#[derive(Clone, Debug)]
pub(crate) struct Json<'a> {
    text: &'a str,
    at: usize,
    /// The container was opened and nothing of it was read yet.
    fresh: bool,
    /// Reused by `skip`: which of the open containers are objects.
    open: Vec<bool>,
    /// Some readers of this format take a key in any case for the one that the standard writes.
    folds: bool,
    pub(crate) oddities: Vec<Oddity>,
}

impl<'a> Json<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, at: 0, fresh: false, open: Vec::new(), folds: false, oddities: Vec::new() }
    }

    /// The same, which reads keys that begin with a capital as those that the standard has: `Purl` and `PURL` as `purl`.
    pub(crate) fn folding(self) -> Self {
        Self { folds: true, ..self }
    }

    /// A second reader of the same text, standing before the value at this offset.
    pub(crate) fn again(&self, at: usize) -> Self {
        Self { text: self.text, at, fresh: false, open: Vec::new(), folds: self.folds, oddities: Vec::new() }
    }

    /// Goes on reading at a value's offset, or behind one.
    pub(crate) fn seek(&mut self, at: usize) {
        self.at = at;
        self.fresh = false;
    }

    pub(crate) fn offset(&self) -> usize {
        self.at
    }

    /// Whether this stands in the text more than once.
    pub(crate) fn mentions_again(&self, what: &str) -> bool {
        memchr::memmem::find_iter(self.text.as_bytes(), what.as_bytes()).nth(1).is_some()
    }

    /// Bytes of the whole text.
    pub(crate) fn size(&self) -> usize {
        self.text.len()
    }

    /// Where the next value begins.
    pub(crate) fn offset_of_value(&mut self) -> Read<usize> {
        self.kind()?;
        Ok(self.at)
    }

    #[inline]
    pub(crate) fn kind(&mut self) -> Read<Kind> {
        match self.peek() {
            Some(b'{') => Ok(Kind::Object),
            Some(b'[') => Ok(Kind::Array),
            Some(b'"') => Ok(Kind::Text),
            Some(b'-' | b'0'..=b'9') => Ok(Kind::Number),
            Some(b't' | b'f') => Ok(Kind::Bool),
            Some(b'n') => Ok(Kind::Null),
            _ => Err(self.fault("a value")),
        }
    }

    /// Steps into the object or list that comes next.
    pub(crate) fn open(&mut self) -> Read<()> {
        match self.peek() {
            Some(b'{' | b'[') => {
                self.at += 1;
                self.fresh = true;
                Ok(())
            }
            _ => Err(self.fault("an object or a list")),
        }
    }

    /// The next key of the object stepped into; `None` at its end. The key's value comes next.
    #[inline]
    pub(crate) fn key(&mut self) -> Read<Option<Cow<'a, str>>> {
        if !self.another(b'}', "`,` or `}` after a member of an object")? {
            return Ok(None);
        }
        if self.byte() == Some(b'"')
            && let Some(key) = self.plain()
        {
            self.colon()?;
            if key.as_bytes().first().is_some_and(u8::is_ascii_uppercase) && self.folds {
                return Ok(Some(self.key_folded(Cow::Borrowed(key))));
            }
            return Ok(Some(Cow::Borrowed(key)));
        }
        self.key_anew().map(Some)
    }

    /// A key as the standard would write it, which has none that begin with a capital but these.
    fn key_folded(&mut self, key: Cow<'a, str>) -> Cow<'a, str> {
        const CAPITAL: [&str; 5] = ["SPDXID", "Document", "Package", "File", "Snippet"];
        if CAPITAL.contains(&&*key) {
            return key;
        }
        self.odd(self.at, "a key that begins with a capital", "the key as the standard writes it");
        let is_loud = !key.bytes().any(|byte| byte.is_ascii_lowercase());
        let first = if is_loud { key.len() } else { 1 };
        let folded = key.char_indices().map(|(at, c)| if at < first { c.to_ascii_lowercase() } else { c });
        Cow::Owned(folded.collect())
    }

    /// The same for a key that holds escapes, or is none.
    #[cold]
    fn key_anew(&mut self) -> Read<Cow<'a, str>> {
        if self.peek() != Some(b'"') {
            return Err(self.fault("a key in double quotes"));
        }
        let start = self.at;
        let key = self.text()?;
        self.colon()?;
        if self.folds && key.starts_with(|c: char| c.is_ascii_uppercase()) && !key.contains(is_lost) {
            return Ok(self.key_folded(key));
        }
        if !key.contains(is_lost) {
            return Ok(key);
        }
        // Some readers end a key at a NUL, and some leave out what is no character: to them it is another key.
        self.odd(start, "a key with something in it that is no character", "the key without it");
        let (shown, _) = key.split_once('\0').unwrap_or((&key, ""));
        Ok(Cow::Owned(shown.replace(is_lost, "")))
    }

    /// Whether the list stepped into has another item, which then comes next.
    #[inline]
    pub(crate) fn item(&mut self) -> Read<bool> {
        self.another(b']', "`,` or `]` after an item of a list")
    }

    /// A text, a number or a truth value as it is written; `None` for anything else, which is read past.
    pub(crate) fn scalar(&mut self) -> Read<Option<Cow<'a, str>>> {
        match self.kind()? {
            Kind::Text => self.text().map(Some),
            Kind::Number | Kind::Bool => {
                let start = self.at;
                self.skip()?;
                Ok(self.text.get(start..self.at).map(Cow::Borrowed))
            }
            Kind::Object | Kind::Array | Kind::Null => self.skip().map(|()| None),
        }
    }

    /// Reads past one value, however deep, and returns it as it is written.
    #[cfg(test)]
    pub(crate) fn raw(&mut self) -> Read<&'a str> {
        self.kind()?;
        let start = self.at;
        self.skip()?;
        Ok(self.text.get(start..self.at).unwrap_or_default())
    }

    /// What stands under this key of the object that comes next, where it is a text, a number or a truth value.
    pub(crate) fn says(mut self, wanted: &str) -> Option<String> {
        self.open().ok()?;
        while let Some(key) = self.key().ok()? {
            if key == wanted {
                return self.scalar().ok()?.map(Cow::into_owned);
            }
            self.skip().ok()?;
        }
        None
    }

    /// Whether only white space is left.
    pub(crate) fn is_done(&mut self) -> bool {
        self.peek().is_none()
    }

    /// A fault at the next character.
    pub(crate) fn fault(&mut self, expected: &'static str) -> Fault {
        self.peek();
        Fault { at: self.at, expected }
    }

    /// `line 3, column 7` of an offset; both count from one, columns in characters.
    pub(crate) fn place(&self, at: usize) -> String {
        place(self.text, at)
    }

    /// What stands at a fault, in a few characters.
    pub(crate) fn stands(&self, at: usize) -> String {
        let mut rest = self.text.get(at..).unwrap_or_default().chars();
        let shown: String = rest.by_ref().take(16).take_while(|c| !c.is_control()).collect();
        if shown.is_empty() { "the end of the text".to_owned() } else { format!("`{shown}`") }
    }

    fn odd(&mut self, at: usize, wrong: &'static str, assumed: &'static str) {
        if self.oddities.len() < ODDITIES {
            self.oddities.push(Oddity { at, wrong, assumed });
        }
    }
}

/// Whether some readers have no such character in a text.
fn is_lost(character: char) -> bool {
    character.is_control() || character == char::REPLACEMENT_CHARACTER
}

/// `line 3, column 7` of an offset; both count from one, columns in characters.
pub(crate) fn place(text: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or(text);
    let line = memchr::memchr_iter(b'\n', before.as_bytes()).count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    format!("line {line}, column {column}")
}

#[cfg(test)]
mod tests;
