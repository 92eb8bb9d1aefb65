//! What one pack has that another has not: rules, entities and regimes that came, went or changed.
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use interdict_scan::catalog::Knowledge;
use serde::Serialize;
use serde_json::{Value, json};

use crate::knowledge::text;
use crate::outputs::print;
use crate::status::{Fault, Status};

/// The name under which the built-in pack is compared.
const BUILT_IN: &str = "built-in";

pub(super) fn run(old: &Path, new: &Path, output: &str) -> Result<Status, Fault> {
    let (old, new) = (listed(&read(old)?), listed(&read(new)?));
    let mut changes: Vec<(&str, &str)> = Vec::new();
    for (id, value) in &new {
        match old.get(id) {
            None => changes.push(("new", id)),
            Some(before) if before != value => changes.push(("changed", id)),
            Some(_) => {}
        }
    }
    changes.extend(old.keys().filter(|id| !new.contains_key(*id)).map(|id| ("gone", id.as_str())));
    changes.sort_by_key(|(_, id)| *id);
    match output {
        "json" => {
            let list: Vec<Value> = changes.iter().map(|(what, id)| json!({ "change": what, "id": id })).collect();
            print(&format!("{:#}", Value::from(list)))?;
        }
        "table" if changes.is_empty() => print("the same")?,
        "table" => {
            let mut lines = String::new();
            for (what, id) in &changes {
                let _ = writeln!(lines, "{what:<8} {id}");
            }
            print(lines.trim_end())?;
        }
        other => {
            return Err(
                Fault::new(Status::Usage, format!("unknown output format `{other}`")).hint("known: table, json")
            );
        }
    }
    Ok(Status::Clear)
}

fn read(file: &Path) -> Result<Knowledge, Fault> {
    if file.as_os_str() == BUILT_IN {
        return Ok(Knowledge::built_in());
    }
    Knowledge::compile(&file.display().to_string(), &text(file)?, &Knowledge::built_in())
        .map_err(|errors| Fault::new(Status::Pack, format!("the pack is invalid\n{}", errors.join("\n"))))
}

/// Everything in it by kind and id, as text that can be compared.
fn listed(of: &Knowledge) -> BTreeMap<String, String> {
    let contents = of.pack.contents();
    let spelled = |value: &dyn erased::Spell| value.spelled();
    let mut all = BTreeMap::new();
    all.extend(contents.organisations.iter().map(|one| (format!("organisation {}", one.id), spelled(one))));
    all.extend(contents.entities.iter().map(|one| (format!("entity {}", one.id), spelled(one))));
    all.extend(contents.rules.iter().map(|one| (format!("rule {}", one.id), spelled(one))));
    all.extend(of.regimes.all().iter().map(|one| (format!("regime {}", one.id), spelled(one))));
    all
}

/// Values of several types as text.
mod erased {
    use super::Serialize;

    pub(super) trait Spell {
        fn spelled(&self) -> String;
    }

    impl<T: Serialize> Spell for T {
        fn spelled(&self) -> String {
            serde_json::to_string(self).unwrap_or_default()
        }
    }
}
