//! The built binary, run as its user runs it; the tests themselves are under `tests/`.
#![expect(
    clippy::disallowed_methods,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    clippy::print_stdout,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    reason = "test support runs programs, reads files, may fail, and has long lists of cases"
)]
mod ambiguous;
mod archives;
mod boxes;
pub mod canary;
mod goals;
mod packs;
mod sweep;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

pub use ambiguous::{Case, ambiguous};
pub use archives::{canary as needle, gzip, tar};
pub use boxes::{BOXES, Wrapper};
pub use goals::{PerFile, goal, not_here};
pub use packs::pack;
pub use sweep::{Effort, Swept, fixtures, hostile, put, spread, sweep};

/// Every format of reports.
pub const FORMATS: [&str; 15] = [
    "table",
    "json",
    "jsonl",
    "sarif",
    "html",
    "csv",
    "junit",
    "markdown",
    "github",
    "gitlab",
    "gitlab-dependency-scanning",
    "cyclonedx",
    "cyclonedx-xml",
    "spdx",
    "openvex",
];

/// The workspace's folder.
pub fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a member lies in its workspace").to_owned()
}

/// The corpus of real documents and binaries, where it is at hand.
pub fn corpus() -> Option<PathBuf> {
    let corpus = workspace().parent()?.join("shared/corpus");
    if corpus.is_dir() {
        return Some(corpus);
    }
    println!("no corpus beside this workspace: nothing compared");
    None
}

/// The binary of this profile, built once.
pub fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        // One that is built already, as the goals have it that try many inputs.
        if let Some(given) = std::env::var_os("INTERDICT_BINARY") {
            return PathBuf::from(given);
        }
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--package", "interdict-cli"]).current_dir(workspace());
        assert!(cargo.status().expect("cargo runs").success(), "the binary does not build");
        let mut folder = std::env::current_exe().expect("a test has a path");
        folder.pop();
        if folder.ends_with("deps") {
            folder.pop();
        }
        folder.join(format!("interdict{}", std::env::consts::EXE_SUFFIX))
    })
}

/// `interdict` with these arguments, in this folder, with an empty environment.
pub fn interdict(folder: &Path, arguments: &[&str]) -> Output {
    interdict_in(folder, arguments, &[])
}

/// The same, with these variables in its environment.
pub fn interdict_in(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Output {
    command(folder, arguments).envs(environment.iter().copied()).output().expect("the binary runs")
}

/// Such a run, not started yet.
pub fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary());
    command.args(arguments).current_dir(folder).env_clear().stdin(Stdio::null());
    command
}

/// The exit status of such a run.
pub fn status(folder: &Path, arguments: &[&str]) -> i32 {
    let output = interdict(folder, arguments);
    output.status.code().unwrap_or_else(|| panic!("{arguments:?} died: {}", String::from_utf8_lossy(&output.stderr)))
}

/// The JSON report of such a run, and its exit status.
pub fn report(folder: &Path, arguments: &[&str]) -> (Value, i32) {
    let arguments = [&["scan", "-o", "json"], arguments].concat();
    let output = interdict(folder, &arguments);
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{arguments:?}: {error}\n{}", String::from_utf8_lossy(&output.stderr));
    });
    (report, output.status.code().unwrap_or(-1))
}

/// The release build: `INTERDICT_RELEASED`, else built once.
pub fn released() -> PathBuf {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    let built = BINARY.get_or_init(|| {
        if let Some(built) = std::env::var_os("INTERDICT_RELEASED") {
            return built.into();
        }
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["build", "--quiet", "--release", "--package", "interdict-cli"]).current_dir(workspace());
        assert!(cargo.status().expect("cargo runs").success(), "the binary does not build");
        binary().with_file_name("../release").join(format!("interdict{}", std::env::consts::EXE_SUFFIX))
    });
    built.clone()
}

/// A report that was written into a file.
pub fn report_of(file: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(file).unwrap_or_default()).unwrap_or_default()
}

/// The most memory, in bytes, that such a run and the processes it starts take together.
#[cfg(target_os = "linux")]
pub fn peak(folder: &Path, arguments: &[&str]) -> u64 {
    let mut command = Command::new(binary());
    command.args(arguments).current_dir(folder).env_clear().stdin(Stdio::null());
    peak_of(command).0
}

/// The same of any run, and its exit status.
#[cfg(target_os = "linux")]
pub fn peak_of(mut command: Command) -> (u64, Option<i32>) {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary runs");
    let mut peaks = BTreeMap::new();
    let status = loop {
        if let Some(status) = child.try_wait().expect("a child can be waited for") {
            break status.code();
        }
        let listed = format!("/proc/{0}/task/{0}/children", child.id());
        let others = std::fs::read_to_string(listed).unwrap_or_default();
        let all = others.split_whitespace().filter_map(|id| id.parse().ok()).chain([child.id()]);
        for id in all.collect::<Vec<u32>>() {
            let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
            let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
            peaks.insert(id, kilobytes.unwrap_or_default().max(peaks.get(&id).copied().unwrap_or_default()));
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
    };
    (peaks.values().sum::<u64>() << 10, status)
}

/// Such a run, begun; its report can be read from it once it ends.
pub fn begun(folder: &Path, arguments: &[&str]) -> Child {
    let mut command = Command::new(binary());
    command.args(arguments).current_dir(folder).env_clear().stdin(Stdio::null()).stdout(Stdio::piped());
    command.stderr(Stdio::null()).spawn().expect("the binary runs")
}

/// The first place at which two reports differ, for a message.
pub fn difference(one: &Value, other: &Value) -> String {
    let lines = |value: &Value| format!("{value:#}").lines().map(str::to_owned).collect::<Vec<_>>();
    let (one, other) = (lines(one), lines(other));
    let at = one.iter().zip(&other).position(|(one, other)| one != other).unwrap_or(one.len().min(other.len()));
    let around =
        |lines: &[String]| lines.get(at.saturating_sub(8)..(at + 4).min(lines.len())).unwrap_or_default().join("\n");
    format!("line {at}\n{}\n-- and\n{}", around(&one), around(&other))
}
