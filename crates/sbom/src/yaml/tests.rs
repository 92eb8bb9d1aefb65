//! YAML held against the JSON it stands for, and hostile streams within their budgets.
use std::fmt::Write as _;

use super::*;

fn json(text: &str) -> String {
    let transcoded = transcode(text);
    assert!(
        serde_json::from_str::<serde_json::Value>(&transcoded.json).is_ok() || transcoded.json.is_empty(),
        "{text}"
    );
    transcoded.json
}

#[test]
fn the_same_in_json() {
    for (yaml, want) in [
        ("a: b\nc:\n- d\n- e: f\n", r#"{"a":"b","c":["d",{"e":"f"}]}"#),
        (
            "a: 1.10\nb: 012\nc: true\nd: yes\ne: ~\nf:\ng: 2020-01-02\nh: '1'\n",
            r#"{"a":1.10,"b":"012","c":true,"d":"yes","e":null,"f":null,"g":"2020-01-02","h":"1"}"#,
        ),
        ("a: !!str 1\nb: !!null x\nc: !own d\n", r#"{"a":"1","b":null,"c":"d"}"#),
        ("{a: [b, 'c \" d'], e: \"f\\n\"}", r#"{"a":["b","c \" d"],"e":"f\n"}"#),
        ("a: |\n  one\n  two\nb: >-\n  one\n  two\n", r#"{"a":"one\ntwo\n","b":"one two"}"#),
        ("a: &x [1, &y b]\nc: *x\nd: *y\n", r#"{"a":[1,"b"],"c":[1,"b"],"d":"b"}"#),
        ("&k a: b\n*k : c\n", r#"{"a":"b","a":"c"}"#),
        ("x: &m {a: 1, b: 2}\ny:\n  <<: *m\n  b: 3\n", r#"{"x":{"a":1,"b":2},"y":{"b":3,"a":1}}"#),
        ("x: &m {a: 1}\ny:\n  <<: [*m, {c: 4}]\n  d: 5\n", r#"{"x":{"a":1},"y":{"c":4,"d":5,"a":1}}"#),
        (
            "x: &m {a: 1}\ny: &n {<<: *m, b: 2}\nz: {<<: *n, <<: *m, c: 3}\n",
            r#"{"x":{"a":1},"y":{"b":2,"a":1},"z":{"c":3,"b":2,"a":1}}"#,
        ),
        (
            "x: &m {a: 1}\n<<: [{<<: *m, b: 2}, *m]\nc: 3\n---\ny: &m {d: 4}\n<<: *m\n",
            r#"{"x":{"a":1},"b":2,"c":3,"a":1,"y":{"d":4},"d":4}"#,
        ),
        ("a: 1\n---\nb: 2\n...\n---\nc: 3\n", r#"{"a":1,"b":2,"c":3}"#),
        ("? [a, b]\n: c\nd: e\n", r#"{"?":"c","d":"e"}"#),
        ("a: &r [*r, b]\n", r#"{"a":[null,"b"]}"#),
        ("a: *no\nb: c\n", r#"{"a":null,"b":"c"}"#),
        ("a: b\na: c\n", r#"{"a":"b","a":"c"}"#),
        ("- a\n- b\n", ""),
        ("", ""),
    ] {
        assert_eq!(json(yaml), want, "{yaml}");
    }
}

#[test]
fn what_breaks_off_is_told_with_its_place() {
    let transcoded = transcode("a: b\nc:\n- d\n- \"e\nf: g\n---\nh: i\n");
    assert!(transcoded.json.starts_with(r#"{"a":"b","c":["d""#), "{}", transcoded.json);
    assert!(matches!(&transcoded.fault, Some(Malformed::Broken { at, .. }) if at.starts_with("line ")));
    let transcoded = transcode("a: b\nc: [}\n---\nh: i\n");
    assert_eq!(transcoded.json, r#"{"a":"b","c":[],"h":"i"}"#);
    assert!(transcoded.fault.is_some());
}

#[test]
fn nesting_costs_no_stack() {
    for text in [
        "- ".repeat(20_000),
        "a:\n- ".to_owned() + &"- ".repeat(20_000),
        "a: ".to_owned() + &"[".repeat(1_000_000),
        "a: ".to_owned() + &"{b: ".repeat(100_000),
        "? ".repeat(100_000),
    ] {
        let transcoded = transcode(&text);
        assert!(
            transcoded.gaps.len() == 1 || transcoded.json.is_empty(),
            "{:?} {}",
            transcoded.gaps,
            transcoded.json.len()
        );
    }
    let deep = |levels: usize| (0..levels).fold(String::new(), |text, level| text + &" ".repeat(level) + "a:\n");
    assert!(transcode(&deep(120)).gaps.is_empty());
    assert!(transcode(&deep(130)).gaps[0].detail.contains("128"));
}

#[test]
fn aliases_have_a_budget() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let last = format!("*a{}", level - 1);
        let tenfold = [last.as_str(); 10].join(", ");
        let _ = writeln!(bomb, "a{level}: &a{level} [{tenfold}]");
    }
    let transcoded = transcode(&bomb);
    assert!(transcoded.gaps.len() == 1 && transcoded.json.len() < 20 << 20, "{:?}", transcoded.gaps);
    let long = format!("a: &a {}\nb:\n{}", "x".repeat(1 << 20), "- *a\n".repeat(100));
    let transcoded = transcode(&long);
    assert!(transcoded.gaps[0].detail.contains("64 MiB") && transcoded.json.len() < 80 << 20);
    // A million of small ones is within it.
    let many = format!("a: &a x\nb:\n{}", "- *a\n".repeat(900_000));
    assert!(transcode(&many).gaps.is_empty());
}

#[test]
fn a_document_of_millions_of_nodes_is_read() {
    let text = "a:\n".to_owned() + &"- b: c\n".repeat(300_000);
    let transcoded = transcode(&text);
    assert!(transcoded.fault.is_none() && transcoded.gaps.is_empty());
    assert_eq!(transcoded.json.matches("\"b\"").count(), 300_000);
}
