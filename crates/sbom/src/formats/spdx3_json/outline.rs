//! A first look at a graph: whether it is one, who its agents are, and what its relationships say before anything is told.
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::agent::Agents;
use super::edge::{edge, references};
use super::names::{Class, Names, last};
use super::walk::{Found, Met, walk};
use crate::json::{Json, Kind, Read};
use crate::spdx::Graph;

/// What is known of a graph before its elements are told.
#[derive(Debug, Default)]
pub(super) struct Outline<'a> {
    pub(super) names: Names,
    pub(super) agents: Agents<'a>,
    pub(super) graph: Graph,
    /// Tools that a relationship says were used: parts of what is described, unlike the tools that wrote the document.
    pub(super) tools: BTreeSet<Cow<'a, str>>,
    /// Who a relationship says an element may be had from.
    pub(super) available: BTreeMap<Cow<'a, str>, Vec<Cow<'a, str>>>,
    described: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

/// Reads the whole graph once; `None` where it is no SPDX 3.
pub(super) fn look<'a>(json: &Json<'a>) -> Option<Outline<'a>> {
    let mut outline = Outline::default();
    // A document that breaks is judged by what stands before the break.
    let _ = contexts(&mut json.clone(), &mut outline.names);
    if json.mentions_again("\"@context\"") {
        let _ = inner_contexts(&mut json.clone(), &mut outline.names);
    }
    let mut names = std::mem::take(&mut outline.names);
    let mut places = Places::default();
    let _ = walk(&mut json.clone(), &names, &mut |pointer, met| {
        if let Met::Element(found) = met {
            outline.place(&mut places, pointer, found);
        }
        Ok(())
    });
    if !places.is_spdx && !names.is_known {
        return None;
    }
    names.is_known |= places.is_whole;
    for at in &places.documents {
        let _ = outline.document(&mut json.again(*at), &mut names);
    }
    outline.agents.settle(&names, json.size());
    for at in places.documents.iter().chain(&places.collections) {
        let _ = outline.roots(&mut json.again(*at), &names);
    }
    for at in &places.relationships {
        let _ = outline.relate(&mut json.again(*at), &names);
    }
    let again = if outline.graph.is_scoped() { places.relationships.as_slice() } else { &[] };
    for at in again {
        let _ = outline.settle(&mut json.again(*at), &names);
    }
    for (from, to) in std::mem::take(&mut outline.described) {
        if places.ids.contains(&from) || from.ends_with("SPDXRef-DOCUMENT") {
            outline.graph.subjects.insert(to.into_owned());
        }
    }
    outline.names = names;
    Some(outline)
}

/// What is looked at again once the prefixes of all documents are known.
#[derive(Debug, Default)]
struct Places<'a> {
    documents: Vec<usize>,
    collections: Vec<usize>,
    relationships: Vec<usize>,
    /// Of documents and collections.
    ids: BTreeSet<Cow<'a, str>>,
    is_spdx: bool,
    is_whole: bool,
}

/// The contexts of a document: of its outermost object, of the one that wraps it, or of each document in a list.
fn contexts(json: &mut Json<'_>, names: &mut Names) -> Read<()> {
    let is_list = json.kind()? == Kind::Array;
    if is_list {
        json.open()?;
    }
    loop {
        if is_list && !json.item()? {
            return Ok(());
        }
        if json.kind()? == Kind::Object {
            json.open()?;
            while let Some(key) = json.key()? {
                match &*key {
                    "@context" => names.learn(json)?,
                    "sbom" if json.kind()? == Kind::Object => {
                        let _ = wrapped(json.again(json.offset()), names);
                        json.skip()?;
                    }
                    _ => json.skip()?,
                }
            }
        } else {
            json.skip()?;
        }
        if !is_list {
            return Ok(());
        }
    }
}

/// The contexts of elements, which hold for these alone: names that mean two things in one document are not told apart.
fn inner_contexts(json: &mut Json<'_>, names: &mut Names) -> Read<()> {
    let mut open: Vec<bool> = Vec::new();
    loop {
        if let kind @ (Kind::Object | Kind::Array) = json.kind()? {
            json.open()?;
            open.push(kind == Kind::Object);
        } else {
            json.skip()?;
        }
        loop {
            let Some(is_object) = open.last() else { return Ok(()) };
            let goes_on = match is_object.then(|| json.key()).transpose()? {
                None => json.item()?,
                Some(None) => false,
                Some(Some(key)) if key == "@context" => {
                    names.learn(json)?;
                    continue;
                }
                Some(Some(_)) => true,
            };
            if goes_on {
                break;
            }
            open.pop();
        }
    }
}

