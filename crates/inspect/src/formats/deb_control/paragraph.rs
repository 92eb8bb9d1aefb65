//! The fields of one package, and what they say of it.
use std::collections::BTreeSet;

use interdict_model::{Declared, FactKind, Part, Scope, Sink};

use crate::fields::{Value, person_of};

/// Fields of one package, in their order; a field on several lines has several values.
#[derive(Default)]
pub(super) struct Paragraph<'a> {
    fields: Vec<(String, Value<'a>)>,
}

/// Lines kept of one package; no real one has as many files.
const MOST: usize = 1 << 20;

impl<'a> Paragraph<'a> {
    pub(super) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    pub(super) fn push(&mut self, key: String, value: Value<'a>) {
        if self.fields.len() < MOST {
            self.fields.push((key, value));
        }
    }

    /// A line that goes on with the field before it.
    pub(super) fn more(&mut self, bytes: &'a [u8], start: usize, end: usize) {
        if let Some((key, _)) = self.fields.last() {
            let (key, value) = (key.clone(), Value::new(bytes, start, end));
            self.push(key, value);
        }
    }

    fn get(&self, key: &str) -> Option<&Value<'a>> {
        self.fields.iter().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    fn text(&self, key: &str) -> &str {
        self.get(key).map(|value| &*value.text).unwrap_or_default()
    }

    /// Offered by an index, or known to dpkg and not there.
    fn is_absent(&self) -> bool {
        self.get("filename").is_some() || self.text("status").ends_with("not-installed")
    }

    pub(super) fn tell(&self, is_single: bool, number: usize, sink: &mut Sink<'_>) {
        let Some(name) = self.get("package").or_else(|| self.get("source")) else { return };
        if self.is_absent() {
            return;
        }
        let pointer = format!("/packages/{number}");
        let on = if is_single { Part::WHOLE } else { self.component(name, &pointer, sink) };
        name.tell(on, FactKind::PackageName, sink);
        for (key, value) in &self.fields {
            match key.as_str() {
                "version" => value.tell(on, FactKind::Version, sink),
                "maintainer" => value.tell_people(on, FactKind::Supplier, sink),
                "original-maintainer" | "uploaders" => value.tell_people(on, FactKind::Author, sink),
                "vendor" | "origin" => value.tell(on, FactKind::Publisher, sink),
                "homepage" => value.tell(on, FactKind::Url, sink),
                "provides" => each(&value.text, &mut |name| sink.fact_on(on, FactKind::PackageName, name, value.at())),
                "conffiles" => {
                    let path = value.text.split_whitespace().next().unwrap_or_default();
                    sink.fact_on(on, FactKind::OwnedPath, path, value.at());
                }
                _ => {}
            }
        }
        self.needs(name, &pointer, sink);
    }

    fn component(&self, name: &Value<'_>, pointer: &str, sink: &mut Sink<'_>) -> Part {
        let version = self.get("version").map(|value| &*value.text);
        let supplier = self.get("maintainer").map(|value| person_of(&value.text));
        sink.component(&Declared {
            pointer,
            reference: &name.text,
            name: &name.text,
            version,
            supplier,
            ..Declared::default()
        })
    }

    /// What it depends on is named by it, each a component of its own.
    fn needs(&self, name: &Value<'_>, pointer: &str, sink: &mut Sink<'_>) {
        let fields = self.fields.iter().filter_map(|(key, value)| match key.as_str() {
            "depends" | "pre-depends" => Some((Scope::Required, value)),
            "recommends" => Some((Scope::Optional, value)),
            "build-depends" => Some((Scope::Build, value)),
            _ => None,
        });
        if !sink.wants(FactKind::PackageName) {
            return;
        }
        let mut told = BTreeSet::new();
        for (at, (scope, value)) in fields.enumerate() {
            let mut index = 0;
            each(&value.text, &mut |needed| {
                if !told.insert((scope, needed.to_owned())) {
                    return;
                }
                let pointer = format!("{pointer}/depends/{at}/{index}");
                index += 1;
                let declared =
                    Declared { pointer: &pointer, reference: &pointer, name: needed, scope, ..Declared::default() };
                let part = sink.component(&declared);
                sink.depends(&name.text, &pointer);
                sink.fact_on(part, FactKind::PackageName, needed, value.at());
            });
        }
    }
}

/// The packages of a list, without versions, architectures and conditions.
fn each(list: &str, found: &mut dyn FnMut(&str)) {
    for name in list.split([',', '|']) {
        let name = name.trim_start();
        let end = name.find(|c: char| c.is_whitespace() || matches!(c, '(' | ':' | '[' | '<')).unwrap_or(name.len());
        let name = name.get(..end).unwrap_or_default();
        // What a build puts in place of a variable is not known here.
        if !name.is_empty() && !name.starts_with('$') {
            found(name);
        }
    }
}
