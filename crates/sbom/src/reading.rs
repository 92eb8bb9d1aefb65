//! Tolerant reading of JSON: what has the wrong type is read as what it must have meant, and told.
use std::borrow::Cow;

use interdict_model::{Malformed, Sink};

use crate::draft::{Path, Wanted, number};
use crate::json::{Fault, Json, Keys, Kind, Read};
use crate::leaves::leaves;
use crate::ledger::Ledger;

/// A reader of JSON with the sink it speaks into and the pointer of the thing it reads.
pub(crate) struct Reading<'a, 's, 't> {
    pub(crate) json: Json<'a>,
    pub(crate) sink: &'s mut Sink<'t>,
    pub(crate) ledger: Ledger,
    pub(crate) pointer: String,
    /// The index of the first item of the first list, where the text goes on in the middle of one.
    pub(crate) first: usize,
    pub(crate) wanted: Wanted,
}

impl<'a, 's, 't> Reading<'a, 's, 't> {
    pub(crate) fn new(json: Json<'a>, sink: &'s mut Sink<'t>) -> Self {
        let wanted = Wanted::of(sink);
        Self { json, sink, ledger: Ledger::default(), pointer: String::new(), first: 0, wanted }
    }

    pub(crate) fn repair(&mut self, path: &Path, wrong: &str, assumed: &str) {
        let mut field = String::new();
        path.write(&mut field);
        self.ledger.repair(self.sink, &self.pointer, &field, wrong, assumed);
    }

    /// A key of the object at the pointer stands there twice.
    pub(crate) fn twice(&mut self, key: &str) {
        self.twice_in(&Path::Field(""), key);
    }

    /// The same of an object below the pointer.
    #[cold]
    pub(crate) fn twice_in(&mut self, path: &Path, key: &str) {
        let mut field = String::new();
        path.write(&mut field);
        let key = key.replace('~', "~0").replace('/', "~1");
        self.ledger.twice(self.sink, &self.pointer, &format!("{field}/{key}"));
    }

    /// As [`Self::twice`], of the key that the pointer ends in.
    pub(crate) fn twice_here(&mut self) {
        self.ledger.twice(self.sink, &self.pointer, "");
    }

