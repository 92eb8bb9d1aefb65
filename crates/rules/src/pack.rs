//! A pack: organisations, entities and rules, compiled; and the index by which facts find the lines they meet.
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use interdict_model::{
    Digest, Entity, EntityId, FactKind, Gate, Needle, Needles, Organisation, OrganisationId, PackId, RuleId, Sieve,
};
use regex::Regex;
use serde::{Deserialize, Serialize};

use crate::gate::gate;
use crate::line::meets;
use crate::literal::{Held, Needs};
use crate::portrait::Portrait;
use crate::rule::{Line, Rule, Test};
use crate::source::Meta;

/// Rules and entities, compiled; valid by construction.
#[derive(Debug, Default)]
pub struct Pack {
    contents: Contents,
    needles: Needles,
    index: OnceLock<Index>,
    sieve: OnceLock<Arc<Sieve>>,
}

/// What a pack holds, as it is stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contents {
    /// What it says of itself, and the digest of its sources; several where packs were joined.
    pub packs: Vec<(Meta, Digest)>,
    /// By id.
    pub organisations: Vec<Organisation>,
    /// By id.
    pub entities: Vec<Entity>,
    /// By id.
    pub rules: Vec<Rule>,
    /// What `content` lines look for.
    pub needles: Vec<Needle>,
    /// What is known of organisations besides.
    pub organisations_known: BTreeMap<OrganisationId, Portrait>,
    /// What is known of entities besides.
    pub entities_known: BTreeMap<EntityId, Portrait>,
}

/// Which line of which clause of which rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LineId {
    pub(crate) rule: usize,
    pub(crate) clause: usize,
    pub(crate) line: usize,
}

impl Pack {
    /// From contents that were compiled before.
    pub fn from_contents(contents: Contents) -> Self {
        let needles = Needles::new(contents.needles.clone());
        Self { contents, needles, index: OnceLock::new(), sieve: OnceLock::new() }
    }

    /// What it holds.
    pub fn contents(&self) -> &Contents {
        &self.contents
    }

    /// This pack and another; where both define an id, the other's stands.
    #[must_use]
    pub fn joined(self, other: Self) -> Self {
        fn join<K: Ord, T>(one: Vec<T>, two: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T> {
            let all: BTreeMap<K, T> = one.into_iter().chain(two).map(|item| (key(&item), item)).collect();
            all.into_values().collect()
        }
        let (one, two) = (self.contents, other.contents);
        Self::from_contents(Contents {
            packs: one.packs.into_iter().chain(two.packs).collect(),
            organisations: join(one.organisations, two.organisations, |o| o.id.clone()),
            entities: join(one.entities, two.entities, |e| e.id.clone()),
            rules: join(one.rules, two.rules, |r| r.id.clone()),
            needles: join(one.needles, two.needles, |n| n.name.clone()),
            organisations_known: one.organisations_known.into_iter().chain(two.organisations_known).collect(),
            entities_known: one.entities_known.into_iter().chain(two.entities_known).collect(),
        })
    }

    /// Ids, versions and digests, for the report.
    pub fn ids(&self) -> Vec<PackId> {
        let id = |(meta, digest): &(Meta, Digest)| PackId {
            id: meta.id.clone(),
            version: meta.version.clone(),
            digest: digest.clone(),
        };
        self.contents.packs.iter().map(id).collect()
    }

    /// What the content observer looks for.
    pub fn needles(&self) -> &Needles {
        &self.needles
    }

    /// The entity of this id.
    pub fn entity(&self, id: &EntityId) -> Option<&Entity> {
        let at = self.contents.entities.binary_search_by(|entity| entity.id.cmp(id)).ok()?;
        self.contents.entities.get(at)
    }

    /// The rule of this id.
    pub fn rule(&self, id: &RuleId) -> Option<&Rule> {
        let at = self.contents.rules.binary_search_by(|rule| rule.id.cmp(id)).ok()?;
        self.contents.rules.get(at)
    }

    /// Whether any line asks about this kind.
    pub fn wants(&self, kind: FactKind) -> bool {
        self.index().kinds.get(kind as usize).is_some_and(|of| !of.whole.is_empty() || !of.part.is_empty())
    }

    /// Whether a value could meet a line once it is canonical, told from its raw bytes. A quick no for nearly everything: what
    /// it refuses meets no line, what it lets pass is asked in earnest.
    ///
    /// A component has no bytes: lines that stand beside a question about bytes are left out for it.
    #[inline]
    pub fn may_meet(&self, kind: FactKind, raw: &str, is_component: bool) -> bool {
        let Some(of) = self.index().kinds.get(kind as usize) else { return false };
        let gate = if is_component { &of.of_component } else { &of.of_artifact };
        gate.passes(kind.form(), raw)
    }

    /// Whether a fact of this kind about a component counts for nothing unless another fact of the component met a line too:
    /// versions, mostly, which stand beside names. Such facts may wait until one did.
    #[inline]
    pub fn waits(&self, kind: FactKind) -> bool {
        self.index().kinds.get(kind as usize).is_some_and(|of| of.waits)
    }

    /// The same of all kinds of facts about components at once, for whoever reads documents of very many.
    pub fn sieve(&self) -> Arc<Sieve> {
        let kinds = &self.index().kinds;
        let sieve = || {
            Arc::new(Sieve::new(|kind| match kinds.get(kind as usize) {
                Some(of) => (of.of_component.clone(), of.waits),
                None => (Gate::default(), false),
            }))
        };
        Arc::clone(self.sieve.get_or_init(sieve))
    }

    /// Every line that this canonical value meets, told one by one.
    pub fn lines_met(&self, kind: FactKind, value: &str, tell: &mut dyn FnMut(LineId)) {
        let Some(of) = self.index().kinds.get(kind as usize) else { return };
        for line in of.whole.get(value).into_iter().flatten() {
            tell(*line);
        }
        if of.part.is_empty() {
            return;
        }
        let held = Held::by(kind.form(), value);
        for part in of.part.iter().filter(|part| held.may_meet(&part.needs)) {
            if self.test(part.line).is_some_and(|test| meets(test, value, part.regex(test))) {
                tell(part.line);
            }
        }
    }

    /// Whether the rule of this line looks at a whole folder or container.
    pub fn is_in_container(&self, line: LineId) -> bool {
        self.contents.rules.get(line.rule).is_some_and(|rule| rule.in_container)
    }

    /// The lines of the same clause, itself among them: it holds where all of them are met.
    pub fn beside(&self, line: LineId) -> impl Iterator<Item = LineId> {
        let rule = self.contents.rules.get(line.rule);
        let lines = rule.and_then(|rule| rule.when.get(line.clause)).map_or(0, |clause| clause.lines.len());
        (0..lines).map(move |at| LineId { line: at, ..line })
    }

    fn test(&self, at: LineId) -> Option<&Test> {
        let rule = self.contents.rules.get(at.rule)?;
        rule.when.get(at.clause)?.lines.get(at.line).map(|line| &line.test)
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::new(&self.contents.rules))
    }
}

