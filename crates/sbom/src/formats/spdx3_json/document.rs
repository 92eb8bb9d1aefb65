//! A graph told: what it says of itself, and its elements one at a time.
use std::borrow::Cow;
use std::collections::HashSet;
use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};

use interdict_model::{Counts, Document, FactKind, GapReason, Part, States, Unseen};

use super::agent::{self, shown};
use super::edge::edge;
use super::element;
use super::names::{Class, Names};
use super::outline::Outline;
use super::value::{self, Value};
use super::walk::{Found, Met, walk};
use crate::draft::{Draft, Path};
use crate::json::Read;
use crate::reading::Reading;

/// Versions of the specification that are known here.
const VERSIONS: &[&str] = &["3.0", "3.0.0", "3.0.1"];

/// Tells a whole graph; what was read before a fault is told too.
pub(super) fn read<'a>(reading: &mut Reading<'a, '_, '_>, outline: Outline<'a>) -> Read<()> {
    let mut graph = Graph { outline, ..Graph::default() };
    let mut json = reading.json.again(0);
    let names = std::mem::take(&mut graph.outline.names);
    let read = walk(&mut json, &names, &mut |pointer, met| {
        reading.pointer.clear();
        reading.pointer.push_str(pointer);
        match met {
            Met::Element(found) => graph.element(reading, &names, &found)?,
            Met::TooDeep => reading.ledger.too_deep(pointer),
            Met::NoElement(kind) => {
                reading.repair(&Path::Field(""), &format!("{} where an element belongs", kind.name()), "nothing");
            }
            Met::Twice => reading.twice_here(),
            Met::Wrapped(key) => {
                reading.repair(&Path::Field(""), &format!("the document stands under `{key}`"), "the document itself");
            }
        }
        Ok(())
    });
    reading.json.seek(json.offset());
    reading.json.oddities.append(&mut json.oddities);
    reading.json.oddities.sort_by_key(|oddity| oddity.at);
    reading.json.oddities.dedup_by_key(|oddity| oddity.at);
    graph.tell(reading, &names, read.is_ok());
    read
}

/// What is known of the graph as a whole.
#[derive(Default)]
pub(super) struct Graph<'a> {
    pub(super) outline: Outline<'a>,
    counts: Counts,
    version: Option<Cow<'a, str>>,
    created: Option<Cow<'a, str>>,
    whole: Draft<'a>,
    /// Ids of elements, hashed.
    seen: HashSet<u64>,
}

impl<'a> Graph<'a> {
    fn element(&mut self, reading: &mut Reading<'a, '_, '_>, names: &Names, found: &Found<'a>) -> Read<()> {
        let id = names.whole(found.id.clone());
        if !id.is_empty() && !self.seen.insert(BuildHasherDefault::<DefaultHasher>::default().hash_one(&*id)) {
            let wrong = format!("`{}` is the id of another element too", shown(&id));
            reading.repair(&Path::Field("/spdxId"), &wrong, "both elements");
        }
        reading.json.seek(found.at);
        match found.class {
            Class::Package => self.counts.components += 1,
            Class::File => self.counts.files += 1,
            Class::Snippet => self.counts.snippets += 1,
            Class::Relationship => return self.relationship(reading, names),
            Class::CreationInfo => return self.creation(reading, names),
            Class::Document | Class::Collection => return element::properties_of(reading, names, &mut self.whole),
            Class::Vulnerability => {
                self.counts.vulnerabilities += 1;
                return Ok(());
            }
            Class::Tool if self.outline.tools.contains(&id) => self.outline.agents.refer(&id),
            Class::Tool | Class::Organization | Class::Person => return Ok(()),
            Class::Artifact => {
                reading.repair(
                    &Path::Field("/type"),
                    "the name of an abstract class",
                    "a component that is not counted",
                );
            }
            Class::Untyped => reading.repair(&Path::Field("/type"), "missing", "a component that is not counted"),
        }
        element::tell(reading, &mut self.outline, names, found.class, id)
    }

    fn relationship(&mut self, reading: &mut Reading<'a, '_, '_>, names: &Names) -> Read<()> {
        self.counts.relationships += 1;
        let mut json = reading.json.again(reading.json.offset());
        let edge = edge(&mut json, names)?;
        for id in edge.from.iter().chain(&edge.to) {
            self.outline.agents.refer(id);
        }
        match (&edge.from, &edge.word) {
            (Some(from), Some(_)) => {
                let Some(meaning) = edge.meaning() else { return Ok(()) };
                for to in &edge.to {
                    let (holder, part) = meaning.ends(from, to);
                    reading.sink.depends(holder, part);
                }
            }
            _ => reading.repair(&Path::Field(""), "a relationship without a beginning or a type", "nothing"),
        }
        Ok(())
    }

