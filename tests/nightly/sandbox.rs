//! Systems that lack what contains a worker (goal I4), as `strace` makes calls of the system fail.
use std::process::{Command, Stdio};

use interdict_tests::{binary, goal, needle, not_here, put};
use serde_json::Value;

/// What is missing, the calls that are refused, and what is left at best.
const SYSTEMS: &[(&str, &[&str], &[&str])] = &[
    ("no Landlock", &["landlock_create_ruleset:error=ENOSYS"], &["limits-only"]),
    ("Landlock that restricts nothing", &["landlock_restrict_self:error=EPERM"], &["limits-only"]),
    ("seccomp refused", &["seccomp:error=EINVAL"], &["limits-only"]),
    ("neither", &["landlock_create_ruleset:error=ENOSYS", "seccomp:error=ENOSYS"], &["limits-only"]),
    ("no bounds", &["prlimit64:error=EPERM"], &["none"]),
    ("privileges are not given up", &["prctl:error=EINVAL"], &["none", "limits-only"]),
    (
        "nothing at all",
        &[
            "landlock_create_ruleset:error=ENOSYS",
            "seccomp:error=ENOSYS",
            "prlimit64:error=EPERM",
            "prctl:error=EINVAL",
        ],
        &["none"],
    ),
];

#[test]
fn what_contains_is_told_as_far_as_it_goes() {
    if !Command::new("strace").arg("-V").output().is_ok_and(|output| output.status.success()) {
        return not_here("I4", "no strace");
    }
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "libscan.so", &needle());
    let run = |faults: &[&str], flags: &[&str]| {
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-o", "trace.txt"]).args(faults.iter().flat_map(|fault| {
            let call = fault.split(':').next().unwrap_or_default();
            ["-e".to_owned(), format!("trace={call}"), "-e".to_owned(), format!("inject={fault}")]
        }));
        command.arg(binary()).args(["scan", "libscan.so", "-o", "json", "-q", "--as-of", "2026-01-01"]).args(flags);
        let output = command.current_dir(folder.path()).env_clear().stdin(Stdio::null()).output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
        let flagged = report["findings"].as_array().is_some_and(|findings| !findings.is_empty());
        let told = report["coverage"]["isolation"].as_str().unwrap_or_default().to_owned();
        (told, flagged, output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (whole, _, _, _) = run(&[], &[]);
    let mut wrong = Vec::new();
    for (what, faults, left) in SYSTEMS {
        let (told, flagged, status, _) = run(faults, &[]);
        if !left.contains(&told.as_str()) || !flagged || status != Some(1) {
            wrong.push(format!("{what}: told `{told}`, flagged {flagged}, status {status:?}"));
        }
        let (_, _, status, said) = run(faults, &["--require-sandbox"]);
        if status != Some(4) || said.is_empty() {
            wrong.push(format!("{what}, which is required: status {status:?}"));
        }
    }
    for what in &wrong {
        println!("  {what}");
    }
    let figure = format!(
        "{} systems, and one whose isolation is `{whole}`: {} told or taken for more than they are",
        SYSTEMS.len(),
        wrong.len()
    );
    goal("I4", &figure, wrong.is_empty() && matches!(whole.as_str(), "full" | "limits-only"));
}
