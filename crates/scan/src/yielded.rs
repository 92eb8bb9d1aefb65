//! What the examination of artifacts gave: it grows with findings, not with bytes.
use std::collections::{BTreeMap, BTreeSet};

use interdict_model::{Anomaly, Digest, Gap, Input, Locator, Match, Observation, Part, Product, Repair, Scope};
use interdict_rules::Met;

use crate::imprint::Imprint;
use crate::record::{Graph, Way};

/// Joined over all files; order does not matter, as everything is sorted before it is reported.
#[derive(Debug, Default)]
pub(crate) struct Yielded {
    pub(crate) artifacts: u64,
    pub(crate) files: u64,
    pub(crate) bytes: u64,
    pub(crate) examined: u64,
    pub(crate) recognised: u64,
    pub(crate) components: u64,
    pub(crate) formats: BTreeMap<String, u64>,
    pub(crate) matches: Vec<Match>,
    /// Facts that met lines of rules which look at whole folders or containers.
    pub(crate) in_containers: Vec<Met>,
    pub(crate) observations: Vec<Observation>,
    pub(crate) gaps: Vec<Gap>,
    pub(crate) repairs: Vec<Repair>,
    pub(crate) notes: Vec<String>,
    pub(crate) anomalies: Vec<Anomaly>,
    /// What is shipped and not in the system that runs, with why; only where something was found beside it.
    pub(crate) hidden: BTreeMap<Locator, String>,
    pub(crate) inputs: Vec<Input>,
    /// Every document, with what it describes.
    pub(crate) documents: BTreeMap<Locator, Option<Product>>,
    pub(crate) known: BTreeMap<Locator, Known>,
    /// What was said of a place, each with who said it.
    pub(crate) imprints: BTreeMap<Locator, Vec<(Locator, Imprint)>>,
    /// Cabinets that were looked at: installers ask for them by name.
    pub(crate) cabinets: BTreeSet<Locator>,
}

/// What a finding at this place needs to know of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    pub(crate) digest: Option<Digest>,
    pub(crate) identity: String,
    pub(crate) way: Way,
    pub(crate) scope: Scope,
}

impl Known {
    /// `rank` counts the components of the document that were asked about before.
    pub(crate) fn of_component(graph: &Graph, document: &Locator, part: Part, rank: u32) -> Self {
        Self {
            digest: None,
            identity: graph.identity(part),
            way: graph.way(document, part, rank),
            scope: graph.scope(part),
        }
    }
}

impl Yielded {
    pub(crate) fn note(&mut self, locator: &Locator, known: Known) {
        self.known.insert(locator.clone(), known);
    }

    /// Both together.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.artifacts += other.artifacts;
        self.files += other.files;
        self.bytes += other.bytes;
        self.examined += other.examined;
        self.recognised += other.recognised;
        self.components += other.components;
        for (format, count) in other.formats {
            *self.formats.entry(format).or_default() += count;
        }
        self.matches.extend(other.matches);
        self.in_containers.extend(other.in_containers);
        self.observations.extend(other.observations);
        self.gaps.extend(other.gaps);
        self.repairs.extend(other.repairs);
        self.notes.extend(other.notes);
        self.anomalies.extend(other.anomalies);
        self.hidden.extend(other.hidden);
        self.inputs.extend(other.inputs);
        self.documents.extend(other.documents);
        self.known.extend(other.known);
        for (place, said) in other.imprints {
            self.imprints.entry(place).or_default().extend(said);
        }
        self.cabinets.extend(other.cabinets);
        self
    }
}
