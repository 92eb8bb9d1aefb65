//! JSON in which every character that is not plainly visible is written as an escape: the same values, inert text.
//!
//! A report has millions of short texts, nearly all of them plain: such a one is looked at in one go and copied.
mod nest;
#[cfg(test)]
mod tests;

use std::io::{self, Write as _};

use serde::ser::Error as _;
use serde::{Serialize, Serializer};

use self::nest::Nest;
use crate::inert::is_inert;

/// How much is put together before it goes where the caller says.
const ROOM: usize = 64 * 1024;

/// One value on one line, without the line's end.
pub(crate) fn compact(value: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    write(value, None, out)
}

/// One value over indented lines, with the last line's end.
pub(crate) fn pretty(value: &impl Serialize, out: &mut dyn io::Write) -> io::Result<()> {
    write(value, Some(0), out)?;
    out.write_all(b"\n")
}

fn write(value: &impl Serialize, depth: Option<usize>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut json = Json { out, ready: Vec::new(), depth };
    value.serialize(&mut json)?;
    json.out.write_all(&json.ready)
}

/// A document that is being written.
struct Json<'o> {
    out: &'o mut dyn io::Write,
    ready: Vec<u8>,
    /// How deep the next value lies, where lines are indented.
    depth: Option<usize>,
}

type Done = serde_json::Result<()>;

impl Json<'_> {
    fn raw(&mut self, text: &str) -> Done {
        self.ready.extend_from_slice(text.as_bytes());
        if self.ready.len() < ROOM {
            return Ok(());
        }
        self.out.write_all(&self.ready).map_err(serde_json::Error::io)?;
        self.ready.clear();
        Ok(())
    }

    /// A name that our own code gives; it needs no escape.
    fn name(&mut self, name: &str) -> Done {
        self.ready.push(b'"');
        self.ready.extend_from_slice(name.as_bytes());
        self.raw(if self.depth.is_some() { "\": " } else { "\":" })
    }

    fn text(&mut self, text: &str) -> Done {
        // All of ASCII that shows, but the quotation mark and the backslash.
        let is_plain = |byte: u8| matches!(byte, b' ' | b'!' | b'#'..=b'[' | b']'..=b'~');
        self.ready.push(b'"');
        if text.bytes().fold(true, |is_all, byte| is_all & is_plain(byte)) {
            self.ready.extend_from_slice(text.as_bytes());
        } else {
            text.chars().for_each(|character| self.character(character));
        }
        self.raw("\"")
    }

    fn character(&mut self, character: char) {
        let short = match character {
            '"' => Some("\\\""),
            '\\' => Some("\\\\"),
            '\u{8}' => Some("\\b"),
            '\u{c}' => Some("\\f"),
            '\n' => Some("\\n"),
            '\r' => Some("\\r"),
            '\t' => Some("\\t"),
            _ => None,
        };
        if let Some(short) = short {
            self.ready.extend_from_slice(short.as_bytes());
        } else if is_inert(character) {
            self.ready.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                self.ready.extend_from_slice(format!("\\u{unit:04x}").as_bytes());
            }
        }
    }

    /// The end of a line, and what the next begins with; nothing where all is one line.
    fn line(&mut self) {
        if let Some(depth) = self.depth {
            self.ready.push(b'\n');
            self.ready.resize(self.ready.len() + 2 * depth, b' ');
        }
    }
}

/// Values that serde's data model has and a number or word of JSON says.
macro_rules! words {
    ($($method:ident($type:ty))*) => {
        $(fn $method(self, value: $type) -> Done {
            write!(self.ready, "{value}").map_err(serde_json::Error::io)
        })*
    };
}

impl<'a, 'o> Serializer for &'a mut Json<'o> {
    type Ok = ();
    type Error = serde_json::Error;
    type SerializeSeq = Nest<'a, 'o>;
    type SerializeTuple = Nest<'a, 'o>;
    type SerializeTupleStruct = Nest<'a, 'o>;
    type SerializeTupleVariant = Nest<'a, 'o>;
    type SerializeMap = Nest<'a, 'o>;
    type SerializeStruct = Nest<'a, 'o>;
    type SerializeStructVariant = Nest<'a, 'o>;

    words! {
        serialize_bool(bool) serialize_i8(i8) serialize_i16(i16) serialize_i32(i32) serialize_i64(i64)
        serialize_u8(u8) serialize_u16(u16) serialize_u32(u32) serialize_u64(u64)
    }

    fn serialize_f32(self, value: f32) -> Done {
        self.serialize_f64(value.into())
    }

    fn serialize_f64(self, value: f64) -> Done {
        let text = serde_json::to_string(&value)?;
        self.raw(&text)
    }

    fn serialize_char(self, value: char) -> Done {
        self.text(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Done {
        self.text(value)
    }

    fn serialize_bytes(self, _: &[u8]) -> Done {
        Err(serde_json::Error::custom("bytes are no text"))
    }

    fn serialize_none(self) -> Done {
        self.serialize_unit()
    }

    fn serialize_some<T: ?Sized + Serialize>(self, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Done {
        self.raw("null")
    }

    fn serialize_unit_struct(self, _: &'static str) -> Done {
        self.serialize_unit()
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Done {
        self.text(variant)
    }

    fn serialize_newtype_struct<T: ?Sized + Serialize>(self, _: &'static str, value: &T) -> Done {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: ?Sized + Serialize>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Done {
        let mut nest = Nest::object(self);
        nest.named(variant, value)?;
        nest.close()
    }

    fn serialize_seq(self, _: Option<usize>) -> serde_json::Result<Nest<'a, 'o>> {
        Ok(Nest::list(self))
    }

    fn serialize_tuple(self, _: usize) -> serde_json::Result<Nest<'a, 'o>> {
        Ok(Nest::list(self))
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> serde_json::Result<Nest<'a, 'o>> {
        Ok(Nest::list(self))
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> serde_json::Result<Nest<'a, 'o>> {
        Nest::variant(self, variant, Nest::list)
    }

    fn serialize_map(self, _: Option<usize>) -> serde_json::Result<Nest<'a, 'o>> {
        Ok(Nest::object(self))
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> serde_json::Result<Nest<'a, 'o>> {
        Ok(Nest::object(self))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> serde_json::Result<Nest<'a, 'o>> {
        Nest::variant(self, variant, Nest::object)
    }
}
