//! The goals of assurance: what each says, how often it is tried, by which test or chore; `nightly` and `release-check` try them.
mod checks;
mod table;

use std::time::Instant;

pub(crate) use self::table::{GOALS, Goal, Level, Run};
use crate::run;

const USAGE: &str = "usage: cargo xtask nightly|release-check [--minutes N] [--seed N] [--release] [GOAL…]\nhint: N minutes for all goals that could go on \
                     for ever, default 20; --release tries the command as it is shipped, which is many times faster; with another seed they begin elsewhere; a goal is named as in docs/reference/assurance.md: `F7`";

/// Levels A and B.
pub(crate) fn nightly(words: &[String]) -> Result<(), String> {
    tried(words, Level::B)
}

/// All levels.
pub(crate) fn release_check(words: &[String]) -> Result<(), String> {
    tried(words, Level::C)
}

/// What one line of a test says of a goal.
struct Told {
    id: String,
    word: String,
    figure: String,
}

fn tried(words: &[String], most: Level) -> Result<(), String> {
    let (mut minutes, mut seed, mut is_shipped, mut wanted) = (20.0, 0, false, words);
    while let [flag, rest @ ..] = wanted
        && flag.starts_with('-')
    {
        wanted = match (flag.as_str(), rest) {
            ("--release", rest) => {
                is_shipped = true;
                rest
            }
            ("--minutes", [number, rest @ ..]) => {
                minutes = number.parse::<f64>().map_err(|_| USAGE)?;
                rest
            }
            ("--seed", [number, rest @ ..]) => {
                seed = number.parse::<u32>().map_err(|_| USAGE)?;
                rest
            }
            _ => return Err(USAGE.to_owned()),
        };
    }
    let binary = if is_shipped { shipped()? } else { String::new() };
    let seed = seed.to_string();
    if let Some(unknown) = wanted.iter().find(|id| !GOALS.iter().any(|goal| goal.id == **id)) {
        return Err(format!("no goal `{unknown}`\n{USAGE}"));
    }
    let is_wanted = |goal: &&Goal| goal.level <= most && (wanted.is_empty() || wanted.iter().any(|id| goal.id == *id));
    let goals: Vec<&Goal> = GOALS.iter().filter(is_wanted).collect();
    let endless = goals.iter().filter(|goal| goal.is_endless).count().max(1);
    let seconds = format!("{:.0}", minutes * 60.0 / f64::from(u32::try_from(endless).unwrap_or(u32::MAX)));
    let mut all = Vec::new();
    for goal in goals {
        let start = Instant::now();
        let told = answer(goal, &seconds, &seed, &binary);
        println!("{:<4} {:<4} {} ({:.0} s)", told.id, told.word, told.figure, start.elapsed().as_secs_f64());
        all.push((goal, told));
    }
    println!("\n| goal | level | figure | answer |\n|---|---|---|---|");
    for (goal, told) in &all {
        println!("| {} | {} | {} | {} |", goal.id, goal.level.letter(), told.figure, told.word);
    }
    let missed: Vec<&str> = all.iter().filter(|(_, told)| told.word == "FAIL").map(|(goal, _)| goal.id).collect();
    println!("\n{} goals, {} missed", all.len(), missed.len());
    if missed.is_empty() { Ok(()) } else { Err(format!("missed: {}", missed.join(", "))) }
}

/// The command built as it is shipped; where it is.
fn shipped() -> Result<String, String> {
    let line = ["cargo", "build", "--quiet", "--release", "--locked", "-p", "interdict-cli"];
    let output = run::kept(&line, &[])?;
    if !output.status.success() {
        return Err(last("", &output.stderr));
    }
    let folder = std::env::var("CARGO_TARGET_DIR").map_or_else(|_| run::root().join("target"), Into::into);
    let binary = folder.join("release").join(format!("interdict{}", std::env::consts::EXE_SUFFIX));
    Ok(binary.to_string_lossy().into_owned())
}

