//! What a pack's author should mend although the pack compiles.
use std::collections::BTreeSet;

use interdict_model::{EntityId, Instant, OrganisationId};

use crate::pack::{Contents, Pack};
use crate::portrait::Portrait;
use crate::source::Meta;

/// Entities that nothing recognises and that are no wider name for one that is; and what the pack says of itself and cannot
/// be meant. `base` is what it is read beside.
pub fn lint(pack: &Pack, base: &Pack) -> Vec<String> {
    let contents = pack.contents();
    let mut faults: Vec<String> = contents.packs.iter().flat_map(|(meta, _)| of_itself(meta)).collect();
    let all = || [pack, base].into_iter().map(Pack::contents);
    let mut alive: BTreeSet<&EntityId> = all().flat_map(|of| of.rules.iter().map(|rule| &rule.identifies)).collect();
    let parents = all().flat_map(|of| of.entities.iter().filter_map(|entity| entity.part_of.as_ref()));
    alive.extend(parents);
    let dead = contents.entities.iter().filter(|entity| !alive.contains(&entity.id));
    faults.extend(portraits(contents));
    faults.extend(dead.map(|entity| format!("no rule identifies the entity `{}`, nor a part of it", entity.id)));
    faults
}

/// A family that is drawn is drawn whole: where one company or product of a maker has a period, or a maker has companies, each has; be it
/// that none is known.
fn portraits(contents: &Contents) -> Vec<String> {
    let is_drawn = |portrait: &Portrait| !portrait.period.is_empty() || portrait.part_of.is_some();
    let known = |id: &OrganisationId| contents.organisations_known.get(id);
    let root = |id: &OrganisationId| known(id).and_then(|known| known.part_of.clone()).unwrap_or_else(|| id.clone());
    let drawn_companies =
        contents.organisations_known.iter().filter(|(_, known)| is_drawn(known)).map(|(id, _)| root(id));
    let entities =
        || contents.entities.iter().filter_map(|entity| Some((entity, contents.entities_known.get(&entity.id)?)));
    let drawn_entities = entities().filter(|(_, known)| is_drawn(known)).map(|(entity, _)| root(&entity.made_by));
    let drawn: BTreeSet<OrganisationId> = drawn_companies.chain(drawn_entities).collect();
    let mut faults = Vec::new();
    for (id, known) in contents.organisations_known.iter().filter(|(id, _)| drawn.contains(&root(id))) {
        if known.period.is_empty() {
            faults.push(format!("the organisation `{id}` has no `period`; others of its family have"));
        }
        if known.part_of.is_some() && known.seat.is_empty() {
            faults.push(format!("the organisation `{id}` has no `seat`"));
        }
    }
    for (entity, known) in
        entities().filter(|(entity, _)| !entity.false_friend && drawn.contains(&root(&entity.made_by)))
    {
        if known.period.is_empty() {
            faults.push(format!("the entity `{}` has no `period`; others of its maker have", entity.id));
        }
    }
    faults
}

fn of_itself(meta: &Meta) -> Vec<String> {
    let mut faults = Vec::new();
    for (key, day) in [("issued", &meta.issued), ("expires", &meta.expires)] {
        let is_day = day.is_empty() || (day.len() == 10 && day.parse::<Instant>().is_ok());
        if !is_day {
            faults.push(format!("`{key}` of `{}` is `{day}`, no date such as 2026-12-31", meta.id));
        }
    }
    if !meta.issued.is_empty() && !meta.expires.is_empty() && meta.expires < meta.issued {
        faults.push(format!("`{}` expires before it is issued", meta.id));
    }
    faults
}
