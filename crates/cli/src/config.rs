//! `interdict config`: which settings are in force, and from where; as a file that could be one.
use std::fmt::Write as _;

use clap::ArgMatches;

use crate::args::Config;
use crate::outputs::print;
use crate::settings::{Kind, Origin, Setting, Settings, schema};
use crate::status::{Fault, Status};

/// Where the notes begin, if the value leaves room.
const COLUMN: usize = 44;

pub(crate) fn run(args: &Config, settings: &Settings, matches: &ArgMatches) -> Result<Status, Fault> {
    if args.schema {
        print(&format!("{:#}", schema(settings.table())))?;
        return Ok(Status::Clear);
    }
    let file = settings.file().map_or("none", |file| file.name.as_str());
    let mut text =
        format!("# In force; a flag outranks its variable, that the file, and that the default.\n# file: {file}\n");
    let mut section = None;
    for setting in settings.table() {
        if setting.section != section {
            section.clone_from(&setting.section);
            let _ = write!(text, "\n[{}]\n", section.as_deref().unwrap_or_default());
        }
        text.push_str(&line(setting, settings, matches));
    }
    print(text.trim_end())?;
    Ok(Status::Clear)
}

fn line(setting: &Setting, settings: &Settings, matches: &ArgMatches) -> String {
    let values: Vec<String> = match setting.kind {
        Kind::Switch => vec![matches.get_flag(setting.id.as_str()).to_string()],
        _ => matches
            .get_raw(setting.id.as_str())
            .map(|raw| raw.map(|value| value.to_string_lossy().into_owned()).collect())
            .unwrap_or_default(),
    };
    let origin = match settings.origin(matches, setting) {
        Origin::Flag if setting.key == "targets" => "command line".to_owned(),
        Origin::Flag => format!("--{}", setting.key),
        Origin::Variable(name) => name,
        Origin::File(name, line) => format!("{name}:{line}"),
        Origin::Default => "default".to_owned(),
    };
    let said = if values.is_empty() {
        format!("# {} is not set", setting.key)
    } else {
        format!("{} = {}", setting.key, literal(setting, &values))
    };
    format!("{said:<COLUMN$} # {origin}\n")
}

/// As TOML would have it; JSON's strings are TOML's basic strings.
pub(crate) fn literal(setting: &Setting, values: &[String]) -> String {
    let one = |text: &String| match setting.kind {
        Kind::Switch | Kind::Number => text.clone(),
        Kind::Text | Kind::Choice(_) => serde_json::Value::from(text.as_str()).to_string().replace('\u{7f}', "\\u007f"),
    };
    let all: Vec<String> = values.iter().map(one).collect();
    match (setting.list, all.as_slice()) {
        (false, [one]) => one.clone(),
        _ => format!("[{}]", all.join(", ")),
    }
}
