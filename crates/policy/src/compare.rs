//! A report held against an earlier one: findings are known again by their evidence, not by where it lies.
use std::collections::{BTreeMap, BTreeSet};

use interdict_model::{
    Change, Comparison, Effect, EntityId, Finding, FindingId, Fingerprint, Gone, Locator, Relation, Report, State,
};

/// Holds a report against an earlier one.
///
/// A finding is known where the earlier report has its fingerprint; else where it has the same entity in the same place, under
/// the same name, or another in the same bytes. Each earlier finding stands for one later one at most, but for copies.
pub fn compare(old: &Report, new: &Report) -> Comparison {
    let known = Known::of(old);
    let mut pairs: BTreeMap<&FindingId, (State, &Finding)> = BTreeMap::new();
    let mut used: BTreeSet<&FindingId> = BTreeSet::new();
    for finding in &new.findings {
        let Some(same) = known.prints.get(&finding.fingerprint) else { continue };
        let here = same.iter().find(|earlier| earlier.on == finding.on);
        let fresh = || same.iter().find(|earlier| !used.contains(&earlier.id));
        let state = if here.is_some() { State::Unchanged } else { State::Moved };
        if let Some(earlier) = here.or_else(fresh).or_else(|| same.first()) {
            used.insert(&earlier.id);
            pairs.insert(&finding.id, (state, earlier));
        }
    }
    // What moved took the place of something: the first pass may have left others of its print.
    let present: BTreeSet<&Fingerprint> = new.findings.iter().map(|finding| &finding.fingerprint).collect();
    for likeness in [Likeness::Place, Likeness::Name, Likeness::Bytes] {
        let mut open: BTreeMap<_, Vec<&Finding>> = BTreeMap::new();
        let left = |earlier: &&Finding| !used.contains(&earlier.id) && !present.contains(&earlier.fingerprint);
        for earlier in old.findings.iter().rev().filter(left) {
            open.entry(likeness.of(earlier)).or_default().push(earlier);
        }
        for finding in new.findings.iter().filter(|finding| likeness.tells(finding)) {
            if pairs.contains_key(&finding.id) {
                continue;
            }
            if let Some(earlier) = open.get_mut(&likeness.of(finding)).and_then(Vec::pop) {
                used.insert(&earlier.id);
                pairs.insert(&finding.id, (State::Changed, earlier));
            }
        }
    }
    let (before, now) = (weights(old), weights(new));
    let stricter = |earlier: &Finding, finding: &Finding| {
        old.profile == new.profile && now.get(&finding.id) > before.get(&earlier.id)
    };
    let lost = Lost::of(old);
    let changes =
        new.findings.iter().map(|finding| change(&lost, finding, pairs.get(&finding.id), &stricter)).collect();
    let gone = gone(old, new, &used, &present);
    Comparison { as_of: old.as_of, packs: old.packs.clone(), outcome: None, changes, gone }
}

/// The earlier findings by fingerprint.
struct Known<'a> {
    prints: BTreeMap<&'a Fingerprint, Vec<&'a Finding>>,
}

impl<'a> Known<'a> {
    fn of(old: &'a Report) -> Self {
        let mut prints: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for finding in &old.findings {
            prints.entry(&finding.fingerprint).or_default().push(finding);
        }
        Self { prints }
    }
}

/// By what a finding with other evidence is taken for an earlier one.
#[derive(Clone, Copy)]
enum Likeness {
    Place,
    Name,
    Bytes,
}

impl Likeness {
    /// Equal for findings that are alike.
    fn of(self, finding: &Finding) -> (&str, &str) {
        let digest = finding.digest.as_ref().map_or("", |digest| digest.hex());
        match self {
            Self::Place => (finding.entity.as_str(), finding.on.as_str()),
            Self::Name => (finding.entity.as_str(), name(&finding.on)),
            Self::Bytes => ("", digest),
        }
    }

    fn tells(self, finding: &Finding) -> bool {
        match self {
            Self::Place => true,
            Self::Name => !name(&finding.on).is_empty(),
            Self::Bytes => finding.digest.is_some() && finding.on.fragment().is_none(),
        }
    }
}

