//! Lists and objects, by whichever of serde's seven names they come.
use serde::Serialize;
use serde::ser::{
    SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant, SerializeTuple, SerializeTupleStruct,
    SerializeTupleVariant,
};

use super::{Done, Json};

/// A list or an object that is being written.
pub(super) struct Nest<'a, 'o> {
    json: &'a mut Json<'o>,
    end: &'static str,
    is_empty: bool,
    /// Whether it stands alone in an object that names it.
    is_wrapped: bool,
}

impl<'a, 'o> Nest<'a, 'o> {
    pub(super) fn list(json: &'a mut Json<'o>) -> Self {
        Self::open(json, b'[', "]")
    }

    pub(super) fn object(json: &'a mut Json<'o>) -> Self {
        Self::open(json, b'{', "}")
    }

    /// A list or object as the one member of an object.
    pub(super) fn variant(
        json: &'a mut Json<'o>,
        name: &'static str,
        inside: fn(&'a mut Json<'o>) -> Self,
    ) -> serde_json::Result<Self> {
        let outer = Nest::object(json);
        let json = outer.json;
        json.line();
        json.name(name)?;
        Ok(Self { is_wrapped: true, ..inside(json) })
    }

    fn open(json: &'a mut Json<'o>, begin: u8, end: &'static str) -> Self {
        json.ready.push(begin);
        json.depth = json.depth.map(|depth| depth + 1);
        Self { json, end, is_empty: true, is_wrapped: false }
    }

    fn next(&mut self) {
        if !self.is_empty {
            self.json.ready.push(b',');
        }
        self.is_empty = false;
        self.json.line();
    }

    pub(super) fn item<T: ?Sized + Serialize>(&mut self, value: &T) -> Done {
        self.next();
        value.serialize(&mut *self.json)
    }

    pub(super) fn named<T: ?Sized + Serialize>(&mut self, name: &'static str, value: &T) -> Done {
        self.next();
        self.json.name(name)?;
        value.serialize(&mut *self.json)
    }

    pub(super) fn close(self) -> Done {
        let step_out = |depth: usize| depth.saturating_sub(1);
        self.json.depth = self.json.depth.map(step_out);
        if !self.is_empty {
            self.json.line();
        }
        self.json.raw(self.end)?;
        if !self.is_wrapped {
            return Ok(());
        }
        self.json.depth = self.json.depth.map(step_out);
        self.json.line();
        self.json.raw("}")
    }
}

macro_rules! lists {
    ($($trait:ident::$method:ident)*) => {
        $(impl $trait for Nest<'_, '_> {
            type Ok = ();
            type Error = serde_json::Error;

            fn $method<T: ?Sized + Serialize>(&mut self, value: &T) -> Done {
                self.item(value)
            }

            fn end(self) -> Done {
                self.close()
            }
        })*
    };
}

macro_rules! objects {
    ($($trait:ident)*) => {
        $(impl $trait for Nest<'_, '_> {
            type Ok = ();
            type Error = serde_json::Error;

            fn serialize_field<T: ?Sized + Serialize>(&mut self, name: &'static str, value: &T) -> Done {
                self.named(name, value)
            }

            fn end(self) -> Done {
                self.close()
            }
        })*
    };
}

lists! {
    SerializeSeq::serialize_element SerializeTuple::serialize_element
    SerializeTupleStruct::serialize_field SerializeTupleVariant::serialize_field
}
objects! { SerializeStruct SerializeStructVariant }

impl SerializeMap for Nest<'_, '_> {
    type Ok = ();
    type Error = serde_json::Error;

    fn serialize_key<T: ?Sized + Serialize>(&mut self, key: &T) -> Done {
        self.next();
        // Every map of a report is named by texts.
        key.serialize(&mut *self.json)
    }

    fn serialize_value<T: ?Sized + Serialize>(&mut self, value: &T) -> Done {
        self.json.raw(if self.json.depth.is_some() { ": " } else { ":" })?;
        value.serialize(&mut *self.json)
    }

    fn end(self) -> Done {
        self.close()
    }
}
