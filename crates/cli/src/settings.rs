//! What is in force and from where: a flag outranks its `INTERDICT_*` variable, that the file, and that the default.
#![expect(clippy::disallowed_methods, reason = "the roof reads the environment and its own file (invariant 2)")]
mod file;
mod nearest;
mod schema;
mod table;

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::parser::ValueSource;
use clap::{Arg, ArgMatches, Command, Id};

pub(crate) use file::File;
pub(crate) use schema::schema;
pub(crate) use table::{Kind, Setting, table};

use crate::status::{Fault, Status};

/// The file that is read where no other is named.
pub(crate) const FILE: &str = "interdict.toml";
const VARIABLE: &str = "INTERDICT_CONFIG";

/// The layers below the command line.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    table: Vec<Setting>,
    variables: BTreeMap<Id, Vec<String>>,
    file: Option<File>,
    /// Variables that look like ours and are none.
    strays: Vec<String>,
}

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    Flag,
    Variable(String),
    File(String, usize),
    Default,
}

impl Settings {
    /// Reads the layers for this command line; only a command that judges has them all.
    ///
    /// # Errors
    /// When the file or a variable says what cannot be meant.
    pub(crate) fn load(words: &[OsString], command: &Command) -> Result<Self, Fault> {
        let table = table(command);
        let named = words.get(1).and_then(|word| command.find_subcommand(word));
        let Some(named) = named.filter(|_| !wants_help(words)) else {
            return Ok(Self { table, ..Self::default() });
        };
        let mut variables = BTreeMap::new();
        let mut strays = Vec::new();
        for (name, value) in std::env::vars_os() {
            let Some(name) = name.to_str().filter(|name| name.starts_with("INTERDICT_")) else { continue };
            match table.iter().find(|setting| setting.variable == name) {
                Some(setting) => {
                    if let Some(values) = of_variable(setting, &value)? {
                        variables.insert(setting.id.clone(), values);
                    }
                }
                None if name == VARIABLE => {}
                None => strays.push(nearest::told(name, table.iter().map(|setting| setting.variable.as_str()))),
            }
        }
        strays.sort();
        let file = if judges(named) { chosen(words)?.map(|path| read(&path, &table)).transpose()? } else { None };
        Ok(Self { table, variables, file, strays })
    }

    /// The command line with what the layers say as its defaults.
    pub(crate) fn applied(&self, mut command: Command) -> Command {
        let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
        for name in names {
            command = command.mut_subcommand(name, |sub| {
                let judges = judges(&sub);
                let looks_only = sub.get_name() == "config";
                sub.mut_args(|arg| match self.of(&arg, judges) {
                    Some(setting) if looks_only => self.with_default(arg.required(false), setting),
                    Some(setting) => self.with_default(arg, setting),
                    None => arg,
                })
            });
        }
        command
    }

    fn of(&self, arg: &Arg, judges: bool) -> Option<&Setting> {
        let setting = self.table.iter().find(|setting| setting.is(arg))?;
        // What means the same in every command.
        (judges || ["as-of", "color"].contains(&setting.key.as_str())).then_some(setting)
    }

    fn with_default(&self, arg: Arg, setting: &Setting) -> Arg {
        let help = format!("{} [env: {}]", setting.help, setting.variable);
        let arg = arg.help(help);
        let of_file = self.file.as_ref().and_then(|file| file.given.get(&setting.id)).map(|line| &line.values);
        match self.variables.get(&setting.id).or(of_file) {
            Some(values) => arg.required(false).default_values(values.clone()),
            None => arg,
        }
    }

    /// Where the value in force of a setting comes from.
    pub(crate) fn origin(&self, matches: &ArgMatches, setting: &Setting) -> Origin {
        if matches.value_source(setting.id.as_str()) == Some(ValueSource::CommandLine) {
            return Origin::Flag;
        }
        if self.variables.contains_key(&setting.id) {
            return Origin::Variable(setting.variable.clone());
        }
        let line = self.file.as_ref().and_then(|file| Some((file, file.given.get(&setting.id)?)));
        line.map_or(Origin::Default, |(file, line)| Origin::File(file.name.clone(), line.number))
    }

    pub(crate) fn table(&self) -> &[Setting] {
        &self.table
    }

    pub(crate) fn file(&self) -> Option<&File> {
        self.file.as_ref()
    }

    pub(crate) fn strays(&self) -> &[String] {
        &self.strays
    }
}

/// Commands that judge take every setting.
fn judges(command: &Command) -> bool {
    command.get_arguments().any(|arg| arg.get_long() == Some("profile"))
}

fn wants_help(words: &[OsString]) -> bool {
    before_dashes(words).any(|word| word == "--help" || word == "-h")
}

/// Behind `--` stand targets only.
fn before_dashes(words: &[OsString]) -> impl Iterator<Item = &OsString> {
    words.iter().take_while(|word| *word != "--")
}

/// The file to read: the one that is named, or the one that lies here.
fn chosen(words: &[OsString]) -> Result<Option<PathBuf>, Fault> {
    let mut words = before_dashes(words);
    let mut named = std::env::var_os(VARIABLE).filter(|value| !value.is_empty());
    while let Some(word) = words.next() {
        if word == "--no-config" {
            return Ok(None);
        }
        if word == "--config" {
            named = words.next().cloned();
        } else if let Some(value) = word.to_str().and_then(|word| word.strip_prefix("--config=")) {
            named = Some(value.into());
        }
    }
    match named {
        Some(named) if Path::new(&named).is_file() => Ok(Some(named.into())),
        Some(named) => {
            let message = format!("the configuration `{}` is not there", named.display());
            Err(Fault::new(Status::Usage, message).hint("interdict init writes one"))
        }
        None => Ok(Some(PathBuf::from(FILE)).filter(|here| here.is_file())),
    }
}

fn read(path: &Path, table: &[Setting]) -> Result<File, Fault> {
    let name = path.display().to_string();
    let text = std::fs::read_to_string(path)
        .map_err(|error| Fault::new(Status::Usage, format!("could not read the configuration `{name}`: {error}")))?;
    file::read(&name, &text, table).map_err(|faults| {
        Fault::new(Status::Usage, format!("the configuration is wrong\n{}", faults.join("\n")))
            .hint("interdict init - prints every key with what it is for")
    })
}

/// A variable's values: a list's stand between commas; an empty variable says nothing.
fn of_variable(setting: &Setting, value: &OsString) -> Result<Option<Vec<String>>, Fault> {
    let refused =
        |what: &str| Fault::new(Status::Usage, format!("`{}`: `{}` {what}", setting.variable, value.display()));
    let text = value.to_str().ok_or_else(|| refused("is not UTF-8"))?;
    if text.is_empty() {
        return Ok(None);
    }
    let values: Vec<String> = if setting.list {
        text.split(',').map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()).collect()
    } else {
        vec![text.to_owned()]
    };
    let values = values.into_iter().map(|value| setting.kind.read(&value)).collect::<Result<_, _>>();
    values.map(Some).map_err(|wanted| refused(&format!("is not {wanted}")))
}
