//! What the examination of artifacts gave: it grows with findings, not with bytes.
use std::collections::{BTreeMap, BTreeSet};

use interdict_model::{Anomaly, Digest, Gap, Input, Locator, Match, Observation, Part, Product, Repair, Scope};
use interdict_rules::Met;
use serde::{Deserialize, Serialize};

use crate::imprint::{Imprint, spoken_of};
use crate::listed::Listed;
use crate::prints::Print;
use crate::record::{Graph, Register, Way};
use crate::shipments::lies_in;

/// Joined over all files; order does not matter, as everything is sorted before it is reported. What a worker gave comes as JSON,
/// in which what is empty is left out.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Yielded {
    pub(crate) artifacts: u64,
    pub(crate) files: u64,
    pub(crate) bytes: u64,
    pub(crate) examined: u64,
    pub(crate) recognised: u64,
    pub(crate) components: u64,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) formats: BTreeMap<String, u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) matches: Vec<Match>,
    /// Facts that met lines of rules which look at whole folders or containers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) in_containers: Vec<Met>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) observations: Vec<Observation>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) gaps: Vec<Gap>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) repairs: Vec<Repair>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) notes: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) anomalies: Vec<Anomaly>,
    /// Whether something was found before what is asked here, which is not joined yet.
    #[serde(skip)]
    pub(crate) is_found: bool,
    /// What is shipped and not in the system that runs, with why; only where something was found beside it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) hidden: BTreeMap<Locator, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) inputs: Vec<Input>,
    /// Every document, with what it describes.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) documents: BTreeMap<Locator, Option<Product>>,
    /// Those of them that say what a build takes in, and describe no delivery.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) of_builds: BTreeSet<Locator>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) known: BTreeMap<Locator, Known>,
    /// What documents declare, where there is something to hold against them.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) registers: BTreeMap<Locator, Register>,
    /// What was said of a place, each with who said it.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) imprints: BTreeMap<Locator, Vec<(Locator, Imprint)>>,
    /// What a layer has in it, where nothing else was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) layer: Option<Listed>,
    /// Cabinets that were looked at: installers ask for them by name.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) cabinets: BTreeSet<Locator>,
}

/// What a finding at this place needs to know of it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(crate) struct Known {
    pub(crate) digest: Option<Digest>,
    /// Its digests as documents may state them, where something of it flags.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(crate) prints: Vec<(Print, String)>,
    pub(crate) identity: String,
    pub(crate) way: Way,
    pub(crate) scope: Scope,
}

impl Known {
    /// `rank` counts the components of the document that were asked about before.
    pub(crate) fn of_component(graph: &Graph, document: &Locator, part: Part, rank: u32) -> Self {
        Self {
            digest: None,
            prints: Vec::new(),
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

    /// Documents that describe a delivery: all but those of builds, unless they were given as such.
    pub(crate) fn describing(&self, given: &[Locator]) -> BTreeMap<Locator, Option<Product>> {
        let describes = |document: &Locator| !self.of_builds.contains(document) || given.contains(document);
        self.documents.iter().filter(|(one, _)| describes(one)).map(|(one, of)| (one.clone(), of.clone())).collect()
    }

    /// Whether all of it lies in this file: a worker speaks of nothing else.
    pub(crate) fn lies_in(&self, file: &Locator) -> bool {
        let observed = self.in_containers.iter().map(|met| &met.seen.on).chain(self.observations.iter().map(|o| &o.on));
        let proofs = self.matches.iter().flat_map(|one| one.proof.iter().map(|seen| &seen.on).chain([&one.on]));
        let documents = self
            .documents
            .keys()
            .chain(&self.of_builds)
            .chain(self.registers.keys())
            .chain(self.inputs.iter().map(|input| &input.locator));
        let faults = self.gaps.iter().map(|gap| &gap.on).chain(self.repairs.iter().map(|repair| &repair.input));
        let imprints = self.imprints.values().flatten().map(|(place, _)| place);
        let mut places = imprints.chain(observed).chain(proofs).chain(documents).chain(faults).chain(self.known.keys());
        places.all(|place| lies_in(place, file))
    }

    /// What an artifact said of itself or of what it lies in, where it said anything.
    pub(crate) fn say(&mut self, locator: &Locator, imprint: Imprint) {
        if imprint.is_telling()
            && let Some(place) = spoken_of(locator, &imprint)
        {
            self.imprints.entry(place).or_default().push((locator.clone(), imprint));
        }
    }

    /// Both together.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.artifacts = self.artifacts.saturating_add(other.artifacts);
        self.files = self.files.saturating_add(other.files);
        self.bytes = self.bytes.saturating_add(other.bytes);
        self.examined = self.examined.saturating_add(other.examined);
        self.recognised = self.recognised.saturating_add(other.recognised);
        self.components = self.components.saturating_add(other.components);
        for (format, count) in other.formats {
            let sum = self.formats.entry(format).or_default();
            *sum = sum.saturating_add(count);
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
        self.of_builds.extend(other.of_builds);
        self.known.extend(other.known);
        self.registers.extend(other.registers);
        for (place, said) in other.imprints {
            self.imprints.entry(place).or_default().extend(said);
        }
        self.cabinets.extend(other.cabinets);
        self
    }
}
