//! Gradle: lock files, version catalogues, and dependencies written as `group:name:version` in build scripts.
use interdict_model::Scope;

use super::list::{List, Package, exact};
use super::tree::Tree;

/// `group:name:version=configuration,configuration`.
pub(super) fn lock(text: &str, list: &mut List) {
    for (index, line) in text.lines().enumerate() {
        let (module, paths) = line.trim().split_once('=').unwrap_or_default();
        let parts: Vec<&str> = module.split(':').collect();
        if let ([group, name, version], false) = (parts.as_slice(), module.starts_with('#')) {
            let is_test = !paths.is_empty() && paths.split(',').all(|path| path.to_ascii_lowercase().contains("test"));
            let scope = if is_test { Scope::Test } else { Scope::Required };
            let at = format!("line {}", index + 1);
            list.push(Package::new("maven", &format!("{group}/{name}"), version, at).scoped(scope));
        }
    }
}

/// Every quoted `group:name:version` behind the name of a configuration.
pub(super) fn script(text: &str, list: &mut List) {
    for (index, line) in text.lines().enumerate() {
        let mut scope = None;
        // Every second part stands between quotes.
        for (part, text) in line.split(['"', '\'']).enumerate() {
            if part % 2 == 0 {
                // A comment, and no URL: those stand between quotes.
                if text.contains("//") {
                    break;
                }
                let words = text.split(|c: char| !c.is_ascii_alphanumeric());
                scope = words.rev().find_map(configuration).or(scope);
            } else if let (Some(scope), Some((name, version))) = (scope, module(text)) {
                list.push(Package::new("maven", &name, exact(version), format!("line {}", index + 1)).scoped(scope));
            }
        }
        // `group: 'a', name: 'b', version: 'c'`, or with `=`.
        let named = |key: &str| {
            let (_, rest) = line.split_once(key)?;
            let rest = rest.trim_start().strip_prefix([':', '='])?.trim_start();
            rest.strip_prefix(['"', '\''])?.split(['"', '\'']).next()
        };
        if let (Some(scope), Some(group), Some(name)) = (scope, named("group"), named("name")) {
            let version = exact(named("version").unwrap_or_default());
            let at = format!("line {}", index + 1);
            list.push(Package::new("maven", &format!("{group}/{name}"), version, at).scoped(scope));
        }
    }
}

/// `group:name:version@type` as name and version.
fn module(text: &str) -> Option<(String, &str)> {
    let mut fields = text.split(':');
    let (group, name) = (fields.next()?, fields.next()?);
    let is_sign = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    let is_name = |text: &str| !text.is_empty() && text.chars().all(is_sign);
    let version = fields.next().unwrap_or_default().split('@').next().unwrap_or_default();
    (is_name(group) && is_name(name)).then(|| (format!("{group}/{name}"), version))
}

/// What a configuration's name says of the scope; `None` for what is none.
fn configuration(word: &str) -> Option<Scope> {
    const ENDS: [&str; 10] = [
        "implementation",
        "api",
        "compile",
        "runtime",
        "runtimeonly",
        "compileonly",
        "compileonlyapi",
        "classpath",
        "annotationprocessor",
        "kapt",
    ];
    let lower = word.to_ascii_lowercase();
    let end = ENDS.iter().find(|end| lower.ends_with(**end) || lower == "ksp")?;
    Some(match *end {
        _ if lower.contains("test") => Scope::Test,
        _ if lower == "ksp" => Scope::Build,
        "classpath" | "annotationprocessor" | "kapt" => Scope::Build,
        "compileonly" | "compileonlyapi" => Scope::Optional,
        _ => Scope::Required,
    })
}

/// `libs.versions.toml`.
pub(super) fn catalog(tree: &Tree, list: &mut List) {
    let versions = tree.at("versions");
    for (alias, entry) in tree.all("libraries").flat_map(Tree::members) {
        let text = entry.text();
        let module = [text, entry.word("module")].into_iter().find(|module| !module.is_empty()).unwrap_or_default();
        let mut fields = module.split(':');
        let group = [fields.next().unwrap_or_default(), entry.word("group")].into_iter().find(|text| !text.is_empty());
        let name = [fields.next().unwrap_or_default(), entry.word("name")].into_iter().find(|text| !text.is_empty());
        let stated = entry.at("version");
        let version = [
            fields.next().unwrap_or_default(),
            stated.text(),
            versions.word(stated.word("ref")),
            stated.word("strictly"),
        ];
        let version = version.into_iter().find(|text| !text.is_empty()).unwrap_or_default();
        if let (Some(group), Some(name)) = (group, name) {
            list.push(Package::new("maven", &format!("{group}/{name}"), exact(version), format!("/libraries/{alias}")));
        }
    }
}
