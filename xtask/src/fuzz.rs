//! `fuzz`: every target under LLVM's fuzzer for some minutes; what it finds is kept and fails the chore.
use std::path::Path;

use crate::run;

const USAGE: &str = "usage: cargo xtask fuzz [--minutes N] [TARGET…]\nhint: a target is a room and a reader: \
                     `containers/zip`, `documents`, `texts/locator`; N may be a fraction, default 10";
/// Coverage as LLVM's engine wants it; the toolchain need not be nightly for that.
pub(crate) const FLAGS: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
                     -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
                     -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing -Cdebug-assertions -Coverflow-checks";
/// Everything the fuzzer makes.
const FOLDER: &str = "target/fuzz";
/// As the limits of the pipeline: a slow answer is a fault, and so is a large one.
const LIMITS: &[&str] =
    &["-timeout=10", "-rss_limit_mb=1024", "-max_len=65536", "-print_final_stats=1", "-verbosity=0"];

pub(crate) fn run(words: &[String]) -> Result<(), String> {
    let (minutes, wanted) = match words {
        [flag, minutes, wanted @ ..] if flag == "--minutes" => (minutes.parse::<f64>().map_err(|_| USAGE)?, wanted),
        [flag, ..] if flag.starts_with('-') => return Err(USAGE.to_owned()),
        wanted => (10.0, wanted),
    };
    let host = host()?;
    let build = [
        "cargo",
        "build",
        "--release",
        "-p",
        "interdict-fuzz",
        "--bin",
        "fuzz",
        "--features",
        "libfuzzer",
        "--target",
        &host,
        "--target-dir",
        FOLDER,
    ];
    run::shown(
        &build,
        &[("RUSTFLAGS", FLAGS), ("CARGO_PROFILE_RELEASE_LTO", "off"), ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")],
    )?;
    let seeds = format!("{FOLDER}/seeds");
    let told =
        run::kept(&["cargo", "run", "-q", "-p", "interdict-fuzz", "--bin", "seeds", "--", "fixtures", &seeds], &[])?;
    if !told.status.success() {
        return Err(format!("the seeds could not be written: {}", String::from_utf8_lossy(&told.stderr)));
    }
    let names = String::from_utf8_lossy(&told.stdout).into_owned();
    let is_wanted = |name: &&str| wanted.is_empty() || wanted.iter().any(|word| name.starts_with(word.as_str()));
    let (mut runs, mut found) = (0, Vec::new());
    for name in names.lines().filter(is_wanted) {
        let (executed, faults) = one(name, &host, minutes)?;
        println!("{name:<40} {executed:>10} executions, {} faults", faults.len());
        runs += executed;
        found.extend(faults);
    }
    println!("Z2   {runs} executions in all, {} faults", found.len());
    if found.is_empty() { Ok(()) } else { Err(format!("faults:\n  {}", found.join("\n  "))) }
}

/// How often a target ran, and the inputs it failed on.
fn one(name: &str, host: &str, minutes: f64) -> Result<(u64, Vec<String>), String> {
    let plain = name.replace('/', "-");
    let (corpus, faults) = (format!("{FOLDER}/corpus/{plain}"), format!("{FOLDER}/faults/{plain}"));
    for folder in [&corpus, &faults] {
        std::fs::create_dir_all(run::root().join(folder)).map_err(|error| format!("{folder}: {error}"))?;
    }
    let program = format!("{FOLDER}/{host}/release/fuzz");
    let (seconds, kept) =
        (format!("-max_total_time={}", (minutes * 60.0).ceil()), format!("-artifact_prefix={faults}/"));
    let seeds = format!("{FOLDER}/seeds/{plain}");
    let mut line = vec![program.as_str(), &corpus, &seeds, &seconds, &kept];
    line.extend(LIMITS);
    let told = run::kept(&line, &[("INTERDICT_FUZZ", name)])?;
    let said = String::from_utf8_lossy(&told.stderr);
    let executed =
        said.lines().find_map(|line| line.strip_prefix("stat::number_of_executed_units:")?.trim().parse().ok());
    let mut inputs = files(&run::root().join(&faults));
    if !told.status.success() && inputs.is_empty() {
        let last: Vec<&str> = said.lines().rev().take(5).collect();
        inputs.push(format!("{name} ended with {}: {}", told.status, last.join(" | ")));
    }
    Ok((executed.unwrap_or_default(), inputs))
}

fn files(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.map(|entry| entry.path().display().to_string()).collect();
    names.sort();
    names
}

fn host() -> Result<String, String> {
    let told = run::kept(&["rustc", "-vV"], &[])?;
    let said = String::from_utf8_lossy(&told.stdout).into_owned();
    let host = said.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(ToOwned::to_owned).ok_or_else(|| "`rustc -vV` names no host".to_owned())
}
