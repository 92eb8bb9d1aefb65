//! What a file system may hold (goals S3, S4, S5): depth, long names, links, pipes, and files that go or change under the reader.
#![cfg(target_os = "linux")]
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test makes files, runs programs, and may fail")]
use std::fs;
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use interdict_tests::{begun, command, goal, report};
use serde_json::Value;

const CANARY: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library","name":"Kaspersky Anti-Virus SDK"}]}"#;
const CLEAN: &str =
    r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library","name":"zlib","version":"1"}]}"#;

fn reasons<'r>(report: &'r Value, on: &str) -> Vec<&'r str> {
    let gaps = report["gaps"].as_array().unwrap().iter().filter(|gap| gap["on"] == on);
    gaps.map(|gap| gap["reason"].as_str().unwrap()).collect()
}

fn flagged(report: &Value) -> usize {
    report["findings"].as_array().unwrap().iter().filter(|one| one["relation"] != "mentions").count()
}

fn shell(folder: &Path, script: &str) {
    assert!(Command::new("sh").args(["-c", script]).current_dir(folder).status().unwrap().success(), "{script}");
}

#[test]
fn deep_folders_and_long_names() {
    let deep = tempfile::tempdir().unwrap();
    // A thousand at a time, each put at the end of the next: no path that is spoken is too long.
    let thousand = "d/".repeat(1000);
    fs::write(deep.path().join("last"), CANARY).unwrap();
    for _ in 0..4 {
        let next = deep.path().join("next");
        fs::create_dir_all(next.join(&thousand)).unwrap();
        fs::rename(deep.path().join("last"), next.join(&thousand).join("bom.json")).unwrap();
        fs::rename(next, deep.path().join("last")).unwrap();
    }
    let (report_deep, deep_status) = report(deep.path(), &["."]);
    let is_told = flagged(&report_deep) > 0 || report_deep["coverage"]["material_gaps"].as_u64().unwrap() > 0;
    // A path of as many bytes as the system takes, and a name of as many, which are no text.
    let long = tempfile::tempdir().unwrap();
    let path = vec!["n".repeat(250); 15].join("/");
    fs::create_dir_all(long.path().join(&path)).unwrap();
    fs::write(long.path().join(&path).join("bom.json"), CANARY).unwrap();
    let odd = std::ffi::OsStr::from_bytes(&[0xff; 255]);
    fs::write(long.path().join(odd), CANARY).unwrap();
    let (report_long, long_status) = report(long.path(), &["."]);
    let found = flagged(&report_long);
    let figure = format!("4,000 folders deep: status {deep_status}; path of 3.7 KiB, name of 255 bytes: {found} of 2");
    goal("S3", &figure, is_told && matches!(deep_status, 1 | 3) && (found, long_status) == (2, 1));
}

#[test]
fn links_pipes_and_devices_hold_nobody_up() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path().join("tree");
    fs::create_dir(&at).unwrap();
    fs::write(folder.path().join("outside.json"), CANARY).unwrap();
    fs::write(at.join("clean.json"), CLEAN).unwrap();
    // Ten links in each of eight folders to the next one: a hundred million paths.
    for level in 0..8 {
        fs::create_dir(at.join(level.to_string())).unwrap();
        for index in 0..10 {
            symlink(format!("../{}", level + 1), at.join(format!("{level}/l{index}"))).unwrap();
        }
    }
    fs::create_dir(at.join("8")).unwrap();
    for (to, name) in [
        (".", "here"),
        ("..", "up"),
        ("/", "root"),
        ("/proc", "proc"),
        ("/dev/zero", "zero"),
        ("/etc/passwd", "passwd"),
        ("b", "a"),
        ("a", "b"),
        ("nowhere", "dangling"),
        ("../outside.json", "leaves.json"),
    ] {
        symlink(to, at.join(name)).unwrap();
    }
    shell(&at, "mkfifo pipe");
    let _socket = std::os::unix::net::UnixListener::bind(at.join("socket")).unwrap();
    let began = Instant::now();
    let (report, status) = report(folder.path(), &["tree"]);
    let took = began.elapsed();
    let told = ["up", "root", "proc", "zero", "passwd", "a", "b", "dangling", "leaves.json", "pipe", "socket"];
    let silent: Vec<&&str> = told.iter().filter(|name| reasons(&report, &format!("tree/{name}")).is_empty()).collect();
    let is_inside =
        flagged(&report) == 0 && report["coverage"]["artifacts"] == 1 && !report.to_string().contains("root:x:0");
    let figure = format!("{} links, pipes and sockets told of, {} not; {took:.1?}", told.len(), silent.len());
    // Five seconds where nothing else runs.
    goal("S4", &figure, is_inside && silent.is_empty() && matches!(status, 0 | 3) && took < Duration::from_secs(20));
}