    /// A text; a number or truth value is taken as it is written, anything else is nothing.
    #[inline]
    pub(crate) fn word(&mut self, path: &Path) -> Read<Option<Cow<'a, str>>> {
        let kind = self.json.kind()?;
        if kind == Kind::Text {
            return self.json.text().map(Some);
        }
        self.no_text(kind, path)
    }

    #[cold]
    fn no_text(&mut self, kind: Kind, path: &Path) -> Read<Option<Cow<'a, str>>> {
        if matches!(kind, Kind::Object | Kind::Array) {
            return self.text_within(kind, path);
        }
        let value = self.json.scalar()?;
        let assumed = if value.is_some() { "the text as it is written" } else { "nothing" };
        self.repair(path, &format!("{} where a text belongs", kind.name()), assumed);
        Ok(value)
    }

    /// The text in a list or an object that stands where a text belongs; what else stands there is a gap.
    fn text_within(&mut self, kind: Kind, path: &Path) -> Read<Option<Cow<'a, str>>> {
        let (mut text, mut is_plain, mut count) = (None, false, 0_u32);
        let mut at = self.pointer.clone();
        path.write(&mut at);
        leaves(self, "", &mut |_, leaf| {
            let is_value = matches!(leaf.key, "value" | "content" | "text" | "#text" | "$" | "_");
            count = count.saturating_add(1);
            if text.is_none() || is_value && !is_plain {
                (text, is_plain) = (Some(leaf.value), is_value);
            }
        })?;
        let assumed = if text.is_some() { "the text in it" } else { "nothing" };
        self.repair(path, &format!("{} where a text belongs", kind.name()), assumed);
        if count > 1 {
            self.ledger.unread(|| {
                format!("{} where a text belongs, at `{at}`: one of the {count} texts in it was read", kind.name())
            });
        }
        Ok(text)
    }

    /// A list; one thing that is no list is a list of one.
    pub(crate) fn list(&mut self, path: &Path, mut each: impl FnMut(&mut Self, usize) -> Read<()>) -> Read<()> {
        let mut index = std::mem::take(&mut self.first);
        match self.json.kind()? {
            Kind::Array => {
                self.json.open()?;
                while self.json.item()? {
                    each(self, index)?;
                    index += 1;
                }
                Ok(())
            }
            Kind::Null => self.not(Kind::Null, "a list", path),
            kind => {
                self.repair(path, &format!("{} where a list belongs", kind.name()), "a list of one");
                each(self, index)
            }
        }
    }

    /// An object, key by key; anything else is nothing.
    pub(crate) fn object(&mut self, path: &Path, mut each: impl FnMut(&mut Self, &str) -> Read<()>) -> Read<()> {
        match self.json.kind()? {
            Kind::Object => {
                self.json.open()?;
                let mut keys = Keys::default();
                while let Some(key) = self.json.key()? {
                    if keys.again(key.clone()) {
                        self.twice_in(path, &key);
                    }
                    each(self, &key)?;
                }
                Ok(())
            }
            kind => self.not(kind, "an object", path),
        }
    }

    /// An object key by key, or each object of a list: what stands once in one encoding is a list in another.
    pub(crate) fn objects(&mut self, path: &Path, mut each: impl FnMut(&mut Self, &str) -> Read<()>) -> Read<()> {
        if self.json.kind()? != Kind::Array {
            return self.object(path, each);
        }
        self.json.open()?;
        while self.json.item()? {
            self.object(path, &mut each)?;
        }
        Ok(())
    }

    /// The `name` of an object, or a text in its place.
    pub(crate) fn named(&mut self, mut say: impl FnMut(Cow<'a, str>)) -> Read<()> {
        if self.json.kind()? != Kind::Object {
            if let Some(name) = self.json.scalar()? {
                say(name);
            }
            return Ok(());
        }
        self.object(&Path::Field(""), |reading, key| {
            match key {
                "name" => {
                    if let Some(name) = reading.json.scalar()? {
                        say(name);
                    }
                }
                _ => reading.json.skip()?,
            }
            Ok(())
        })
    }

    /// Passes over a value that is not what belongs here.
    pub(crate) fn not(&mut self, kind: Kind, wanted: &str, path: &Path) -> Read<()> {
        self.repair(path, &format!("{} where {wanted} belongs", kind.name()), "nothing");
        self.json.skip()
    }

    /// Runs with the pointer one step further down.
    pub(crate) fn within<T>(&mut self, step: &str, run: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        let base = self.pointer.len();
        self.pointer.push_str(step);
        let result = run(self)?;
        self.pointer.truncate(base);
        Ok(result)
    }

    /// The pointer cut to `base`, and an index behind it.
    #[inline]
    pub(crate) fn stand_at(&mut self, base: usize, index: usize) {
        self.pointer.truncate(base);
        self.pointer.push('/');
        number(index, &mut self.pointer);
    }

    /// Says what was only counted, and turns the end of reading into what an observer returns.
    pub(crate) fn end(mut self, read: Read<()>, limit: usize) -> Result<(), Malformed> {
        let read = read.and_then(|()| {
            if self.json.is_done() { Ok(()) } else { Err(self.json.fault("nothing more after the document")) }
        });
        self.ledger.close(self.sink, &self.json, limit);
        read.map_err(|fault| malformed(&self.json, fault))
    }
}

/// A fault in words that whoever wrote the document can act on.
pub(crate) fn malformed(json: &Json<'_>, fault: Fault) -> Malformed {
    let (place, stands) = (json.place(fault.at), json.stands(fault.at));
    Malformed::at(place, format!("expected {}, found {stands}", fault.expected))
}
