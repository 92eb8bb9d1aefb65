//! Against an earlier report only what is new fails: by evidence and identity, not by path, date or version.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test makes files, and may fail")]
use std::fs;
use std::path::Path;

use interdict_tests::{interdict, report, status, workspace};
use serde_json::Value;

const PROFILE: [&str; 4] = ["--profile", "us-vendor", "--as-of", "2026-01-01"];

fn sbom(components: &[(&str, &str)]) -> String {
    let all: Vec<String> = components
        .iter()
        .map(|(name, version)| {
            format!(
                r#"{{"type":"library","name":"{name}","version":"{version}","supplier":{{"name":"AO Kaspersky Lab"}}}}"#
            )
        })
        .collect();
    format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.5","metadata":{{"component":{{"type":"application","name":"gate"}}}},"components":[{{"type":"library","name":"zlib","version":"1.3"}}{}{}]}}"#,
        if all.is_empty() { "" } else { "," },
        all.join(",")
    )
}

/// The states of a report's findings, each as often as it is there, and how many are gone.
fn states(report: &Value) -> (Vec<String>, usize) {
    let comparison = &report["comparison"];
    let changes = comparison["changes"].as_array().unwrap();
    // The document itself names the vendor, and is another file each time: that flags nothing.
    let inside = |id: &Value| {
        let findings = report["findings"].as_array().unwrap();
        findings.iter().any(|finding| finding["id"] == *id && finding["relation"] != "mentions")
    };
    let mut states: Vec<String> = changes
        .iter()
        .filter(|change| inside(&change["finding"]))
        .map(|change| {
            let counts = if change["counts"].as_bool().unwrap() { "!" } else { "" };
            format!("{}{counts}", change["state"].as_str().unwrap())
        })
        .collect();
    states.sort();
    let gone = comparison["gone"].as_array().unwrap();
    (states, gone.iter().filter(|gone| gone["relation"] != "mentions").count())
}

fn save(at: &Path, name: &str, report: &Value) {
    fs::write(at.join(name), serde_json::to_vec(report).unwrap()).unwrap();
}

/// Scans `bom.json` of these components, against the report of that name where one is given.
fn step(at: &Path, components: &[(&str, &str)], baseline: Option<&str>, save_as: &str) -> (Value, i32) {
    fs::write(at.join("bom.json"), sbom(components)).unwrap();
    let mut arguments = vec!["bom.json"];
    arguments.extend(PROFILE);
    if let Some(baseline) = baseline {
        arguments.extend(["--baseline", baseline]);
    }
    let (report, status) = report(at, &arguments);
    save(at, save_as, &report);
    (report, status)
}

#[test]
fn the_life_of_a_finding() {
    const SDK: (&str, &str) = ("Kaspersky Anti-Virus SDK", "8.9");
    const NEWER: (&str, &str) = ("Kaspersky Anti-Virus SDK", "9.0");
    const ENGINE: (&str, &str) = ("Kaspersky Scan Engine", "2.1");
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let (_, first) = step(at, &[SDK], None, "1.json");
    assert_eq!(first, 1);
    let told = |report: &Value| states(report);
    let of = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();

    let (second, status) = step(at, &[SDK], Some("1.json"), "2.json");
    assert_eq!((told(&second), status), ((of(&["unchanged"]), 0), 0));
    assert_eq!((&second["outcome"], &second["comparison"]["outcome"]), (&"prohibited".into(), &"clear".into()));

    let (third, status) = step(at, &[SDK, ENGINE], Some("2.json"), "3.json");
    assert_eq!((told(&third), status), ((of(&["new!", "unchanged"]), 0), 1));

    let (fourth, status) = step(at, &[NEWER, ENGINE], Some("3.json"), "4.json");
    assert_eq!((told(&fourth), status), ((of(&["changed", "unchanged"]), 0), 0));

    let (fifth, status) = step(at, &[ENGINE], Some("4.json"), "5.json");
    assert_eq!((told(&fifth), status), ((of(&["unchanged"]), 1), 0));

    // Gone for longer than one report, it is known again when it comes back.
    let (sixth, status) = step(at, &[ENGINE], Some("5.json"), "6.json");
    assert_eq!((told(&sixth), status), ((of(&["unchanged"]), 1), 0));
    let (seventh, status) = step(at, &[ENGINE, NEWER], Some("6.json"), "7.json");
    assert_eq!((told(&seventh), status), ((of(&["reintroduced!", "unchanged"]), 0), 1));

    for (old, new, status, word) in [
        ("1.json", "2.json", 0, "NOTHING NEW  1 unchanged"),
        ("2.json", "3.json", 1, "NEW FINDINGS  1 new, 1 unchanged"),
        ("3.json", "4.json", 0, "NOTHING NEW  1 changed, 1 unchanged"),
        ("4.json", "5.json", 0, "NOTHING NEW  1 unchanged, 1 fixed"),
        ("6.json", "7.json", 1, "NEW FINDINGS  1 reintroduced, 1 unchanged"),
    ] {
        let output = interdict(at, &["diff", old, new]);
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!((output.status.code(), text.lines().next().unwrap()), (Some(status), word), "{old} {new}");
        let json: Value = serde_json::from_slice(&interdict(at, &["diff", old, new, "-o", "json"]).stdout).unwrap();
        assert_eq!(json["schema"], "interdict.diff/1");
    }
}

