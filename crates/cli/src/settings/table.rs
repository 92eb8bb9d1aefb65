//! The table of settings, read off the command line itself: what is a flag there is a variable and a key too.
use std::any::TypeId;

use clap::{Arg, ArgAction, Command, Id};

/// One thing that can be set.
#[derive(Clone, Debug)]
pub(crate) struct Setting {
    /// What clap calls it.
    pub(crate) id: Id,
    /// Its key in the file: the flag without its dashes.
    pub(crate) key: String,
    /// The table of the file it stands in; none at the top.
    pub(crate) section: Option<String>,
    /// `INTERDICT_FAIL_ON`.
    pub(crate) variable: String,
    /// What it holds.
    pub(crate) kind: Kind,
    /// Whether it may hold several.
    pub(crate) list: bool,
    /// What it is for.
    pub(crate) help: String,
    /// What is in force where nobody says anything.
    pub(crate) default: Vec<String>,
}

/// What a setting holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Switch,
    Number,
    Text,
    Choice(Vec<String>),
}

impl Kind {
    /// The value as the command line would read it, or what was wanted instead.
    pub(crate) fn read(&self, text: &str) -> Result<String, String> {
        match self {
            Self::Text => Ok(text.to_owned()),
            Self::Number if text.parse::<u64>().is_ok() => Ok(text.to_owned()),
            Self::Number => Err("a whole number, zero or more".to_owned()),
            Self::Choice(known) if known.iter().any(|one| one == text) => Ok(text.to_owned()),
            Self::Choice(known) => Err(format!("one of {}", known.join(", "))),
            Self::Switch => match text.to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" | "1" => Ok("true".to_owned()),
                "false" | "no" | "off" | "0" => Ok("false".to_owned()),
                _ => Err("true or false".to_owned()),
            },
        }
    }
}

impl Setting {
    /// Whether this argument of some command is the same setting.
    pub(crate) fn is(&self, arg: &Arg) -> bool {
        arg.get_id() == &self.id && arg.get_long().is_none_or(|long| long == self.key)
    }
}

/// Every setting, in the order of help; those of a section last, as a file has to have them.
pub(crate) fn table(command: &Command) -> Vec<Setting> {
    let scan = command.find_subcommand("scan");
    let mut all: Vec<Setting> = scan.into_iter().flat_map(Command::get_arguments).filter_map(setting).collect();
    all.sort_by(|a, b| a.section.cmp(&b.section));
    all
}

fn setting(arg: &Arg) -> Option<Setting> {
    let key = arg.get_long().unwrap_or(arg.get_id().as_str());
    let about_settings = ["config", "no-config", "quiet"].contains(&key);
    if arg.is_hide_set() || about_settings {
        return None;
    }
    let (kind, list) = match arg.get_action() {
        ArgAction::SetTrue => (Kind::Switch, false),
        ArgAction::Set => (kind(arg), false),
        ArgAction::Append => (kind(arg), true),
        _ => return None,
    };
    let default = arg.get_default_values().iter().map(|value| value.to_string_lossy().into_owned());
    Some(Setting {
        id: arg.get_id().clone(),
        key: key.to_owned(),
        section: arg.get_help_heading().map(str::to_ascii_lowercase),
        variable: format!("INTERDICT_{}", key.to_ascii_uppercase().replace('-', "_")),
        default: if kind == Kind::Switch { vec!["false".to_owned()] } else { default.collect() },
        kind,
        list,
        help: arg.get_help().map(ToString::to_string).unwrap_or_default(),
    })
}

fn kind(arg: &Arg) -> Kind {
    let choices: Vec<String> = arg.get_possible_values().iter().map(|value| value.get_name().to_owned()).collect();
    let read_as = arg.get_value_parser().type_id();
    if !choices.is_empty() {
        Kind::Choice(choices)
    } else if read_as == TypeId::of::<u64>() || read_as == TypeId::of::<usize>() {
        Kind::Number
    } else {
        Kind::Text
    }
}
