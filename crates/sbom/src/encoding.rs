//! Bytes to text: Unicode by its marks, what XML declares by its label, and what is broken in either.
use std::borrow::Cow;

use encoding_rs::{Encoding, REPLACEMENT, UTF_8, UTF_16BE, UTF_16LE, X_USER_DEFINED};
use interdict_model::{Head, Mark};

/// A document as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text<'a> {
    pub(crate) text: Cow<'a, str>,
    /// What was wrong with the bytes and what was assumed.
    pub(crate) repair: Option<(&'static str, &'static str)>,
}

/// The text of a document, whatever its Unicode encoding.
pub(crate) fn decode(bytes: &[u8]) -> Text<'_> {
    let Some(order) = order(bytes) else { return utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) };
    let (text, is_broken) = utf16(bytes, order);
    let repair = if is_broken { BROKEN_UNITS } else { ("the document is UTF-16", "the same text in UTF-8") };
    Text { text: Cow::Owned(text), repair: Some(repair) }
}

const BROKEN_UNITS: (&str, &str) = ("some units are no UTF-16", "the replacement character for each");

/// The text without its byte-order mark, and whether any unit was none, or half of one.
fn utf16(bytes: &[u8], order: Order) -> (String, bool) {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| match order {
        Order::Little => u16::from_le_bytes(*pair),
        Order::Big => u16::from_be_bytes(*pair),
    });
    let mut is_broken = !rest.is_empty();
    let mut text = String::with_capacity(bytes.len() / 2);
    for character in char::decode_utf16(units) {
        is_broken |= character.is_err();
        text.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    (text, is_broken)
}

/// A document of XML as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Declared<'a> {
    pub(crate) text: Cow<'a, str>,
    /// What was wrong with the bytes and what was assumed.
    pub(crate) repair: Option<(Cow<'static, str>, &'static str)>,
    /// An encoding that is not known here.
    pub(crate) unknown: Option<String>,
}

/// The text of a document of XML: by its byte-order mark, else in the encoding it declares, else UTF-8.
pub(crate) fn declared(bytes: &[u8]) -> Declared<'_> {
    if let Some(order) = order(bytes) {
        // XML may be UTF-16 without a word of excuse.
        let (text, is_broken) = utf16(bytes, order);
        let (wrong, assumed) = BROKEN_UNITS;
        return Declared {
            text: Cow::Owned(text),
            repair: is_broken.then_some((Cow::Borrowed(wrong), assumed)),
            unknown: None,
        };
    }
    if let Some(unmarked) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return unicode(unmarked);
    }
    let Some(label) = label(bytes) else { return unicode(bytes) };
    let short = label.chars().take(40).collect::<String>();
    let is_unicode = || std::str::from_utf8(bytes).is_ok();
    match Encoding::for_label(label.as_bytes()) {
        Some(encoding) if encoding == UTF_8 => unicode(bytes),
        // Text in another encoding is next to never UTF-8 by accident, and a wrong declaration is common.
        Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE || (!bytes.is_ascii() && is_unicode()) => {
            let wrong = format!("the document says that it is `{short}` and is UTF-8");
            Declared { repair: Some((Cow::Owned(wrong), "UTF-8")), ..unicode(bytes) }
        }
        Some(encoding) if encoding != REPLACEMENT && encoding != X_USER_DEFINED => {
            let (text, is_broken) = encoding.decode_without_bom_handling(bytes);
            let wrong = || (Cow::Owned(format!("some bytes are no `{short}`")), "the replacement character for each");
            Declared { text, repair: is_broken.then(wrong), unknown: None }
        }
        _ => Declared { repair: None, unknown: (!bytes.is_ascii()).then_some(short), ..unicode(bytes) },
    }
}

fn unicode(bytes: &[u8]) -> Declared<'_> {
    let Text { text, repair } = utf8(bytes);
    Declared { text, repair: repair.map(|(wrong, assumed)| (Cow::Borrowed(wrong), assumed)), unknown: None }
}

/// What stands behind `encoding=` in the declaration that a document of XML begins with.
fn label(bytes: &[u8]) -> Option<&str> {
    const LONGEST: usize = 256;
    let head = bytes.trim_ascii_start();
    let head = head.get(..LONGEST.min(head.len()))?.strip_prefix(b"<?xml")?;
    let end = memchr::memmem::find(head, b"?>")?;
    let head = std::str::from_utf8(head.get(..end)?).ok()?;
    let (_, behind) = head.split_once("encoding")?;
    let behind = behind.trim_start().strip_prefix('=')?.trim_start();
    let quote = behind.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    behind.get(1..)?.split_once(quote).map(|(label, _)| label.trim())
}

/// The head of a document as text, for recognisers: at most this many bytes of UTF-16 are decoded.
pub(crate) fn head(bytes: &[u8]) -> Cow<'_, [u8]> {
    const HEAD: usize = 1 << 20;
    if order(bytes).is_none() {
        return Cow::Borrowed(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start());
    }
    let text = decode(bytes.get(..HEAD.min(bytes.len())).unwrap_or_default()).text.into_owned();
    Cow::Owned(text.trim_start().as_bytes().to_vec())
}

/// A document as recognisers look at it.
pub(crate) struct Look<'a> {
    of: &'a Head<'a>,
    text: Cow<'a, [u8]>,
}

