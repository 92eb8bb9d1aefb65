//! Envelopes written in JSON: their members as they are written, however deep, and payloads in base64.
use std::borrow::Cow;
use std::fmt;
use std::io::{self, Read};
use std::ops::ControlFlow;

use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::read::DecoderReader;
use interdict_model::{GapReason, Head, Malformed, Mark, Member, Members, Unseen};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// An object's members in the order of the text; one that stands twice is there twice.
#[derive(Debug)]
pub(crate) struct Object<'a>(pub(crate) Vec<(Cow<'a, str>, &'a RawValue)>);

impl<'a> Object<'a> {
    /// The object that this value is.
    pub(crate) fn of(raw: &'a RawValue) -> Option<Self> {
        serde_json::from_str(raw.get()).ok()
    }

    /// Every value that stands under this key.
    pub(crate) fn all<'s>(&'s self, key: &'s str) -> impl Iterator<Item = &'a RawValue> + 's {
        self.0.iter().filter(move |(name, _)| name == key).map(|(_, value)| *value)
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.all(key).next().is_some()
    }

    /// The text under this key; empty where there is none.
    pub(crate) fn word(&self, key: &str) -> Cow<'a, str> {
        self.all(key).find_map(word).unwrap_or_default()
    }
}

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Object<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Object<'de>, M::Error> {
                let mut entries = Vec::new();
                while let Some((name, value)) = map.next_entry::<Key<'de>, &'de RawValue>()? {
                    entries.push((name.0, value));
                }
                Ok(Object(entries))
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

/// A key, borrowed where it holds no escapes.
struct Key<'a>(Cow<'a, str>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl<'de> Visitor<'de> for Text {
            type Value = Key<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }
            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(text)))
            }
            fn visit_str<E>(self, text: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Text)
    }
}

/// The text of a value that is one.
pub(crate) fn word(raw: &RawValue) -> Option<Cow<'_, str>> {
    let inner = raw.get().strip_prefix('"')?.strip_suffix('"')?;
    if memchr::memchr(b'\\', inner.as_bytes()).is_none() {
        return Some(Cow::Borrowed(inner));
    }
    serde_json::from_str(raw.get()).ok().map(Cow::Owned)
}

/// The values of a list; nothing where it is none.
pub(crate) fn list(raw: &RawValue) -> Vec<&RawValue> {
    serde_json::from_str(raw.get()).unwrap_or_default()
}

/// A document as text: UTF-8 with or without a byte-order mark, UTF-16 of either order.
pub(crate) fn text(bytes: &[u8]) -> Cow<'_, str> {
    let Some(order) = order(bytes) else {
        return String::from_utf8_lossy(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes));
    };
    let units = bytes.chunks_exact(2).filter_map(|pair| pair.first_chunk::<2>()).map(|pair| order(*pair));
    let text = char::decode_utf16(units).map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER));
    Cow::Owned(text.skip_while(|first| *first == '\u{feff}').collect())
}

/// How UTF-16 is ordered, by the brace or the white space that it begins with.
fn order(bytes: &[u8]) -> Option<fn([u8; 2]) -> u16> {
    let (marked, rest) = match bytes.get(..2) {
        Some(mark @ ([0xff, 0xfe] | [0xfe, 0xff])) => (Some(mark), bytes.get(2..)?),
        _ => (None, bytes),
    };
    match rest.first_chunk::<2>()? {
        [b'{' | b' ' | b'\n' | b'\r' | b'\t', 0] if marked != Some(&[0xfe, 0xff]) => Some(u16::from_le_bytes),
        [0, b'{' | b' ' | b'\n' | b'\r' | b'\t'] if marked != Some(&[0xff, 0xfe]) => Some(u16::from_be_bytes),
        _ => None,
    }
}

/// Whether the bytes are an object in JSON, or several in a row, in which one of these marks stands, and all of the keys beside it.
pub(crate) fn is_json_with(head: &Head<'_>, sets: &[(Mark, &[&str])]) -> bool {
    if order(head.bytes).is_some() {
        let text = text(head.bytes);
        let has = |marker: &str| memchr::memmem::find(text.as_bytes(), marker.as_bytes()).is_some();
        let stands = |(mark, keys): &(Mark, &[&str])| has(mark.text()) && keys.iter().all(|key| has(key));
        return text.trim_ascii_start().starts_with('{') && sets.iter().any(stands);
    }
    let has = |marker: &&str| memchr::memmem::find(head.bytes, marker.as_bytes()).is_some();
    head.text().starts_with(b"{") && sets.iter().any(|(mark, keys)| head.holds(*mark) && keys.iter().all(has))
}

/// Says every object of a text that holds one after another, line by line or not, with its number from one.
pub(crate) fn each<'a>(
    text: &'a str,
    say: &mut dyn FnMut(usize, Object<'a>) -> Result<ControlFlow<()>, Malformed>,
) -> Result<(), Malformed> {
    let objects = serde_json::Deserializer::from_str(text).into_iter::<Object<'a>>();
    for (number, object) in objects.enumerate() {
        match object {
            Ok(object) => {
                if say(number + 1, object)?.is_break() {
                    break;
                }
            }
            Err(why) => {
                let place = format!("line {}, column {}", why.line(), why.column());
                return Err(Malformed::at(place, format!("no JSON: {why}")));
            }
        }
    }
    Ok(())
}

