//! From lines met to matches: a clause holds when each of its lines is met on the same thing.
use std::collections::{BTreeMap, BTreeSet};

use interdict_model::{Locator, Match, Observation};
use serde::{Deserialize, Serialize};

use crate::Pack;
use crate::pack::LineId;
use crate::rule::{Clause, Rule};

/// A fact met a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Met {
    /// Which line.
    pub line: LineId,
    /// The fact, with its place.
    pub seen: Observation,
}

/// Observations kept as proof of one match; more of the same kind prove no more.
const PROOF: usize = 32;

impl Pack {
    /// The matches on single things: lines that different things met do not add up.
    pub fn conclude(&self, met: &[Met]) -> Vec<Match> {
        let mut things: BTreeMap<&Locator, Vec<&Met>> = BTreeMap::new();
        for one in met {
            if !self.is_in_container(one.line) {
                things.entry(&one.seen.on).or_default().push(one);
            }
        }
        things.into_iter().flat_map(|(on, met)| self.matches(on, &met)).collect()
    }

    /// The matches of container rules over everything met inside one folder or container.
    pub fn conclude_within(&self, container: &Locator, met: &[&Met]) -> Vec<Match> {
        let met: Vec<&Met> = met.iter().copied().filter(|one| self.is_in_container(one.line)).collect();
        self.matches(container, &met)
    }

    fn matches(&self, on: &Locator, met: &[&Met]) -> Vec<Match> {
        let mut by_rule: BTreeMap<usize, Vec<&Met>> = BTreeMap::new();
        for one in met {
            by_rule.entry(one.line.rule).or_default().push(one);
        }
        let rules = by_rule.into_iter().filter_map(|(index, met)| Some((self.contents().rules.get(index)?, met)));
        rules.filter_map(|(rule, met)| match_of(rule, on, &met)).collect()
    }
}

fn match_of(rule: &Rule, on: &Locator, met: &[&Met]) -> Option<Match> {
    let mut proof: BTreeSet<&Observation> = BTreeSet::new();
    for (index, clause) in rule.when.iter().enumerate() {
        let met: Vec<&Met> = met.iter().copied().filter(|one| one.line.clause == index).collect();
        if holds(clause, &met) {
            proof.extend(met.iter().map(|one| &one.seen));
        }
    }
    if proof.is_empty() {
        return None;
    }
    let techniques: BTreeSet<_> = proof.iter().map(|seen| seen.fact.kind.technique()).collect();
    Some(Match {
        rule: rule.id.clone(),
        entity: rule.identifies.clone(),
        relation: rule.relation,
        on: on.clone(),
        certainty: rule.certainty,
        because: rule.because.clone(),
        techniques: techniques.into_iter().collect(),
        proof: proof.into_iter().take(PROOF).cloned().collect(),
        excerpts: Vec::new(),
    })
}

fn holds(clause: &Clause, met: &[&Met]) -> bool {
    clause.lines.iter().enumerate().all(|(index, line)| {
        let values: BTreeSet<&str> =
            met.iter().filter(|one| one.line.line == index).map(|one| one.seen.fact.value.as_str()).collect();
        values.len() >= line.test.needed()
    })
}
