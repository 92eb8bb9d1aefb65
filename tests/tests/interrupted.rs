//! A run that is told to end: soon, with what it saw, and never as if it had seen everything.
#![cfg(unix)]
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test makes files, runs programs, and may fail")]
use std::fs;
use std::io::Read as _;
use std::process::Command;
use std::time::{Duration, Instant};

use interdict_tests::begun;
use serde_json::Value;

/// A few kilobytes that unpack for minutes: a packed mebibyte again and again.
fn long() -> Vec<u8> {
    let mut packed = Vec::new();
    let plain = std::io::repeat(0).take(1 << 20);
    flate2::read::GzEncoder::new(plain, flate2::Compression::best()).read_to_end(&mut packed).unwrap();
    packed.repeat(4000)
}

#[test]
fn a_signal_ends_it_with_what_was_seen() {
    for signal in ["-INT", "-TERM"] {
        let folder = tempfile::tempdir().unwrap();
        for name in ["a.gz", "b.gz", "c.gz", "d.gz"] {
            fs::write(folder.path().join(name), long()).unwrap();
        }
        let run = begun(folder.path(), &["scan", ".", "-o", "json", "--max-ratio", "100000", "--threads", "2"]);
        std::thread::sleep(Duration::from_millis(1500));
        let told = Instant::now();
        assert!(Command::new("kill").args([signal, &run.id().to_string()]).status().unwrap().success());
        let output = run.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(3), "{signal}");
        // About a second where nothing else runs; wide, for machines that are busy.
        assert!(told.elapsed() < Duration::from_mins(1), "{signal}: {:?}", told.elapsed());
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(report["coverage"]["complete"], false);
        let gaps = report["gaps"].as_array().unwrap().iter().filter(|gap| gap["reason"] == "timed-out");
        assert!(gaps.count() >= 4, "{report:#}");
    }
}
