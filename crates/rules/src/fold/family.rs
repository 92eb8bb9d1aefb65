//! Which entities' matches on one thing belong to one finding.
use std::collections::BTreeMap;

use interdict_model::{Certainty, EntityId, Match, ProductClass, Relation, Technique};

use super::certainty::combined;
use crate::Pack;

/// The entity itself and everything it is part of, narrowest first.
pub(super) fn lineage(pack: &Pack, entity: &EntityId) -> Vec<EntityId> {
    let mut line = vec![entity.clone()];
    while let Some(parent) = line.last().and_then(|id| pack.entity(id)).and_then(|entity| entity.part_of.clone()) {
        if line.contains(&parent) {
            break;
        }
        line.push(parent);
    }
    line
}

/// Matches of wider entities join the narrower one that stands on its own; mentions join whatever flags.
pub(super) fn joined(mut groups: BTreeMap<EntityId, Vec<Match>>, pack: &Pack) -> BTreeMap<EntityId, Vec<Match>> {
    let ids: Vec<EntityId> = groups.keys().cloned().collect();
    for wide in &ids {
        let Some(host) = ids.iter().find(|narrow| takes(&groups, pack, narrow, wide)).cloned() else { continue };
        let moved = groups.remove(wide).unwrap_or_default();
        groups.entry(host).or_default().extend(moved);
    }
    groups
}

fn takes(groups: &BTreeMap<EntityId, Vec<Match>>, pack: &Pack, narrow: &EntityId, wide: &EntityId) -> bool {
    let (Some(own), Some(other)) = (groups.get(narrow), groups.get(wide)) else { return false };
    if narrow == wide || !flags(own) {
        return false;
    }
    let lines = (lineage(pack, narrow), lineage(pack, wide));
    if !flags(other) {
        // A mention or connection beside something of the same family that flags is a further word on it.
        return lines.0.last() == lines.1.last();
    }
    let is_wider = lines.0.iter().skip(1).any(|ancestor| ancestor == wide);
    is_wider && combined(own).1 >= Certainty::Probable && (!is_mild(pack, narrow) || by_document(other))
}

fn flags(matches: &[Match]) -> bool {
    !matches!(combined(matches).0, Relation::Connects | Relation::Mentions)
}

/// Classes that some regime exempts or does not cover.
fn is_mild(pack: &Pack, entity: &EntityId) -> bool {
    pack.entity(entity).is_some_and(|entity| {
        entity.false_friend
            || !matches!(
                entity.class,
                ProductClass::AntiVirus
                    | ProductClass::Endpoint
                    | ProductClass::OtherCybersecurity
                    | ProductClass::Undetermined
            )
    })
}

/// Known from what a document says of it alone: then the narrower name tells which product of the maker it is. The word
/// itself, which stands in the document too, says no more.
fn by_document(matches: &[Match]) -> bool {
    let flag = |one: &&Match| !matches!(one.relation, Relation::Connects | Relation::Mentions);
    matches
        .iter()
        .filter(flag)
        .all(|one| one.techniques.iter().all(|technique| *technique == Technique::ManifestAnalysis))
}
