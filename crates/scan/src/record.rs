//! What one artifact's observers say, caught: facts are normalised here, once, and kept only where a rule asks.
mod graph;
mod referred;

use std::borrow::Cow;
use std::sync::Arc;

use interdict_model::{
    At, Declared, Document, Fact, FactKind, Form, Gap, Locator, Observation, Part, Place, Receiver, Repair, Sieve,
    Unseen, as_shown, canonical, disguise,
};
use interdict_rules::{LineId, Met, Pack};

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

/// A fact, its place not yet spelled out.
pub(crate) struct Seen {
    pub(crate) by: &'static str,
    on: Part,
    pub(crate) fact: Fact,
    pub(crate) at: Place,
}

/// A line of a rule was met on this part by one of the facts.
struct Meeting {
    on: Part,
    line: LineId,
    seen: usize,
}

/// The receiver of the pipeline.
pub(crate) struct Record<'a> {
    pack: &'a Pack,
    locator: &'a Locator,
    all_evidence: bool,
    /// Facts that met a line, once each, and which lines they met.
    seen: Vec<Seen>,
    met: Vec<Meeting>,
    /// Every fact, where all were asked for.
    observations: Vec<Seen>,
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
            seen: Vec::new(),
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

    /// The facts that met a line which may count, each on its place, with the components among these places; and every fact
    /// where all were asked for.
    pub(crate) fn into_met(mut self) -> (Vec<Met>, Vec<Part>, Vec<Observation>, Graph) {
        let mut met = std::mem::take(&mut self.met);
        self.drop_in_vain(&mut met);
        let mut parts: Vec<Part> = met.iter().map(|one| one.on).filter(|part| *part != Part::WHOLE).collect();
        parts.sort_unstable();
        parts.dedup();
        let seen: Vec<Option<Observation>> = {
            let mut is_met = vec![false; self.seen.len()];
            for one in &met {
                if let Some(is_met) = is_met.get_mut(one.seen) {
                    *is_met = true;
                }
            }
            self.seen.iter().zip(is_met).map(|(seen, is_met)| is_met.then(|| self.observation(seen))).collect()
        };
        let spelled = |one: &Meeting| Some(Met { line: one.line, seen: seen.get(one.seen)?.clone()? });
        (
            met.iter().filter_map(spelled).collect(),
            parts,
            self.observations.iter().map(|seen| self.observation(seen)).collect(),
            self.graph,
        )
    }

    /// Without the lines beside which another line of their clause was never met: a section is not worth its name unless what
    /// the rule looks for stands in the file.
    fn drop_in_vain(&self, met: &mut Vec<Meeting>) {
        let mut lines: Vec<(Part, LineId)> = met.iter().map(|one| (one.on, one.line)).collect();
        lines.sort_unstable();
        lines.dedup();
        let is_met = |on, line| lines.binary_search(&(on, line)).is_ok();
        met.retain(|one| {
            self.pack.is_in_container(one.line) || self.pack.beside(one.line).all(|line| is_met(one.on, line))
        });
    }

    fn observation(&self, seen: &Seen) -> Observation {
        Observation {
            on: self.graph.locator(self.locator, seen.on),
            fact: seen.fact.clone(),
            at: seen.at.clone(),
            by: seen.by.into(),
        }
    }

    /// Takes over what others said of the artifact itself.
    pub(crate) fn absorb(&mut self, mut other: Record<'_>) {
        let before = self.seen.len();
        self.seen.append(&mut other.seen);
        self.met.extend(other.met.into_iter().map(|one| Meeting { seen: one.seen + before, ..one }));
        self.observations.append(&mut other.observations);
        self.gaps.append(&mut other.gaps);
        self.repairs.append(&mut other.repairs);
        self.notes.append(&mut other.notes);
    }

    /// Forgets the facts of the artifact that do not hold up to this.
    pub(crate) fn retain(&mut self, is_kept: &mut dyn FnMut(&Seen) -> bool) {
        let kept: Vec<bool> = self.seen.iter().map(&mut *is_kept).collect();
        self.met.retain(|one| kept.get(one.seen) == Some(&true));
        self.observations.retain(is_kept);
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
        let seen = || Seen { by, on, fact: Fact { kind, value: value.to_owned() }, at: at() };
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
            self.observations.push(seen());
        }
        if !met.is_empty() {
            let index = self.seen.len();
            self.seen.push(seen());
            self.met.extend(met.into_iter().map(|line| Meeting { on, line, seen: index }));
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
        self.graph.refer(declared.reference, true, || may_name(self.pack, declared.reference));
        self.graph.add(declared)
    }

    fn depends(&mut self, from: &str, to: &str) {
        self.graph.refer(from, false, || may_name(self.pack, from));
        self.graph.refer(to, false, || may_name(self.pack, to));
        self.graph.depends(from, to);
    }

    fn stated(&mut self, of: &str, statement: &str) {
        self.graph.state(of, statement);
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

/// Whether a reference may say by itself what a rule looks for.
fn may_name(pack: &Pack, reference: &str) -> bool {
    [FactKind::Purl, FactKind::Cpe, FactKind::Name].into_iter().any(|kind| pack.may_meet(kind, reference, true))
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
