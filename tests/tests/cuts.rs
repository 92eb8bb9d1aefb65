//! Archives cut at every kilobyte: what was behind the cut is found, or that something is missing is told.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test makes files, and may fail")]
use std::fmt::Write as _;
use std::fs;
use std::io::Read as _;

use interdict_testkit::build;
use interdict_tests::{PerFile, report, workspace};

/// Every kilobyte of short archives, as many places of longer ones.
const CUTS: usize = 64;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// Text that packs badly, so that packed archives have something to cut.
fn filler(seed: u32) -> Vec<u8> {
    let mut state = seed;
    let letter = |state: &mut u32| {
        *state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        b"etaoinshrdlucmfw".get(usize::try_from(*state >> 28).unwrap()).copied().unwrap()
    };
    (0..4000).map(|at| if at % 61 == 60 { b'\n' } else { letter(&mut state) }).collect()
}

/// Nine members of text and a program behind them.
fn archives() -> Vec<(String, Vec<u8>)> {
    let program =
        build("kind = \"elf\"\nneeded = [\"libkave8.so\"]\ndynamic = { undefined = [\"kaveScanFile\"] }").unwrap();
    let mut members = String::new();
    for seed in 0..9 {
        writeln!(members, "  {{ path = \"{seed}.txt\", parts = [{{ hex = \"{}\" }}] }},", hex(&filler(seed))).unwrap();
    }
    writeln!(members, "  {{ path = \"program\", parts = [{{ hex = \"{}\" }}] }},", hex(&program)).unwrap();
    let tar = build(&format!("kind = \"tar\"\nmembers = [\n{members}]")).unwrap();
    let zip = build(&format!("kind = \"zip\"\nmembers = [\n{members}]")).unwrap();
    let mut packed = Vec::new();
    flate2::read::GzEncoder::new(tar.as_slice(), flate2::Compression::fast()).read_to_end(&mut packed).unwrap();
    let mut all = vec![("a.tar".to_owned(), tar), ("a.zip".to_owned(), zip), ("a.tar.gz".to_owned(), packed)];
    let rpm = workspace().join("fixtures/unpack/rpm/good-gzip/input.rpm");
    all.push(("a.rpm".to_owned(), fs::read(rpm).unwrap()));
    all
}

#[test]
fn what_is_cut_is_never_clear() {
    let folder = tempfile::tempdir().unwrap();
    let mut names = Vec::new();
    for (name, bytes) in archives() {
        let kilobytes = bytes.len() / 1024;
        for number in (1..=kilobytes).step_by(kilobytes.div_ceil(CUTS).max(1)).filter(|at| at * 1024 < bytes.len()) {
            let cut = format!("{number:03}k-{name}");
            fs::write(folder.path().join(&cut), bytes.chunks(number * 1024).next().unwrap()).unwrap();
            names.push(cut);
        }
    }
    assert!(names.len() > 60, "only {} cuts", names.len());
    let (report, status) = report(folder.path(), &[".", "--as-of", "2026-01-01"]);
    assert_ne!(status, 0);
    let files = PerFile::of(&report);
    let silent: Vec<&String> = names.iter().filter(|name| !files.gaps.contains(*name)).collect();
    let missed: Vec<&&String> = silent.iter().filter(|name| !files.is_flagged(name)).collect();
    assert!(missed.is_empty(), "of {} cuts nothing tells of {missed:?}", names.len());
}
