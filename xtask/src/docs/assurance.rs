//! The goals of assurance, from the table that `nightly` and `release-check` run.
use super::{columns, heading, row};
use crate::goals::{GOALS, Run};

pub(super) fn page() -> String {
    let mut page = vec![heading(
        "Assurance",
        "What interdict promises about hostile input, honest answers and its own supply chain, as goals that are tried: A with every change (the test command in \
         [README.md](../../README.md)), B by `cargo xtask nightly`, C by `cargo xtask release-check`. Each prints its id, its figure, and whether it is met; \
         `cargo xtask nightly --minutes N` shares N minutes among the goals that could go on for ever, `cargo xtask nightly F7` tries one.",
    )];
    page.push(columns(&["goal", "level", "what it says", "tried by"]));
    for goal in GOALS {
        let by = match goal.run {
            Run::Test { package, target, name } => format!("`{package}`: `{target}::{name}`"),
            Run::Chore(_) => "a chore of its own".to_owned(),
            Run::Nothing(why) => format!("nothing: {why}"),
        };
        page.push(row(&[goal.id, goal.level.letter(), goal.says, &by]));
    }
    page.concat()
}
