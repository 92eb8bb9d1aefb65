//! Many files over and over in one process (goal S8): memory and descriptors stay as they are.
use std::fs;

use interdict_scan::{Target, Unwatched, scan};
use interdict_testkit::cases;
use interdict_tests::{Effort, goal, put, workspace};

use crate::library::request;

const FILES: usize = 10_000;
const ROUNDS: usize = 20;
/// As many as it takes until nothing is allocated for the first time.
const FIRST: usize = 3;

fn readers() -> [(&'static str, Vec<&'static str>); 3] {
    [
        ("sbom", interdict_sbom::OBSERVERS.iter().map(|observer| observer.id).collect()),
        ("inspect", interdict_inspect::OBSERVERS.iter().map(|observer| observer.id).collect()),
        ("unpack", interdict_unpack::UNPACKERS.iter().map(|unpacker| unpacker.id).collect()),
    ]
}

fn memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or_default()
}

fn descriptors() -> usize {
    fs::read_dir("/proc/self/fd").unwrap().count()
}

#[test]
fn nothing_grows_over_and_over() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for (room, ids) in readers() {
        for id in ids {
            // What asks for much time or memory, workers are there for.
            let good = cases(&workspace().join("fixtures").join(room).join(id)).into_iter();
            let good = good.filter(|(case, _, bytes)| case.starts_with("good-") && bytes.len() <= 1 << 13);
            files.extend(good.map(|(_, name, bytes)| (name, bytes)));
        }
    }
    for (number, (name, bytes)) in files.iter().cycle().take(FILES).enumerate() {
        put(folder.path(), &format!("{}/{number}-{name}", number % 100), bytes);
    }
    let request = request(Target::Path(folder.path().to_owned()));
    let (effort, mut seen, mut first) = (Effort::begun(), Vec::new(), None);
    while seen.len() < ROUNDS && (seen.len() <= FIRST || effort.is_left()) {
        let scanned = scan(&request, 2, &Unwatched).unwrap();
        let report = (scanned.report.findings.len(), scanned.report.gaps.len());
        assert_eq!(*first.get_or_insert(report), report, "another report in a later round");
        drop(scanned);
        seen.push((memory(), descriptors()));
    }
    let (before, after) = (seen[FIRST - 1], *seen.last().unwrap());
    let growth = after.0.saturating_sub(before.0) * 1000 / before.0;
    let figure = format!(
        "{FILES} files × {} rounds of {ROUNDS}: {} KiB after the third, {} KiB at the end ({growth} ‰ more); {} descriptors, then {}",
        seen.len(),
        before.0,
        after.0,
        before.1,
        after.1
    );
    goal("S8", &figure, growth < 50 && before.1 == after.1);
}
