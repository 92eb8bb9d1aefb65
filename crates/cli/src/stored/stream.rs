//! A report read piece by piece: its long lists never stand in memory as text.
mod parts;

use std::io::{self, Read, Seek, SeekFrom};

use interdict_model::{Finding, Report, Verdict};
use memchr::memmem;
use serde::de::value::{MapAccessDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{Deserialize, DeserializeSeed, Error as _, IgnoredAny, IntoDeserializer as _, MapAccess};
use serde_json::{Deserializer, Error, Result};

/// How much is read at a time.
const ROOM: usize = 1 << 20;
/// A verdict is not longer than this.
const TAIL: u64 = 64 << 10;

/// The report without its verdicts. Where they are the end of the file, as our writer has them, they are not even read. What is
/// wrong with a file that is no report, a reader of the whole says better.
pub(super) fn unjudged<R: Read + Seek + Send>(from: &mut R) -> Result<Report> {
    let ends_in_verdicts = ends_in_verdicts(from).map_err(Error::io)?;
    read(from, ends_in_verdicts, ROOM)
}

/// Whether the last thing in it is the last verdict of a list that is the last member of the whole: nothing is cut off, and
/// nothing else stands behind the verdicts.
fn ends_in_verdicts<R: Read + Seek>(from: &mut R) -> io::Result<bool> {
    let length = from.seek(SeekFrom::End(0))?;
    from.seek(SeekFrom::Start(length.saturating_sub(TAIL)))?;
    let mut tail = Vec::new();
    from.take(TAIL).read_to_end(&mut tail)?;
    from.rewind()?;
    let before = |text: &[u8], sign: &[u8]| text.trim_ascii_end().strip_suffix(sign).map(<[u8]>::to_vec);
    let inner = before(&tail, b"}").and_then(|inner| before(&inner, b"]"));
    let verdict = inner.as_deref().and_then(|inner| inner.get(memmem::rfind(inner, b"\n    {")?..));
    Ok(verdict.is_some_and(|verdict| serde_json::from_slice::<Verdict>(verdict).is_ok()))
}

fn read(from: &mut (dyn Read + Send), ends_in_verdicts: bool, room: usize) -> Result<Report> {
    let mut pieces = Pieces { from, bytes: vec![0; room], start: 0, end: 0, is_last: false };
    pieces.expect(b'{')?;
    let mut findings = Vec::new();
    let mut fields = Fields {
        pieces: &mut pieces,
        findings: &mut findings,
        key: String::new(),
        is_first: true,
        ends_in_verdicts,
        is_done: false,
    };
    let report = Report::deserialize(MapAccessDeserializer::new(&mut fields))?;
    if fields.is_done || pieces.next()?.is_none() {
        return Ok(Report { findings, ..report });
    }
    Err(Error::custom("text behind the report"))
}

/// What was read of a text and not yet used.
struct Pieces<'r> {
    from: &'r mut (dyn Read + Send),
    bytes: Vec<u8>,
    start: usize,
    end: usize,
    is_last: bool,
}

impl Pieces<'_> {
    fn rest(&self) -> &[u8] {
        self.bytes.get(self.start..self.end).unwrap_or_default()
    }

    /// Reads on, where there is more.
    fn more(&mut self) -> Result<()> {
        if self.is_last {
            return Err(Error::custom("the report ends early"));
        }
        self.bytes.copy_within(self.start..self.end, 0);
        (self.start, self.end) = (0, self.end - self.start);
        if self.end == self.bytes.len() {
            self.bytes.resize(2 * self.end, 0);
        }
        let free = self.bytes.get_mut(self.end..).unwrap_or_default();
        let read = self.from.read(free).map_err(Error::io)?;
        self.end += read;
        self.is_last = read == 0;
        Ok(())
    }

    /// The next byte that is no space.
    fn next(&mut self) -> Result<Option<u8>> {
        loop {
            let spaces = self.rest().iter().take_while(|byte| matches!(byte, b' ' | b'\n' | b'\r' | b'\t')).count();
            self.start += spaces;
            match self.rest().first() {
                Some(byte) => return Ok(Some(*byte)),
                None if self.is_last => return Ok(None),
                None => self.more()?,
            }
        }
    }

    fn expect(&mut self, byte: u8) -> Result<()> {
        if self.next()? != Some(byte) {
            return Err(Error::custom("another sign was expected"));
        }
        self.start += 1;
        Ok(())
    }

    /// Whether another item stands before this end; what parts it from the one before is passed over.
    fn has_item(&mut self, end: u8, is_first: bool) -> Result<bool> {
        let next = self.next()?;
        if next == Some(end) {
            self.start += 1;
            return Ok(false);
        }
        if !is_first {
            self.expect(b',')?;
        }
        Ok(true)
    }

    /// The next value, and how long it is; it is not used yet.
    fn value<T: for<'de> Deserialize<'de>>(&mut self) -> Result<(T, usize)> {
        loop {
            let rest = self.rest();
            let mut values = Deserializer::from_slice(rest).into_iter();
            match values.next() {
                // At the end of what was read a number may go on.
                Some(Ok(value)) if values.byte_offset() < rest.len() || self.is_last => {
                    return Ok((value, values.byte_offset()));
                }
                Some(Err(error)) if !error.is_eof() => return Err(error),
                _ => self.more()?,
            }
        }
    }

    /// The items of a list up to its end, one after the other.
    fn items<T: for<'de> Deserialize<'de>>(&mut self, each: &mut dyn FnMut(T)) -> Result<()> {
        let mut is_first = true;
        while self.has_item(b']', is_first)? {
            let (item, length) = self.value()?;
            self.start += length;
            each(item);
            is_first = false;
        }
        Ok(())
    }
}

/// The members of the report. To the report its findings seem to be none: they are put in when all is read.
struct Fields<'a, 'r> {
    pieces: &'a mut Pieces<'r>,
    findings: &'a mut Vec<Finding>,
    key: String,
    is_first: bool,
    ends_in_verdicts: bool,
    is_done: bool,
}

impl<'de> MapAccess<'de> for Fields<'_, '_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        if self.is_done || !self.pieces.has_item(b'}', self.is_first)? {
            return Ok(None);
        }
        self.is_first = false;
        let (key, length) = self.pieces.value()?;
        self.pieces.start += length;
        self.key = key;
        self.pieces.expect(b':')?;
        let key: StrDeserializer<'_, Error> = self.key.as_str().into_deserializer();
        seed.deserialize(key).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value> {
        match self.key.as_str() {
            "findings" => {
                self.pieces.expect(b'[')?;
                parts::read(self.pieces, self.findings)?;
                self.pieces.items(&mut |finding| self.findings.push(finding))?;
            }
            "verdicts" if self.ends_in_verdicts => self.is_done = true,
            "verdicts" => {
                self.pieces.expect(b'[')?;
                self.pieces.items(&mut |_: IgnoredAny| ())?;
            }
            _ => {
                let (IgnoredAny, length) = self.pieces.value()?;
                let text = self.pieces.rest().get(..length).unwrap_or_default();
                let value = seed.deserialize(&mut Deserializer::from_reader(text));
                self.pieces.start += length;
                return value;
            }
        }
        seed.deserialize(SeqDeserializer::<_, Error>::new(std::iter::empty::<()>()))
    }
}

#[cfg(test)]
mod tests;