    /// When, by whom and with what the document was made.
    fn creation(&mut self, reading: &mut Reading<'a, '_, '_>, names: &Names) -> Read<()> {
        let mut who: Vec<(Path, Value<'a>)> = Vec::new();
        reading.object(&Path::Field(""), |reading, key| {
            match names.local(key) {
                "specVersion" => {
                    if let Some((_, version)) = value::word(reading, "/specVersion")? {
                        self.version.get_or_insert(version);
                    }
                }
                "created" => {
                    if let Some((_, created)) = value::word(reading, "/created")? {
                        self.created.get_or_insert(created);
                    }
                }
                word @ ("createdBy" | "createdUsing") => {
                    let at = if word == "createdBy" { "/createdBy" } else { "/createdUsing" };
                    value::each(reading, at, &mut |_, path, value| {
                        who.push((path, value));
                        Ok(())
                    })?;
                }
                _ => reading.json.skip()?,
            }
            Ok(())
        })?;
        let base = reading.pointer.clone();
        for (path, value) in who {
            let mut at = base.clone();
            path.write(&mut at);
            let at = Path::Deep(at.into());
            reading.pointer.clear();
            let as_author = (FactKind::Author, &at);
            agent::state(reading, &mut self.outline.agents, names, &mut self.whole, as_author, value);
        }
        reading.pointer = base;
        Ok(())
    }

    fn tell(mut self, reading: &mut Reading<'a, '_, '_>, names: &Names, complete: bool) {
        reading.pointer.clear();
        let states = States { author: !self.whole.facts.is_empty(), revision: true, ..States::default() };
        let creators: Vec<String> = self.whole.facts.iter().map(|fact| fact.value.to_string()).collect();
        for (at, class, pointer) in self.outline.agents.alone() {
            let kind = if class == Class::Person { FactKind::Author } else { FactKind::Supplier };
            let after = reading.json.offset();
            reading.json.seek(at);
            // The object was read before: what breaks it was said then.
            let _ = super::person::read(reading, names, &mut self.whole, kind, &Path::Deep(pointer));
            reading.json.seek(after);
        }
        match self.version.as_deref() {
            Some(version) if VERSIONS.contains(&version) => {}
            Some(version) => {
                let wrong = format!("`{}` is no version that is known here", shown(version));
                reading.repair(&Path::Field("/@graph"), &wrong, "the nearest known version, 3.0.1");
            }
            None if complete => {
                reading.repair(&Path::Field("/@graph"), "no `CreationInfo` says a `specVersion`", "3.0.1");
            }
            None => {}
        }
        for strange in &names.strange {
            let wrong = format!("`{strange}` is no context that is known here, and contexts are never fetched");
            reading.repair(&Path::Field("/@context"), &wrong, "the names of SPDX 3, by their last part");
        }
        if let Some(nests) = &names.nests {
            let detail =
                format!("the context nests properties under `{}`: what stands there was not read", shown(nests));
            reading.sink.gap(Unseen::new(GapReason::Unsupported, detail).needing("the document in its compact form"));
        }
        if !names.is_known && names.strange.is_empty() && complete {
            let wrong = "no context of SPDX 3 is named";
            reading.repair(&Path::Field("/@context"), wrong, "the names of SPDX 3, by their last part");
        }
        self.whole.tell_facts(Part::WHOLE, "", reading.sink);
        self.outline.agents.tell(reading);
        elsewhere(reading, &self.outline);
        reading.sink.document(Document {
            version: self.version.map(Cow::into_owned),
            counts: self.counts,
            created: self.created.map(Cow::into_owned),
            creators: creators.into_iter().take(100).collect(),
            states,
            ..Document::default()
        });
    }
}

/// What stands in documents that this one imports is not seen.
fn elsewhere(reading: &mut Reading<'_, '_, '_>, outline: &Outline<'_>) {
    const NAMED: usize = 20;
    let imported = &outline.agents.imported;
    if imported.is_empty() {
        return;
    }
    let named: Vec<String> = imported
        .iter()
        .take(NAMED)
        .map(|(id, hint)| if hint.is_empty() { shown(id) } else { format!("{} (at {})", shown(id), shown(hint)) })
        .collect();
    let more = imported.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let detail =
        format!("elements of other documents are referred to and not read with it: {}{more}", named.join(", "));
    reading.sink.gap(Unseen::new(GapReason::Missing, detail).needing("the documents that it imports"));
}
