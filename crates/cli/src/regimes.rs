//! `interdict regimes`: the law as a table, for a date.
use interdict_model::Instant;
use interdict_scan::catalog;
use interdict_scan::policy::Row;
use serde_json::{Value, json};

use crate::args::Regimes;
use crate::catalog::print;
use crate::scan::as_of;
use crate::status::{Fault, Status};

pub(crate) fn run(args: &Regimes) -> Result<Status, Fault> {
    let as_of = as_of(args.as_of.as_deref())?;
    let rows = interdict_scan::policy::timeline(catalog::regimes(), as_of);
    let profiles = catalog::profiles();
    match (args.output.as_str(), args.profiles) {
        ("json", true) => print(&format!("{:#}", json!(profiles)))?,
        ("json", false) => print(&format!("{:#}", json!(rows.iter().map(as_json).collect::<Vec<_>>())))?,
        ("table", true) => {
            let lines: Vec<_> =
                profiles.iter().map(|profile| format!("{:<28} {}", profile.name, profile.title)).collect();
            print(&lines.join("\n"))?;
        }
        ("table", false) => {
            let mut lines = vec![format!("The law as of {as_of}")];
            let mut last = None;
            for row in &rows {
                if last != Some(&row.regime) {
                    let title = catalog::regimes().get(&row.regime).map_or("", |regime| regime.title.as_str());
                    lines.push(format!("\n{}  {title}", row.regime));
                    last = Some(&row.regime);
                }
                let (provision, effect, state) = (&row.provision, row.effect.name(), row.state.name());
                let since = row.since.map_or_else(|| "always".to_owned(), Instant::date);
                let until = row.until.map_or_else(String::new, |until| format!(" until {}", until.date()));
                lines.push(format!("  {state:<9} {effect:<11} since {since}{until}  {provision}: {}", row.title));
                lines.push(format!("            {}", row.citation));
            }
            print(&lines.join("\n"))?;
        }
        (other, _) => {
            return Err(
                Fault::new(Status::Usage, format!("unknown output format `{other}`")).hint("known: table, json")
            );
        }
    }
    Ok(Status::Clear)
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
