//! `interdict regimes`: the law as a table, for a date.
use interdict_model::Instant;
use interdict_scan::catalog;
use serde_json::json;

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
        ("json", false) => print(&format!("{:#}", json!(rows)))?,
        ("table", true) => {
            let lines: Vec<_> =
                profiles.iter().map(|profile| format!("{:<28} {}", profile.name, profile.title)).collect();
            print(&lines.join("\n"))?;
        }
        ("table", false) => {
            let mut lines = vec![format!("The law as of {as_of}")];
            let mut regime = "";
            for row in &rows {
                if row.regime != regime {
                    lines.push(format!("\n{}  {} ({})", row.regime, row.title, row.citation));
                    regime = &row.regime;
                }
                let since = row.since.map_or_else(|| "always".to_owned(), Instant::date);
                let until = row.until.map_or_else(String::new, |until| format!(" until {}", until.date()));
                let state = if row.in_force { "in force" } else { "not in force" };
                let (provision, effect) = (&row.provision, row.effect.name());
                lines.push(format!("  {provision:<34} {effect:<11} since {since}{until}, {state}"));
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
