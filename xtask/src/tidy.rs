//! `tidy`: the walls of the house, each checked by one small function.
mod arrows;
mod homes;
mod registries;
mod shapes;
mod words;

use std::fmt;

use cargo_metadata::{Metadata, MetadataCommand};

use crate::run;
use crate::tree::Tree;

/// One wall that does not hold: where, what, and what to do.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    at: String,
    what: String,
    hint: &'static str,
}

impl Fault {
    fn new(at: impl Into<String>, what: impl Into<String>, hint: &'static str) -> Self {
        Self { at: at.into(), what: what.into(), hint }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n  hint: {}", self.at, self.what, self.hint)
    }
}

/// What a check may look at.
struct House {
    tree: Tree,
    packages: Vec<Package>,
}

/// A workspace member and what it asks for.
struct Package {
    name: String,
    asks: Vec<Ask>,
}

/// A dependency as a manifest names it.
struct Ask {
    name: String,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Normal,
    Build,
    Dev,
}

type Check = (&'static str, fn(&House) -> Vec<Fault>);

const CHECKS: &[Check] = &[
    ("arrows", |house| arrows::check(&house.packages)),
    ("homes", |house| homes::check(house.tree.text("Cargo.toml").unwrap_or_default(), &house.packages)),
    ("shapes", |house| shapes::check(&house.tree)),
    ("registries", |house| registries::check(&house.tree)),
    ("words", |house| words::check(&house.tree)),
];

pub(crate) fn run(words: &[String]) -> Result<(), String> {
    if !words.is_empty() {
        return Err("usage: cargo xtask tidy".to_owned());
    }
    let root = run::root();
    let metadata = MetadataCommand::new().current_dir(&root).no_deps().exec().map_err(|error| error.to_string())?;
    let house = House { tree: Tree::read(&root)?, packages: packages(&metadata) };
    let mut count = 0;
    for (name, check) in CHECKS {
        let faults = check(&house);
        println!(
            "tidy {name}: {}",
            if faults.is_empty() { "ok".to_owned() } else { format!("{} wrong", faults.len()) }
        );
        for fault in &faults {
            println!("{fault}");
        }
        count += faults.len();
    }
    if count == 0 { Ok(()) } else { Err(format!("tidy: {count} wrong")) }
}

fn packages(metadata: &Metadata) -> Vec<Package> {
    let ask = |dependency: &cargo_metadata::Dependency| Ask {
        name: dependency.name.clone(),
        kind: match dependency.kind {
            cargo_metadata::DependencyKind::Development => Kind::Dev,
            cargo_metadata::DependencyKind::Build => Kind::Build,
            _ => Kind::Normal,
        },
    };
    let package = |package: &&cargo_metadata::Package| Package {
        name: package.name.to_string(),
        asks: package.dependencies.iter().map(ask).collect(),
    };
    metadata.workspace_packages().iter().map(package).collect()
}
