//! C and C++: conan.lock of Conan 1 and 2, vcpkg.json.
use interdict_model::Scope;

use super::list::{List, Package, exact, step};
use super::tree::Tree;

/// `name/1.0@user/channel#revision%time`, by what it is required for.
pub(super) fn lock(tree: &Tree, list: &mut List) {
    let kinds = [("requires", Scope::Required), ("build_requires", Scope::Build), ("python_requires", Scope::Build)];
    for (key, scope) in kinds {
        for (index, one) in tree.each(key) {
            of(one.text(), format!("/{key}/{index}"), scope, list);
        }
    }
    for (key, node) in tree.at("graph_lock").at("nodes").members() {
        of(node.word("ref"), format!("/graph_lock/nodes/{}", step(key)), Scope::Required, list);
    }
}

fn of(text: &str, at: String, scope: Scope, list: &mut List) {
    let plain = text.split(['@', '#', '%']).next().unwrap_or(text);
    if let Some((name, version)) = plain.split_once('/') {
        list.push(Package::new("conan", name, exact(version), at).scoped(scope));
    }
}

/// `vcpkg.json`: ports by name, or as objects.
pub(super) fn vcpkg(tree: &Tree, list: &mut List) {
    let named = |one: &Tree, at: String| {
        let name = [one.text(), one.word("name")].into_iter().find(|name| !name.is_empty()).unwrap_or_default();
        Package::new("vcpkg", name, exact(one.word("version>=")), at)
    };
    for (index, one) in tree.each("dependencies") {
        let package = named(one, format!("/dependencies/{index}"));
        list.push(package.scoped(if one.is("host") { Scope::Build } else { Scope::Required }));
    }
    for (index, one) in tree.each("overrides") {
        list.push(Package::new("vcpkg", one.word("name"), exact(one.word("version")), format!("/overrides/{index}")));
    }
    let own = tree.word("name");
    list.subject = (!own.is_empty()).then(|| Package::new("vcpkg", own, exact(tree.word("version")), "/"));
}
