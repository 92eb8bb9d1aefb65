//! Readers that die (promise 3, goal I3): what they kill is one step on one artifact, which is named; everything else is seen.
#![cfg(all(target_os = "linux", debug_assertions))]
#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test makes files, runs programs, and may fail"
)]
use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use interdict_tests::{begun, goal, report, status};
use serde_json::Value;

const CANARY: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library","name":"Kaspersky Anti-Virus SDK"}]}"#;

/// Each way to die, what it needs of the command line, and how the gap has it.
const WAYS: &[(&str, &[&str], &str, &str)] = &[
    ("panic", &[], "crashed", "our reader failed"),
    ("abort", &[], "crashed", "signal 6"),
    ("exit", &[], "crashed", "with status 7"),
    ("overflow", &[], "crashed", "overflowed its stack"),
    ("loop", &["--max-seconds", "1"], "timed-out", "max-seconds is 1"),
    ("memory", &["--max-heap-bytes", "100000000"], "over-limit", "max-heap-bytes is 100000000"),
];

fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, bytes) in members {
        let mut head = [0; 512];
        head[..name.len()].copy_from_slice(name.as_bytes());
        head[100..107].copy_from_slice(b"0000644");
        head[124..135].copy_from_slice(format!("{:011o}", bytes.len()).as_bytes());
        head[156] = b'0';
        head[257..265].copy_from_slice(b"ustar\x0000");
        head[148..156].copy_from_slice(b"        ");
        let sum: u32 = head.iter().map(|byte| u32::from(*byte)).sum();
        head[148..155].copy_from_slice(format!("{sum:06o}\0").as_bytes());
        out.extend_from_slice(&head);
        out.extend_from_slice(bytes);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.resize(out.len() + 1024, 0);
    out
}

fn fault(way: &str, lines: &[&str]) -> Vec<u8> {
    format!("interdict planted fault: {way}\n{}", lines.join("\n")).into_bytes()
}

fn gaps(report: &Value, on: &str) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let gaps = report["gaps"].as_array().unwrap().iter().filter(|gap| gap["on"] == on);
    gaps.map(|gap| (text(&gap["reason"]), text(&gap["detail"]))).collect()
}

fn places(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings.flat_map(|finding| finding["matches"].as_array().unwrap()).map(|one| one["on"].as_str().unwrap()).collect()
}

/// Goal I3's other half: what serves somebody else gets nowhere, and a run that asks for it is told how far it is held.
#[test]
fn a_reader_that_serves_somebody_else_gets_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("reader"), fault("escape", &[])).unwrap();
    let told = |flags: &[&str]| {
        let (report, _) = report(folder.path(), &[&["reader"], flags].concat());
        let isolation = report["coverage"]["isolation"].as_str().unwrap().to_owned();
        let gaps = gaps(&report, "reader");
        let (_, detail) = gaps.into_iter().find(|(_, detail)| detail.contains("got away with")).unwrap();
        (isolation, detail)
    };
    let (isolation, free) = told(&["--isolation", "none"]);
    assert_eq!(isolation, "none");
    for what in ["reading a file", "listing a folder", "writing a file", "starting a program", "a socket"] {
        assert!(free.contains(what), "the test tries nothing: {free}");
    }
    let (isolation, held) = told(&[]);
    let asked = status(folder.path(), &["scan", "reader", "--require-sandbox"]);
    if isolation == "full" {
        assert!(held.ends_with("[]"), "{held}");
        assert_eq!(asked, 3);
    } else {
        assert_eq!((isolation.as_str(), asked), ("limits-only", 4), "this system has no Landlock or no seccomp");
    }
    goal("I3", &format!("{} ways out tried; contained as `{isolation}`: {held}", free.matches(", ").count() + 1), true);
}

