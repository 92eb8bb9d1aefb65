//! Who supplied, made or wrote something: agents by their id, wherever they stand in the graph.
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use interdict_model::{FactKind, GapReason, Unseen};

use super::names::{Class, Names};
use super::person;
use super::value::Value;
use super::walk::look;
use crate::draft::{Draft, Path};
use crate::reading::Reading;
use crate::spdx::{actor, is_unsaid};

/// One agent of the graph.
#[derive(Debug)]
pub(super) struct Agent<'a> {
    pub(super) id: Cow<'a, str>,
    pub(super) at: usize,
    pub(super) class: Class,
    pub(super) pointer: Box<str>,
    is_referred: bool,
}

/// All agents of a document, and what they may still cost.
#[derive(Debug, Default)]
pub(super) struct Agents<'a> {
    all: Vec<Agent<'a>>,
    /// Ids that other documents define, each with where it may be had.
    pub(super) imported: BTreeMap<Cow<'a, str>, String>,
    /// Offsets of agents that stand inside what refers to them.
    inside: BTreeSet<usize>,
    /// Bytes of agents that may still be read: each may be referred to any number of times.
    left: usize,
    untold: u64,
}

impl<'a> Agents<'a> {
    pub(super) fn add(&mut self, id: Cow<'a, str>, at: usize, class: Class, pointer: &str) {
        self.all.push(Agent { id, at, class, pointer: pointer.into(), is_referred: false });
    }

    /// Puts them in order, once all are known.
    pub(super) fn settle(&mut self, names: &Names, document: usize) {
        const AT_LEAST: usize = 64 << 20;
        for agent in &mut self.all {
            agent.id = names.whole(std::mem::take(&mut agent.id));
        }
        self.all.sort_by(|a, b| a.id.cmp(&b.id).then(a.at.cmp(&b.at)));
        self.left = document.saturating_mul(8).saturating_add(AT_LEAST);
    }

    /// Notes that something refers to this id.
    pub(super) fn refer(&mut self, id: &str) {
        for agent in self.of(id) {
            agent.is_referred = true;
        }
    }

    fn of(&mut self, id: &str) -> &mut [Agent<'a>] {
        let from = self.all.partition_point(|agent| &*agent.id < id);
        let to = self.all.partition_point(|agent| &*agent.id <= id);
        self.all.get_mut(from..to).unwrap_or_default()
    }

    /// Agents that nothing refers to: their offset, class and pointer.
    pub(super) fn alone(&self) -> Vec<(usize, Class, Box<str>)> {
        let alone = self
            .all
            .iter()
            .filter(|agent| !agent.is_referred && agent.class != Class::Tool && !self.inside.contains(&agent.at));
        alone.map(|agent| (agent.at, agent.class, agent.pointer.clone())).collect()
    }

    /// Whether an agent of this many bytes may be read once more.
    fn affords(&mut self, bytes: usize) -> bool {
        const EACH: usize = 64;
        let cost = bytes.saturating_add(EACH);
        if self.left < cost {
            self.untold += 1;
            return false;
        }
        self.left -= cost;
        true
    }

    /// Says what was only counted.
    pub(super) fn tell(&self, reading: &mut Reading<'_, '_, '_>) {
        if self.untold > 0 {
            let detail = format!(
                "agents are referred to so often that {} references to them were not read; the limit is eight times the document",
                self.untold
            );
            reading
                .sink
                .gap(Unseen::new(GapReason::OverLimit, detail).needing("a document of its own for each supplier"));
        }
    }
}

/// States who the value of this property is.
pub(super) fn state<'a>(
    reading: &mut Reading<'a, '_, '_>,
    agents: &mut Agents<'a>,
    names: &Names,
    draft: &mut Draft<'a>,
    (kind, path): (FactKind, &Path),
    value: Value<'a>,
) {
    let id = match value {
        Value::Node(at) => {
            agents.inside.insert(at);
            return known(reading, agents, names, draft, (kind, path), &[(at, None)]);
        }
        Value::Word(id) => names.whole(id),
    };
    if is_nobody(&id) {
        return;
    }
    let mut places = Vec::new();
    for agent in agents.of(&id) {
        agent.is_referred = true;
        places.push((agent.at, Some(agent.class)));
    }
    if !places.is_empty() {
        known(reading, agents, names, draft, (kind, path), &places);
    } else if agents.imported.contains_key(&id) {
        // That it was not read with the document is said once, for all of them.
    } else if is_reference(&id) {
        reading.repair(path, &format!("`{}` is not in the document", shown(&id)), "nobody known");
        draft.linked(id, path);
    } else {
        reading.repair(path, "a text where a reference belongs", "the name of whom it means");
        actor(draft, kind, id, path);
    }
}

/// States the agents whose objects begin at these places.
fn known<'a>(
    reading: &mut Reading<'a, '_, '_>,
    agents: &mut Agents<'a>,
    names: &Names,
    draft: &mut Draft<'a>,
    (kind, path): (FactKind, &Path),
    places: &[(usize, Option<Class>)],
) {
    let after = reading.json.offset();
    for (at, class) in places {
        reading.json.seek(*at);
        let class = class.or_else(|| look(reading.json.again(*at), names).class);
        // What breaks inside an agent is said when the walk comes to it; what refers to it must not be lost with it.
        let is_whole = reading.json.skip().is_ok();
        let end = if is_whole { reading.json.offset() } else { reading.json.size() };
        if agents.affords(end.saturating_sub(*at)) {
            reading.json.seek(*at);
            // An originator that is a person wrote the thing, one that is an organisation made it.
            let kind = match (kind, class) {
                (FactKind::Manufacturer, Some(Class::Person)) => FactKind::Author,
                (FactKind::Author, Some(Class::Tool)) => FactKind::Tool,
                (kind, _) => kind,
            };
            let _ = person::read(reading, names, draft, kind, path);
        }
    }
    reading.json.seek(after);
}

/// SPDX's own individuals that stand for nobody, and for SPDX itself.
fn is_nobody(id: &str) -> bool {
    is_unsaid(id) || ["NoAssertionElement", "NoneElement", "SpdxOrganization"].iter().any(|one| id.ends_with(one))
}

/// Whether a text is an id rather than somebody's name.
fn is_reference(text: &str) -> bool {
    !text.contains(char::is_whitespace)
        && (text.contains("://") || text.starts_with("urn:") || text.starts_with("_:") || text.contains("SPDXRef-"))
}

pub(super) fn shown(id: &str) -> String {
    id.chars().take(120).collect()
}
