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
    let Some(wide) = wide(bytes) else { return utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)) };
    let (text, is_broken) = wide.decoded(bytes);
    let repair = match wide {
        _ if is_broken => BROKEN_UNITS,
        Wide::Two(_) => ("the document is UTF-16", "the same text in UTF-8"),
        Wide::Four(_) => ("the document is UTF-32", "the same text in UTF-8"),
    };
    Text { text: Cow::Owned(text), repair: Some(repair) }
}

const BROKEN_UNITS: (&str, &str) = ("some units are no characters", "the replacement character for each");

/// The same of units of four bytes.
fn utf32(bytes: &[u8], order: Order) -> (String, bool) {
    let (units, rest) = bytes.as_chunks::<4>();
    let mut is_broken = !rest.is_empty();
    let mut text = String::with_capacity(bytes.len() / 4);
    for unit in units {
        let character = char::from_u32(match order {
            Order::Little => u32::from_le_bytes(*unit),
            Order::Big => u32::from_be_bytes(*unit),
        });
        is_broken |= character.is_none();
        text.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
    }
    if text.starts_with('\u{feff}') {
        text.drain(..'\u{feff}'.len_utf8());
    }
    (text, is_broken)
}

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
    if let Some(wide) = wide(bytes) {
        // XML may be UTF-16 without a word of excuse.
        let (text, is_broken) = wide.decoded(bytes);
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
    if wide(bytes).is_none() {
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
        if is_wide(self.of.bytes) { stands(self.of.bytes, mark.text()) } else { self.of.holds(mark) }
    }

    /// Whether one of the keys by which a document in JSON is known stands in it, or may, written with escapes.
    pub(crate) fn is_json_with(&self, marks: &[Mark]) -> bool {
        self.is_json() && (marks.iter().any(|mark| self.holds(*mark)) || self.of.hides_letters())
    }
}

/// Whether this stands anywhere in a document, in units of one byte or of more.
pub(crate) fn stands(bytes: &[u8], text: &str) -> bool {
    let stands = |text: &[u8]| memchr::memmem::find(bytes, text).is_some();
    wide(bytes).map_or_else(|| stands(text.as_bytes()), |wide| stands(&wide.encoded(text)))
}

/// Whether a document seems to be UTF-16 or UTF-32.
pub(crate) fn is_wide(bytes: &[u8]) -> bool {
    wide(bytes).is_some()
}

#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}

/// Bytes of a unit.
#[derive(Clone, Copy)]
enum Wide {
    Two(Order),
    Four(Order),
}

impl Wide {
    /// The text without its byte-order mark, and whether any unit was no character.
    fn decoded(self, bytes: &[u8]) -> (String, bool) {
        match self {
            Self::Two(order) => utf16(bytes, order),
            Self::Four(order) => utf32(bytes, order),
        }
    }

    fn encoded(self, text: &str) -> Vec<u8> {
        let short = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect();
        let long = |order: fn(u32) -> [u8; 4]| text.chars().map(u32::from).flat_map(order).collect();
        match self {
            Self::Two(Order::Little) => short(u16::to_le_bytes),
            Self::Two(Order::Big) => short(u16::to_be_bytes),
            Self::Four(Order::Little) => long(u32::to_le_bytes),
            Self::Four(Order::Big) => long(u32::to_be_bytes),
        }
    }
}

/// By the byte-order mark, or by an ASCII character whose other bytes are zero.
fn wide(bytes: &[u8]) -> Option<Wide> {
    match *bytes.first_chunk::<4>().unwrap_or(&[0xff; 4]) {
        [0xff, 0xfe, 0, 0] | [1..=0x7f, 0, 0, 0] => Some(Wide::Four(Order::Little)),
        [0, 0, 0xfe, 0xff] | [0, 0, 0, 1..=0x7f] => Some(Wide::Four(Order::Big)),
        _ => order(bytes).map(Wide::Two),
    }
}

