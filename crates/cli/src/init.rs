//! `interdict init`: a file of settings in which every key stands, commented out, with what it is for.
#![expect(clippy::disallowed_methods, reason = "the roof writes its own file (invariant 2)")]
use std::fmt::Write as _;

use crate::args::Init;
use crate::config::literal;
use crate::outputs::print;
use crate::settings::{Kind, Setting, Settings};
use crate::status::{Fault, Status};

const HEAD: &str = "\
#:schema https://raw.githubusercontent.com/interdict/interdict/main/docs/reference/settings.schema.json
# What `interdict scan` does here, where a flag or an INTERDICT_* variable does not say otherwise.
# Every key is a flag without its dashes, and stands here with its default. An unknown key is an error.
# `interdict config` prints what is in force, and from where.
";

const WAIVER: &str = "
# Findings set aside, with who answers for it and until when. The fingerprint binds a waiver to the evidence.
# [[waiver]]
#   fingerprint = \"\"
#   reason = \"\"
#   owner = \"\"
#   until = \"2026-12-31\"
";

pub(crate) fn run(args: &Init, settings: &Settings) -> Result<Status, Fault> {
    let text = template(settings.table());
    if args.file.as_os_str() == "-" {
        print(text.trim_end())?;
        return Ok(Status::Clear);
    }
    let name = args.file.display();
    if args.file.exists() && !args.force {
        return Err(Fault::new(Status::Usage, format!("`{name}` is there already")).hint("--force writes over it"));
    }
    std::fs::write(&args.file, text)
        .map_err(|error| Fault::new(Status::Unwritten, format!("could not write to `{name}`: {error}")))?;
    crate::outputs::complain(&format!("wrote `{name}`"), Some("interdict config shows what is in force"));
    Ok(Status::Clear)
}

/// Every setting in comments; what most projects want to say comes first in the table of flags.
fn template(table: &[Setting]) -> String {
    let mut text = HEAD.to_owned();
    let mut section = None;
    for setting in table {
        if setting.section != section {
            section.clone_from(&setting.section);
            let _ = write!(text, "\n[{}]\n", section.as_deref().unwrap_or_default());
        }
        text.push('\n');
        for line in wrapped(&setting.help) {
            let _ = writeln!(text, "# {line}");
        }
        let _ = writeln!(text, "# {} = {}", setting.key, example(setting));
    }
    text.push_str(WAIVER);
    text
}

/// The default, or an empty value of the kind.
fn example(setting: &Setting) -> String {
    let none = match (&setting.kind, setting.list) {
        (_, true) => Vec::new(),
        (Kind::Switch, _) => vec!["false".to_owned()],
        (Kind::Number, _) => vec!["1".to_owned()],
        _ => vec![String::new()],
    };
    literal(setting, if setting.default.is_empty() { &none } else { &setting.default })
}

fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < 96 => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
