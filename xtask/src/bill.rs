//! `sbom`: the tool's own bill of materials, from what cargo resolves for the binary that ships.
use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, MetadataCommand, Package, PackageId};
use serde_json::{Value, json};

use crate::run;

/// What ships.
const BINARY: &str = "interdict-cli";

pub(crate) fn run(words: &[String]) -> Result<(), String> {
    let [file] = words else { return Err("usage: cargo xtask sbom FILE".to_owned()) };
    let file = written(file)?;
    println!("sbom: {file}");
    Ok(())
}

/// Writes it, and says where.
pub(crate) fn written(file: &str) -> Result<String, String> {
    let text = serde_json::to_string_pretty(&bill()?).map_err(|error| error.to_string())? + "\n";
    std::fs::write(run::root().join(file), text).map_err(|error| format!("{file}: {error}"))?;
    Ok(file.to_owned())
}

/// `CycloneDX` 1.6: what the binary is built from, by its own code and by nothing that only builds or tests it.
fn bill() -> Result<Value, String> {
    let mut command = MetadataCommand::new();
    command.current_dir(run::root()).other_options(vec!["--locked".to_owned()]);
    let metadata = command.exec().map_err(|error| error.to_string())?;
    let resolve = metadata.resolve.as_ref().ok_or("cargo resolves nothing")?;
    let packages: BTreeMap<&PackageId, &Package> = metadata.packages.iter().map(|one| (&one.id, one)).collect();
    let needs: BTreeMap<&PackageId, Vec<&PackageId>> = resolve
        .nodes
        .iter()
        .map(|node| {
            let is_linked =
                |kinds: &[cargo_metadata::DepKindInfo]| kinds.iter().any(|one| one.kind == DependencyKind::Normal);
            (&node.id, node.deps.iter().filter(|dep| is_linked(&dep.dep_kinds)).map(|dep| &dep.pkg).collect())
        })
        .collect();
    let root = metadata.packages.iter().find(|one| one.name.as_str() == BINARY).ok_or("no binary")?;
    let (mut seen, mut open) = (BTreeSet::from([&root.id]), vec![&root.id]);
    while let Some(id) = open.pop() {
        let further = needs.get(id).into_iter().flatten().copied();
        open.extend(further.filter(|id| seen.insert(id)).collect::<Vec<_>>());
    }
    let components: Vec<Value> = seen
        .iter()
        .filter(|id| **id != &root.id)
        .filter_map(|id| packages.get(*id))
        .map(|one| component(one))
        .collect();
    let purls = |ids: &[&PackageId]| -> Vec<String> {
        ids.iter().filter_map(|id| packages.get(*id)).map(|one| purl(one)).collect()
    };
    let dependencies: Vec<Value> = seen
        .iter()
        .filter_map(|id| Some(json!({ "ref": purl(packages.get(*id)?), "dependsOn": purls(needs.get(*id)?) })))
        .collect();
    Ok(json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": { "component": component(root), "tools": { "components": [{ "type": "application", "name": "cargo xtask sbom" }] } },
        "components": components,
        "dependencies": dependencies,
    }))
}

fn component(package: &Package) -> Value {
    let mut component = json!({
        "type": if package.name.as_str() == BINARY { "application" } else { "library" },
        "bom-ref": purl(package),
        "name": package.name.as_str(),
        "version": package.version.to_string(),
        "purl": purl(package),
    });
    let supplier = package.authors.first().map(|author| json!({ "name": author }));
    let licences = package.license.as_ref().map(|licence| json!([{ "expression": licence.replace('/', " OR ") }]));
    for (key, value) in [("supplier", supplier), ("licenses", licences)] {
        if let (Some(value), Some(component)) = (value, component.as_object_mut()) {
            component.insert(key.to_owned(), value);
        }
    }
    component
}

fn purl(package: &Package) -> String {
    format!("pkg:cargo/{}@{}", package.name, package.version.to_string().replace('+', "%2B"))
}