/// A copy of the tree in which no file and no folder keeps its name.
fn renamed(from: &Path, to: &Path, count: &mut usize) {
    fs::create_dir_all(to).unwrap();
    let mut entries: Vec<_> = fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for entry in entries.iter().rev() {
        *count += 1;
        let new = to.join(format!("x{count}"));
        if entry.is_dir() { renamed(entry, &new, count) } else { fs::copy(entry, &new).map(|_| ()).unwrap() }
    }
}

#[test]
fn renaming_every_file_makes_nothing_new() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let demo = workspace().join("fixtures/demo");
    let arguments = [&[demo.to_str().unwrap()], &PROFILE[..]].concat();
    let (before, status) = report(at, &arguments);
    assert_eq!(status, 1);
    save(at, "before.json", &before);
    renamed(&demo, &at.join("moved"), &mut 0);
    let (after, status) = report(at, &[&["moved", "--baseline", "before.json"], &PROFILE[..]].concat());
    let (told, _) = states(&after);
    assert!(told.len() >= 4, "{told:?}");
    let fresh: Vec<_> = told.iter().filter(|state| state.ends_with('!') || state.starts_with("new")).collect();
    assert_eq!((fresh.len(), status), (0, 0), "{told:?}");
    assert!(told.iter().any(|state| state == "moved"));
    // And back again.
    save(at, "after.json", &after);
    assert_eq!(report(at, &[&arguments[..], &["--baseline", "after.json"]].concat()).1, 0);
}

#[test]
fn what_is_known_hides_no_gap_and_no_heavier_verdict() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("bom.json"), sbom(&[("Kaspersky Anti-Virus SDK", "8.9")])).unwrap();
    let early = ["bom.json", "--profile", "us-vendor", "--as-of", "2023-01-01"];
    save(at, "early.json", &report(at, &early).0);
    // The same thing, on the other side of the date.
    let (later, status) = report(at, &[&["bom.json", "--baseline", "early.json"], &PROFILE[..]].concat());
    assert_eq!((states(&later).0, status), (vec!["changed!".to_owned()], 1));
    save(at, "later.json", &later);
    fs::write(at.join("cut.json"), &sbom(&[])[..60]).unwrap();
    let with_gap = [&["bom.json", "cut.json", "--baseline", "later.json"], &PROFILE[..]].concat();
    let (gapped, status) = report(at, &with_gap);
    assert_eq!((&gapped["comparison"]["outcome"], status), (&"inconclusive".into(), 3));
}

#[test]
fn a_stored_report_is_held_against_one_too() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("bom.json"), sbom(&[("Kaspersky Anti-Virus SDK", "8.9")])).unwrap();
    save(at, "report.json", &report(at, &["bom.json", "--profile", "us-vendor", "--as-of", "2025-01-01"]).0);
    let judge = |day| status(at, &["judge", "report.json", "--as-of", day, "--baseline", "report.json", "-q"]);
    assert_eq!(judge("2025-01-02"), 0, "known");
    assert_eq!(status(at, &["judge", "report.json", "-q"]), 1, "and flagged all the same");
    save(at, "report.json", &report(at, &["bom.json", "--profile", "us-vendor", "--as-of", "2023-01-01"]).0);
    assert_eq!(judge("2025-01-02"), 1, "it weighs more than it did");
    assert_eq!(status(at, &["judge", "-", "--baseline", "-"]), 2);
    assert_eq!(status(at, &["judge", "report.json", "--baseline", "gone.json"]), 4);
    assert_eq!(status(at, &["judge", "report.json", "--baseline", "report.json", "-o", "json=report.json"]), 2);
}

#[test]
fn a_baseline_that_is_none_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("bom.json"), sbom(&[])).unwrap();
    for (arguments, want) in [
        (vec!["scan", "bom.json", "--baseline", "gone.json"], 4),
        (vec!["scan", "bom.json", "--baseline", "bom.json"], 4),
        (vec!["diff", "gone.json", "bom.json"], 4),
        (vec!["diff", "-", "-"], 2),
    ] {
        assert_eq!(status(at, &arguments), want, "{arguments:?}");
    }
    save(at, "one.json", &report(at, &["bom.json"]).0);
    assert_eq!(status(at, &["scan", "bom.json", "--baseline", "one.json", "-o", "json=one.json"]), 2, "it is kept");
}
