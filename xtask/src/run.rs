//! Runs a program of the toolchain and says so.
use std::path::PathBuf;
use std::process::{Command, Output};

/// The folder of the workspace, wherever it was cloned to.
pub(crate) fn root() -> PathBuf {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("xtask"), PathBuf::from);
    manifest.parent().map_or_else(|| PathBuf::from("."), PathBuf::from)
}

/// Runs a command line in the workspace's folder, its output going where ours goes.
pub(crate) fn shown(line: &[&str], environment: &[(&str, &str)]) -> Result<(), String> {
    println!("$ {}", line.join(" "));
    let status = command(line, environment)?.status().map_err(|error| cannot_start(line, &error))?;
    if status.success() { Ok(()) } else { Err(format!("`{}` failed: {status}", line.join(" "))) }
}

/// Runs a command line in the workspace's folder and keeps what it says, however it ends and whatever the caller prefers.
pub(crate) fn kept(line: &[&str], environment: &[(&str, &str)]) -> Result<Output, String> {
    let mut command = command(line, &[("NO_COLOR", "1"), ("COLUMNS", "100")])?;
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("INTERDICT_")) {
        command.env_remove(name);
    }
    command.envs(environment.iter().copied()).output().map_err(|error| cannot_start(line, &error))
}

fn command(line: &[&str], environment: &[(&str, &str)]) -> Result<Command, String> {
    let (program, arguments) = line.split_first().ok_or("an empty command line")?;
    // The cargo that runs us, so that a chosen toolchain stays chosen.
    let program = match *program {
        "cargo" => std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
        other => other.into(),
    };
    let mut command = Command::new(program);
    command.args(arguments).envs(environment.iter().copied()).current_dir(root());
    Ok(command)
}

fn cannot_start(line: &[&str], error: &std::io::Error) -> String {
    format!("`{}` could not be started: {error}", line.join(" "))
}