/// Tries one goal.
fn answer(goal: &Goal, seconds: &str, seed: &str, binary: &str) -> Told {
    let told = |word: &str, figure: String| Told { id: goal.id.to_owned(), word: word.to_owned(), figure };
    match goal.run {
        Run::Nothing(why) => told("n/a", why.to_owned()),
        Run::Chore(chore) => match chore() {
            Ok(figure) => told("pass", figure),
            Err(why) => told("FAIL", why),
        },
        Run::Test { package, target, name } => {
            let mut environment = vec![("INTERDICT_GOAL_SECONDS", seconds), ("INTERDICT_GOAL_SEED", seed)];
            environment.extend(Some(("INTERDICT_BINARY", binary)).filter(|_| !binary.is_empty()));
            let output = run::kept(&line(package, target, name), &environment);
            let output = match output {
                Ok(output) => output,
                Err(why) => return told("FAIL", why),
            };
            let said = String::from_utf8_lossy(&output.stdout).into_owned();
            let lines: Vec<Told> = said.lines().filter_map(|line| read(line, goal.id)).collect();
            let figure = lines.iter().map(|told| told.figure.as_str()).collect::<Vec<_>>().join("; ");
            let is_met = output.status.success() && lines.iter().all(|told| told.word != "FAIL");
            match (lines.iter().all(|told| told.word == "n/a"), lines.is_empty()) {
                (_, true) if output.status.success() => told("FAIL", format!("`{target}::{name}` prints no figure")),
                (_, true) => told("FAIL", last(&said, &output.stderr)),
                (true, false) => told("n/a", figure),
                (false, false) => told(if is_met { "pass" } else { "FAIL" }, figure),
            }
        }
    }
}

fn line<'g>(package: &'g str, target: &'g str, name: &'g str) -> Vec<&'g str> {
    let mut line = vec!["cargo", "test", "--locked", "-p", package];
    if target == "nightly" {
        line.extend(["--features", "nightly"]);
    }
    if target == "lib" {
        line.push("--lib");
    } else {
        line.extend(["--test", target]);
    }
    line.extend(["--", "--nocapture", name]);
    line
}

/// A goal's line, as tests print it: id, word, figure.
fn read(line: &str, id: &str) -> Option<Told> {
    let (_, rest) = line.split_once(&format!("{id:<4} "))?;
    let (word, figure) = rest.split_once(' ')?;
    matches!(word, "pass" | "FAIL" | "n/a").then(|| Told {
        id: id.to_owned(),
        word: word.to_owned(),
        figure: figure.trim().to_owned(),
    })
}

fn last(said: &str, faults: &[u8]) -> String {
    let faults = String::from_utf8_lossy(faults).into_owned();
    let line = said.lines().chain(faults.lines()).rev().find(|line| !line.trim().is_empty());
    format!("it did not come to its figure: {}", line.unwrap_or("it said nothing"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_wherever_it_stands() {
        let told = read("test a ... F7   pass 3 runs", "F7").unwrap();
        assert_eq!((told.word.as_str(), told.figure.as_str()), ("pass", "3 runs"));
        assert!(read("F7   perhaps 3 runs", "F7").is_none());
        assert!(read("F1   pass 3 runs", "F7").is_none());
        assert_eq!(read("I1   n/a  no strace", "I1").unwrap().figure, "no strace");
    }

    /// Every test that the table names is there, and prints the goal's line.
    #[test]
    fn the_tests_that_are_named_are_there() {
        for goal in GOALS {
            let Run::Test { package, target, name } = goal.run else { continue };
            let folder = package.strip_prefix("interdict-").unwrap_or(package);
            let root = run::root();
            let places = [
                root.join(format!("{folder}/tests/{target}.rs")),
                root.join(format!("crates/{folder}/tests/{target}.rs")),
                root.join(format!("{folder}/{target}")),
                root.join(format!("crates/{folder}/tests/{target}")),
            ];
            let mut text = String::new();
            for place in places {
                text.push_str(&std::fs::read_to_string(&place).unwrap_or_default());
                for entry in std::fs::read_dir(&place).into_iter().flatten().flatten() {
                    text.push_str(&std::fs::read_to_string(entry.path()).unwrap_or_default());
                }
            }
            assert!(text.contains(&format!("fn {name}(")), "{}: no test `{name}` in `{target}`", goal.id);
            assert!(text.contains(&format!("\"{}", goal.id)), "{}: `{target}` does not print it", goal.id);
        }
    }

    #[test]
    fn every_goal_stands_once() {
        let mut ids: Vec<&str> = GOALS.iter().map(|goal| goal.id).collect();
        ids.sort_unstable();
        let count = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }
}
