//! Every recipe in the README builds, and every kind there is stands in it.
use std::collections::BTreeSet;

use interdict_testkit::build;

const README: &str = include_str!("../README.md");

#[test]
fn every_example_builds() {
    let examples =
        README.split("```toml\n").skip(1).filter_map(|rest| rest.split_once("```").map(|(example, _)| example));
    let mut shown = BTreeSet::new();
    for example in examples {
        let bytes = build(example).unwrap_or_else(|why| panic!("{why}\n{example}"));
        assert!(!bytes.is_empty());
        shown.extend(example.lines().find_map(|line| line.strip_prefix("kind = ")).map(|kind| kind.trim_matches('"')));
    }
    let unknown = build("kind = \"?\"").unwrap_err();
    let (_, list) = unknown.split_once("there are ").unwrap_or_else(|| panic!("{unknown}"));
    let kinds: BTreeSet<_> = list.split(", ").map(|kind| kind.trim_matches('`')).collect();
    assert_eq!(shown, kinds);
}
