//! What documents hold (goal F9), as `tests/counts.py` counts it, which shares nothing with our readers.
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use interdict_tests::{corpus, goal, not_here, report, workspace};
use serde_json::Value;

/// The readers whose formats are counted there.
const READERS: &[&str] = &[
    "cyclonedx-json",
    "cyclonedx-protobuf",
    "cyclonedx-textproto",
    "cyclonedx-xml",
    "spdx-json",
    "spdx-rdf",
    "spdx-tag-value",
    "spdx-xml",
    "spdx-yaml",
    "spdx3-json",
    "syft-json",
];

fn counted(lines: &str) -> Option<BTreeMap<String, String>> {
    let mut python = Command::new("python3");
    python.arg(workspace().join("tests/counts.py")).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut python = python.spawn().ok()?;
    let (mut ask, lines) = (python.stdin.take().unwrap(), lines.to_owned());
    let asking = std::thread::spawn(move || ask.write_all(lines.as_bytes()));
    let output = python.wait_with_output().unwrap();
    asking.join().unwrap().unwrap();
    assert!(output.status.success(), "the counter fails");
    let said = String::from_utf8(output.stdout).unwrap();
    Some(
        said.lines()
            .filter_map(|line| line.split_once('\t'))
            .map(|(count, path)| (path.into(), count.into()))
            .collect(),
    )
}

#[test]
fn components_are_as_many_as_others_count() {
    let Some(corpus) = corpus() else { return not_here("F9", "no corpus") };
    let (report, _) = report(&corpus, &["sboms", "--as-of", "2026-01-01"]);
    let list = |name: &str| report[name].as_array().into_iter().flatten();
    let (mut lines, mut ours) = (String::new(), BTreeMap::new());
    for input in list("inputs") {
        let (on, format) = (input["locator"].as_str().unwrap(), input["format"].as_str().unwrap());
        if on.contains("!/") || !READERS.contains(&format) {
            continue;
        }
        let path = corpus.join(on.replace("%20", " ").replace("%23", "#").replace("%25", "%"));
        let path = path.to_string_lossy().into_owned();
        let _ = writeln!(lines, "{format}\t{path}");
        ours.insert(path, (on, format, input["counts"]["components"].as_u64().unwrap_or_default()));
    }
    let place = |trouble: &Value| {
        let on = trouble.get("on").or_else(|| trouble.get("input")).and_then(Value::as_str)?;
        Some(on.split('#').next().unwrap_or(on).to_owned())
    };
    let troubled: BTreeSet<String> = list("gaps").chain(list("repairs")).filter_map(place).collect();
    let Some(theirs) = counted(&lines) else { return not_here("F9", "no python3") };
    let (mut same, mut told, mut other) = (BTreeMap::<&str, u32>::new(), 0, Vec::new());
    for (path, (on, format, count)) in &ours {
        let their = theirs.get(path).map_or("nothing", String::as_str);
        if their == count.to_string() {
            *same.entry(format).or_default() += 1;
        } else if troubled.contains(*on) {
            told += 1;
        } else {
            other.push(format!("{path} ({format}): {count} here, {their} there"));
        }
    }
    println!("the same count: {same:?}");
    for line in &other {
        println!("  {line}");
    }
    let all: u32 = same.values().sum();
    let figure = format!(
        "{} documents: {all} counted alike, {told} otherwise with a gap or repair told, {} otherwise in silence",
        ours.len(),
        other.len()
    );
    goal("F9", &figure, other.is_empty() && all >= 300);
}
