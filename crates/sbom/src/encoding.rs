//! Bytes to text: UTF-8 with or without a byte-order mark, UTF-16 of either order, and what is broken in it.
use std::borrow::Cow;

/// A document as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Text<'a> {
    pub(crate) text: Cow<'a, str>,
    /// What was wrong with the bytes and what was assumed.
    pub(crate) repair: Option<(&'static str, &'static str)>,
}

/// The text of a document, whatever its Unicode encoding.
pub(crate) fn decode(bytes: &[u8]) -> Text<'_> {
    match order(bytes) {
        Some(order) => {
            let units = bytes.chunks_exact(2).filter_map(|pair| pair.first_chunk::<2>()).map(|pair| match order {
                Order::Little => u16::from_le_bytes(*pair),
                Order::Big => u16::from_be_bytes(*pair),
            });
            let text: String =
                char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
            let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
            Text { text: Cow::Owned(text), repair: Some(("the document is UTF-16", "the same text in UTF-8")) }
        }
        None => utf8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)),
    }
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

#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}

/// By the byte-order mark, or by an ASCII character whose other half is zero.
fn order(bytes: &[u8]) -> Option<Order> {
    match *bytes.first_chunk::<2>()? {
        [0xff, 0xfe] | [b'{' | b'<' | b'[' | b' ' | b'\n' | b'\r' | b'\t' | b'S' | b'#', 0] => Some(Order::Little),
        [0xfe, 0xff] | [0, b'{' | b'<' | b'[' | b' ' | b'\n' | b'\r' | b'\t' | b'S' | b'#'] => Some(Order::Big),
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
}
