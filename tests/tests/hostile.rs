//! Hostile files one by one (goal H1), targets that hold nothing (G4), hostile packs (H10).
#![expect(clippy::disallowed_methods, reason = "a test makes files and watches the clock")]
use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use interdict_tests::{goal, hostile, interdict, pack, put};
use serde_json::Value;

#[test]
fn hostile_files_one_by_one() {
    const COUNT: usize = 500;
    let folder = tempfile::tempdir().unwrap();
    let cases = hostile(COUNT);
    // It is built where it is not yet, which is no part of any run.
    interdict_tests::binary();
    for (name, bytes) in &cases {
        put(folder.path(), name, bytes);
    }
    let next = AtomicUsize::new(0);
    let one = || {
        let mut all = Vec::new();
        while let Some((name, _)) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            let begun = Instant::now();
            let output = interdict(folder.path(), &["scan", name, "-o", "json", "-q", "--threads", "1"]);
            let took = begun.elapsed();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            let report = serde_json::from_slice::<Value>(&output.stdout);
            let is_dead = |gap: &Value| gap["reason"] == "crashed" || gap["reason"] == "timed-out";
            let is_bad = !matches!(output.status.code(), Some(0 | 1 | 3))
                || said.contains("panicked")
                || report.is_ok_and(|report| report["gaps"].as_array().unwrap().iter().any(is_dead));
            all.push((took, is_bad.then(|| format!("{name}: {} {said}", output.status))));
        }
        all
    };
    let mut all: Vec<(Duration, Option<String>)> = thread::scope(|scope| {
        let runs = [scope.spawn(one), scope.spawn(one)];
        runs.into_iter().flat_map(|run| run.join().unwrap()).collect()
    });
    all.sort();
    let bad: Vec<&String> = all.iter().filter_map(|(_, bad)| bad.as_ref()).collect();
    for what in &bad {
        println!("  bad: {what}");
    }
    let (p99, max) = (all[all.len() * 99 / 100].0, all[all.len() - 1].0);
    #[cfg(target_os = "linux")]
    let peak = interdict_tests::peak(folder.path(), &["scan", ".", "-q", "--threads", "2"]) >> 20;
    #[cfg(not(target_os = "linux"))]
    let peak = 0;
    let figure = format!(
        "{} hostile files: {} bad, p99 {p99:.1?}, longest {max:.1?}, peak of all together {peak} MiB",
        all.len(),
        bad.len()
    );
    // Seconds where nothing else runs; wide, for machines that are busy.
    goal("H1", &figure, bad.is_empty() && p99 < Duration::from_secs(10) && max < Duration::from_mins(1) && peak <= 700);
}

#[test]
fn what_holds_nothing_is_not_clear() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("none")).unwrap();
    let bom = r#"{"bomFormat":"CycloneDX","specVersion":"1.6""#;
    let cases: &[(&str, &str, i32)] = &[
        ("empty.json", "", 3),
        ("list.json", "[]", 3),
        ("object.json", "{}", 3),
        ("null.json", "null", 3),
        ("blank.json", " \n\n ", 3),
        ("login.html", "<!doctype html><title>Sign in</title>", 3),
        ("error.json", r#"{"message":"Not Found","status":404}"#, 3),
        ("pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n", 3),
        ("no-parts.json", &format!("{bom}}}"), 3),
        ("no-components.json", &format!("{bom},\"components\":[]}}"), 3),
        ("no-packages.spdx", "SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nDocumentName: x\n", 3),
        ("empty.xml", "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"/>", 3),
        ("none", "", 3),
        ("gone", "", 4),
    ];
    for (name, text, _) in cases.iter().filter(|(name, ..)| name.contains('.') || *name == "pointer") {
        put(folder.path(), name, text.as_bytes());
    }
    let mut wrong = Vec::new();
    for (name, _, want) in cases {
        let output = interdict(folder.path(), &["scan", name]);
        let has_reason = !output.stdout.is_empty() || !output.stderr.is_empty();
        if output.status.code() != Some(*want) || !has_reason {
            wrong.push(format!("{name}: {}", output.status));
        }
    }
    goal(
        "G4",
        &format!("{} targets that hold nothing, {} with another status: {wrong:?}", cases.len(), wrong.len()),
        wrong.is_empty(),
    );
}

#[test]
fn hostile_packs_are_refused_whole() {
    let good = pack("contoso/own", "2026.1", "");
    let folder = tempfile::tempdir().unwrap();
    let mut packs: Vec<Vec<u8>> = vec![
        b"\0".to_vec(),
        vec![0; 4096],
        vec![0xff; 64],
        good.replace("[[rule]]", "[[rule]]\nunknown = 1").into_bytes(),
        good.replace("[[entity]]", "[[entity]]\nid = \"contoso\"").into_bytes(),
        good.replace("supplier = \"Contoso Imaging\" }]\nholds", "supplier = { matches = \"(a+)+$(\" } }]\nholds")
            .into_bytes(),
        good.replace("supplier = \"Contoso Imaging\" }]\nholds", "nonsense = \"x\" }]\nholds").into_bytes(),
        good.replace("identifies = \"contoso\"", "identifies = \"nobody\"").into_bytes(),
        good.replace("made-by = \"contoso\"", "made-by = \"../../etc/passwd\"").into_bytes(),
        good.replace("certainty = \"confirmed\"", "certainty = \"sure\"").into_bytes(),
        good.replace("2026-01-01", "soon").into_bytes(),
        pack("contoso/own", "2026.1", "expires = \"soon\"").into_bytes(),
        pack("contoso/own", "2026.1", "expires = \"2020-1-1\"").into_bytes(),
        format!("x = {}1{}", "[".repeat(100_000), "]".repeat(100_000)).into_bytes(),
        format!("{}x = 1", "a.".repeat(100_000)).into_bytes(),
        [good.as_bytes(), b"\0"].concat(),
        [good.as_bytes(), good.as_bytes()].concat(),
    ];
    // Half of it, at every place where a half is none.
    for cut in 1..60 {
        let at = good.len() * cut / 60;
        packs.push([&good.as_bytes()[..at], b"\n[[rule]]\nid = \n"].concat());
    }
    for line in good.lines().filter(|line| line.contains(" = ")) {
        let (key, _) = line.split_once(" = ").unwrap();
        packs.push(good.replacen(line, &format!("{key} = 1e999"), 1).into_bytes());
        packs.push(good.replacen(line, &format!("{key} = {{ a = [1, {{ b = 1979-05-27 }}] }}"), 1).into_bytes());
    }
    put(folder.path(), "bom.json", br#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library","name":"x","supplier":{"name":"Contoso Imaging"}}]}"#);
    put(folder.path(), "good.toml", good.as_bytes());
    assert_eq!(
        interdict(folder.path(), &["scan", "bom.json", "--pack", "good.toml"]).status.code(),
        Some(1),
        "the rule is a rule"
    );
    let mut wrong = Vec::new();
    for (number, bytes) in packs.iter().enumerate() {
        put(folder.path(), "own.toml", bytes);
        let output = interdict(folder.path(), &["scan", "bom.json", "--pack", "own.toml"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.code() != Some(5)
            || !said.contains("own.toml")
            || said.contains("panicked")
            || !output.stdout.is_empty()
        {
            wrong.push(format!("{number}: {} {}", output.status, said.lines().next().unwrap_or_default()));
        }
    }
    for what in &wrong {
        println!("  {what}");
    }
    goal(
        "H10",
        &format!("{} hostile packs, {} not refused by name", packs.len(), wrong.len()),
        wrong.is_empty() && packs.len() >= 100,
    );
}
