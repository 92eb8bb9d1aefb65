//! What one artifact's observers say, caught: facts are normalised here, once, and kept only where a rule asks.
mod graph;

use std::borrow::Cow;
use std::sync::Arc;

use interdict_model::{
    At, Declared, Document, Fact, FactKind, Form, Gap, Locator, Observation, Part, Place, Receiver, Repair, Sieve,
    Unseen, as_shown, canonical, disguise,
};
use interdict_rules::{Met, Pack};

pub(crate) use self::graph::{Entry, Graph, Index, Register, Way, after, file_key, name_key, purl_key};
use crate::imprint::{self, Imprint};

/// What a record asks for.
#[derive(Clone, Copy)]
pub(crate) struct Asks<'a> {
    pack: &'a Pack,
    all_evidence: bool,
}

impl Asks<'_> {
    pub(crate) fn wants(self, kind: FactKind) -> bool {
        self.all_evidence || self.pack.wants(kind) || imprint::asks(kind)
    }

    pub(crate) fn sieve(self) -> Option<Arc<Sieve>> {
        (!self.all_evidence).then(|| self.pack.sieve())
    }
}

/// The receiver of the pipeline.
pub(crate) struct Record<'a> {
    pack: &'a Pack,
    locator: &'a Locator,
    all_evidence: bool,
    /// Facts that met a line, with the part they are about.
    met: Vec<(Part, Met)>,
    observations: Vec<(Part, Observation)>,
    /// Facts of the component told last that count only beside others of it; and whether one of these met a line.
    waiting: Vec<(&'static str, FactKind, String, Place)>,
    told: Part,
    is_met: bool,
    pub(crate) graph: Graph,
    pub(crate) gaps: Vec<Gap>,
    pub(crate) repairs: Vec<Repair>,
    /// What the reader of the report should know of the document.
    pub(crate) notes: Vec<String>,
    pub(crate) document: Option<(&'static str, Document)>,
    /// What the artifact says of itself.
    pub(crate) imprint: Imprint,
    /// What the artifact was recognised as.
    pub(crate) seems: Option<&'static str>,
}

impl<'a> Record<'a> {
    pub(crate) fn new(pack: &'a Pack, locator: &'a Locator, all_evidence: bool, without_ways: bool) -> Self {
        Self {
            pack,
            locator,
            all_evidence,
            met: Vec::new(),
            observations: Vec::new(),
            waiting: Vec::new(),
            told: Part::WHOLE,
            is_met: false,
            graph: Graph::new(without_ways),
            gaps: Vec::new(),
            repairs: Vec::new(),
            notes: Vec::new(),
            document: None,
            imprint: Imprint::default(),
            seems: None,
        }
    }

    pub(crate) fn asks(&self) -> Asks<'a> {
        Asks { pack: self.pack, all_evidence: self.all_evidence }
    }

    /// Where the artifact is.
    pub(crate) fn place(&self) -> &Locator {
        self.locator
    }

    /// The facts that met a line, each on its place, with the components among these places; and every fact where all were
    /// asked for.
    pub(crate) fn into_met(mut self) -> (Vec<Met>, Vec<Part>, Vec<Observation>, Graph) {
        let mut met = std::mem::take(&mut self.met);
        let mut observations = std::mem::take(&mut self.observations);
        for (part, one) in &mut met {
            one.seen.on = self.graph.locator(self.locator, *part);
        }
        for (part, one) in &mut observations {
            one.on = self.graph.locator(self.locator, *part);
        }
        let mut parts: Vec<Part> = met.iter().map(|(part, _)| *part).filter(|part| *part != Part::WHOLE).collect();
        parts.sort_unstable();
        parts.dedup();
        (
            met.into_iter().map(|(_, one)| one).collect(),
            parts,
            observations.into_iter().map(|(_, one)| one).collect(),
            self.graph,
        )
    }

    /// Takes over what others said of the artifact itself.
    pub(crate) fn absorb(&mut self, mut other: Record<'_>) {
        self.met.append(&mut other.met);
        self.observations.append(&mut other.observations);
        self.gaps.append(&mut other.gaps);
        self.repairs.append(&mut other.repairs);
        self.notes.append(&mut other.notes);
    }

    /// Forgets the facts of the artifact that do not hold up to this.
    pub(crate) fn retain(&mut self, is_kept: &mut dyn FnMut(&Observation) -> bool) {
        self.met.retain(|(_, one)| is_kept(&one.seen));
        self.observations.retain(|(_, one)| is_kept(one));
    }

    /// Whether a fact of this component met a line; what waited for another component waited in vain.
    fn is_met_beside(&mut self, on: Part) -> bool {
        if self.told != on {
            self.waiting.clear();
            self.told = on;
            self.is_met = false;
        }
        self.is_met
    }

    /// A fact that may count, whatever its value looked like.
    fn raw_fact(&mut self, by: &'static str, on: Part, kind: FactKind, raw: &str, at: At<'_>) {
        let value: Cow<'_, str> = canonical(kind, raw);
        if !value.is_empty() {
            self.canonical_fact(by, on, kind, &value, &|| Place::from(at));
        }
        if kind.form() == Form::Text
            && let Some(how) = disguise(raw)
        {
            // Beside both in one, for what must be the whole value.
            if let Some(shown) = as_shown(raw) {
                self.canonical_fact(by, on, kind, &canonical(kind, &shown), &|| Place::from(at));
            }
            let pointer = Place::from(at).to_string();
            let word = disguised(raw);
            let wrong = format!("`{}` {how}", by_code_point(&word));
            self.repair(by, pointer, wrong, format!("read as `{}`", canonical(kind, &word)));
        }
    }

    fn canonical_fact(&mut self, by: &'static str, on: Part, kind: FactKind, value: &str, at: &dyn Fn() -> Place) {
        let seen = || Observation {
            on: self.locator.clone(),
            fact: Fact { kind, value: value.to_owned() },
            at: at(),
            by: by.into(),
        };
        let mut met = Vec::new();
        self.pack.lines_met(kind, value, &mut |line| met.push(line));
        if self.all_evidence || !met.is_empty() {
            self.graph.keep(on);
        }
        if !met.is_empty() && on != Part::WHOLE && !self.all_evidence && !self.is_met_beside(on) {
            self.is_met = true;
            for (by, kind, raw, place) in std::mem::take(&mut self.waiting) {
                let value = canonical(kind, &raw).into_owned();
                self.canonical_fact(by, on, kind, &value, &|| place.clone());
            }
        }
        if self.all_evidence {
            self.observations.push((on, seen()));
        }
        for line in met {
            let one = Met { line, seen: seen() };
            self.met.push((on, one));
        }
    }
}