/// The same of UTF-16.
fn order(bytes: &[u8]) -> Option<Order> {
    let is_text = |byte: u8| byte.is_ascii_graphic() || byte.is_ascii_whitespace();
    match *bytes.get(..4).or_else(|| bytes.get(..2))? {
        [0xff, 0xfe, ..] | [b'{' | b'<' | b'[', 0] => Some(Order::Little),
        [0xfe, 0xff, ..] | [0, b'{' | b'<' | b'['] => Some(Order::Big),
        [one, 0, other, 0] if is_text(one) && is_text(other) => Some(Order::Little),
        [0, one, 0, other] if is_text(one) && is_text(other) => Some(Order::Big),
        _ => None,
    }
}

fn utf8(bytes: &[u8]) -> Text<'_> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Text { text: Cow::Borrowed(text), repair: None },
        Err(_) => Text {
            text: Cow::Owned(String::from_utf8_lossy(&shortened(bytes)).into_owned()),
            repair: Some(("some bytes are no UTF-8", "the replacement character for each")),
        },
    }
}

/// With the letters that are written in more bytes than they need, which old decoders take for these letters, as such; never
/// what would change where a text ends.
fn shortened(bytes: &[u8]) -> Cow<'_, [u8]> {
    let long = |rest: &[u8]| -> Option<(u8, usize)> {
        let (code, len) = match *rest {
            [first @ 0xc0..=0xc1, last @ 0x80..=0xbf, ..] => ((first & 3) << 6 | last & 0x3f, 2),
            [0xe0, middle @ 0x80..=0x81, last @ 0x80..=0xbf, ..] => ((middle & 3) << 6 | last & 0x3f, 3),
            [0xf0, 0x80, middle @ 0x80..=0x81, last @ 0x80..=0xbf, ..] => ((middle & 3) << 6 | last & 0x3f, 4),
            _ => return None,
        };
        (code.is_ascii_alphanumeric() || matches!(code, b'/' | b'.' | b'-' | b'_' | b'@' | b'%')).then_some((code, len))
    };
    let (mut out, mut from, mut at) = (Vec::new(), 0, 0);
    let begins = |byte: &u8| matches!(byte, 0xc0 | 0xc1 | 0xe0 | 0xf0);
    while let Some(found) = bytes.get(at..).and_then(|rest| rest.iter().position(begins)) {
        let begin = at + found;
        at = begin + 1;
        if let Some((code, len)) = long(bytes.get(begin..).unwrap_or_default()) {
            out.extend_from_slice(bytes.get(from..begin).unwrap_or_default());
            out.push(code);
            (from, at) = (begin + len, begin + len);
        }
    }
    if out.is_empty() {
        return Cow::Borrowed(bytes);
    }
    out.extend_from_slice(bytes.get(from..).unwrap_or_default());
    Cow::Owned(out)
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
        let wide = |mark: u32, order: fn(u32) -> [u8; 4]| -> Vec<u8> {
            [mark].into_iter().chain(want.chars().map(u32::from)).flat_map(order).collect()
        };
        for bytes in [
            want.as_bytes().to_vec(),
            marked(b"\xef\xbb\xbf", want.as_bytes()),
            marked(b"\xff\xfe", &little),
            marked(b"\xfe\xff", &big),
            little,
            big,
            wide(0xfeff, u32::to_le_bytes),
            wide(0xfeff, u32::to_be_bytes),
            want.chars().map(u32::from).flat_map(u32::to_le_bytes).collect(),
            want.chars().map(u32::from).flat_map(u32::to_be_bytes).collect(),
        ] {
            assert_eq!(decode(&bytes).text, want, "{bytes:x?}");
            assert!(head(&bytes).starts_with(b"{"), "{bytes:x?}");
        }
        assert_eq!(decode(b"{\"\xff\"}").text, "{\"\u{fffd}\"}");
        assert!(decode(b"{\"\xff\"}").repair.is_some());
        assert_eq!(decode(b"").text, "");
    }

    #[test]
    fn letters_in_more_bytes_than_they_need() {
        for (bytes, want) in [
            (&b"\xc1\xab\xe0\x81\xa1s\xf0\x80\x81\xb0"[..], "kasp"),
            (b"\xc0\xaf\xc0\xa2", "/\u{fffd}\u{fffd}"),
            (b"\xe0\xa4\x95\xff", "\u{915}\u{fffd}"),
            (b"\xc1", "\u{fffd}"),
        ] {
            assert_eq!(decode(bytes).text, want);
        }
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
