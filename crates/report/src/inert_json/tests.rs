//! The bytes are those of `serde_json` wherever nothing asks for more.
use std::collections::BTreeMap;

use serde_json::Value;

use super::*;

fn both(value: &impl Serialize) -> [String; 2] {
    [false, true].map(|is_pretty| {
        let mut out = Vec::new();
        if is_pretty { pretty(value, &mut out) } else { compact(value, &mut out) }.unwrap();
        String::from_utf8(out).unwrap()
    })
}

/// Of what needs no escape beyond JSON's own, the bytes are those of `serde_json`.
fn as_usual(value: &impl Serialize) {
    let usual = [serde_json::to_string(value).unwrap(), serde_json::to_string_pretty(value).unwrap() + "\n"];
    assert_eq!(both(value), usual);
}

#[test]
fn the_same_value_in_inert_text() {
    let value = serde_json::json!({ "k\u{202e}": ["\x1b[31m", "\u{9b}", "\u{e0041}", "é\"\\\n\u{7f}", 1, null, {}] });
    for text in both(&value) {
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
        assert!(text.chars().all(|c| c == '\n' || is_inert(c)), "{text:?}");
        for escape in ["\\udb40\\udc41", "\\u202e", "\\u007f", "\\u001b"] {
            assert!(text.contains(escape), "{text}");
        }
    }
}

#[test]
fn every_shape_as_it_usually_is() {
    #[derive(Serialize)]
    enum Shape {
        Unit,
        One(u8),
        Two(i64, Option<bool>),
        Named { a: (), b: Vec<Shape>, c: Option<f64> },
        Empty {},
    }
    #[derive(Serialize)]
    struct Pair(char, &'static str);
    #[derive(Serialize)]
    struct Unit;
    let shapes = vec![
        Shape::Unit,
        Shape::One(200),
        Shape::Two(-5, Some(true)),
        Shape::Named { a: (), b: vec![Shape::Unit, Shape::Empty {}], c: Some(1.5) },
        Shape::Named { a: (), b: Vec::new(), c: None },
    ];
    as_usual(&shapes);
    let texts: Vec<String> =
        (0..0x80u8).filter(|byte| *byte != 0x7f).map(|byte| format!("a{}b", char::from(byte))).collect();
    as_usual(&(texts, Pair('ж', "漢字"), Unit, BTreeMap::from([("k\"", 1), ("l", 2)]), [0u64; 0], u64::MAX, f64::NAN));
    as_usual(&BTreeMap::<String, u8>::new());
}

#[test]
fn much_is_written_whole() {
    let many: Vec<String> = (0..20_000).map(|at| format!("text {at} ").repeat(at % 9)).collect();
    as_usual(&many);
}
