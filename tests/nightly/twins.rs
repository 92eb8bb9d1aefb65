//! Debug and release (goal D3): the same bytes, in every format.
use std::process::{Command, Stdio};

use interdict_tests::{FORMATS, binary, fixtures, goal, hostile, put, released};

#[test]
fn debug_and_release_say_the_same() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in hostile(fixtures().len() + 1000).into_iter().filter(|(_, bytes)| bytes.len() < 1 << 16) {
        put(folder.path(), &format!("in/{name}"), &bytes);
    }
    let outputs: Vec<String> = FORMATS.iter().map(|format| format!("{format}=out.{format}")).collect();
    let run = |program: &std::path::Path| {
        let mut command = Command::new(program);
        command.args(["scan", "in", "-q", "--as-of", "2026-01-01"]);
        command.args(outputs.iter().flat_map(|output| ["-o", output.as_str()])).current_dir(folder.path()).env_clear();
        let status = command.stdin(Stdio::null()).status().unwrap().code();
        let read = |format: &&str| std::fs::read(folder.path().join(format!("out.{format}"))).unwrap_or_default();
        (status, FORMATS.iter().map(read).collect::<Vec<_>>())
    };
    let (debug, debug_reports) = run(binary());
    let (release, release_reports) = run(&released());
    let other: Vec<&str> = FORMATS
        .iter()
        .zip(debug_reports.iter().zip(&release_reports))
        .filter(|(_, (one, two))| one != two || one.is_empty())
        .map(|(format, _)| *format)
        .collect();
    let bytes: usize = debug_reports.iter().map(Vec::len).sum();
    let figure = format!(
        "{bytes} bytes in {} formats, other ones in {other:?}; this machine's architecture and C library only, as no toolchain for another can be had",
        FORMATS.len()
    );
    goal("D3", &figure, other.is_empty() && debug == release && bytes > 100_000);
}
