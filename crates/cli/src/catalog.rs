//! `interdict catalog`: the built-in knowledge, and checking a pack of one's own.
mod compared;
mod trial;

use std::path::PathBuf;

use interdict_model::{EntityId, RuleId};
use interdict_scan::catalog::{self, Knowledge, further};
use interdict_scan::rules::{self, Rule};
use serde_json::{Value, json};

use crate::args::{Catalog, CatalogCommand, Packs};
use crate::knowledge::{self, text};
use crate::outputs::print;
use crate::signed;
use crate::status::{Fault, Status};

pub(crate) fn run(args: &Catalog) -> Result<Status, Fault> {
    match &args.command {
        CatalogCommand::List { output, knowledge } => list(output, knowledge),
        CatalogCommand::Packs => packs(),
        CatalogCommand::Show { id } => show(id),
        CatalogCommand::Lint { files } => lint(files),
        CatalogCommand::Test { corpus, output, knowledge } => trial::run(corpus, output, knowledge),
        CatalogCommand::Export { name } => export(name),
        CatalogCommand::Diff { old, new, output } => compared::run(old, new, output),
        CatalogCommand::Keygen { file } => signed::keygen(file),
        CatalogCommand::Sign { file, key } => signed::sign(file, key),
        CatalogCommand::Verify { file, keys } => signed::verify(file, keys),
    }
}

fn list(output: &str, asked: &Packs) -> Result<Status, Fault> {
    let own = knowledge::load(asked)?;
    let pack = own.pack();
    let contents = pack.contents();
    match output {
        "json" => print(&format!(
            "{:#}",
            json!({
                "packs": pack.ids(),
                "organisations": contents.organisations,
                "organisations-known": contents.organisations_known,
                "entities": contents.entities,
                "entities-known": contents.entities_known,
                "rules": contents.rules,
            })
        ))?,
        "table" => {
            let mut text = String::new();
            for rule in &contents.rules {
                let line = format!(
                    "{:<52} {:<9} {:<9} {}\n",
                    rule.id.as_str(),
                    rule.relation.name(),
                    rule.certainty.name(),
                    rule.source
                );
                text.push_str(&line);
            }
            let (rules, entities) = (contents.rules.len(), contents.entities.len());
            print(&format!("{text}\n{rules} rules, {entities} entities, {} needles", contents.needles.len()))?;
        }
        other => {
            return Err(
                Fault::new(Status::Usage, format!("unknown output format `{other}`")).hint("known: table, json")
            );
        }
    }
    Ok(Status::Clear)
}

fn show(id: &str) -> Result<Status, Fault> {
    let pack = catalog::pack();
    let rules: Vec<&Rule> = match pack.rule(&RuleId::from(id)) {
        Some(rule) => vec![rule],
        None => pack.contents().rules.iter().filter(|rule| rule.identifies.as_str() == id).collect(),
    };
    let entity = rules.first().map_or_else(|| EntityId::from(id), |rule| rule.identifies.clone());
    if let Some(organisation) =
        pack.contents().organisations.iter().find(|known| known.id.as_str() == id && pack.entity(&entity).is_none())
    {
        let known = pack.contents().organisations_known.get(&organisation.id);
        print(&format!("{:#}", json!({ "organisation": organisation, "known": known })))?;
        return Ok(Status::Clear);
    }
    let Some(entity) = pack.entity(&entity) else {
        let near: Vec<_> = pack
            .contents()
            .entities
            .iter()
            .map(|entity| entity.id.as_str())
            .filter(|known| known.contains(id))
            .collect();
        return Err(Fault::new(Status::Usage, format!("no rule or entity is called `{id}`"))
            .hint(if near.is_empty() { "interdict catalog list".to_owned() } else { near.join(", ") }));
    };
    let contents = pack.contents();
    let maker = contents.organisations.iter().find(|organisation| organisation.id == entity.made_by);
    let companies: Vec<_> = contents
        .organisations_known
        .iter()
        .filter(|(id, known)| **id == entity.made_by || known.part_of.as_ref() == Some(&entity.made_by))
        .map(|(id, known)| json!({ "id": id, "known": known }))
        .collect();
    let known = contents.entities_known.get(&entity.id);
    let rules: Vec<Value> = rules.into_iter().map(as_written).collect();
    print(&format!(
        "{:#}",
        json!({ "entity": entity, "known": known, "maker": maker, "companies": companies, "rules": rules })
    ))?;
    Ok(Status::Clear)
}

/// A rule without what was worked out from it.
fn as_written(rule: &Rule) -> Value {
    let mut rule = serde_json::to_value(rule).unwrap_or_default();
    let clauses = rule.get_mut("when").and_then(Value::as_array_mut).into_iter().flatten();
    let lines = clauses.filter_map(|clause| clause.get_mut("lines").and_then(Value::as_array_mut)).flatten();
    for line in lines.filter_map(Value::as_object_mut) {
        line.remove("needs");
    }
    rule
}

fn packs() -> Result<Status, Fault> {
    for pack in further() {
        print(&format!("{:<24} {}", pack.name, pack.title()))?;
    }
    Ok(Status::Clear)
}

fn export(name: &str) -> Result<Status, Fault> {
    let pack = knowledge::off_by_default(name)?;
    print(pack.text.trim_end())?;
    Ok(Status::Clear)
}

fn lint(files: &[PathBuf]) -> Result<Status, Fault> {
    let mut known = Knowledge::built_in();
    let mut told = Vec::new();
    for file in files {
        let name = file.display().to_string();
        let own = Knowledge::compile(&name, &text(file)?, &known)
            .map_err(|errors| Fault::new(Status::Pack, format!("the pack is invalid\n{}", errors.join("\n"))))?;
        for (meta, _) in &own.pack.contents().packs {
            knowledge::timely(&name, meta)?;
        }
        let faults = rules::lint(&own.pack, &known.pack);
        if !faults.is_empty() {
            let lines: Vec<String> = faults.iter().map(|fault| format!("{name}: {fault}")).collect();
            return Err(Fault::new(
                Status::Pack,
                format!("the pack is valid, and not as it should be\n{}", lines.join("\n")),
            ));
        }
        let contents = own.pack.contents();
        let (rules, entities, regimes) = (contents.rules.len(), contents.entities.len(), own.regimes.all().len());
        told.push(format!("{name}: {rules} rules, {entities} entities, {regimes} regimes: valid"));
        known = known.with(own);
    }
    print(&told.join("\n"))?;
    Ok(Status::Clear)
}
