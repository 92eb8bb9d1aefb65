//! npm and pnpm: package-lock.json of every version, pnpm-lock.yaml 5–9.
use interdict_model::Scope;

use super::list::{List, Package, exact, step};
use super::tree::Tree;

const FOLDER: &str = "node_modules/";

/// `package-lock.json`: since version 2 by place, in version 1 and beside it nested by name.
pub(super) fn lock(tree: &Tree, list: &mut List) {
    if tree.members().iter().all(|(key, _)| key != "lockfileVersion" && key != "packages" && key != "dependencies") {
        return;
    }
    list.version = Some(tree.word("lockfileVersion").to_owned()).filter(|version| !version.is_empty());
    let own = tree.at("packages").at("");
    let name = [tree.word("name"), own.word("name")].into_iter().find(|name| !name.is_empty());
    list.subject = name.map(|name| Package::new("npm", name, tree.word("version"), "/"));
    let mut places = Vec::new();
    for (place, entry) in tree.all("packages").flat_map(Tree::members) {
        let Some((_, folder)) = place.rsplit_once(FOLDER) else { continue };
        if entry.is("link") {
            continue;
        }
        let name = [entry.word("name"), folder].into_iter().find(|name| !name.is_empty()).unwrap_or_default();
        let package = Package::new("npm", name, entry.word("version"), format!("/packages/{}", step(place)))
            .scoped(scope(entry))
            .from(entry.word("resolved"));
        places.push((place.as_str(), package.reference(), entry));
        list.push(package);
    }
    let subject = list.subject.as_ref().map(Package::reference).unwrap_or_default();
    let found: std::collections::BTreeMap<&str, &str> =
        places.iter().map(|(place, reference, _)| (*place, reference.as_str())).collect();
    let asks = places.iter().map(|(place, reference, entry)| (*place, reference.as_str(), *entry));
    for (place, from, entry) in asks.chain([("", subject.as_str(), own)]).filter(|(_, from, _)| !from.is_empty()) {
        let needs = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];
        for name in needs.iter().flat_map(|key| entry.at(key).members()).map(|(name, _)| name) {
            if let Some(to) = nearest(&found, place, name) {
                list.edges.push((from.to_owned(), to.to_owned()));
            }
        }
    }
    if places.is_empty() {
        let mut open: Vec<(String, &Tree)> =
            tree.all("dependencies").map(|one| ("/dependencies".to_owned(), one)).collect();
        while let Some((at, dependencies)) = open.pop() {
            for (name, entry) in dependencies.members() {
                let at = format!("{at}/{}", step(name));
                let said = entry.word("version");
                // Another package under this name.
                let (name, version) = said.strip_prefix("npm:").and_then(split).unwrap_or((name, said));
                let package = Package::new("npm", name, exact(version), at.as_str());
                list.push(package.scoped(scope(entry)).from(entry.word("resolved")));
                open.extend(entry.all("dependencies").map(|inner| (format!("{at}/dependencies"), inner)));
            }
        }
    }
}

/// The package of this name that a package at this place gets: the nearest folder upwards holds it.
fn nearest<'p>(found: &std::collections::BTreeMap<&str, &'p str>, place: &str, name: &str) -> Option<&'p str> {
    const STEPS: usize = 64;
    let mut place = place;
    for _ in 0..STEPS {
        let at = if place.is_empty() { format!("{FOLDER}{name}") } else { format!("{place}/{FOLDER}{name}") };
        if let Some(reference) = found.get(at.as_str()) {
            return Some(reference);
        }
        if place.is_empty() {
            return None;
        }
        let above = place.rfind(FOLDER).and_then(|at| place.get(..at)).unwrap_or_default();
        place = above.trim_end_matches('/');
    }
    None
}

fn scope(entry: &Tree) -> Scope {
    if entry.is("dev") {
        Scope::Dev
    } else if entry.is("optional") || entry.is("devOptional") || entry.is("peer") {
        Scope::Optional
    } else {
        Scope::Required
    }
}

/// `name@version`, whose name may begin with `@`.
pub(super) fn split(text: &str) -> Option<(&str, &str)> {
    let at = text.char_indices().skip(1).find(|(_, c)| *c == '@').map(|(at, _)| at)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// `pnpm-lock.yaml`: packages by `/name/1.0`, `/name@1.0(peer@2)` or `name@1.0`.
pub(super) fn pnpm(tree: &Tree, list: &mut List) {
    list.version = Some(tree.word("lockfileVersion").to_owned()).filter(|version| !version.is_empty());
    for (key, entry) in tree.all("packages").flat_map(Tree::members) {
        let plain = key.split('(').next().unwrap_or(key).trim_start_matches('/');
        // Before version 6 a version stood behind a slash, and peers behind it.
        let old = plain.rsplit_once('/').and_then(|(name, rest)| {
            let version = rest.split('_').next().unwrap_or(rest);
            let is_version = version.starts_with(|c: char| c.is_ascii_digit()) && !version.contains('@');
            is_version.then_some((name, version))
        });
        let Some((name, version)) = old.or_else(|| split(plain)) else { continue };
        let package = Package::new("npm", name, exact(version), format!("/packages/{}", step(key)));
        list.push(package.scoped(scope(entry)).from(entry.at("resolution").word("tarball")));
    }
}
