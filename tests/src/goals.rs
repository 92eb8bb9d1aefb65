//! The goals of reliability: each prints its name, its figure, and whether it is met.
use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Prints `id`, the figure and the answer in one line, and fails where it is not met.
pub fn goal(id: &str, figure: &str, is_met: bool) {
    println!("{id:<4} {} {figure}", if is_met { "pass" } else { "FAIL" });
    assert!(is_met, "goal {id}: {figure}");
}

/// Prints that a goal cannot be tried on this machine, and why.
pub fn not_here(id: &str, why: &str) {
    println!("{id:<4} n/a  {why}");
}

/// What a report says of each file under a scanned folder.
pub struct PerFile {
    /// The strongest finding's relation of each, mentions among them; the report lists the strongest first.
    pub found: BTreeMap<String, String>,
    /// Those with a gap.
    pub gaps: BTreeSet<String>,
}

impl PerFile {
    /// By the path of the file on the disk, whatever stands behind it inside a container or document.
    pub fn of(report: &Value) -> Self {
        let file = |on: &Value| {
            let on = on.as_str().unwrap_or_default();
            let end = on.find("!/").into_iter().chain(on.find('#')).min().unwrap_or(on.len());
            on.get(..end).unwrap_or(on).trim_start_matches("./").to_owned()
        };
        let list = |name: &str| report.get(name).and_then(Value::as_array).into_iter().flatten();
        let mut found = BTreeMap::new();
        for finding in list("findings") {
            let relation = finding["relation"].as_str().unwrap_or_default();
            let strongest: &mut String = found.entry(file(&finding["on"])).or_default();
            if strongest.is_empty() || strongest == "mentions" {
                relation.clone_into(strongest);
            }
        }
        Self { found, gaps: list("gaps").map(|gap| file(&gap["on"])).collect() }
    }

    /// Whether something above a mention was found in it.
    pub fn is_flagged(&self, file: &str) -> bool {
        self.found.get(file).is_some_and(|relation| relation != "mentions" && relation != "connects")
    }
}
