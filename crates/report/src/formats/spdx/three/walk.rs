//! Every object of a JSON-LD document that has a type, by the last part of its names.
use std::collections::BTreeMap;

use serde_json::Value;

/// Objects of one document that are held.
const MOST: usize = 4_000_000;

/// One object: where it stands, what it is, and what it says.
#[derive(Debug)]
pub(super) struct Thing<'a> {
    pub(super) pointer: String,
    pub(super) kind: String,
    pub(super) id: String,
    /// By the bare names of its members.
    pub(super) said: BTreeMap<String, &'a Value>,
}

/// The things of a document, in its order.
#[derive(Debug, Default)]
pub(super) struct Things<'a> {
    pub(super) all: Vec<Thing<'a>>,
    by_id: BTreeMap<String, usize>,
    /// Where in memory each stands.
    by_place: BTreeMap<usize, usize>,
}

/// Profiles that stand before a name.
const PROFILES: &[&str] = &[
    "core",
    "software",
    "security",
    "simplelicensing",
    "expandedlicensing",
    "ai",
    "dataset",
    "build",
    "extension",
    "lite",
];

/// A name without its vocabulary and its profile: `software_packageVersion` and its whole address are the same.
pub(super) fn bare(name: &str) -> &str {
    let name = name.rsplit(['/', '#']).next().unwrap_or(name);
    let name = name.rsplit_once(':').map_or(name, |(_, name)| name);
    match name.split_once('_') {
        Some((profile, rest)) if PROFILES.contains(&profile) => rest,
        _ => name,
    }
}

impl<'a> Things<'a> {
    pub(super) fn of(root: &'a Value) -> Result<Self, String> {
        let mut things = Self::default();
        // What is still to be looked at, the next one last.
        let mut open = vec![(String::new(), root)];
        while let Some((pointer, value)) = open.pop() {
            match value {
                Value::Array(list) => {
                    let items = list.iter().enumerate().rev();
                    open.extend(items.map(|(at, item)| (format!("{pointer}/{at}"), item)));
                }
                Value::Object(object) => {
                    let said: BTreeMap<String, &Value> = object
                        .iter()
                        .map(|(name, value)| (bare(name.trim_start_matches('@')).to_owned(), value))
                        .collect();
                    let inner = object.iter().filter(|(name, _)| name.as_str() != "@context").rev();
                    open.extend(inner.map(|(name, value)| {
                        (format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")), value)
                    }));
                    let Some(kind) = said.get("type").and_then(|kind| text(kind)) else { continue };
                    let id = ["spdxId", "id"].iter().find_map(|name| said.get(*name).and_then(|id| text(id)));
                    let id = id.map_or_else(|| format!("_:{pointer}"), str::to_owned);
                    if things.all.len() >= MOST {
                        return Err("it has too many parts to be carried over".to_owned());
                    }
                    things.by_place.insert(std::ptr::from_ref(value).addr(), things.all.len());
                    things.by_id.entry(id.clone()).or_insert(things.all.len());
                    things.all.push(Thing { pointer, kind: bare(kind).to_owned(), id, said });
                }
                _ => {}
            }
        }
        Ok(things)
    }

    pub(super) fn get(&self, id: &str) -> Option<&Thing<'a>> {
        self.all.get(*self.by_id.get(id)?)
    }

    /// The thing that stands here or that is named here.
    pub(super) fn meant(&self, value: &Value) -> Option<&Thing<'a>> {
        if let Some(at) = self.by_place.get(&std::ptr::from_ref(value).addr()) {
            return self.all.get(*at);
        }
        self.get(&self.id_of(value)?)
    }

    /// What a value refers to.
    pub(super) fn id_of(&self, value: &Value) -> Option<String> {
        if let Some(thing) = self.by_place.get(&std::ptr::from_ref(value).addr()).and_then(|at| self.all.get(*at)) {
            return Some(thing.id.clone());
        }
        match value {
            Value::String(id) => Some(id.clone()),
            Value::Array(list) => list.first().and_then(|first| self.id_of(first)),
            Value::Object(object) => {
                ["spdxId", "@id", "id", "@value"].iter().find_map(|name| object.get(*name)?.as_str().map(str::to_owned))
            }
            _ => None,
        }
    }
}

impl<'a> Thing<'a> {
    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        self.said.get(name).and_then(|value| text(value))
    }

    /// The values of a member, one or a list.
    pub(super) fn list(&self, name: &str) -> Vec<&'a Value> {
        match self.said.get(name) {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(list)) => list.iter().collect(),
            Some(value) => vec![value],
        }
    }
}

/// A text, alone, in a list of one, or as JSON-LD wraps it.
pub(super) fn text(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        Value::Array(list) => list.first().and_then(text),
        Value::Object(object) => ["@value", "@id"].iter().find_map(|name| object.get(*name)).and_then(text),
        _ => None,
    }
}