#[test]
fn a_pipe_is_read_to_its_end_and_a_device_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let long = "pkg:npm/a@1.0.0\n".repeat(300_000) + "pkg:npm/%40kaspersky/hexa-ui@1.0.0\n";
    fs::write(folder.path().join("purls.txt"), &long).unwrap();
    shell(folder.path(), "mkfifo pipe");
    for flags in [&[][..], &["--isolation", "none"]] {
        let sent = long.clone();
        let path = folder.path().join("pipe");
        let writer = thread::spawn(move || fs::write(path, sent).unwrap());
        let (report, status) = report(folder.path(), &[&["pipe"], flags].concat());
        writer.join().unwrap();
        assert_eq!((status, flagged(&report) > 0), (1, true), "{flags:?}");
    }
    let path = folder.path().join("pipe");
    let writer = thread::spawn(move || drop(fs::write(path, long)));
    let (cut, status) = report(folder.path(), &["pipe", "--max-member-bytes", "2000000"]);
    writer.join().unwrap();
    assert_eq!((status, reasons(&cut, "pipe")), (3, vec!["over-limit"]));
    let (device, status) = report(folder.path(), &["/dev/zero"]);
    assert_eq!((status, reasons(&device, "zero")), (3, vec!["unsupported"]));
    // Nobody ever writes into it: the run ends when it is told to.
    let run = begun(folder.path(), &["scan", "pipe", "-o", "json"]);
    thread::sleep(Duration::from_millis(700));
    assert!(Command::new("kill").args(["-TERM", &run.id().to_string()]).status().unwrap().success());
    assert_eq!(run.wait_with_output().unwrap().status.code(), Some(3));
    // Standard input is held in memory, and no more of it than may be.
    let mut run = command(folder.path(), &["scan", "-", "--max-buffer-bytes", "1000"]);
    let mut run = run.stdin(Stdio::piped()).stderr(Stdio::null()).stdout(Stdio::null()).spawn().unwrap();
    let _ = run.stdin.take().unwrap().write_all(&[b'.'; 4000]);
    assert_eq!(run.wait().unwrap().code(), Some(4));
}

/// A file whose reader takes two seconds, so that something can happen meanwhile.
#[cfg(debug_assertions)]
const SLOW: &str = "interdict planted fault: loop\n";

#[cfg(debug_assertions)]
#[test]
fn what_cannot_be_read_or_changes_is_a_gap() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::set_permissions(at, fs::Permissions::from_mode(0o755)).unwrap();
    for name in ["a-slow", "b-gone.json", "c-locked.json", "e-clean.json"] {
        fs::write(at.join(name), if name == "a-slow" { SLOW } else { CLEAN }).unwrap();
    }
    fs::create_dir(at.join("d-locked")).unwrap();
    fs::write(at.join("f-pipe.json"), CLEAN).unwrap();
    for name in ["c-locked.json", "d-locked"] {
        fs::set_permissions(at.join(name), fs::Permissions::from_mode(0o0)).unwrap();
    }
    let mut run = command(at, &["scan", ".", "-o", "json", "--threads", "1", "--max-seconds", "2"]);
    // Who may read everything is refused nothing.
    let is_root = fs::read_dir(at.join("d-locked")).is_ok();
    if is_root {
        run.uid(65_534).gid(65_534);
    }
    let run = run.stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let Ok(run) = run else {
        interdict_tests::not_here("S5", "the binary cannot be run as somebody else");
        return;
    };
    thread::sleep(Duration::from_millis(1500));
    fs::OpenOptions::new().append(true).open(at.join("a-slow")).unwrap().write_all(b"more").unwrap();
    fs::remove_file(at.join("b-gone.json")).unwrap();
    fs::remove_file(at.join("f-pipe.json")).unwrap();
    shell(at, "mkfifo f-pipe.json");
    let output = run.wait_with_output().unwrap();
    fs::set_permissions(at.join("d-locked"), fs::Permissions::from_mode(0o755)).unwrap();
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let told = [
        ("a-slow", "changed"),
        ("b-gone.json", "unreadable"),
        ("c-locked.json", "unreadable"),
        ("d-locked", "unreadable"),
        ("f-pipe.json", "unreadable"),
    ];
    let silent: Vec<_> =
        told.iter().filter(|(name, why)| !reasons(&report, &format!("./{name}")).contains(why)).collect();
    let figure = format!("{} files that go, change or are locked, {} of them not told of", told.len(), silent.len());
    goal(
        "S5",
        &figure,
        silent.is_empty() && output.status.code() == Some(3) && reasons(&report, "./e-clean.json").is_empty(),
    );
}
