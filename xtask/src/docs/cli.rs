//! The commands and statuses, as the built command itself prints them.
use std::collections::BTreeMap;

use super::heading;
use crate::run;

const COMMAND: &[&str] = &["cargo", "run", "--quiet", "--bin", "interdict", "--"];

/// The day the README's demo is judged for, so that the page does not change with the calendar.
const DEMO_DAY: &str = "2026-11-24";

pub(super) fn commands() -> Result<String, String> {
    let mut page = vec![heading(
        "Command line",
        "What `interdict help` and its subcommands print. A flag outranks its `INTERDICT_*` variable, that the file `interdict.toml` ([every key](interdict.toml), [schema](settings.schema.json)), and that the default.",
    )];
    let mut left = vec![Vec::new()];
    while let Some(path) = left.pop() {
        let help = help(&path)?;
        let title = [&["interdict".to_owned()], path.as_slice()].concat().join(" ");
        page.push(format!("\n## `{title}`\n\n```text\n{}\n```\n", help.trim_end()));
        left.extend(subcommands(&help).into_iter().rev().map(|name| [path.as_slice(), &[name]].concat()));
    }
    Ok(page.concat())
}

/// What `interdict config --schema` prints.
pub(super) fn settings_schema() -> Result<String, String> {
    printed(&["config", "--schema"])
}

/// What `interdict init` writes.
pub(super) fn settings_file() -> Result<String, String> {
    printed(&["init", "-"])
}

fn printed(arguments: &[&str]) -> Result<String, String> {
    let line = [COMMAND, arguments].concat();
    let output = run::kept(&line, &[])?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!("`{}` failed:\n{}", line.join(" "), String::from_utf8_lossy(&output.stderr)))
    }
}

pub(super) fn statuses() -> Result<String, String> {
    let statuses = listed(&help(&[])?);
    if statuses.is_empty() {
        return Err("`interdict help` lists no exit statuses".to_owned());
    }
    let mut page = vec![heading(
        "Exit statuses",
        "Disjoint: a finding never shares a status with a failure of the tool. A gate lets pass 0 and nothing else.",
    )];
    page.push(super::columns(&["status", "means"]));
    for (status, means) in &statuses {
        page.push(super::row(&[&status.to_string(), means]));
    }
    let readme = readme()?;
    let told: Vec<u8> =
        readme.lines().filter_map(|line| status(line.strip_prefix("| ")?)).map(|(status, _)| status).collect();
    if told.iter().eq(statuses.keys()) {
        Ok(page.concat())
    } else {
        Err(format!("README.md tells of the statuses {told:?}, `interdict help` of {:?}", statuses.keys()))
    }
}

/// What the README's first command prints; it must end with status 1.
pub(super) fn demo() -> Result<String, String> {
    let readme = readme()?;
    let arguments =
        demo_arguments(&readme).ok_or("README.md has no line `cargo run --release --bin interdict -- …`")?;
    let line = [COMMAND, &arguments].concat();
    let output = run::kept(&line, &[("INTERDICT_AS_OF", DEMO_DAY)])?;
    let text = String::from_utf8_lossy(&output.stdout);
    match output.status.code() {
        Some(1) if !text.trim().is_empty() => Ok(format!("```text\n{}\n```", excerpt(&unpadded(&text)))),
        code => Err(format!(
            "the demo was to flag something, and ended with {code:?}:\n{}",
            String::from_utf8_lossy(&output.stderr)
        )),
    }
}

fn readme() -> Result<String, String> {
    std::fs::read_to_string(run::root().join("README.md")).map_err(|error| format!("`README.md`: {error}"))
}

fn help(path: &[String]) -> Result<String, String> {
    let mut line: Vec<&str> = COMMAND.to_vec();
    line.extend(path.iter().map(String::as_str));
    line.push("--help");
    let output = run::kept(&line, &[])?;
    if !output.status.success() {
        return Err(format!("`{}` failed:\n{}", line.join(" "), String::from_utf8_lossy(&output.stderr)));
    }
    Ok(unpadded(&String::from_utf8_lossy(&output.stdout)))
}

