//! JSON in which every character that is not plainly visible is written as an escape: the same values, inert text.
use std::io::{self, Write as _};

use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CharEscape, CompactFormatter, Formatter, PrettyFormatter};

use crate::inert::is_inert;

/// A formatter that escapes what the one inside would let through.
pub(crate) struct Inert<F>(pub(crate) F);

const ROOM: usize = 64 * 1024;

/// One value on one line, without the line's end.
pub(crate) fn compact(value: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(out, Inert(CompactFormatter)))?;
    Ok(())
}

/// One value over indented lines, with the last line's end.
pub(crate) fn pretty(value: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    // A report is written in very many pieces: they are put together before they go where the caller says.
    let mut out = io::BufWriter::with_capacity(ROOM, out);
    value.serialize(&mut Serializer::with_formatter(&mut out, Inert(PrettyFormatter::new())))?;
    out.write_all(b"\n")?;
    out.flush()
}

macro_rules! delegate {
    ($($method:ident($($arg:ident: $type:ty),*);)*) => {
        $(fn $method<W: ?Sized + io::Write>(&mut self, writer: &mut W $(, $arg: $type)*) -> io::Result<()> {
            self.0.$method(writer $(, $arg)*)
        })*
    };
}

impl<F: Formatter> Formatter for Inert<F> {
    delegate! {
        write_char_escape(escape: CharEscape);
        begin_array(); end_array(); begin_array_value(first: bool); end_array_value();
        begin_object(); end_object(); begin_object_key(first: bool); end_object_key();
        begin_object_value(); end_object_value();
    }

    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        // Nearly every text is plain; all of its bytes are looked at together.
        if fragment.bytes().fold(true, |is_plain, byte| is_plain & matches!(byte, b' '..=b'~')) {
            return writer.write_all(fragment.as_bytes());
        }
        let mut rest = fragment;
        while let Some((at, odd)) = rest.char_indices().find(|(_, character)| !is_inert(*character)) {
            let (plain, tail) = rest.split_at(at);
            writer.write_all(plain.as_bytes())?;
            for unit in odd.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = tail.get(odd.len_utf8()..).unwrap_or_default();
        }
        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_value_in_inert_text() {
        let value = serde_json::json!({ "k\u{202e}": ["\x1b[31m", "\u{9b}", "\u{e0041}", "é\"\\\n", 1, null, {}] });
        for pretty_form in [false, true] {
            let mut out = Vec::new();
            if pretty_form { pretty(&value, &mut out) } else { compact(&value, &mut out) }.unwrap();
            assert_eq!(serde_json::from_slice::<serde_json::Value>(&out).unwrap(), value);
            let text = String::from_utf8(out).unwrap();
            assert!(text.chars().all(|c| c == '\n' || is_inert(c)), "{text:?}");
            assert!(text.contains("\\udb40\\udc41") && text.contains("\\u202e"), "{text}");
        }
    }
}
