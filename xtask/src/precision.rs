//! `precision`: ordinary programs that talk about the vendor, from Debian, scanned; nothing of them may be accused.
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::run;

/// Packages whose files name the vendor or its look-alikes, or hold much compiled code.
const PACKAGES: &[&str] = &[
    "firefox-esr",
    "rspamd",
    "nmap",
    "nmap-common",
    "amavisd-new",
    "nagios-nrpe-server",
    "lynis",
    "logwatch",
    "wireshark-common",
    "clamav",
    "chromium",
];
/// Those of them that can call a product of the vendor, and must be said to.
const CONNECTS: &[&str] = &["rspamd", "amavisd-new"];
const USAGE: &str = "usage: cargo xtask precision FOLDER [BINARY]\nhint: FOLDER keeps what is downloaded; without BINARY \
                     the release build is used";

/// A finding as far as it matters here.
struct Found {
    package: String,
    relation: String,
    certainty: String,
    line: String,
}

pub(crate) fn run(words: &[String]) -> Result<(), String> {
    let (folder, binary) = match words {
        [folder] => (PathBuf::from(folder), release()?),
        [folder, binary] => (PathBuf::from(folder), PathBuf::from(binary)),
        _ => return Err(USAGE.to_owned()),
    };
    let mut all = Vec::new();
    for package in PACKAGES {
        let tree = unpacked(&folder, package)?;
        let report = scanned(&binary, &folder, &tree)?;
        let artifacts = report.pointer("/coverage/artifacts").and_then(Value::as_u64).unwrap_or(0);
        let bytes = report.pointer("/coverage/bytes").and_then(Value::as_u64).unwrap_or(0);
        let found = findings(package, &report);
        let count = |relation: &str| found.iter().filter(|one| one.relation == relation).count();
        println!(
            "{package:<20}{artifacts:>8} artifacts {:>6} MB  {:>3} mention, {:>3} connect, {:>3} flagged",
            bytes / 1_000_000,
            count("mentions"),
            count("connects"),
            found.iter().filter(|one| one.flags()).count()
        );
        all.extend(found);
    }
    for one in all.iter().filter(|one| one.relation != "mentions") {
        println!("{} ({}): {}", one.relation, one.certainty, one.line);
    }
    judged(&all)
}

/// Nothing is flagged, and what connects is said to.
fn judged(all: &[Found]) -> Result<(), String> {
    let flagged = all.iter().filter(|one| one.flags()).count();
    let connects = |package: &str| all.iter().any(|one| one.package == package && one.relation == "connects");
    let silent: Vec<&str> = CONNECTS.iter().copied().filter(|package| !connects(package)).collect();
    match (flagged, silent.as_slice()) {
        (0, []) => Ok(()),
        (0, silent) => Err(format!("not said to connect: {}", silent.join(", "))),
        (flagged, _) => {
            Err(format!("{flagged} findings above `connects` in programs that hold nothing of the vendor's"))
        }
    }
}

impl Found {
    fn flags(&self) -> bool {
        !matches!(self.relation.as_str(), "mentions" | "connects")
    }
}

fn release() -> Result<PathBuf, String> {
    run::shown(&["cargo", "build", "--quiet", "--release", "--package", "interdict-cli"], &[])?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| run::root().join("target"), PathBuf::from);
    Ok(target.join("release").join(format!("interdict{}", std::env::consts::EXE_SUFFIX)))
}

/// The package's files, downloaded and unpacked where they are not there yet.
fn unpacked(folder: &Path, package: &str) -> Result<PathBuf, String> {
    let tree = folder.join("tree").join(package);
    if tree.is_dir() {
        return Ok(tree);
    }
    let debs = folder.join("deb");
    std::fs::create_dir_all(&debs).map_err(|why| format!("`{}`: {why}", debs.display()))?;
    let there = || {
        let entries = std::fs::read_dir(&debs).into_iter().flatten().flatten().map(|entry| entry.path());
        let begins = format!("{package}_");
        let mut found: Vec<PathBuf> = entries
            .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(&begins)))
            .collect();
        found.sort();
        found.pop()
    };
    if there().is_none() {
        program(Command::new("apt-get").args(["-qq", "download", package]).current_dir(&debs))?;
    }
    let deb = there().ok_or_else(|| format!("`apt-get download {package}` left no package"))?;
    std::fs::create_dir_all(&tree).map_err(|why| format!("`{}`: {why}", tree.display()))?;
    program(Command::new("dpkg-deb").arg("-x").arg(deb).arg(&tree))?;
    Ok(tree)
}

fn program(command: &mut Command) -> Result<(), String> {
    let status = command.status().map_err(|why| format!("{command:?} could not be started: {why}"))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} failed: {status}")) }
}

fn scanned(binary: &Path, folder: &Path, tree: &Path) -> Result<Value, String> {
    let report = folder.join("report.json");
    let mut command = Command::new(binary);
    command.args(["scan", "-o"]).arg(format!("json={}", report.display())).arg(tree);
    // Whatever is found, the report is written; its exit status says what, and is judged here.
    let output = command.output().map_err(|why| format!("`{}` could not be started: {why}", binary.display()))?;
    let text = std::fs::read_to_string(&report);
    text.ok().and_then(|text| serde_json::from_str(&text).ok()).ok_or_else(|| {
        format!("no report of `{}`: {}\n{}", tree.display(), output.status, String::from_utf8_lossy(&output.stderr))
    })
}

fn findings(package: &str, report: &Value) -> Vec<Found> {
    let text = |value: &Value, field: &str| value.get(field).and_then(Value::as_str).unwrap_or_default().to_owned();
    let findings = report.get("findings").and_then(Value::as_array).into_iter().flatten();
    findings
        .map(|finding| {
            let matches = finding.get("matches").and_then(Value::as_array).into_iter().flatten();
            let rules: Vec<String> = matches.map(|one| text(one, "rule")).collect();
            Found {
                package: package.to_owned(),
                relation: text(finding, "relation"),
                certainty: text(finding, "certainty"),
                line: format!("{} on {} by {}", text(finding, "entity"), text(finding, "on"), rules.join(", ")),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(package: &str, relation: &str) -> Found {
        let (certainty, line) = (String::new(), String::new());
        Found { package: package.to_owned(), relation: relation.to_owned(), certainty, line }
    }

    #[test]
    fn an_accusation_and_a_silence_fail() {
        let good = || vec![found("rspamd", "connects"), found("amavisd-new", "connects"), found("nmap", "mentions")];
        assert_eq!(judged(&good()), Ok(()));
        let mut accused = good();
        accused.push(found("nmap", "embeds"));
        assert!(judged(&accused).is_err_and(|why| why.starts_with("1 findings above")));
        let silent: Vec<Found> = good().into_iter().skip(1).collect();
        assert_eq!(judged(&silent), Err("not said to connect: rspamd".to_owned()));
    }
}
