//! The law as a table: every stretch of every provision, and one regime whole.
use interdict_model::Instant;
use interdict_scan::policy::{Regime, Regimes, Row, acts, roles, timeline};
use serde_json::{Value, json};

pub(super) fn all(regimes: &Regimes, as_of: Instant) -> (String, Value) {
    let rows = timeline(regimes, as_of);
    let mut lines = vec![format!("The law as of {as_of}")];
    let mut last = None;
    for row in &rows {
        if last != Some(&row.regime) {
            let title = regimes.get(&row.regime).map_or("", |regime| regime.title.as_str());
            lines.push(format!("\n{}  {title}", row.regime));
            last = Some(&row.regime);
        }
        lines.extend(told(row));
    }
    for none in regimes.none_found() {
        lines.push(format!("\n{}  no regime was found. {}", none.jurisdiction, none.note));
    }
    (lines.join("\n"), json!(rows.iter().map(as_json).collect::<Vec<_>>()))
}

/// One regime with everything that is known of it.
pub(super) fn one(regime: &Regime, as_of: Instant) -> (String, Value) {
    let mut lines = vec![
        format!("{}  {}", regime.id, regime.title),
        format!("  where      {} · {}", regime.jurisdiction, regime.authority),
        format!("  nature     {} · {}", regime.nature.name(), regime.status.name()),
        format!("  citation   {} (text known: {})", regime.citation, regime.text),
    ];
    for row in timeline(&only(regime), as_of) {
        lines.push(String::new());
        lines.extend(told(&row));
        lines.push(format!("            text known: {}", row.text));
        lines.push(format!("            binds: {}", words(row.binds.iter().map(|role| role.0.as_str()), roles())));
        if !row.acts.is_empty() {
            lines.push(format!("            acts: {}", words(row.acts.iter().map(|act| act.0.as_str()), acts())));
        }
    }
    for one in &regime.exemptions {
        let quote =
            if one.quote.trim().is_empty() { String::new() } else { format!(": \u{201c}{}\u{201d}", one.quote) };
        lines.push(format!("\n  exempt     {}{quote}", one.id));
        lines.push(format!("             {} (text known: {})", one.citation, one.text));
    }
    for clock in &regime.reporting {
        let until = clock.in_force.until.map_or_else(String::new, |until| format!(" until {}", until.date()));
        lines.push(format!(
            "  report     within {} business days, then {}; {}, since {}{until}",
            clock.first,
            clock.then,
            clock.under,
            clock.in_force.from.date()
        ));
    }
    for listed in &regime.listed {
        let place = listed.place.as_ref().map_or_else(String::new, |place| format!(", {place}"));
        lines.push(format!("  listed     {} ({}{place})", listed.name, listed.party.name()));
    }
    let penalties = regime.penalties.iter().map(|text| ("penalties", text));
    let notes = regime.notes.iter().map(|text| ("note", text));
    let confirm = regime.confirm.iter().map(|text| ("unverified", text));
    let sources = regime.sources.iter().map(|text| ("source", text));
    for (what, text) in penalties.chain(notes).chain(confirm).chain(sources) {
        lines.push(format!("  {what:<10} {text}"));
    }
    (lines.join("\n"), json!(regime))
}

fn only(regime: &Regime) -> Regimes {
    Regimes::from(vec![regime.clone()])
}

fn words<'a>(ids: impl Iterator<Item = &'a str>, known: &[(&'a str, &'a str)]) -> String {
    let told = ids.map(|id| known.iter().find(|(word, _)| *word == id).map_or(id, |(_, told)| told));
    told.collect::<Vec<_>>().join("; ")
}

fn told(row: &Row) -> [String; 2] {
    let (provision, effect, state) = (&row.provision, row.effect.name(), row.state.name());
    let since = row.since.map_or_else(|| "always".to_owned(), Instant::date);
    let until = row.until.map_or_else(String::new, |until| format!(" until {}", until.date()));
    [
        format!("  {state:<9} {effect:<11} since {since}{until}  {provision}: {}", row.title),
        format!("            {}", row.citation),
    ]
}

fn as_json(row: &Row) -> Value {
    json!({
        "regime": row.regime,
        "jurisdiction": row.jurisdiction,
        "provision": row.provision,
        "title": row.title,
        "effect": row.effect,
        "since": row.since,
        "until": row.until,
        "state": row.state.name(),
        "binds": row.binds,
        "acts": row.acts,
        "citation": row.citation,
        "text": row.text,
    })
}
