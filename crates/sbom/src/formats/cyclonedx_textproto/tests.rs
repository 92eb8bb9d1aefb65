//! What is taken for a BOM in the text format, and that nothing in one can upset the reader.
use interdict_model::Needles;
use interdict_testkit::{lines, mutate};

use super::*;

const SAMPLE: &[u8] =
    include_bytes!("../../../../../fixtures/sbom/cyclonedx-textproto/good-every-field/input.textproto");
const SYNTAX: &[u8] = include_bytes!("../../../../../fixtures/sbom/cyclonedx-textproto/good-syntax/input.textproto");

fn told(bytes: &[u8]) -> String {
    lines(&ENTRY, "bom.textproto", bytes, &Needles::default())
}

#[test]
fn only_a_bom_is_taken_for_one() {
    for (text, want) in [
        ("spec_version: \"1.6\"", true),
        ("# comment\n\nversion: 1 components { name: \"a\" }\nspec_version: '1.6'", true),
        ("components [ { name: \"a\" } ] specVersion: '1.6' # spec_version", true),
        ("spec_version: 1.6", false),
        ("spec_version: \"2021-01\"", false),
        ("name: \"x\"\nspec_version: \"1.6\"", false),
        ("version: 1\ncomponents:\n  - spec_version: \"1.6\"", false),
        ("spec_version = \"1.6\"", false),
        ("", false),
        ("{\"spec_version\": \"1.6\"}", false),
    ] {
        assert_eq!(accepts(&Head { bytes: text.as_bytes(), name: "" }), want, "{text}");
    }
}

#[test]
fn truncation_is_never_silent() {
    let whole = told(SAMPLE);
    assert!(!whole.contains("malformed") && !whole.contains("refused"));
    let text = std::str::from_utf8(SAMPLE).unwrap();
    let start = text.find("spec_version").unwrap() + 20;
    for end in (start..SAMPLE.len() - 2).step_by(5).filter(|end| text.is_char_boundary(*end)) {
        // Between two fields of the outermost message nothing is broken.
        let last = text[..end].trim_end().lines().last().unwrap();
        let is_between = !last.starts_with(' ') && !last.ends_with('{') && text.lines().any(|line| line == last);
        assert!(is_between || told(&SAMPLE[..end]).contains("malformed at line"), "cut at {end}");
    }
}

#[test]
fn damage_is_survived() {
    for sample in [SAMPLE, SYNTAX] {
        mutate(4, sample, 2_000, &mut |bytes| {
            told(bytes);
        });
    }
}

#[test]
fn depth_costs_no_stack() {
    for (open, close) in [("components {", "}"), ("components [", "]"), ("metadata { component {", "}}")] {
        let text = format!("spec_version: \"1.6\" {}{}", open.repeat(100_000), close.repeat(100_000));
        assert!(!told(text.as_bytes()).is_empty());
    }
    let text =
        format!("spec_version: \"1.6\" components {{ {} name: \"x\" {} }}", "x {".repeat(90_000), "}".repeat(90_000));
    assert!(told(text.as_bytes()).contains("is no field that is known"));
}
