//! `interdict regimes`: the law as a table, a time line, a matrix, and what changes between two days.
mod chart;
mod history;
mod profiles;
mod table;

use interdict_model::RegimeId;
use interdict_scan::{catalog, policy};
use serde_json::Value;

use crate::args::{Regimes, RegimesCommand};
use crate::knowledge;
use crate::outputs::print;
use crate::status::{Fault, Status};
use crate::whom::{as_of, places};

pub(crate) fn run(args: &Regimes) -> Result<Status, Fault> {
    if let Some(RegimesCommand::Diff { from, to, output }) = &args.command {
        let changes = history::diff(catalog::regimes(), as_of(Some(from))?, as_of(Some(to))?);
        return answer(output, &changes.0, &changes.1);
    }
    let as_of = as_of(args.as_of.as_deref())?;
    let own = knowledge::load(&args.knowledge)?;
    let (law, people) = (own.regimes(), own.profiles());
    let regimes = law.within(&places(&args.places, law)?);
    let (text, value) = if let Some(id) = &args.show {
        let regime = law.get(&RegimeId::from(id.as_str())).ok_or_else(|| unknown(id, law))?;
        table::one(regime, as_of)
    } else if args.profiles {
        profiles::all(people)
    } else if args.matrix {
        chart::matrix(&regimes, people, as_of)
    } else if args.timeline {
        history::timeline(&regimes, as_of)
    } else {
        table::all(&regimes, as_of)
    };
    answer(&args.output, &text, &value)
}

fn unknown(id: &str, law: &policy::Regimes) -> Fault {
    let near: Vec<_> = law.all().iter().map(|regime| regime.id.as_str()).filter(|known| known.contains(id)).collect();
    let hint = if near.is_empty() { "interdict regimes lists them".to_owned() } else { near.join(", ") };
    Fault::new(Status::Usage, format!("no regime is called `{id}`")).hint(hint)
}

fn answer(output: &str, text: &str, value: &Value) -> Result<Status, Fault> {
    match output {
        "table" => print(text.trim_end())?,
        "json" => print(&format!("{value:#}"))?,
        other => {
            return Err(
                Fault::new(Status::Usage, format!("unknown output format `{other}`")).hint("known: table, json")
            );
        }
    }
    Ok(Status::Clear)
}
