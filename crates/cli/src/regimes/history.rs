//! The law in time: what begins and ends when, and what is otherwise on a later day.
use interdict_model::Instant;
use interdict_scan::policy::{Regimes, Stand, State, changes, timeline as stretches};
use serde_json::{Value, json};

/// Every beginning and end, in order, with a mark where the day lies.
pub(super) fn timeline(regimes: &Regimes, as_of: Instant) -> (String, Value) {
    let mut events = Vec::new();
    for row in stretches(regimes, as_of) {
        let is_proposed = row.state == State::Proposed || is_only_proposed(regimes, &row.regime);
        let begins = if is_proposed { "proposed" } else { "begins" };
        let what = format!("{} {}: {}", row.regime, row.provision, row.title);
        events.extend(row.since.map(|at| (at, begins, row.effect.name(), what.clone())));
        events.extend(row.until.map(|at| (at, "ends", row.effect.name(), what)));
    }
    events.sort();
    let mut lines = vec!["The law in time (instants are UTC)".to_owned()];
    let today = format!("{as_of}  \u{2500}\u{2500} the day asked for \u{2500}\u{2500}");
    let mut is_marked = false;
    for (at, turn, effect, what) in &events {
        if *at > as_of && !is_marked {
            lines.push(today.clone());
            is_marked = true;
        }
        lines.push(format!("{at}  {turn:<8}  {effect:<11}  {what}"));
    }
    if !is_marked {
        lines.push(today);
    }
    let value =
        events.iter().map(|(at, turn, effect, what)| json!({ "at": at, "turn": turn, "effect": effect, "what": what }));
    let value = json!(value.collect::<Vec<_>>());
    (lines.join("\n"), value)
}

fn is_only_proposed(regimes: &Regimes, id: &interdict_model::RegimeId) -> bool {
    regimes.get(id).is_some_and(|regime| regime.status == interdict_scan::policy::Status::Proposed)
}

/// What is otherwise on the later day.
pub(super) fn diff(regimes: &Regimes, from: Instant, to: Instant) -> (String, Value) {
    let changes = changes(regimes, from, to);
    let mut lines = vec![format!("What changes from {from} to {to}")];
    if changes.is_empty() {
        lines.push("\nNothing.".to_owned());
    }
    let mut last = None;
    for change in &changes {
        if last != Some(&change.regime) {
            let title = regimes.get(&change.regime).map_or("", |regime| regime.title.as_str());
            lines.push(format!("\n{}  {title}", change.regime));
            last = Some(&change.regime);
        }
        let (before, after) = (told(change.before), told(change.after));
        lines.push(format!("  {:<11} {}: {}", change.effect.name(), change.provision, change.title));
        lines.push(format!("              {before} \u{2192} {after}"));
    }
    let value = changes.iter().map(|change| {
        json!({
            "regime": change.regime,
            "jurisdiction": change.jurisdiction,
            "provision": change.provision,
            "title": change.title,
            "effect": change.effect,
            "before": as_json(change.before),
            "after": as_json(change.after),
            "citation": change.citation,
        })
    });
    let value = json!({ "from": from, "to": to, "changes": value.collect::<Vec<_>>() });
    (lines.join("\n"), value)
}

fn told(stand: Stand) -> String {
    match stand {
        Stand::Unheard => "not even proposed".to_owned(),
        Stand::Proposed(at) => format!("proposed on {}", at.date()),
        Stand::Begins(at) => format!("begins {at}"),
        Stand::InForce(at) => format!("in force since {at}"),
        Stand::Suspended(at) => format!("suspended until {at}"),
        Stand::Ended(at) => format!("ended {at}"),
    }
}

fn as_json(stand: Stand) -> Value {
    json!({ "state": stand.name(), "at": stand.instant() })
}
