//! Every rule is tried on two things that meet it and two that do not, and none claims more than what it rests on allows.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test reads the crate's data, and may fail")]
use std::path::Path;

use toml::{Table, Value};

const FEWEST: usize = 2;

/// Every rule of the built-in pack, as it is written.
fn rules() -> Vec<Table> {
    let rules = written("rule");
    assert!(rules.len() >= 260, "only {} rules found", rules.len());
    rules
}

fn written(what: &str) -> Vec<Table> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/rules");
    let mut rules = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let file: Table = toml::from_str(&text).unwrap();
        rules.extend(list(&file, what).iter().filter_map(Value::as_table).cloned());
    }
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

/// A row says what it knows and what would settle it, and is tried like a rule; where it tells versions apart, on others too.
#[test]
fn every_integrator_says_what_would_settle_it() {
    let rows = written("integrator");
    assert!(rows.len() >= 29, "only {} rows found", rows.len());
    for row in &rows {
        let id = text(row, "id");
        for key in ["product", "technology", "status", "confirm", "source"] {
            assert!(text(row, key).len() >= 6, "{id}: `{key}`");
        }
        for key in ["holds", "fails"] {
            assert!(list(row, key).len() >= FEWEST, "{id}: `{key}`");
        }
        let (ranges, others) = (list(row, "versions"), list(row, "other-versions"));
        assert!(ranges.is_empty() || others.len() >= FEWEST, "{id}: `other-versions`");
    }
    for rule in interdict_catalog::pack().contents().rules.iter().filter(|rule| rule.integrator.is_some()) {
        assert_eq!(rule.certainty, interdict_model::Certainty::Possible, "{}", rule.id);
        let is_held =
            matches!(rule.relation, interdict_model::Relation::Declares | interdict_model::Relation::Mentions);
        assert!(is_held && rule.because.contains("confirm with: "), "{}", rule.id);
    }
}