/// A name for the member of the envelope of this number.
pub(crate) fn numbered(name: &str, number: usize) -> String {
    if number == 1 { name.to_owned() } else { format!("{name}-{number}") }
}

/// Offers a payload: base64 of either alphabet, or what should have been base64 and stands there as it is.
pub(crate) fn offer(members: &mut dyn Members, name: &str, payload: &RawValue) -> ControlFlow<()> {
    let member = Member { name: name.as_bytes(), ..Member::default() };
    match word(payload) {
        Some(word) if word.trim_start().starts_with(['{', '[', '<']) => {
            plain(members, name);
            members.stored(&member, word.as_bytes())
        }
        Some(word) if word.trim().is_empty() => {
            members.unseen(&member, Unseen::new(GapReason::Missing, "the payload is empty").needing("the payload"));
            ControlFlow::Continue(())
        }
        Some(word) => members.streamed(&member, &mut decoder(&word)),
        None if payload.get() == "null" => {
            members.unseen(&member, Unseen::new(GapReason::Missing, "the payload is null").needing("the payload"));
            ControlFlow::Continue(())
        }
        None => {
            plain(members, name);
            members.stored(&member, payload.get().as_bytes())
        }
    }
}

fn plain(members: &mut dyn Members, name: &str) {
    let detail = "the payload stands there as it is, where base64 belongs".to_owned();
    members.anomaly(Some(name.as_bytes()), "payload-not-encoded", detail);
}

/// Says how many signatures there are, and that nobody checked them.
pub(crate) fn signed(members: &mut dyn Members, number: usize, signatures: usize, what: &str) {
    let which = if number == 1 { String::new() } else { format!("envelope {number}: ") };
    let (kind, detail) = match signatures {
        0 => ("no-signature", format!("{which}{what}, without a signature")),
        1 => ("unverified-signature", format!("{which}{what}, with one signature; it was not verified")),
        more => ("unverified-signature", format!("{which}{what}, with {more} signatures; they were not verified")),
    };
    members.anomaly(None, kind, detail);
}

/// A text from the input inside a sentence of ours.
pub(crate) fn quoted(word: &str) -> String {
    const SHOWN: usize = 100;
    format!("`{}`", word.chars().take(SHOWN).collect::<String>().escape_debug())
}

const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

fn decoder(text: &str) -> impl Read + '_ {
    DecoderReader::new(Plain { text: text.as_bytes() }, &ENGINE)
}

/// Base64 in the standard alphabet, without white space.
struct Plain<'a> {
    text: &'a [u8],
}

impl Read for Plain<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut written = 0;
        let mut taken = 0;
        for byte in self.text {
            let Some(slot) = buffer.get_mut(written) else { break };
            taken += 1;
            *slot = match byte {
                b'-' => b'+',
                b'_' => b'/',
                b' ' | b'\n' | b'\r' | b'\t' => continue,
                other => *other,
            };
            written += 1;
        }
        self.text = self.text.get(taken..).unwrap_or_default();
        Ok(written)
    }
}

#[cfg(test)]
mod tests {
    use std::ops::Add as _;

    use super::*;

    #[test]
    fn both_alphabets_any_padding_and_white_space() {
        let want = [0xfb, 0xff, 0xbf, 0x01];
        for text in ["+/+/AQ==", "-_-_AQ==", "-_-_AQ", "+/+\n/A\tQ = ="] {
            let mut bytes = Vec::new();
            decoder(text).read_to_end(&mut bytes).unwrap();
            assert_eq!(bytes, want, "{text}");
        }
        for text in ["+/+/AQ==+/+/", "a", "ab*d"] {
            assert!(decoder(text).read_to_end(&mut Vec::new()).is_err(), "{text}");
        }
    }

    #[test]
    fn ten_mebibytes_line_by_line() {
        let text = "QUJD".repeat(19).add("\\n").repeat(184_365);
        let raw = RawValue::from_string(format!("\"{text}\"")).unwrap();
        let mut bytes = Vec::new();
        decoder(&word(&raw).unwrap()).read_to_end(&mut bytes).unwrap();
        assert_eq!(bytes.len(), 57 * 184_365);
        assert!(bytes.chunks(3).all(|three| three == b"ABC"));
    }

    #[test]
    fn objects_keep_what_stands_twice_and_any_depth() {
        let deep = "[".repeat(100_000) + &"]".repeat(100_000);
        let text = format!("{{\"a\\u0062\": 1, \"ab\": {deep}}}\n {{}}");
        let mut seen = Vec::new();
        each(&text, &mut |number, object| {
            seen.push((number, object.all("ab").count()));
            Ok(ControlFlow::Continue(()))
        })
        .unwrap();
        assert_eq!(seen, [(1, 2), (2, 0)]);
        assert_eq!(text_of("\u{feff}{}"), "{}");
    }

    fn text_of(wide: &str) -> String {
        let bytes: Vec<u8> = wide.encode_utf16().flat_map(u16::to_be_bytes).collect();
        text(&bytes).into_owned()
    }
}