/// For each kind of fact, the lines that ask about it.
#[derive(Debug)]
struct Index {
    kinds: Vec<OfKind>,
}

#[derive(Debug, Default)]
struct OfKind {
    whole: HashMap<String, Vec<LineId>>,
    part: Vec<Part>,
    of_artifact: Gate,
    of_component: Gate,
    waits: bool,
}

#[derive(Debug)]
struct Part {
    line: LineId,
    /// The clause asks about bytes too.
    has_bytes: bool,
    needs: Needs,
    regex: OnceLock<Option<Regex>>,
}

impl Part {
    fn regex(&self, test: &Test) -> Option<&Regex> {
        let Test::Regex(pattern) = test else { return None };
        self.regex.get_or_init(|| Regex::new(pattern).ok()).as_ref()
    }
}

impl Index {
    fn new(rules: &[Rule]) -> Self {
        let mut kinds: Vec<OfKind> = FactKind::ALL.iter().map(|_| OfKind::default()).collect();
        let mut alone = vec![false; kinds.len()];
        let mut whole: Vec<Vec<&Needs>> = vec![Vec::new(); kinds.len()];
        for (rule, body) in rules.iter().enumerate() {
            for (clause, lines) in body.when.iter().enumerate() {
                let has_bytes = !body.in_container && lines.lines.iter().any(|line| line.kind == FactKind::Content);
                for (line, of) in lines.lines.iter().enumerate() {
                    let id = LineId { rule, clause, line };
                    let stands_alone = body.in_container || !is_beside_a_telling_one(&lines.lines, line);
                    if let Some(alone) = alone.get_mut(of.kind as usize) {
                        *alone |= stands_alone;
                    }
                    let Some(kind) = kinds.get_mut(of.kind as usize) else { continue };
                    let Some(values) = of.test.whole_values() else {
                        kind.part.push(Part { line: id, has_bytes, needs: of.needs.clone(), regex: OnceLock::new() });
                        continue;
                    };
                    for value in values {
                        kind.whole.entry(value.clone()).or_default().push(id);
                    }
                    if let Some(whole) = whole.get_mut(of.kind as usize) {
                        whole.push(&of.needs);
                    }
                }
            }
        }
        for ((kind, alone), whole) in kinds.iter_mut().zip(alone).zip(whole) {
            kind.waits = !alone;
            kind.of_artifact = gate(kind.part.iter().map(|part| &part.needs).chain(whole.iter().copied()));
            let of_component = kind.part.iter().filter(|part| !part.has_bytes);
            kind.of_component = gate(of_component.map(|part| &part.needs).chain(whole));
        }
        Self { kinds }
    }
}

/// Whether a line says little by itself, and its clause has another of another kind that few values meet.
fn is_beside_a_telling_one(lines: &[Line], at: usize) -> bool {
    let tells = |line: &Line| line.needs.tells();
    let Some(own) = lines.get(at) else { return false };
    let other = |line: &Line| line.kind != own.kind && line.kind != FactKind::Content && tells(line);
    !tells(own) && lines.iter().any(other)
}