#[test]
fn what_kills_a_reader_is_left_out_and_named_and_all_else_is_seen() {
    for (way, flags, reason, detail) in WAYS {
        let folder = tempfile::tempdir().unwrap();
        let dying = fault(way, &["kaveScanFile"]);
        let members: &[(&str, &[u8])] =
            &[("a.json", CANARY.as_bytes()), ("dying", &dying), ("z.json", CANARY.as_bytes())];
        fs::write(folder.path().join("all.tar"), tar(members)).unwrap();
        fs::write(folder.path().join("beside.json"), CANARY).unwrap();
        let (report, status) = report(folder.path(), &[&["."], *flags].concat());
        assert_eq!(status, 1, "{way}");
        let places = places(&report);
        let component = |file: &str| format!("{file}#Kaspersky Anti-Virus SDK");
        for place in ["./all.tar!/a.json", "./all.tar!/z.json", "./beside.json"] {
            assert!(places.contains(&component(place).as_str()), "{way}: {place} in {places:?}");
        }
        // What the reader had said before stands.
        assert!(places.contains(&"./all.tar!/dying"), "{way}: {places:?}");
        let told = gaps(&report, "./all.tar!/dying");
        assert_eq!(told.len(), 1, "{way}: {told:?}");
        assert!(told[0].0 == *reason && told[0].1.contains(detail), "{way}: {told:?}");
        assert_eq!(report["coverage"]["artifacts"], 5, "{way}");
        // Alone it shows nothing, and is not clear.
        fs::write(folder.path().join("alone"), fault(way, &[])).unwrap();
        let alone = interdict_tests::status(folder.path(), &[&["scan", "alone", "-q"], *flags].concat());
        assert_eq!(alone, 3, "{way}");
    }
}

#[test]
fn a_decoder_that_dies_costs_one_member_and_not_what_it_gave() {
    for (way, flags, reason, detail) in WAYS.iter().filter(|(way, ..)| *way != "panic") {
        let folder = tempfile::tempdir().unwrap();
        let container = format!("interdict planted container: {way}\n{CANARY}\n{CANARY}\n{CANARY}\n");
        fs::write(folder.path().join("all"), container).unwrap();
        let (report, status) = report(folder.path(), &[&["all"], *flags].concat());
        assert_eq!(status, 1, "{way}");
        let places = places(&report);
        for member in 0..3 {
            let place = format!("all!/{member}#Kaspersky Anti-Virus SDK");
            assert!(places.contains(&place.as_str()), "{way}: {place} in {places:?}");
        }
        let told = gaps(&report, "all!/1");
        assert!(told.len() == 1 && told[0].0 == *reason && told[0].1.contains(detail), "{way}: {told:?}");
    }
}

/// A file with more deaths in it than are waited for keeps what was seen before them, and says that there was more.
#[test]
fn too_many_deaths_end_one_file_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let dying = fault("abort", &[]);
    let mut members: Vec<(&str, &[u8])> = vec![("first.json", CANARY.as_bytes())];
    members.extend([("dying", dying.as_slice()); 30]);
    members.push(("last.json", CANARY.as_bytes()));
    fs::write(folder.path().join("many.tar"), tar(&members)).unwrap();
    fs::write(folder.path().join("other.tar"), tar(&[("x.json", CANARY.as_bytes())])).unwrap();
    let (report, _) = report(folder.path(), &["."]);
    let places = places(&report);
    assert!(places.iter().any(|place| place.starts_with("./many.tar!/first.json")), "{places:?}");
    assert!(places.iter().any(|place| place.starts_with("./other.tar!/x.json")), "{places:?}");
    assert!(!places.iter().any(|place| place.starts_with("./many.tar!/last.json")), "{places:?}");
    let told = gaps(&report, "./many.tar");
    assert!(told.iter().any(|(reason, detail)| reason == "crashed" && detail.contains("too often")), "{told:?}");
}

#[test]
fn a_file_cut_short_while_it_is_mapped_is_a_gap() {
    let folder = tempfile::tempdir().unwrap();
    let mut bytes = fault("touch", &["kaveScanFile", ""]);
    bytes.resize(3 << 20, b'.');
    let path = folder.path().join("shrinking");
    fs::write(&path, &bytes).unwrap();
    fs::write(folder.path().join("canary.json"), CANARY).unwrap();
    let run = begun(folder.path(), &["scan", ".", "-o", "json", "--threads", "2"]);
    let began = Instant::now();
    while !is_mapped_by_a_child(run.id(), &path) {
        assert!(began.elapsed() < Duration::from_mins(1), "no worker has mapped it");
        thread::sleep(Duration::from_millis(5));
    }
    fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(10).unwrap();
    let output = run.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let told = gaps(&report, "./shrinking");
    assert!(told.iter().any(|(reason, _)| reason == "changed"), "{told:?}");
    assert!(places(&report).iter().any(|place| place.starts_with("./canary.json")));
}

fn children(id: u32) -> Vec<u32> {
    let tasks = fs::read_dir(format!("/proc/{id}/task")).into_iter().flatten().flatten();
    let listed = tasks.filter_map(|task| fs::read_to_string(task.path().join("children")).ok());
    listed.flat_map(|ids| ids.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<_>>()).collect()
}

fn is_mapped_by_a_child(id: u32, path: &Path) -> bool {
    let maps = children(id).into_iter().filter_map(|id| fs::read_to_string(format!("/proc/{id}/maps")).ok());
    maps.collect::<String>().contains(&*path.to_string_lossy())
}

