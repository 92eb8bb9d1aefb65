//! A report read piece by piece: its long lists never stand in memory as text.
use std::io::Read;

use interdict_model::{Finding, Report};
use serde::de::value::{MapAccessDeserializer, SeqDeserializer, StrDeserializer};
use serde::de::{Deserialize, DeserializeSeed, Error as _, IgnoredAny, IntoDeserializer as _, MapAccess};
use serde_json::{Deserializer, Error, Result};

/// How much is read at a time.
const ROOM: usize = 1 << 20;

/// The report without its verdicts, which are passed over. What is wrong with one that is none, a reader of the whole says better.
pub(super) fn unjudged(from: &mut dyn Read) -> Result<Report> {
    let mut pieces = Pieces { from, bytes: vec![0; ROOM], start: 0, end: 0, is_last: false };
    pieces.expect(b'{')?;
    let mut findings = Vec::new();
    let fields = Fields { pieces: &mut pieces, findings: &mut findings, key: String::new(), is_first: true };
    let report = Report::deserialize(MapAccessDeserializer::new(fields))?;
    match pieces.next()? {
        None => Ok(Report { findings, ..report }),
        Some(_) => Err(Error::custom("text behind the report")),
    }
}

/// What was read of a text and not yet used.
struct Pieces<'r> {
    from: &'r mut dyn Read,
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

    /// The items of the list that begins here, one after the other.
    fn list<T: for<'de> Deserialize<'de>>(&mut self, each: &mut dyn FnMut(T)) -> Result<()> {
        self.expect(b'[')?;
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
}

impl<'de> MapAccess<'de> for Fields<'_, '_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>> {
        if !self.pieces.has_item(b'}', self.is_first)? {
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
            "findings" => self.pieces.list(&mut |finding| self.findings.push(finding))?,
            "verdicts" => self.pieces.list(&mut |_: IgnoredAny| ())?,
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
mod tests {
    use super::*;

    /// Gives so many bytes at a time.
    struct Drops<'a>(&'a [u8], usize);

    impl Read for Drops<'_> {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let most = self.1.min(into.len());
            self.0.read(&mut into[..most])
        }
    }

    const REPORT: &str = r#" { "schema": "interdict.report/1", "tool": { "name": "interdict", "version": "0" }, "packs": [],
        "as_of": "2026-01-01T00:00:00Z", "profile": { "name": "", "title": "", "roles": [], "acts": [], "jurisdictions": [] },
        "outcome": "clear", "inputs": [], "findings": [{ "id": "F-1", "fingerprint": "f", "entity": "e", "title": "t\u0041",
        "relation": "is", "certainty": "possible", "on": "a!/b", "product": { "name": "p", "known_from": "k" }, "path": [],
        "witness": "not-compared", "scope": "required", "matches": [] }  ],
        "verdicts": [{ "finding": "F-1", "regime": "]", "provision": "p", "effect": "prohibited", "because": "b", "citation": "c", "text": "primary" }],
        "waived": [], "reconciliation": [], "coverage": { "artifacts": 3, "bytes": 0, "examined": 0, "components": 0, "gaps": 0,
        "material_gaps": 0, "formats": {}, "complete": true, "isolation": "none" }, "gaps": [], "later": 12,
        "legend": { "entities": [], "regimes": {}, "notes": ["kept"] } }
"#;

    fn read(text: &str, at_a_time: usize) -> Result<Report> {
        unjudged(&mut Drops(text.as_bytes(), at_a_time))
    }

    #[test]
    fn as_a_reader_of_the_whole_does() {
        let whole: Report = serde_json::from_str(REPORT).unwrap();
        let whole = Report { verdicts: Vec::new(), ..whole };
        for at_a_time in [1, 2, 7, 64, 1 << 20] {
            assert_eq!(read(REPORT, at_a_time).unwrap(), whole, "{at_a_time}");
        }
    }

    #[test]
    fn takes_nothing_that_a_reader_of_the_whole_refuses() {
        for at in 0..REPORT.trim_end().len() {
            assert!(read(&REPORT[..at], 100).is_err(), "{at}");
        }
        for (from, to) in [
            ("\"waived\": []", "\"waived\": [], \"waived\": []"),
            ("\"verdicts\"", "\"findings\": [], \"verdicts\""),
            ("[{ \"finding\"", "[, { \"finding\""),
            ("\"primary\" }]", "\"primary\" },]"),
            ("\"primary\" }]", "\"primary\" }}"),
            ("\"is\"", "\"near\""),
            ("}  ]", "} 1 ]"),
            ("12,", "1 2,"),
            ("[\"kept\"] } }", "[\"kept\"] } },"),
            ("[\"kept\"] } }", "[\"kept\"] }, }"),
            ("{ \"schema\"", "{, \"schema\""),
            ("{ \"schema\"", "[ \"schema\""),
        ] {
            let wrong = REPORT.replacen(from, to, 1);
            assert_ne!(wrong, REPORT);
            assert!(serde_json::from_str::<Report>(&wrong).is_err(), "{to}");
            assert!(read(&wrong, 1 << 20).is_err(), "{to}");
        }
    }
}
