//! Damaged files: whatever stands in them, every observer comes back, and comes back soon.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests read seeds from disk and watch the clock")]

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use interdict_inspect::OBSERVERS;
use interdict_model::{Head, Needles, Observer};

/// Damaged copies in all, and of a seed cut at every so many places.
const ROUNDS: usize = 10_000;
const CUTS: usize = 40;
/// No seed is larger, so no answer takes long; the limit is wide for slow machines.
const LARGEST: u64 = 64 * 1024;
const LONGEST: Duration = Duration::from_secs(5);

fn below(folder: &Path, out: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut entries: Vec<_> = entries.map(|entry| entry.path()).collect();
    entries.sort();
    for entry in entries {
        if entry.is_dir() {
            below(&entry, out);
        } else {
            out.push(entry);
        }
    }
}

/// Every fixture, and every small binary of the corpus where there is one.
fn seeds() -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seeds = Vec::new();
    let mut files = Vec::new();
    below(&root.join("../../fixtures/inspect"), &mut files);
    for file in files.iter().filter(|file| file.ends_with("recipe.toml")) {
        let recipe = std::fs::read_to_string(file).unwrap();
        seeds.push((file.display().to_string(), interdict_testkit::build(&recipe).unwrap()));
    }
    let mut files = Vec::new();
    below(&root.join("../../../shared/corpus/binaries"), &mut files);
    for file in files.iter().filter(|file| file.metadata().unwrap().len() <= LARGEST) {
        let bytes = std::fs::read(file).unwrap();
        let is_read = |id: &str| id != "content";
        if OBSERVERS.iter().any(|o| is_read(o.id) && (o.accepts)(&Head { bytes: &bytes, name: "" })) {
            seeds.push((file.display().to_string(), bytes));
        }
    }
    seeds
}

/// Those that read the seed look at every copy, all others at some.
fn observe_all(seed: &str, whole: &[u8], bytes: &[u8], round: usize) {
    let reads = |observer: &&Observer| (observer.accepts)(&Head { bytes: whole, name: "input.bin" });
    for observer in OBSERVERS.iter().filter(|observer| round.is_multiple_of(8) || reads(observer)) {
        let start = Instant::now();
        interdict_testkit::lines(observer, "input.bin", bytes, &Needles::default());
        assert!(start.elapsed() < LONGEST, "{} on {seed} took {:?}", observer.id, start.elapsed());
    }
}

#[test]
fn nothing_falls_over_damaged_files() {
    let seeds = seeds();
    assert!(!seeds.is_empty());
    let rounds = ROUNDS / seeds.len() + 1;
    for (number, (name, bytes)) in seeds.iter().enumerate() {
        let mut round = 0;
        interdict_testkit::mutate(number as u64, bytes, rounds, &mut |copy| {
            observe_all(name, bytes, copy, round);
            round += 1;
        });
        for cut in 0..CUTS {
            observe_all(name, bytes, &bytes[..bytes.len() * cut / CUTS], cut);
        }
    }
}

/// What is cut off must show: an ELF or PE file that lost its tail is never read as if it were whole.
#[test]
fn cut_files_say_so() {
    for (name, bytes) in seeds() {
        for observer in OBSERVERS.iter().filter(|observer| matches!(observer.id, "elf" | "pe")) {
            let whole = interdict_testkit::lines(observer, "", &bytes, &Needles::default());
            if !(observer.accepts)(&Head { bytes: &bytes, name: "" }) || has_gap(&whole) {
                continue;
            }
            for cut in 1..CUTS {
                let part = &bytes[..bytes.len() * cut / CUTS];
                let said = interdict_testkit::lines(observer, "", part, &Needles::default());
                // What stands behind a program has no length that says how much is missing.
                let is_counted = |line: &&str| line.starts_with("fact") && !line.starts_with("fact overlay");
                let lost = whole.lines().filter(is_counted).filter(|line| !said.contains(*line)).count();
                assert!(lost == 0 || has_gap(&said), "{name} cut to {} loses {lost} facts in silence", part.len());
            }
        }
    }
}

fn has_gap(said: &str) -> bool {
    said.lines().any(|line| line.starts_with("gap") || line.starts_with("malformed") || line == "refused")
}
