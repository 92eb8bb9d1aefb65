//! What a pack's author should mend although the pack compiles.
use std::collections::BTreeSet;

use interdict_model::{EntityId, Instant};

use crate::pack::Pack;
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
    faults.extend(dead.map(|entity| format!("no rule identifies the entity `{}`, nor a part of it", entity.id)));
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
