//! The demo's binaries are what their recipes make.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test walks the repository")]
use std::path::{Path, PathBuf};

use interdict_testkit::{Built, committed};

#[test]
fn every_binary_is_what_its_recipe_makes() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let recipes = recipes(&fixtures.join("demo-recipes"));
    assert!(recipes.len() > 5, "{recipes:?}");
    let pairs = recipes.into_iter().map(|recipe| {
        let beside = recipe.strip_prefix(fixtures.join("demo-recipes")).unwrap().with_extension("");
        Built { recipe, file: fixtures.join("demo").join(beside) }
    });
    committed(&pairs.collect::<Vec<_>>());
}

fn recipes(folder: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(recipes(&path));
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            out.push(path);
        }
    }
    out.sort();
    out
}