/// What the thing is called, without its version and wherever it lies.
fn name(on: &Locator) -> &str {
    match on.fragment() {
        Some(component) => component.rsplit_once('@').map_or(component, |(name, _)| name),
        None => on.name(),
    }
}

/// What became of a finding, given its pair and whether the law is stricter with it now.
fn change(
    lost: &Lost<'_>,
    finding: &Finding,
    pair: Option<&(State, &Finding)>,
    stricter: &dyn Fn(&Finding, &Finding) -> bool,
) -> Change {
    let id = finding.id.clone();
    let Some((state, earlier)) = pair else {
        let back = lost.was(finding);
        let state = if back.is_some() { State::Reintroduced } else { State::New };
        return Change { finding: id, state, counts: true, was: back.map(|gone| gone.on.clone()) };
    };
    // A known thing that is more than it was: a name that became code, or, judged for the same profile, a milder verdict that
    // became a stricter one.
    let inside = |finding: &Finding| !matches!(finding.relation, Relation::Connects | Relation::Mentions);
    let heavier = (inside(finding) && !inside(earlier)) || stricter(earlier, finding);
    let same_weight = (earlier.relation, earlier.certainty) == (finding.relation, finding.certainty);
    let state = if *state == State::Unchanged && (heavier || !same_weight) { State::Changed } else { *state };
    let was = (earlier.on != finding.on).then(|| earlier.on.clone());
    Change { finding: id, state, counts: heavier, was }
}

/// The strongest that the law says of each finding. What takes nothing from a clear report weighs nothing.
fn weights(report: &Report) -> BTreeMap<&FindingId, Effect> {
    let mut weights = BTreeMap::new();
    for verdict in report.verdicts.iter().filter(|verdict| verdict.effect >= Effect::Advisory) {
        let strongest = weights.entry(&verdict.finding).or_insert(verdict.effect);
        *strongest = verdict.effect.max(*strongest);
    }
    weights
}

/// What earlier reports missed, by its print, and by what it is and is called; of several the first.
struct Lost<'a> {
    prints: BTreeMap<&'a Fingerprint, &'a Gone>,
    names: BTreeMap<(&'a EntityId, &'a str), &'a Gone>,
}

impl<'a> Lost<'a> {
    fn of(old: &'a Report) -> Self {
        let (mut prints, mut names) = (BTreeMap::new(), BTreeMap::new());
        for gone in old.comparison.iter().flat_map(|comparison| &comparison.gone) {
            prints.entry(&gone.fingerprint).or_insert(gone);
            names.entry((&gone.entity, name(&gone.on))).or_insert(gone);
        }
        Self { prints, names }
    }

    fn was(&self, finding: &Finding) -> Option<&'a Gone> {
        let by_name = || self.names.get(&(&finding.entity, name(&finding.on)));
        self.prints.get(&finding.fingerprint).or_else(by_name).copied()
    }
}

/// What was there and is not, and what earlier reports missed already and still do.
fn gone(old: &Report, new: &Report, used: &BTreeSet<&FindingId>, present: &BTreeSet<&Fingerprint>) -> Vec<Gone> {
    let here: BTreeSet<(&EntityId, &str)> =
        new.findings.iter().map(|finding| (&finding.entity, name(&finding.on))).collect();
    let lost = |finding: &&Finding| !used.contains(&finding.id) && !present.contains(&finding.fingerprint);
    let lost = old.findings.iter().filter(lost).map(|finding| Gone {
        on: finding.on.clone(),
        fingerprint: finding.fingerprint.clone(),
        entity: finding.entity.clone(),
        title: finding.title.to_string(),
        relation: finding.relation,
        product: finding.product.name.clone(),
        since: new.as_of,
    });
    let earlier = old.comparison.iter().flat_map(|comparison| &comparison.gone);
    let still = |gone: &&Gone| !present.contains(&gone.fingerprint) && !here.contains(&(&gone.entity, name(&gone.on)));
    let mut all: Vec<Gone> = lost.chain(earlier.filter(still).cloned()).collect();
    all.sort();
    all
}
