//! Calls of the system that fail (goal F7b), and those that are made at all (goal I1), as `strace` puts them there and sees them.
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use interdict_tests::canary::{documents, files};
use interdict_tests::{Case, Effort, binary, goal, hostile, not_here, put, spread};

fn has_strace() -> bool {
    Command::new("strace").arg("-V").output().is_ok_and(|output| output.status.success())
}

/// How `strace` ends a run of this tool with these of its own arguments.
fn traced(folder: &Path, strace: &[&str], arguments: &[&str]) -> Option<i32> {
    let mut command = Command::new("timeout");
    command
        .args(["-s", "KILL", "30", "strace", "-f", "-qq", "-o", "trace.txt"])
        .args(strace)
        .arg(binary())
        .args(arguments)
        .stdin(Stdio::null());
    let output = command.current_dir(folder).env_clear().env("PATH", "/usr/bin:/bin").output().unwrap();
    output.status.code()
}

/// One file of each kind that is flagged.
fn seeds() -> Vec<Case> {
    let all = files::canaries().into_iter().chain(documents::canaries());
    let mut kinds = BTreeSet::new();
    let all = all.filter(|canary| !canary.name.starts_with("pair") && kinds.insert(canary.technique.clone()));
    let mut all: Vec<Case> = all.map(|canary| (canary.name, canary.bytes)).collect();
    // One that is mapped, and one that finds no room in memory.
    let large = files::canaries().into_iter().find(|canary| canary.name == "inside/tar/elf/a.tar").unwrap();
    all.push(("large.tar".to_owned(), [vec![0; 3 << 20], large.bytes].concat()));
    all
}

#[test]
fn a_call_that_fails_never_clears() {
    const CALLS: &[&str] = &[
        "read",
        "pread64",
        "mmap",
        "statx",
        "fstat",
        "lseek",
        "openat",
        "getdents64",
        "recvmsg",
        "sendmsg",
        "memfd_create",
        "ftruncate",
        "clone3",
        "write",
        "futex",
    ];
    const WAYS: &[&str] = &["error=EIO", "error=EMFILE", "error=ENOMEM", "retval=0", "retval=1"];
    const TIMES: usize = 200;
    if !has_strace() {
        return not_here("F7b", "no strace");
    }
    let seeds = seeds();
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in &seeds {
        put(folder.path(), name, bytes);
    }
    let run = |name: &str, strace: &[&str]| {
        let scan = ["scan", name, "-o", "json=out.json", "-q", "--as-of", "2026-01-01", "--max-seconds", "3"];
        let status = traced(folder.path(), strace, &scan);
        (status, fs::read_to_string(folder.path().join("trace.txt")).unwrap_or_default())
    };
    // How often each call is made by the process that makes it most.
    let mut places = Vec::new();
    let all = format!("trace={}", CALLS.join(","));
    for (name, _) in &seeds {
        let (_, trace) = run(name, &["-e", &all]);
        for call in CALLS {
            let mark = format!(" {call}(");
            let mut by: BTreeMap<&str, usize> = BTreeMap::new();
            for line in trace.lines().filter(|line| line.contains(&mark)) {
                *by.entry(line.split(' ').next().unwrap_or_default()).or_default() += 1;
            }
            let most = by.into_values().max().unwrap_or_default().min(TIMES);
            places.extend((1..=most).flat_map(|nth| WAYS.iter().map(move |way| (name, *call, *way, nth))));
        }
    }
    let (mut runs, mut struck, mut died, mut bad, mut late) = (0, 0, 0, Vec::new(), Vec::new());
    let effort = Effort::begun();
    for index in spread(places.len()).take_while(|_| effort.is_left()) {
        let (name, call, way, nth) = places[index];
        // What never returns would wait for ever, which is what it was told to do.
        if call == "futex" && way.starts_with("retval") {
            continue;
        }
        let (status, trace) =
            run(name, &["-e", &format!("trace={call}"), "-e", &format!("inject={call}:{way}:when={nth}")]);
        (runs, struck) = (runs + 1, struck + usize::from(trace.contains("INJECTED")));
        // What `timeout` ended itself has this status; what died by a signal has none.
        died += usize::from(status.is_none());
        if trace.contains("INJECTED") && status == Some(137) {
            late.push(format!("{name}: {call} {way}, the {nth}th time"));
        }
        if status == Some(0) {
            bad.push(format!("{name}: {call} {way}, the {nth}th time"));
        }
    }
    for what in &bad {
        println!("  clear: {what}");
    }
    for what in &late {
        println!("  ended after half a minute: {what}");
    }
    let count = places.len();
    let figure = format!(
        "{runs} of {count} faults in {} files: {struck} struck, {died} ended by a signal, {} clear, {} stuck",
        seeds.len(),
        bad.len(),
        late.len()
    );
    goal("F7b", &figure, bad.is_empty() && late.is_empty());
}

#[test]
fn nothing_is_run_sent_or_opened_but_the_inputs() {
    if !has_strace() {
        return not_here("I1", "no strace");
    }
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in hostile(500) {
        put(folder.path(), &format!("in/{name}"), &bytes);
    }
    let calls = "trace=%network,execve,execveat,open,openat,openat2,creat,unlink,unlinkat,rename,renameat,renameat2,mkdir,mkdirat";
    let status = traced(folder.path(), &["-e", calls], &["scan", "in", "-o", "json=out.json", "-q"]);
    let trace = fs::read_to_string(folder.path().join("trace.txt")).unwrap_or_default();
    let own = format!("execve(\"{}\"", binary().display());
    let is_usual = |line: &str| {
        let allowed = [
            "\"/lib",
            "\"/usr/lib",
            "\"/etc/ld.so",
            "\"/proc/self",
            "\"/sys/fs/cgroup",
            "\"/proc/stat",
            "\"/proc/sys/vm/overcommit_memory",
            "\"/sys/devices/system/cpu",
            "\"in\"",
            "\"in/",
            "\"/dev/null",
            "\"out.json",
            "O_TMPFILE",
        ];
        line.contains(&own)
            || line.contains("execve(\"/proc/self/exe\"")
            || line.contains("resumed>")
            || [
                "socketpair(AF_UNIX",
                "sendmsg(",
                "recvmsg(",
                "sendto(",
                "recvfrom(",
                "setsockopt(",
                "getpeername(",
                "getsockopt(",
                "shutdown(",
            ]
            .iter()
            .any(|call| line.contains(call))
            || ((line.contains("open") || line.contains("unlink"))
                && (allowed.iter().any(|path| line.contains(path)) || line.contains("ENOENT")))
            || line.contains("--- SIG")
            || line.contains("+++ ")
            || line.contains(".interdict")
            || line.contains("/.tmp")
    };
    let odd: Vec<&str> = trace.lines().filter(|line| !is_usual(line)).collect();
    for line in odd.iter().take(20) {
        println!("  {line}");
    }
    let figure = format!(
        "500 hostile files, {} calls seen, {} of them to nothing that was named",
        trace.lines().count(),
        odd.len()
    );
    goal("I1", &figure, odd.is_empty() && matches!(status, Some(1 | 3)));
}
