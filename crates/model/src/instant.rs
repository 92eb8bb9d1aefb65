//! The instant a report judges for.
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point in time, to the second, in UTC; written as RFC 3339.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(Timestamp);

impl Instant {
    /// From seconds since 1970-01-01T00:00:00Z; `None` outside the years −9999 to 9999.
    pub fn from_unix(seconds: i64) -> Option<Self> {
        Timestamp::from_second(seconds).ok().map(Self)
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub fn unix(self) -> i64 {
        self.0.as_second()
    }

    /// The date in UTC, `2024-09-29`.
    pub fn date(self) -> String {
        self.0.to_string().split('T').next().unwrap_or_default().to_owned()
    }
}

/// Neither a date nor an instant.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is neither a date (2024-09-29) nor an instant (2024-09-29T00:00:00-04:00)")]
pub struct NotAnInstant(pub String);

impl FromStr for Instant {
    type Err = NotAnInstant;

    /// An RFC 3339 instant with its offset, or a date. A date stands for 12:00 UTC: the moment at which every zone from
    /// −12 to +11 has that calendar date, so that a rule that begins at local midnight is in force on its first day.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(instant) = text.parse::<Timestamp>() {
            return Ok(Self(instant));
        }
        let is_date = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
        let noon = is_date.then(|| format!("{text}T12:00:00Z").parse::<Timestamp>().ok()).flatten();
        noon.map(Self).ok_or_else(|| NotAnInstant(text.to_owned()))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Instant {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Instant".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_instants() {
        let unix = |text: &str| text.parse::<Instant>().map(Instant::unix);
        assert_eq!(unix("2024-09-29T00:00:00-04:00"), unix("2024-09-29T04:00:00Z"));
        assert_eq!(unix("2024-09-29"), unix("2024-09-29T12:00:00Z"));
        for bad in ["yesterday", "2024-13-01", "2024-09-29T00:00", "", "2024-09-29T00:00:00"] {
            assert!(unix(bad).is_err(), "{bad}");
        }
    }
}