fn wrapped(mut json: Json<'_>, names: &mut Names) -> Read<()> {
    json.open()?;
    while let Some(key) = json.key()? {
        match &*key {
            "@context" => names.learn(&mut json)?,
            _ => json.skip()?,
        }
    }
    Ok(())
}

impl<'a> Outline<'a> {
    fn place(&mut self, places: &mut Places<'a>, pointer: &str, found: Found<'a>) {
        places.is_spdx |= found.is_spdx;
        places.is_whole |= found.is_whole;
        match found.class {
            class if class.is_agent() => self.agents.add(found.id, found.at, class, pointer),
            Class::Relationship => places.relationships.push(found.at),
            class @ (Class::Document | Class::Collection) => {
                let list = if class == Class::Document { &mut places.documents } else { &mut places.collections };
                list.push(found.at);
                places.ids.insert(found.id);
            }
            _ => {}
        }
    }

    fn roots(&mut self, json: &mut Json<'a>, names: &Names) -> Read<()> {
        json.open()?;
        while let Some(key) = json.key()? {
            match names.local(&key) {
                "rootElement" | "rootElements" => references(json, names, &mut |id| {
                    self.graph.subjects.insert(id.into_owned());
                })?,
                _ => json.skip()?,
            }
        }
        Ok(())
    }

    /// The prefixes and imports that a document states.
    fn document(&mut self, json: &mut Json<'a>, names: &mut Names) -> Read<()> {
        json.open()?;
        while let Some(key) = json.key()? {
            let local = names.local(&key);
            let is_import = matches!(local, "import" | "imports");
            if !is_import && local != "namespaceMap" {
                json.skip()?;
                continue;
            }
            if json.kind()? != Kind::Array {
                json.skip()?;
                continue;
            }
            json.open()?;
            while json.item()? {
                if json.kind()? != Kind::Object {
                    json.skip()?;
                    continue;
                }
                let (mut first, mut second) = (None, None);
                json.open()?;
                while let Some(key) = json.key()? {
                    match last(&key) {
                        "prefix" | "externalSpdxId" => first = scalar(json)?,
                        "namespace" | "locationHint" => second = scalar(json)?,
                        _ => json.skip()?,
                    }
                }
                match (first, second) {
                    (Some(id), hint) if is_import => {
                        self.agents.imported.insert(id, hint.unwrap_or_default().into_owned());
                    }
                    (Some(prefix), Some(namespace)) => names.term(&prefix, namespace.into_owned()),
                    _ => {}
                }
            }
        }
        Ok(())
    }

    fn relate(&mut self, json: &mut Json<'a>, names: &Names) -> Read<()> {
        let edge = edge(json, names)?;
        let (Some(from), Some(word)) = (&edge.from, &edge.word) else { return Ok(()) };
        for to in &edge.to {
            match last(word) {
                "describes" => self.described.push((from.clone(), to.clone())),
                "availableFrom" => self.available.entry(from.clone()).or_default().push(to.clone()),
                other => {
                    if other == "usesTool" {
                        self.tools.insert(to.clone());
                    }
                    if let Some(known) = edge.meaning() {
                        self.graph.note_as(known, from, to);
                    }
                }
            }
        }
        Ok(())
    }

    /// The second look at a relationship.
    fn settle(&mut self, json: &mut Json<'a>, names: &Names) -> Read<()> {
        let edge = edge(json, names)?;
        if let (Some(from), Some(known)) = (&edge.from, edge.meaning()) {
            edge.to.iter().for_each(|to| self.graph.settle_as(known, from, to));
        }
        Ok(())
    }
}

fn scalar<'a>(json: &mut Json<'a>) -> Read<Option<Cow<'a, str>>> {
    if json.kind()? != Kind::Array {
        return json.scalar();
    }
    let mut found = None;
    json.open()?;
    while json.item()? {
        found = json.scalar()?.or(found);
    }
    Ok(found)
}
