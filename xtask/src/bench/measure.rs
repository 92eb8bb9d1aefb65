//! What one run of a program costs: processor time, wall time, peak memory.
use std::process::{Command, Stdio};
use std::time::Instant;

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike as _;

/// The cost of one run; seconds and bytes.
#[derive(Clone, Debug)]
pub(super) struct Spent {
    pub(super) cpu: f64,
    pub(super) wall: f64,
    pub(super) memory: u64,
}

/// Runs a command line in a process of its own that has no other child, and reads what that process says it cost.
pub(super) fn child(words: &[String]) -> Result<Spent, String> {
    let own = std::env::current_exe().map_err(|why| why.to_string())?;
    let told = Command::new(own).arg("measured").args(words).stderr(Stdio::inherit()).output();
    let told = told.map_err(|why| why.to_string())?;
    let text = String::from_utf8_lossy(&told.stdout);
    let mut numbers = text.split_whitespace().map(str::parse::<f64>);
    let (Some(Ok(cpu)), Some(Ok(wall)), Some(Ok(memory))) = (numbers.next(), numbers.next(), numbers.next()) else {
        return Err(format!("`{}` could not be measured: {text}", words.join(" ")));
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bytes, as written below")]
    Ok(Spent { cpu: cpu / 1e6, wall: wall / 1e6, memory: memory as u64 })
}

/// `measured WORD…`: runs it with its output dropped; prints microseconds of processor and wall time, and bytes.
pub(crate) fn run(words: &[String]) -> Result<(), String> {
    let (program, arguments) = words.split_first().ok_or("nothing to measure")?;
    let begun = Instant::now();
    let status = Command::new(program).args(arguments).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let status = status.map_err(|why| format!("`{program}`: {why}"))?;
    let wall = begun.elapsed().as_micros();
    if status.code().is_none_or(|code| code > 3) {
        return Err(format!("`{}` ended with {status}", words.join(" ")));
    }
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).map_err(|why| why.to_string())?;
    let cpu = usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    println!("{cpu} {wall} {}", usage.max_rss() * 1024);
    Ok(())
}

/// Each figure's median.
pub(super) fn median(runs: &[Spent]) -> Spent {
    let middle = |figure: fn(&Spent) -> f64| {
        let mut figures: Vec<f64> = runs.iter().map(figure).collect();
        figures.sort_by(f64::total_cmp);
        figures.get(figures.len() / 2).copied().unwrap_or_default()
    };
    let memory = runs.iter().map(|run| run.memory).max().unwrap_or_default();
    Spent { cpu: middle(|run| run.cpu), wall: middle(|run| run.wall), memory }
}
