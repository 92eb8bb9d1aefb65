//! `interdict catalog`: the built-in knowledge, and checking a pack of one's own.
#![expect(clippy::disallowed_methods, reason = "the roof reads the user's packs (invariant 2)")]
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use interdict_model::{EntityId, RuleId};
use interdict_scan::catalog;
use interdict_scan::rules::{Pack, Rule, SourceFile};
use serde_json::json;

use crate::args::{Catalog, CatalogCommand};
use crate::scan::packs;
use crate::status::{Fault, Status};

pub(crate) fn run(args: &Catalog) -> Result<Status, Fault> {
    match &args.command {
        CatalogCommand::List { output, packs } => list(output, packs),
        CatalogCommand::Show { id } => show(id),
        CatalogCommand::Lint { files } => lint(files),
    }
}

fn list(output: &str, files: &[PathBuf]) -> Result<Status, Fault> {
    let own = packs(files)?;
    let pack = own.as_ref().unwrap_or_else(|| catalog::pack());
    let contents = pack.contents();
    match output {
        "json" => print(&format!(
            "{:#}",
            json!({ "packs": pack.ids(), "entities": contents.entities, "rules": contents.rules })
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
    print(&format!("{:#}", json!({ "entity": entity, "rules": rules })))?;
    Ok(Status::Clear)
}

fn lint(files: &[PathBuf]) -> Result<Status, Fault> {
    let texts =
        files.iter().map(|file| Ok((file.display().to_string(), read(file)?))).collect::<Result<Vec<_>, Fault>>()?;
    let sources: Vec<_> = texts.iter().map(|(name, text)| SourceFile { name, text }).collect();
    match Pack::compile(&sources) {
        Ok(pack) => print(&format!(
            "{} rules, {} entities: valid",
            pack.contents().rules.len(),
            pack.contents().entities.len()
        ))?,
        Err(errors) => {
            let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
            return Err(Fault::new(Status::Pack, format!("the pack is invalid\n{}", lines.join("\n"))));
        }
    }
    Ok(Status::Clear)
}

fn read(file: &Path) -> Result<String, Fault> {
    std::fs::read_to_string(file)
        .map_err(|error| Fault::new(Status::Pack, format!("could not read the pack `{}`: {error}", file.display())))
}

/// A text and a line's end to standard output.
pub(crate) fn print(text: &str) -> Result<(), Fault> {
    writeln!(io::stdout().lock(), "{text}")
        .map_err(|error| Fault::new(Status::Unwritten, format!("could not write to standard output: {error}")))
}
