//! Runs that are killed at any moment (goal G3) leave no report that could be taken for one, and nothing behind.
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use interdict_tests::{command, goal, hostile, put};

#[test]
fn a_killed_run_leaves_no_report() {
    const TIMES: u32 = 50;
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in hostile(300) {
        put(folder.path(), &format!("in/{name}"), &bytes);
    }
    let scratch = folder.path().join("scratch");
    fs::create_dir(&scratch).unwrap();
    let room = scratch.to_string_lossy().into_owned();
    let run = || {
        let mut run = command(folder.path(), &["scan", "in", "-o", "json=out.json", "-q", "--as-of", "2026-01-01"]);
        run.env("TMPDIR", &room).stderr(std::process::Stdio::null()).spawn().unwrap()
    };
    let begun = Instant::now();
    run().wait().unwrap();
    let (whole, lone) = (begun.elapsed(), fs::read(folder.path().join("out.json")).unwrap());
    let (mut killed, mut parsed, mut old) = (0, 0, 0);
    for time in 0..TIMES {
        fs::write(folder.path().join("out.json"), "{\"outcome\":\"clear\"}").unwrap();
        let mut child = run();
        thread::sleep(whole * (time * 37 % TIMES) / TIMES + Duration::from_millis(5));
        let _ = child.kill();
        let status = child.wait().unwrap();
        if status.success() || status.code().is_some() {
            continue;
        }
        killed += 1;
        let left = fs::read(folder.path().join("out.json")).unwrap_or_default();
        old += usize::from(left.starts_with(b"{\"outcome\":\"clear\"}") && time * 37 % TIMES > 5);
        let is_report =
            serde_json::from_slice::<serde_json::Value>(&left).is_ok_and(|report| report.get("schema").is_some());
        parsed += usize::from(is_report && left != lone);
    }
    let left = fs::read_dir(&scratch).unwrap().count();
    run().wait().unwrap();
    let is_same = fs::read(folder.path().join("out.json")).unwrap() == lone;
    let figure = format!(
        "{killed} of {TIMES} runs killed: {parsed} reports in part that parse, {old} old ones left, {left} files left in scratch, the next run's report {}",
        if is_same { "the same" } else { "another" }
    );
    goal("G3", &figure, parsed == 0 && old == 0 && left == 0 && is_same);
}
