//! For whom a report may judge.
use interdict_model::Profile;
use serde_json::{Value, json};

pub(super) fn all(profiles: &[Profile]) -> (String, Value) {
    let lines: Vec<_> = profiles.iter().map(|profile| format!("{:<28} {}", profile.name, profile.title)).collect();
    (lines.join("\n"), json!(profiles))
}