impl Receiver for Record<'_> {
    fn wants(&self, kind: FactKind) -> bool {
        self.asks().wants(kind)
    }

    fn sieve(&self) -> Option<Arc<Sieve>> {
        self.asks().sieve()
    }

    fn fact(&mut self, by: &'static str, on: Part, kind: FactKind, raw: &str, at: At<'_>) {
        if imprint::asks(kind) {
            if on == Part::WHOLE {
                self.imprint.hear(by, kind, raw);
            } else {
                self.imprint.hear_of_part(by, on, kind, raw);
            }
        }
        if !self.all_evidence && !self.pack.may_meet(kind, raw, on != Part::WHOLE) {
            return;
        }
        if on != Part::WHOLE && !self.all_evidence && self.pack.waits(kind) && !self.is_met_beside(on) {
            self.waiting.push((by, kind, raw.to_owned(), Place::from(at)));
            return;
        }
        self.raw_fact(by, on, kind, raw, at);
    }

    fn component(&mut self, _: &'static str, declared: &Declared<'_>) -> Part {
        self.graph.add(declared)
    }

    fn depends(&mut self, from: &str, to: &str) {
        self.graph.depends(from, to);
    }

    fn document(&mut self, by: &'static str, document: Document) {
        self.document = Some((by, document));
    }

    fn gap(&mut self, by: &'static str, unseen: Unseen) {
        self.gaps.push(gap(self.locator, by, self.seems, unseen));
    }

    fn repair(&mut self, _: &'static str, pointer: String, wrong: String, assumed: String) {
        self.repairs.push(Repair { input: self.locator.clone(), pointer, wrong, assumed });
    }
}

/// A gap with its place.
pub(crate) fn gap(on: &Locator, by: &str, seems: Option<&str>, unseen: Unseen) -> Gap {
    Gap {
        on: on.clone(),
        reason: unseen.reason,
        by: by.into(),
        seems: seems.map(str::to_owned),
        detail: unseen.detail,
        ranges: unseen.ranges,
        needs: unseen.needs,
        material: false,
        accepted: None,
    }
}

/// ASCII as it is, everything else by code point, so that the difference can be seen.
/// Of a text longer than a report should repeat, the first word that is not what it looks like.
fn disguised(raw: &str) -> String {
    const REPEATED: usize = 200;
    let is_long = raw.chars().nth(REPEATED).is_some();
    let word = raw.split_whitespace().find(|word| is_long && disguise(word).is_some());
    word.unwrap_or(raw).chars().take(REPEATED).collect()
}

fn by_code_point(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii() { c.to_string() } else { c.escape_unicode().to_string() }).collect()
}

#[cfg(test)]
mod tests;
