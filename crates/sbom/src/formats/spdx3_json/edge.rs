//! One relationship of a graph: from where, to where, what it says, and for which phase of life.
use std::borrow::Cow;

use interdict_model::Scope;

use super::names::{Names, last};
use super::walk::look;
use crate::json::{Json, Kind, Read};
use crate::spdx::{Relationship, relationship};

/// A relationship as it stands in the graph.
#[derive(Debug, Default)]
pub(super) struct Edge<'a> {
    pub(super) from: Option<Cow<'a, str>>,
    pub(super) to: Vec<Cow<'a, str>>,
    pub(super) word: Option<Cow<'a, str>>,
    scope: Option<Scope>,
}

impl Edge<'_> {
    /// What it says of containment and dependency; `None` where it says nothing of them.
    pub(super) fn meaning(&self) -> Option<Relationship> {
        let mut known = relationship(last(self.word.as_deref()?))?;
        known.scope = self.scope.unwrap_or(known.scope);
        Some(known)
    }
}

/// Reads the relationship whose object comes next.
pub(super) fn edge<'a>(json: &mut Json<'a>, names: &Names) -> Read<Edge<'a>> {
    let mut edge = Edge::default();
    json.open()?;
    while let Some(key) = json.key()? {
        match names.local(&key) {
            "from" => references(json, names, &mut |id| edge.from = Some(id))?,
            "to" => references(json, names, &mut |id| edge.to.push(id))?,
            "relationshipType" => references(json, names, &mut |word| edge.word = Some(word))?,
            "scope" => references(json, names, &mut |word| edge.scope = scope(last(&word)))?,
            _ => json.skip()?,
        }
    }
    Ok(edge)
}

/// `LifecycleScopeType`.
fn scope(word: &str) -> Option<Scope> {
    match word {
        "build" => Some(Scope::Build),
        "design" | "development" => Some(Scope::Dev),
        "test" => Some(Scope::Test),
        "runtime" => Some(Scope::Required),
        _ => None,
    }
}

/// Says every id, whether it stands by itself, in a list, in an object of its own, or in the element itself.
pub(super) fn references<'a>(json: &mut Json<'a>, names: &Names, say: &mut dyn FnMut(Cow<'a, str>)) -> Read<()> {
    let is_list = json.kind()? == Kind::Array;
    if is_list {
        json.open()?;
    }
    loop {
        if is_list && !json.item()? {
            return Ok(());
        }
        if json.kind()? == Kind::Object {
            reference(json.clone(), names, say)?;
            json.skip()?;
        } else if let Some(id) = json.scalar()? {
            say(names.whole(id));
        }
        if !is_list {
            return Ok(());
        }
    }
}

fn reference<'a>(mut json: Json<'a>, names: &Names, say: &mut dyn FnMut(Cow<'a, str>)) -> Read<()> {
    json.open()?;
    while let Some(key) = json.key()? {
        match names.local(&key) {
            "@list" | "@set" if json.kind()? == Kind::Array => {
                json.open()?;
                while json.item()? {
                    if json.kind()? == Kind::Object {
                        let id = look(json.again(json.offset()), names).id;
                        json.skip()?;
                        say(names.whole(id));
                    } else if let Some(id) = json.scalar()? {
                        say(names.whole(id));
                    }
                }
            }
            "spdxId" | "@value" => {
                if let Some(id) = json.scalar()? {
                    say(names.whole(id));
                }
            }
            _ => json.skip()?,
        }
    }
    Ok(())
}