/// Workers know of an end before their run has to wait for them, and leave nobody behind.
#[test]
fn an_endless_reader_does_not_hold_up_a_signal() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a"), fault("loop", &[])).unwrap();
    fs::write(folder.path().join("b.tar"), tar(&[("x.json", CANARY.as_bytes()), ("y", &fault("loop", &[]))])).unwrap();
    let run = begun(folder.path(), &["scan", ".", "-o", "json", "--threads", "2"]);
    let began = Instant::now();
    while children(run.id()).len() < 2 {
        assert!(began.elapsed() < Duration::from_mins(1), "no workers");
        thread::sleep(Duration::from_millis(5));
    }
    thread::sleep(Duration::from_millis(300));
    let workers = children(run.id());
    let told = Instant::now();
    assert!(Command::new("kill").args(["-TERM", &run.id().to_string()]).status().unwrap().success());
    let output = run.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    // Half a second where nothing else runs; wide, for machines that are busy.
    assert!(told.elapsed() < Duration::from_secs(30), "{:?}", told.elapsed());
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["coverage"]["complete"], false);
    assert!(gaps(&report, "./a").iter().any(|(reason, _)| reason == "timed-out"), "{report:#}");
    assert!(workers.iter().all(|id| !Path::new(&format!("/proc/{id}")).exists()), "{workers:?}");
}

/// Goal H9: workers killed from outside while they work cost a gap each, and nothing else.
#[test]
fn a_worker_killed_from_outside_costs_one_step() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a", "b", "c", "d"] {
        let members = [("x.json", CANARY.as_bytes()), ("y", &fault("loop", &[])), ("z.json", CANARY.as_bytes())];
        fs::write(folder.path().join(format!("{name}.tar")), tar(&members)).unwrap();
    }
    let mut run = begun(folder.path(), &["scan", ".", "-o", "json=report.json", "--threads", "2"]);
    let began = Instant::now();
    let mut killed = Vec::new();
    while run.try_wait().unwrap().is_none() {
        assert!(began.elapsed() < Duration::from_mins(1), "it waits for the dead");
        // Until then each is in the loop, on a busy machine too.
        thread::sleep(Duration::from_millis(1500));
        for worker in children(run.id()) {
            killed.push(worker);
            let _ = Command::new("kill").args(["-KILL", &worker.to_string()]).status();
        }
    }
    let report: Value = serde_json::from_slice(&fs::read(folder.path().join("report.json")).unwrap()).unwrap();
    let places = places(&report);
    for name in ["a", "b", "c", "d"] {
        for member in ["x", "z"] {
            let place = format!("./{name}.tar!/{member}.json#Kaspersky Anti-Virus SDK");
            assert!(places.contains(&place.as_str()), "{place} in {places:?}");
        }
        let told = gaps(&report, &format!("./{name}.tar!/y"));
        assert!(told.iter().any(|(reason, detail)| reason == "crashed" && detail.contains("signal 9")), "{told:?}");
    }
    goal("H9", &format!("{} workers killed, 4 gaps, 8 of 8 other findings", killed.len()), true);
}

#[test]
fn the_flags_agree_with_each_other() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("canary.json"), CANARY).unwrap();
    assert_eq!(status(folder.path(), &["scan", "canary.json", "--isolation", "none", "--require-sandbox"]), 2);
    let (alone, _) = report(folder.path(), &["canary.json", "--isolation", "none"]);
    assert_eq!(alone["coverage"]["isolation"], "none");
    assert_eq!(status(folder.path(), &["worker"]), 2);
}

/// Where readers run says nothing of what they say, while none of them asks for more memory than it may have.
#[test]
fn the_report_is_the_same_wherever_readers_run() {
    let fixtures = interdict_tests::workspace().join("fixtures");
    for folder in ["unpack", "inspect", "sbom", "demo"] {
        let of = |flags: &[&str]| {
            let (mut report, status) = report(
                &fixtures,
                &[&[folder, "--as-of", "2026-01-01", "--max-heap-bytes", "99999999999"], flags].concat(),
            );
            let isolation = report["coverage"]["isolation"].take();
            (report, status, isolation)
        };
        let (alone, status, isolation) = of(&["--isolation", "none", "--threads", "1"]);
        assert_eq!(isolation, "none");
        let (contained, contained_status, isolation) = of(&["--threads", "3"]);
        assert_ne!(isolation, "none");
        assert!(contained == alone, "{folder}: {}", interdict_tests::difference(&contained, &alone));
        assert_eq!(contained_status, status);
    }
}
