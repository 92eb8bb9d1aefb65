//! Every rule is tried on two things that meet it and two that do not, and none claims more than what it rests on allows.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test reads the crate's data, and may fail")]
use std::path::Path;

use toml::{Table, Value};

const FEWEST: usize = 2;

/// Every rule of the built-in pack, as it is written.
fn rules() -> Vec<Table> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/rules");
    let mut rules = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let file: Table = toml::from_str(&text).unwrap();
        rules.extend(list(&file, "rule").iter().filter_map(Value::as_table).cloned());
    }
    assert!(rules.len() >= 270, "only {} rules found", rules.len());
    rules
}

fn list<'t>(of: &'t Table, key: &str) -> &'t [Value] {
    of.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn text<'t>(of: &'t Table, key: &str) -> &'t str {
    of.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn faults(is_at_fault: impl Fn(&Table) -> bool) -> Vec<String> {
    rules().iter().filter(|rule| is_at_fault(rule)).map(|rule| text(rule, "id").to_owned()).collect()
}

#[test]
fn two_hold_and_two_fail() {
    let found = faults(|rule| ["holds", "fails"].iter().any(|key| list(rule, key).len() < FEWEST));
    assert!(found.is_empty(), "fewer than two examples: {found:?}");
}

#[test]
fn every_rule_says_why_and_whence() {
    let found = faults(|rule| text(rule, "because").len() < 40 || text(rule, "source").is_empty());
    assert!(found.is_empty(), "no reason or no source: {found:?}");
}

#[test]
fn what_is_from_memory_alone_is_possible() {
    let found = faults(|rule| text(rule, "source").ends_with("(from memory)") && text(rule, "certainty") != "possible");
    assert!(found.is_empty(), "from memory, and claimed: {found:?}");
}

/// A name is borrowed easily; names of several files in one folder are not.
#[test]
fn a_file_name_alone_is_possible() {
    let is_name_alone = |clause: &Value| clause.as_table().is_some_and(|clause| clause.keys().eq(["file-name"]));
    let found = faults(|rule| {
        text(rule, "scope") != "container"
            && list(rule, "when").iter().any(is_name_alone)
            && text(rule, "certainty") != "possible"
    });
    assert!(found.is_empty(), "a file name alone, and claimed: {found:?}");
}
