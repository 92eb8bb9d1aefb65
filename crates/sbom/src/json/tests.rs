//! The reader held against `serde_json`, which is right about what JSON is.
use proptest::prelude::*;
use serde_json::{Map, Value};

use super::*;

/// Builds a value through the pull interface; recursive, for tests only.
fn value(json: &mut Json<'_>) -> Read<Value> {
    Ok(match json.kind()? {
        Kind::Object => {
            let mut map = Map::new();
            json.open()?;
            while let Some(key) = json.key()? {
                map.insert(key.into_owned(), value(json)?);
            }
            Value::Object(map)
        }
        Kind::Array => {
            let mut list = Vec::new();
            json.open()?;
            while json.item()? {
                list.push(value(json)?);
            }
            Value::Array(list)
        }
        Kind::Text => Value::String(json.text()?.into_owned()),
        Kind::Null => json.skip().map(|()| Value::Null)?,
        Kind::Number | Kind::Bool => {
            let written = json.scalar()?.unwrap_or_default().into_owned();
            serde_json::from_str(&written).unwrap_or(Value::String(written))
        }
    })
}

fn read(text: &str) -> Result<Value, Fault> {
    let mut json = Json::new(text);
    let read = value(&mut json)?;
    if json.is_done() { Ok(read) } else { Err(json.fault("the end")) }
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "[a-z\"\\\\\u{1}\u{20ac}\u{1f600}]{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 60, 6, |inner| {
        let key = any::<String>().prop_map(|key| key.replace(is_lost, ""));
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::btree_map(key, inner, 0..6).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn reads_what_was_written(value in any_value(), pretty in any::<bool>()) {
        let text = if pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) }.unwrap();
        prop_assert_eq!(read(&text), Ok(value));
        let mut json = Json::new(&text);
        prop_assert_eq!(json.raw(), Ok(text.as_str()));
        prop_assert!(json.oddities.is_empty());
    }

    #[test]
    fn accepts_all_that_serde_accepts_and_skips_what_it_reads(text in "[\\[\\]{}:,\"a1\\\\un -]{0,24}") {
        if let Ok(value) = serde_json::from_str::<Value>(&text) {
            prop_assert_eq!(read(&text), Ok(value));
        }
        let mut skipping = Json::new(&text);
        let skipped = skipping.skip().is_ok() && skipping.is_done();
        prop_assert_eq!(skipped, read(&text).is_ok());
    }
}

#[test]
fn a_key_is_what_other_readers_make_of_it() {
    for written in [r"name\u0000", r"name\u0000x", r"na\ud800me", r"name\r", r"\u006eame"] {
        let text = format!("{{\"{written}\":1}}");
        let mut json = Json::new(&text);
        json.open().unwrap();
        assert_eq!(json.key().unwrap().as_deref(), Some("name"), "{written}");
    }
}

#[test]
fn reads_on_where_meaning_is_plain() {
    for (text, want, oddities) in [
        ("[1,]", "[1]", 1),
        ("{\"a\":1,}", "{\"a\":1}", 1),
        ("\"a\tb\"", "\"a\\tb\"", 1),
        ("\"\\ud800\"", "\"\u{fffd}\"", 1),
        ("\"\\ud83d\\ude00\"", "\"\u{1f600}\"", 0),
        ("\"\\x\"", "\"\\\\x\"", 1),
        ("\"\\u12\"", "\"\\\\u12\"", 1),
    ] {
        let mut json = Json::new(text);
        assert_eq!(value(&mut json), Ok(serde_json::from_str(want).unwrap()), "{text}");
        assert_eq!(json.oddities.len(), oddities, "{text}");
    }
}

#[test]
fn says_where_it_stops() {
    for (text, at, expected) in [
        ("{\n  \"a\" 1}", "line 2, column 7", "`:` after a key"),
        ("[1 2]", "line 1, column 4", "`,` or `]` after an item of a list"),
        ("{\"a\":1", "line 1, column 7", "`,` or `}` after a member of an object"),
        ("[\"é\", \"b", "line 1, column 7", "a text with its closing double quote"),
        ("{a:1}", "line 1, column 2", "a key in double quotes"),
        ("[tru]", "line 1, column 2", "`true`, `false` or `null`"),
        ("", "line 1, column 1", "a value"),
    ] {
        let fault = read(text).unwrap_err();
        assert_eq!((place(text, fault.at).as_str(), fault.expected), (at, expected), "{text}");
    }
}

#[test]
fn depth_costs_no_stack() {
    let text = "[".repeat(1_000_000) + &"]".repeat(1_000_000);
    assert_eq!(Json::new(&text).raw().map(str::len), Ok(2_000_000));
}
