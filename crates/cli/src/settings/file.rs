//! `interdict.toml`: every key known, every value of its kind, every fault with its line.
use std::collections::BTreeMap;

use clap::Id;
use interdict_model::Waiver;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::nearest;
use super::table::{Kind, Setting};
use crate::waivers::beside;

/// The key of the tables that set findings aside.
const WAIVER: &str = "waiver";

/// What a file says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct File {
    /// Its path, as it was given.
    pub(crate) name: String,
    /// Setting by setting.
    pub(crate) given: BTreeMap<Id, Line>,
    /// Findings set aside.
    pub(crate) waivers: Vec<Waiver>,
}

/// One line of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Which, from 1.
    pub(crate) number: usize,
    /// As the command line would have them.
    pub(crate) values: Vec<String>,
}

/// Reads a file; whatever is wrong in it comes back in one list, a line each.
pub(super) fn read(name: &str, text: &str, table: &[Setting]) -> Result<File, Vec<String>> {
    let (root, broken) = DeTable::parse_recoverable(text);
    let mut reader = Reader { name, text, table, faults: Vec::new(), given: BTreeMap::new() };
    for error in broken {
        let at = error.span().map_or(0, |span| span.start);
        reader.fault(at, error.message());
    }
    if reader.faults.is_empty() {
        reader.section(None, root.get_ref());
    }
    if !reader.faults.is_empty() {
        return Err(reader.faults);
    }
    Ok(File { name: name.to_owned(), given: reader.given, waivers: beside(name, text)? })
}

struct Reader<'a> {
    name: &'a str,
    text: &'a str,
    table: &'a [Setting],
    faults: Vec<String>,
    given: BTreeMap<Id, Line>,
}

impl Reader<'_> {
    fn line(&self, at: usize) -> usize {
        self.text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1
    }

    fn fault(&mut self, at: usize, what: &str) {
        let fault = format!("{}:{}: {what}", self.name, self.line(at));
        self.faults.push(fault);
    }

    fn section(&mut self, section: Option<&str>, keys: &DeTable<'_>) {
        for (key, value) in keys {
            let (name, at) = (key.get_ref().as_ref(), key.span().start);
            let known = self.table.iter().find(|one| one.key == name && one.section.as_deref() == section);
            match (known.cloned(), value.get_ref()) {
                // They have a reader of their own.
                (None, DeValue::Array(_)) if section.is_none() && name == WAIVER => {}
                (Some(setting), _) => self.setting(&setting, at, value),
                (None, DeValue::Table(inner)) if section.is_none() && self.is_section(name) => {
                    self.section(Some(name), inner);
                }
                _ => self.unknown(section, name, at),
            }
        }
    }

    fn is_section(&self, name: &str) -> bool {
        self.table.iter().any(|setting| setting.section.as_deref() == Some(name))
    }

    fn unknown(&mut self, section: Option<&str>, name: &str, at: usize) {
        let here = self.table.iter().filter(|one| one.section.as_deref() == section).map(|one| one.key.as_str());
        let sections =
            self.table.iter().filter_map(|one| one.section.as_deref()).chain([WAIVER]).filter(|_| section.is_none());
        let known: Vec<&str> = here.chain(sections).collect();
        let mut told = nearest::told(name, known.iter().copied());
        // A key that was put behind the last line of the file is in its last table.
        let is_near = nearest::nearest(name, known.into_iter()).is_some();
        let all = self.table.iter().map(|one| one.key.as_str());
        let meant = if is_near { None } else { nearest::nearest(name, all) };
        if let Some(elsewhere) = self.table.iter().find(|one| one.key == name || Some(one.key.as_str()) == meant) {
            let place = match &elsewhere.section {
                Some(section) => format!("stands under `[{section}]`"),
                None => "stands at the top of the file".to_owned(),
            };
            told = if elsewhere.key == name {
                format!("`{name}` {place}")
            } else {
                format!("{told}; the nearest is `{}`, which {place}", elsewhere.key)
            };
        }
        self.fault(at, &told);
    }

    fn setting(&mut self, setting: &Setting, at: usize, value: &Spanned<DeValue<'_>>) {
        let values: Vec<&Spanned<DeValue<'_>>> = match value.get_ref() {
            DeValue::Array(values) if setting.list => values.iter().collect(),
            _ => vec![value],
        };
        let mut read = Vec::new();
        for value in values {
            match scalar(value.get_ref())
                .map_or_else(|| Err(wanted(setting)), |(text, kind)| fits(setting, &text, &kind))
            {
                Ok(text) => read.push(text),
                Err(wanted) => {
                    let what = format!("`{}` is {wanted}", setting.key);
                    self.fault(value.span().start, &what);
                }
            }
        }
        // As with variables, an empty text says nothing.
        if !setting.list && read.iter().all(String::is_empty) {
            return;
        }
        self.given.insert(setting.id.clone(), Line { number: self.line(at), values: read });
    }
}

