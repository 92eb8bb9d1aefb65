//! Real binaries that no one here wrote: what is read equals what an independent tool counted. Where there is no corpus, nothing is tested.
#![expect(clippy::disallowed_methods, clippy::indexing_slicing, reason = "tests read the corpus from disk")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use interdict_inspect::OBSERVERS;
use interdict_model::{Head, Needles};

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus")
}

/// Rows of the manifest about binaries: path, whether a tool could parse it, and its counts.
fn rows() -> Vec<(String, BTreeMap<String, String>)> {
    let manifest = std::fs::read_to_string(corpus().join("MANIFEST.tsv")).unwrap_or_default();
    let mut lines = manifest.lines();
    let columns: Vec<&str> = lines.next().unwrap_or_default().split('\t').collect();
    let column = |name: &str| columns.iter().position(|column| *column == name);
    let mut rows = Vec::new();
    for line in lines.filter(|line| line.starts_with("binaries/")) {
        let cells: Vec<&str> = line.split('\t').collect();
        let counts = column("counts").and_then(|at| cells.get(at)).copied().unwrap_or_default();
        let counts = counts.split(';').filter_map(|pair| pair.split_once('='));
        rows.push((cells[0].to_owned(), counts.map(|(key, value)| (key.to_owned(), value.to_owned())).collect()));
    }
    rows
}

#[test]
fn counts_are_those_of_the_manifest() {
    let mut faults = Vec::new();
    let mut compared = 0;
    for (path, counts) in rows() {
        let bytes = std::fs::read(corpus().join(&path)).unwrap();
        for observer in OBSERVERS.iter().filter(|observer| matches!(observer.id, "elf" | "pe")) {
            if !(observer.accepts)(&Head { bytes: &bytes, name: "" }) {
                continue;
            }
            let said = interdict_testkit::lines(observer, "", &bytes, &Needles::default());
            let count = |start: &str| said.lines().filter(|line| line.starts_with(start)).count();
            let pairs: Vec<(&str, usize)> = match observer.id {
                "elf" => vec![("needed", count("fact needed-library"))],
                _ => vec![("import_dlls", count("fact needed-library")), ("exports", count("fact export"))],
            };
            for (key, read) in pairs {
                let Some(expected) = counts.get(key) else { continue };
                compared += 1;
                // Libraries asked for on first use are read here, and not counted there.
                let is_equal = expected.parse().is_ok_and(|expected| match key {
                    "import_dlls" => read >= expected,
                    _ => read == expected,
                });
                if !is_equal {
                    faults.push(format!("{path}: {key} is {expected}, read {read}"));
                }
            }
            if said.lines().any(|line| line.starts_with("gap") || line.starts_with("malformed")) {
                faults.push(format!("{path}: {said}"));
            }
        }
    }
    println!("{compared} counts compared");
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