impl<'a> Look<'a> {
    pub(crate) fn at(of: &'a Head<'a>) -> Self {
        Self { of, text: head(of.bytes) }
    }

    /// Whether the text is an object of JSON, or a list.
    pub(crate) fn is_json(&self) -> bool {
        matches!(self.text.first(), Some(b'{' | b'['))
    }

    /// The text; of UTF-16 its head.
    pub(crate) fn text(&self) -> &[u8] {
        &self.text
    }

    /// Whether this stands in the text.
    pub(crate) fn has(&self, text: &str) -> bool {
        memchr::memmem::find(&self.text, text.as_bytes()).is_some()
    }

    /// Whether this mark stands anywhere in the document, whatever its encoding.
    pub(crate) fn holds(&self, mark: Mark) -> bool {
        let units = |order: fn(u16) -> [u8; 2]| -> Vec<u8> { mark.text().encode_utf16().flat_map(order).collect() };
        let wide = match order(self.of.bytes) {
            None => return self.of.holds(mark),
            Some(Order::Little) => units(u16::to_le_bytes),
            Some(Order::Big) => units(u16::to_be_bytes),
        };
        memchr::memmem::find(self.of.bytes, &wide).is_some()
    }

    /// Whether one of the keys by which a document in JSON is known stands in it, or may, written with escapes.
    pub(crate) fn is_json_with(&self, marks: &[Mark]) -> bool {
        self.is_json() && (marks.iter().any(|mark| self.holds(*mark)) || self.of.hides_letters())
    }
}

/// Whether a document seems to be UTF-16.
pub(crate) fn is_utf16(bytes: &[u8]) -> bool {
    order(bytes).is_some()
}

#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}

/// By the byte-order mark, or by an ASCII character whose other half is zero.
fn order(bytes: &[u8]) -> Option<Order> {
    match *bytes.first_chunk::<2>()? {
        [0xff, 0xfe] | [b'{' | b'<' | b'[' | b' ' | b'\n' | b'\r' | b'\t' | b'S' | b'#' | b'p' | b'c', 0] => {
            Some(Order::Little)
        }
        [0xfe, 0xff] | [0, b'{' | b'<' | b'[' | b' ' | b'\n' | b'\r' | b'\t' | b'S' | b'#' | b'p' | b'c'] => {
            Some(Order::Big)
        }
        _ => None,
    }
}

fn utf8(bytes: &[u8]) -> Text<'_> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Text { text: Cow::Borrowed(text), repair: None },
        Err(_) => Text {
            text: String::from_utf8_lossy(bytes),
            repair: Some(("some bytes are no UTF-8", "the replacement character for each")),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_gives_one_text() {
        let want = "{\"é\": 1}";
        let little: Vec<u8> = want.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = want.encode_utf16().flat_map(u16::to_be_bytes).collect();
        let marked = |mark: &[u8], rest: &[u8]| [mark, rest].concat();
        for bytes in [
            want.as_bytes().to_vec(),
            marked(b"\xef\xbb\xbf", want.as_bytes()),
            marked(b"\xff\xfe", &little),
            marked(b"\xfe\xff", &big),
            little,
            big,
        ] {
            assert_eq!(decode(&bytes).text, want, "{bytes:x?}");
            assert!(head(&bytes).starts_with(b"{"), "{bytes:x?}");
        }
        assert_eq!(decode(b"{\"\xff\"}").text, "{\"\u{fffd}\"}");
        assert!(decode(b"{\"\xff\"}").repair.is_some());
        assert_eq!(decode(b"").text, "");
    }

    #[test]
    fn declared_encodings_are_believed_where_they_can_be() {
        let document = |label: &str, rest: &[u8]| {
            [format!("<?xml version='1.0' encoding=\"{label}\"?>").as_bytes(), rest].concat()
        };
        let utf16: Vec<u8> =
            "<?xml version='1.0' encoding='utf-16'?>\u{41b}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for (bytes, want, repaired, unknown) in [
            (document("windows-1251", b"\xcb\xe0\xe1"), "Лаб", false, false),
            (document("KOI8-R", b"\xec\xc1\xc2"), "Лаб", false, false),
            (document("iso-8859-5", b"\xbb\xd0\xd1"), "Лаб", false, false),
            (document("ISO-8859-1", b"\xe9"), "é", false, false),
            (document("windows-1252", b"\x80"), "€", false, false),
            (document("UTF-8", "Лаб".as_bytes()), "Лаб", false, false),
            (document("UTF-8", b"\xff"), "\u{fffd}", true, false),
            (document("utf-16", b"a"), "a", true, false),
            (document("iso-8859-1", "Лаб".as_bytes()), "Лаб", true, false),
            (document("cp437", b"\x80"), "\u{fffd}", false, true),
            (document("cp437", b"a"), "a", false, false),
            (utf16, "Л", false, false),
            (b"<?xml version='1.0'?>\xff".to_vec(), "\u{fffd}", true, false),
        ] {
            let told = declared(&bytes);
            assert!(told.text.ends_with(want), "{bytes:x?} {told:?}");
            assert_eq!((told.repair.is_some(), told.unknown.is_some()), (repaired, unknown), "{bytes:x?}");
        }
    }
}
