//! Python: requirements by pip, and the lock files of Poetry, uv, PDM, Pipenv and PEP 751.
use interdict_model::Scope;

use super::list::{List, Package, exact, step};
use super::tree::Tree;

/// `name[extra]==1.0 ; marker --hash=…`, `name @ https://…`, one a line.
pub(super) fn requirements(text: &str, list: &mut List) {
    for (index, line) in text.lines().enumerate() {
        let line = line.split(" #").next().unwrap_or_default().trim().trim_end_matches('\\').trim_end();
        if line.starts_with(['#', '-']) || !line.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            continue;
        }
        let wanted = line.split(';').next().unwrap_or(line).split(" --").next().unwrap_or(line);
        let end =
            wanted.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-' | '_')).unwrap_or(wanted.len());
        let (name, rest) = wanted.split_at_checked(end).unwrap_or((wanted, ""));
        let rest = rest.trim_start();
        let rest =
            rest.strip_prefix('[').and_then(|rest| rest.split_once(']')).map_or(rest, |(_, rest)| rest.trim_start());
        // A sentence is no requirement.
        if !(rest.is_empty() || rest.starts_with(['=', '<', '>', '~', '!', '@', '('])) {
            continue;
        }
        let version = rest.strip_prefix("==").map(exact).unwrap_or_default();
        let from = rest.strip_prefix('@').unwrap_or_default().trim();
        list.push(Package::new("pypi", name, version, format!("line {}", index + 1)).from(from));
    }
}

/// `[[package]]` of Poetry, uv and PDM, `[[packages]]` of PEP 751.
pub(super) fn lock(tree: &Tree, list: &mut List) {
    for key in ["package", "packages"] {
        for (index, entry) in tree.each(key) {
            let source = entry.at("source");
            let name = entry.word("name");
            // The project itself, as uv lists it.
            if [source.word("virtual"), source.word("editable")].contains(&".") {
                list.subject = Some(Package::new("pypi", name, entry.word("version"), format!("/{key}/{index}")));
                continue;
            }
            let from = [source.word("url"), source.word("registry"), source.word("git"), entry.word("index")];
            let from = from.into_iter().find(|from| !from.is_empty()).unwrap_or_default();
            let package = Package::new("pypi", name, entry.word("version"), format!("/{key}/{index}"));
            list.push_with(package.scoped(scope(entry)).from(from), needs(entry).into_iter());
        }
    }
}

/// By name: a table in Poetry's file, a list of tables or of requirements elsewhere.
fn needs(entry: &Tree) -> Vec<&str> {
    let asked = entry.at("dependencies");
    if let Tree::Object(by_name) = asked {
        return by_name.iter().map(|(name, _)| name.as_str()).collect();
    }
    let of = |one| [Tree::word(one, "name"), Tree::text(one)].into_iter().find(|name| !name.is_empty());
    let ends = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '.' | '-' | '_');
    asked.items().iter().filter_map(of).filter_map(|asked| asked.split(ends).next()).collect()
}

fn scope(entry: &Tree) -> Scope {
    let groups: Vec<&str> =
        ["groups", "category"].iter().flat_map(|key| entry.at(key).items()).map(Tree::text).collect();
    let is_main = |group: &&str| matches!(*group, "main" | "default");
    if !groups.is_empty() && !groups.iter().any(is_main) {
        return if groups.contains(&"test") { Scope::Test } else { Scope::Dev };
    }
    if entry.is("optional") { Scope::Optional } else { Scope::Required }
}

/// `Pipfile.lock`.
pub(super) fn pipfile(tree: &Tree, list: &mut List) {
    for (section, scope) in [("default", Scope::Required), ("develop", Scope::Dev)] {
        for (name, entry) in tree.all(section).flat_map(Tree::members) {
            let package =
                Package::new("pypi", name, exact(entry.word("version")), format!("/{section}/{}", step(name)));
            list.push(package.scoped(scope).from(entry.word("file")));
        }
    }
}
