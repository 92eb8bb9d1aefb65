//! Small documents in XML, tag by tag: names without prefixes, attributes, and the text that follows.
use std::borrow::Cow;

use memchr::memmem;

use crate::read::{clamped, text};

/// A tag that opens an element.
pub(crate) struct Tag<'a> {
    bytes: &'a [u8],
    /// Without prefix.
    pub(crate) name: &'a [u8],
    /// Where the attributes stand.
    attributes: (usize, usize),
    /// The text up to the next tag, and where it stands.
    pub(crate) text: &'a [u8],
    pub(crate) text_at: usize,
}

impl<'a> Tag<'a> {
    /// The value of an attribute and its place.
    pub(crate) fn attribute(&self, name: &str) -> Option<(Cow<'a, str>, usize, usize)> {
        let (start, end) = self.attributes;
        let mut at = start;
        while let Some(sign) = memchr::memchr(b'=', self.bytes.get(at..end)?).map(|found| at + found) {
            let key = self.bytes.get(at..sign)?.trim_ascii();
            let key = key.rsplit(u8::is_ascii_whitespace).next().unwrap_or_default();
            let rest = self.bytes.get(sign + 1..end)?;
            let skipped = rest.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
            let quote = *rest.get(skipped).filter(|quote| matches!(quote, b'"' | b'\''))?;
            let open = sign + 1 + skipped + 1;
            let len = memchr::memchr(quote, self.bytes.get(open..end)?)?;
            if key == name.as_bytes() {
                return Some((decoded(self.bytes.get(open..open + len)?), open, len));
            }
            at = open + len + 1;
        }
        None
    }

    /// The text as it is meant.
    pub(crate) fn content(&self) -> Cow<'a, str> {
        decoded(self.text)
    }
}

/// Every opening tag of `len` bytes from `start`; false where the first element is not closed.
pub(crate) fn read<'a>(bytes: &'a [u8], start: usize, len: usize, each: &mut dyn FnMut(&Tag<'a>)) -> bool {
    let end = start.saturating_add(clamped(bytes, start, len).len());
    let within = |at: usize| bytes.get(at..end).unwrap_or_default();
    let mut at = start;
    let mut root: Option<&[u8]> = None;
    let mut is_closed = false;
    while let Some(open) = memchr::memchr(b'<', within(at)).map(|found| at + found) {
        let rest = within(open);
        if rest.starts_with(b"<!--") {
            let Some(length) = memmem::find(rest, b"-->") else { return false };
            at = open + length + 3;
            continue;
        }
        let Some(close) = closing(rest) else { return false };
        at = open + close + 1;
        let tag = rest.get(1..close).unwrap_or_default();
        if let Some(name) = tag.strip_prefix(b"/") {
            is_closed |= root == Some(name.trim_ascii());
        }
        if matches!(tag.first(), None | Some(b'/' | b'?' | b'!')) {
            continue;
        }
        let name = tag.split(|byte| byte.is_ascii_whitespace() || *byte == b'/').next().unwrap_or_default();
        is_closed |= root.is_none() && tag.ends_with(b"/");
        root = root.or(Some(name));
        let follows = within(at);
        let follows = follows.get(..memchr::memchr(b'<', follows).unwrap_or(follows.len())).unwrap_or_default();
        let skipped = follows.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        each(&Tag {
            bytes,
            name: name.rsplit(|byte| *byte == b':').next().unwrap_or_default(),
            attributes: (open + 1 + name.len(), open + close),
            text: follows.trim_ascii(),
            text_at: at + skipped,
        });
    }
    is_closed
}

/// Where a tag ends; what stands in quotes does not end it.
fn closing(tag: &[u8]) -> Option<usize> {
    let mut quote = None;
    tag.iter().position(|byte| match (quote, byte) {
        (None, b'>') => true,
        (None, b'"' | b'\'') => {
            quote = Some(*byte);
            false
        }
        (Some(open), byte) if open == *byte => {
            quote = None;
            false
        }
        _ => false,
    })
}

/// The five entities of XML; others stay as they are.
pub(crate) fn decoded(raw: &[u8]) -> Cow<'_, str> {
    let raw = text(raw);
    if !raw.contains('&') {
        return raw;
    }
    let entities = [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")];
    Cow::Owned(entities.iter().fold(raw.into_owned(), |text, (entity, is)| text.replace(entity, is)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_with_attributes_and_text() {
        let bytes = b"<?xml?><a:x y = '1 > 2' n:z=\"&amp;\"><!-- <no/> --> t &lt; <b/>u</a:x><c d=\"open";
        let mut told = Vec::new();
        let is_closed = read(bytes, 0, bytes.len(), &mut |tag| {
            let value =
                |name| tag.attribute(name).map(|(value, at, len)| format!("{value}@{}", &bytes[at..at + len].len()));
            told.push((tag.name.to_vec(), value("y"), value("n:z"), tag.content().into_owned()));
        });
        assert!(!is_closed && read(b"<a><b></b></a>", 0, 14, &mut |_| {}) && read(b"<a/>", 0, 4, &mut |_| {}));
        let pair = |text: &str| Some(text.to_owned());
        assert_eq!(
            told,
            [(b"x".to_vec(), pair("1 > 2@5"), pair("&@5"), String::new()), (b"b".to_vec(), None, None, "u".to_owned()),]
        );
    }
}
