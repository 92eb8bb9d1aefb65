//! A report read without its verdicts: they are passed over, and never spelled out.
use std::fmt;

use interdict_model::Report;
use serde::de::value::{MapAccessDeserializer, SeqDeserializer};
use serde::de::{Deserialize, DeserializeSeed, Deserializer, IgnoredAny, IntoDeserializer as _, MapAccess, Visitor};

/// The report; its list of verdicts is empty.
#[derive(Debug)]
pub(super) struct Unjudged(pub(super) Report);

impl<'de> Deserialize<'de> for Unjudged {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Reader).map(Self)
    }
}

struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Report;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a report")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Report, A::Error> {
        Report::deserialize(MapAccessDeserializer::new(Sifted { map, is_passed_over: false }))
    }
}

/// The fields of a report, of which one counts as empty.
struct Sifted<A> {
    map: A,
    is_passed_over: bool,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Sifted<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        let Some(key) = self.map.next_key::<String>()? else { return Ok(None) };
        self.is_passed_over = key == "verdicts";
        seed.deserialize(key.into_deserializer()).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        if !self.is_passed_over {
            return self.map.next_value_seed(seed);
        }
        self.map.next_value::<IgnoredAny>()?;
        seed.deserialize(SeqDeserializer::<_, A::Error>::new(std::iter::empty::<()>()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_but_the_verdicts() {
        let text = r#"{ "schema": "interdict.report/1", "tool": { "name": "interdict", "version": "0" }, "packs": [],
            "as_of": "2026-01-01T00:00:00Z", "profile": { "name": "", "title": "", "roles": [], "acts": [], "jurisdictions": [] },
            "outcome": "clear", "inputs": [], "findings": [],
            "verdicts": [{ "finding": "F-1", "regime": "r", "provision": "p", "effect": "prohibited", "because": "b", "citation": "c", "text": "primary" }],
            "waived": [], "reconciliation": [], "coverage": { "artifacts": 3, "bytes": 0, "examined": 0, "components": 0, "gaps": 0,
            "material_gaps": 0, "formats": {}, "complete": true, "isolation": "none" }, "gaps": [],
            "legend": { "entities": [], "regimes": {}, "notes": ["kept"] } }"#;
        let whole: Report = serde_json::from_str(text).unwrap();
        let Unjudged(report) = serde_json::from_str(text).unwrap();
        assert_eq!(whole.verdicts.len(), 1);
        assert_eq!(report, Report { verdicts: Vec::new(), ..whole });
        for wrong in ["[]", "{ \"verdicts\": [", "{ \"verdicts\": [] }"] {
            assert!(serde_json::from_str::<Unjudged>(wrong).is_err(), "{wrong}");
        }
    }
}
