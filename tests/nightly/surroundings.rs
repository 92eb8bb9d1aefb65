//! Where and as whom it runs says nothing of what it answers (goal D2); with little of everything it works or says why not (S6).
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use interdict_tests::{binary, fixtures, goal, put};

/// What it is called, where it runs, the script, its variables.
type Way<'w> = (&'w str, &'w Path, &'w str, &'w [(&'w str, &'w str)]);

fn scanned(folder: &Path, script: &str, environment: &[(&str, &str)]) -> (Option<i32>, Vec<u8>, String) {
    let mut shell = Command::new("/bin/sh");
    let script = script.replace("SCAN", &format!("{} scan all -o json -q --as-of 2026-01-01", binary().display()));
    shell.args(["-c", &script]).current_dir(folder).env_clear().envs(environment.iter().copied()).stdin(Stdio::null());
    let output = shell.output().unwrap();
    (output.status.code(), output.stdout, String::from_utf8_lossy(&output.stderr).into_owned())
}

/// A folder with `all` in it, its files made in this order.
fn made(order: impl Fn(&mut Vec<(String, Vec<u8>)>)) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut files = fixtures();
    files.retain(|(_, bytes)| bytes.len() < 1 << 14);
    files.truncate(300);
    order(&mut files);
    for (name, bytes) in &files {
        put(folder.path(), &format!("all/{name}"), bytes);
    }
    folder
}

#[test]
fn surroundings_say_nothing() {
    let plain = made(|_| {});
    let (status, one, _) = scanned(plain.path(), "SCAN", &[]);
    let turned = made(|files| files.reverse());
    for entry in fs::read_dir(turned.path().join("all")).unwrap().flatten().step_by(3) {
        let file = fs::File::options().write(true).open(entry.path()).unwrap();
        file.set_modified(std::time::SystemTime::UNIX_EPOCH).unwrap();
    }
    let far = [
        ("TZ", "Asia/Kolkata"),
        ("LANG", "tr_TR.UTF-8"),
        ("LC_ALL", "tr_TR.UTF-8"),
        ("HOME", "/nowhere"),
        ("COLUMNS", "20"),
    ];
    let ways: [Way<'_>; 5] = [
        ("another zone and language", plain.path(), "SCAN", &far),
        ("another mask", plain.path(), "umask 0777; SCAN", &[]),
        (
            "without address randomisation",
            plain.path(),
            "setarch -R true 2>/dev/null && exec setarch -R SCAN || SCAN",
            &[],
        ),
        ("another folder, order and times", turned.path(), "SCAN", &[]),
        ("eight threads", turned.path(), "SCAN --threads 8", &[("TERM", "xterm")]),
    ];
    let mut other = Vec::new();
    for (way, folder, script, environment) in ways {
        let (code, report, _) = scanned(folder, script, environment);
        if (code, &report) != (status, &one) {
            other.push(way);
        }
    }
    let figure = format!("{} bytes of report in 6 surroundings, another one in {other:?}", one.len());
    goal("D2", &figure, other.is_empty() && one.len() > 10_000);
}

#[test]
fn little_of_everything_is_enough_or_said() {
    let folder = made(|files| files.truncate(60));
    let (status, _, _) = scanned(folder.path(), "SCAN", &[]);
    let mut wrong = Vec::new();
    let ways = [
        ("no variables", "SCAN"),
        ("64 files", "ulimit -n 64; SCAN --threads 8"),
        ("16 files", "ulimit -n 16; SCAN --threads 8"),
        ("no further process", "ulimit -u 1; SCAN"),
        ("nowhere for temporary files", "TMPDIR=/nowhere SCAN --max-buffer-bytes 0"),
        ("no file may be written", "ulimit -f 0; SCAN"),
        ("2 GiB of addresses", "ulimit -v 2097152; SCAN --threads 2"),
    ];
    for (way, script) in ways {
        let (code, report, said) = scanned(folder.path(), script, &[]);
        let is_report = serde_json::from_slice::<serde_json::Value>(&report).is_ok();
        let works = is_report && (code == status || code == Some(3));
        let is_said = matches!(code, Some(4 | 74)) && !said.is_empty();
        if !(works || is_said) || said.contains("panicked") {
            wrong.push(format!("{way}: {code:?} {}", said.lines().next().unwrap_or_default()));
        }
    }
    goal(
        "S6",
        &format!("{} ways to have little, {} without a report or a reason: {wrong:?}", ways.len(), wrong.len()),
        wrong.is_empty(),
    );
}
