//! `ci`: every check that must hold, in one order, here and on every other machine.
use std::time::Instant;

use crate::{docs, fmt, run, tidy};

/// The README's test command stands between these, so that what is promised is what is run.
const TEST_COMMAND: (&str, &str) = ("<!-- test:begin -->", "<!-- test:end -->");

type Step = (&'static str, fn() -> Result<(), String>);

const STEPS: &[Step] = &[
    ("format", || fmt::run(&["--check".to_owned()])),
    ("tidy", || tidy::run(&[])),
    ("clippy", clippy),
    ("tests", tests),
    ("docs", || docs::run(&["--check".to_owned()])),
];

pub(crate) fn run(words: &[String]) -> Result<(), String> {
    if !words.is_empty() {
        return Err("usage: cargo xtask ci".to_owned());
    }
    for (passed, (name, step)) in STEPS.iter().enumerate() {
        println!("── {name}");
        let start = Instant::now();
        let result = step();
        let word = if result.is_ok() { "ok" } else { "failed" };
        println!("── {name}: {word} ({:.1} s)\n", start.elapsed().as_secs_f64());
        if let Err(why) = result {
            return Err(format!("{why}\n{passed} passed, 1 failed"));
        }
    }
    println!("{} passed, 0 failed", STEPS.len());
    Ok(())
}

fn clippy() -> Result<(), String> {
    run::shown(&["cargo", "clippy", "--locked", "--workspace", "--all-targets", "--", "-D", "warnings"], &[])
}

fn tests() -> Result<(), String> {
    let path = run::root().join("README.md");
    let readme = std::fs::read_to_string(&path).map_err(|error| format!("`README.md`: {error}"))?;
    let line = test_command(&readme).ok_or("README.md: no single command between the test markers")?;
    run::shown(&line.split_whitespace().collect::<Vec<_>>(), &[])
}

/// The one line of the fenced block between the markers.
fn test_command(readme: &str) -> Option<&str> {
    let (_, rest) = readme.split_once(TEST_COMMAND.0)?;
    let (block, _) = rest.split_once(TEST_COMMAND.1)?;
    let mut lines = block.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("```"));
    let line = lines.next()?;
    (lines.next().is_none() && line.starts_with("cargo ")).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_test_command_is_the_one_line_between_the_markers() {
        let block = |inner: &str| format!("a\n<!-- test:begin -->\n```sh\n{inner}\n```\n<!-- test:end -->\nb");
        assert_eq!(test_command(&block("cargo test --workspace")), Some("cargo test --workspace"));
        assert_eq!(test_command(&block("cargo test\ncargo bench")), None, "two commands");
        assert_eq!(test_command(&block("make test")), None, "not cargo");
        assert_eq!(test_command("cargo test"), None, "no markers");
    }

    #[test]
    fn the_readme_has_one() {
        assert!(test_command(include_str!("../../README.md")).is_some());
    }
}