fn wanted(setting: &Setting) -> String {
    let one = match &setting.kind {
        Kind::Switch => "true or false".to_owned(),
        Kind::Number => "a whole number, zero or more".to_owned(),
        Kind::Text => "a text in quotes".to_owned(),
        Kind::Choice(known) => format!("one of {}", known.join(", ")),
    };
    if setting.list { format!("{one}, or a list of such") } else { one }
}

/// A value as text, with the kind it was written as.
fn scalar(value: &DeValue<'_>) -> Option<(String, Kind)> {
    match value {
        DeValue::String(text) => Some((text.to_string(), Kind::Text)),
        DeValue::Datetime(day) => Some((day.to_string(), Kind::Text)),
        DeValue::Boolean(on) => Some((on.to_string(), Kind::Switch)),
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).ok().map(|number| (number.to_string(), Kind::Number))
        }
        DeValue::Float(_) | DeValue::Array(_) | DeValue::Table(_) => None,
    }
}

fn fits(setting: &Setting, text: &str, written: &Kind) -> Result<String, String> {
    let fits = match setting.kind {
        Kind::Choice(_) | Kind::Text => *written == Kind::Text,
        Kind::Switch | Kind::Number => *written == setting.kind,
    };
    if !fits {
        return Err(wanted(setting));
    }
    setting.kind.read(text).map_err(|_| wanted(setting))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;
    use crate::args::Args;
    use crate::settings::table;

    type Read = Vec<(String, usize, Vec<String>)>;

    fn read(text: &str) -> Result<Read, Vec<String>> {
        let table = table(&Args::command());
        let file = super::read("x.toml", text, &table)?;
        let named = |id: &Id| {
            let setting = table.iter().find(|one| one.id == *id).unwrap();
            setting.section.iter().chain([&setting.key]).cloned().collect::<Vec<_>>().join(".")
        };
        Ok(file.given.iter().map(|(id, line)| (named(id), line.number, line.values.clone())).collect())
    }

    #[test]
    fn what_is_meant_is_read() {
        let text = "# a gate\nprofile = [\"us-vendor\", \"it-public\"]\nfail-on = 'prohibited'\nas-of = 2026-01-01\nstrict = true\nsbom = \"bom.json\"\n[limits]\nmax-depth = 0x8\n";
        let mut got = read(text).unwrap();
        got.sort();
        let want = [
            ("as-of", 4, vec!["2026-01-01"]),
            ("fail-on", 3, vec!["prohibited"]),
            ("limits.max-depth", 8, vec!["8"]),
            ("profile", 2, vec!["us-vendor", "it-public"]),
            ("sbom", 6, vec!["bom.json"]),
            ("strict", 5, vec!["true"]),
        ];
        let want = want.map(|(name, line, values)| {
            (name.to_owned(), line, values.into_iter().map(str::to_owned).collect::<Vec<_>>())
        });
        assert_eq!(got, want);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (text, want) in [
            ("\nfailon = \"review\"\n", "x.toml:2: no setting is called `failon`; the nearest is `fail-on`"),
            ("fail-on = \"sometimes\"", "x.toml:1: `fail-on` is one of advisory, review, prohibited"),
            ("strict = \"yes\"", "x.toml:1: `strict` is true or false"),
            ("profile = [1]", "x.toml:1: `profile` is a text in quotes, or a list of such"),
            ("fail-on = [\"review\"]", "x.toml:1: `fail-on` is one of advisory, review, prohibited"),
            ("max-depth = 3", "x.toml:1: `max-depth` stands under `[limits]`"),
            ("[limits]\nmax-depht = 3", "x.toml:2: no setting is called `max-depht`; the nearest is `max-depth`"),
            ("[limits]\nmax-depth = -3", "x.toml:2: `max-depth` is a whole number, zero or more"),
            ("[limit]\nx = 1", "x.toml:1: no setting is called `limit`; the nearest is `limits`"),
        ] {
            assert_eq!(read(text).unwrap_err(), [want], "{text}");
        }
        assert!(read("a = \n").unwrap_err()[0].starts_with("x.toml:1: "));
        assert_eq!(read("failon = 1\nprofil = 2\n").unwrap_err().len(), 2, "all of them at once");
    }
}
