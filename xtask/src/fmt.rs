//! `fmt`: one format for every file of the workspace.
use crate::run;

pub(crate) fn run(words: &[String]) -> Result<(), String> {
    match words {
        [] => run::shown(&["cargo", "fmt", "--all"], &[]),
        [check] if check == "--check" => run::shown(&["cargo", "fmt", "--all", "--check"], &[]),
        _ => Err("usage: cargo xtask fmt [--check]".to_owned()),
    }
}
