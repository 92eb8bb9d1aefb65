//! One document in several encodings says the same in all of them.
use std::path::Path;

use crate::files::{Heard, Row, manifest, read};

/// The rows of one format, by file name without its last endings.
fn named<'a>(rows: &'a [Row], format: &str, endings: &[&str]) -> Vec<(&'a str, &'a Row)> {
    let of_format = rows.iter().filter(|row| row.format == format);
    of_format.filter_map(|row| Some((endings.iter().find_map(|ending| row.shown.strip_suffix(ending))?, row))).collect()
}

fn compare(rows: &[Row], one: (&str, &str, &[&str]), other: (&str, &str, &[&str])) -> usize {
    let mut compared = 0;
    let others = named(rows, other.0, other.2);
    for (name, row) in named(rows, one.0, one.2) {
        let bare =
            |name: &str| name.replace(&format!("sboms/{}/", one.0), "").replace(&format!("sboms/{}/", other.0), "");
        let Some((_, twin)) = others.iter().find(|(twin, _)| bare(twin) == bare(name)) else { continue };
        let (first, second) = (Heard::of(one.1, row), Heard::of(other.1, twin));
        let missing: Vec<_> = first.stated.symmetric_difference(&second.stated).collect();
        assert!(missing.is_empty(), "{}: {missing:#?}", row.shown);
        assert_eq!(first.edges, second.edges, "{}", row.shown);
        assert_eq!((first.parts, first.top), (second.parts, second.top), "{}", row.shown);
        assert_eq!(first.document.counts, second.document.counts, "{}", row.shown);
        compared += 1;
    }
    compared
}

#[test]
fn protobuf_says_what_its_text_form_says() {
    let rows = manifest();
    let text: (_, _, &[&str]) = ("cdx-textproto", "cyclonedx-textproto", &[".textproto"]);
    let compared = compare(&rows, text, ("cdx-protobuf", "cyclonedx-protobuf", &[".cdx.bin"]));
    assert!(rows.is_empty() || compared > 60, "{compared} documents compared");
}

#[test]
fn protobuf_says_what_json_says() {
    let rows = manifest();
    let json: (_, _, &[&str]) = ("cdx-json", "cyclonedx-json", &[".json"]);
    let compared = compare(&rows, json, ("cdx-protobuf", "cyclonedx-protobuf", &[".cdx"]));
    assert!(rows.is_empty() || compared >= 3, "{compared} documents compared");
}

#[test]
fn fixtures_say_the_same_in_every_encoding() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/sbom");
    for case in ["good-every-field", "good-every-place"] {
        let heard = |id: &str, file: &str| {
            Heard::said_by(id, file, &read(&folder.join(id).join(case).join(file)).expect("a fixture"))
        };
        let json = heard("cyclonedx-json", "input.json");
        assert!(json.facts > 50, "{case}");
        for (id, file) in [("cyclonedx-protobuf", "input.cdx"), ("cyclonedx-textproto", "input.textproto")] {
            let other = heard(id, file);
            let missing: Vec<_> = json.stated.symmetric_difference(&other.stated).collect();
            assert!(missing.is_empty(), "{id} {case}: {missing:#?}");
            assert_eq!((json.facts, json.parts, &json.edges), (other.facts, other.parts, &other.edges), "{id} {case}");
            assert_eq!(json.document.counts, other.document.counts, "{id} {case}");
            assert_eq!(json.document.created, other.document.created, "{id} {case}");
        }
    }
}
