//! Measures the release build against yardsticks on the same bytes, in turn, and prints medians and ratios as a table.
mod inputs;
mod measure;
mod workloads;
pub(crate) mod yardstick;

use std::path::Path;

use self::measure::{Spent, median};
use self::workloads::{Against, Goal, WORKLOADS, Workload};
use crate::run::{root, shown};

pub(crate) use self::measure::run as measured;

const USAGE: &str =
    "cargo xtask bench [--rounds N] [--programs DIR] [WORKLOAD…], where a WORKLOAD is a part of its name";

/// What the command line asks for.
struct Asked {
    rounds: usize,
    programs: String,
    names: Vec<String>,
}

impl Asked {
    fn parse(words: &[String]) -> Result<Self, String> {
        let mut asked = Self { rounds: 5, programs: "/usr/lib".to_owned(), names: Vec::new() };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match word.as_str() {
                "--rounds" => asked.rounds = words.next().and_then(|count| count.parse().ok()).ok_or(USAGE)?,
                "--programs" => words.next().ok_or(USAGE)?.clone_into(&mut asked.programs),
                flag if flag.starts_with('-') => return Err(USAGE.to_owned()),
                name => asked.names.push(name.to_owned()),
            }
        }
        Ok(asked)
    }

    fn wants(&self, workload: &Workload) -> bool {
        self.names.is_empty() || self.names.iter().any(|name| workload.name.contains(name.as_str()))
    }
}

pub(crate) fn run(words: &[String]) -> Result<(), String> {
    let asked = Asked::parse(words)?;
    shown(&["cargo", "build", "--release", "--quiet", "-p", "interdict-cli", "-p", "xtask"], &[])?;
    let folder = root().join("target/bench");
    std::fs::create_dir_all(&folder).map_err(|why| format!("`{}`: {why}", folder.display()))?;
    println!("| workload | MB | ms CPU | ms wall | MB/CPU s | peak MB | yardstick | ms CPU | goal | reached |");
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for workload in WORKLOADS.iter().filter(|workload| asked.wants(workload)) {
        match one(workload, &asked, &folder) {
            Ok(row) => println!("{row}"),
            Err(why) => println!("| {} | not measured: {why} |", workload.name),
        }
    }
    Ok(())
}

/// Runs a workload and its yardstick by turns.
fn one(workload: &Workload, asked: &Asked, folder: &Path) -> Result<String, String> {
    let input = inputs::make(workload.input, folder, &asked.programs)?;
    let yardstick = |what: &str| [&built("xtask"), "yardstick", what, &input.path].map(str::to_owned).to_vec();
    let (words, bytes) = match workload.against {
        Against::Skipping => (yardstick("skip"), input.bytes),
        Against::Reading => (yardstick("read"), input.bytes),
        Against::Program(_, program) => (before(program, &input.path), input.bytes),
        Against::Unpacking(packing) => (before(packing.unpacker(), &input.path), input.bytes),
        Against::Itself(options) => (tool(options, &input.path), input.bytes),
        Against::Smaller(smaller) => {
            let smaller = inputs::make(smaller, folder, &asked.programs)?;
            (tool(workload.options, &smaller.path), smaller.bytes)
        }
    };
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    // Once for the page cache, which is not counted.
    for round in 0..=asked.rounds {
        let (one, other) = (measure::child(&tool(workload.options, &input.path))?, measure::child(&words)?);
        if round > 0 {
            ours.push(one);
            theirs.push(other);
        }
    }
    Ok(row(workload, (input.bytes, bytes), &median(&ours), &median(&theirs)))
}

/// These words, and the input behind them.
fn before(words: &[&str], input: &str) -> Vec<String> {
    words.iter().copied().chain([input]).map(str::to_owned).collect()
}

/// A program of the release build.
fn built(name: &str) -> String {
    root().join("target/release").join(name).display().to_string()
}

fn tool(options: &[&str], input: &str) -> Vec<String> {
    let tool = built("interdict");
    let words = [tool.as_str(), "scan", "-o", "json"].into_iter().chain(options.iter().copied()).chain([input]);
    words.map(str::to_owned).collect()
}

#[expect(clippy::cast_precision_loss, reason = "bytes as megabytes for people")]
fn row(workload: &Workload, (bytes, their_bytes): (u64, u64), ours: &Spent, theirs: &Spent) -> String {
    let megabytes = bytes as f64 / 1e6;
    let rate = megabytes / ours.cpu;
    let their_rate = their_bytes as f64 / 1e6 / theirs.cpu;
    let (goal, reached, is_met) = match workload.goal {
        Goal::Milliseconds(most) => (format!("≤ {most} ms CPU"), ours.cpu * 1e3, ours.cpu * 1e3 <= most),
        Goal::MegabytesPerSecond(least) => (format!("≥ {least} MB/CPU s"), rate, rate >= least),
        Goal::OfTheYardstick(least) => {
            let ratio = rate / their_rate;
            (format!("≥ {least} of its rate"), ratio, ratio >= least)
        }
        Goal::FasterInWallTime(least) => {
            let ratio = theirs.wall / ours.wall;
            (format!("≥ {least} times in wall time"), ratio, ratio >= least)
        }
        Goal::SameTimePerByte(most) => {
            let ratio = their_rate / rate;
            (format!("≤ {} of its time per byte", 1.0 + most), ratio, ratio <= 1.0 + most)
        }
    };
    format!(
        "| {} | {megabytes:.1} | {:.1} | {:.1} | {rate:.0} | {:.0} | {} | {:.1} | {goal} | {reached:.2}, {} |",
        workload.name,
        ours.cpu * 1e3,
        ours.wall * 1e3,
        ours.memory as f64 / 1e6,
        workload.against.name(),
        theirs.cpu * 1e3,
        if is_met { "met" } else { "missed" },
    )
}