/// Without spaces at the ends of lines and without empty lines at the ends of the text.
fn unpadded(text: &str) -> String {
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim_matches('\n').to_owned()
}

/// The answer, the first product and the coverage: a screen of a longer report, with a mark where it is cut.
fn excerpt(text: &str) -> String {
    match text.split("\n\n").collect::<Vec<_>>().as_slice() {
        [answer, first, _, .., coverage] => [answer, first, "[…]", coverage].join("\n\n"),
        _ => text.to_owned(),
    }
}

/// The names under `Commands:`, as clap prints them.
fn subcommands(help: &str) -> Vec<String> {
    let section = help.split_once("\nCommands:\n").map_or("", |(_, rest)| rest);
    let lines = section.lines().take_while(|line| !line.is_empty());
    let names =
        lines.filter_map(|line| line.strip_prefix("  ").filter(|rest| !rest.starts_with(' '))?.split(' ').next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

/// `Exit status: 0 clear · 1 flagged …`: a status begins behind a dot or, with its number, a line; the list ends with a sentence.
fn listed(help: &str) -> BTreeMap<u8, String> {
    let section = help.split_once("Exit status:").map_or("", |(_, rest)| rest);
    let lines = section.lines().take_while(|line| !line.starts_with("interdict "));
    let mut entries: Vec<String> = Vec::new();
    for piece in lines.flat_map(|line| line.split('·').enumerate()) {
        match (piece, entries.last_mut()) {
            ((0, text), Some(last)) if status(text).is_none() => {
                last.push(' ');
                last.push_str(text.trim());
            }
            ((_, text), _) => entries.push(text.trim().to_owned()),
        }
    }
    entries.iter().filter_map(|entry| status(entry)).map(|(status, means)| (status, means.to_owned())).collect()
}

fn status(text: &str) -> Option<(u8, &str)> {
    let (status, means) = text.trim().split_once(' ')?;
    Some((status.parse().ok()?, means))
}

/// The arguments of the README's first command, behind `interdict --`.
fn demo_arguments(readme: &str) -> Option<Vec<&str>> {
    let line = readme.lines().find_map(|line| line.strip_prefix("cargo run --release --bin interdict -- "))?;
    Some(line.split_whitespace().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELP: &str = "Finds.\n\nUsage: x <COMMAND>\n\nCommands:\n  scan     Look at SBOMs\n           and more\n  explain  Show\n  help     Print\n\n\
                        Options:\n  -h\n\nExit status: 0 clear · 1 flagged (at or above --fail-on) · 2 usage · 3 no: something\n\
                        was not examined\n             4 not opened · 70 internal\n             error\ninterdict never runs.\n5 is no status";

    #[test]
    fn commands_are_read_from_help() {
        assert_eq!(subcommands(HELP), ["scan", "explain"]);
        assert_eq!(subcommands("Usage: x"), Vec::<String>::new());
    }

    #[test]
    fn an_excerpt_is_a_screen_of_it() {
        assert_eq!(excerpt("a\n\nb\nc\n\nd\n\ne\n\nf"), "a\n\nb\nc\n\n[…]\n\nf");
        assert_eq!(excerpt("a\n\nb\n\nc"), "a\n\nb\n\nc");
    }

    #[test]
    fn statuses_are_read_from_help() {
        let statuses: Vec<_> = listed(HELP).into_iter().collect();
        let want = [
            (0, "clear"),
            (1, "flagged (at or above --fail-on)"),
            (2, "usage"),
            (3, "no: something was not examined"),
            (4, "not opened"),
            (70, "internal error"),
        ];
        assert_eq!(statuses, want.map(|(status, means)| (status, means.to_owned())));
    }
}
