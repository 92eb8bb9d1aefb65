//! pubspec.lock of Dart and Flutter.
use interdict_model::Scope;

use super::list::{List, Package, step};
use super::tree::Tree;

pub(super) fn lock(tree: &Tree, list: &mut List) {
    for (name, one) in tree.all("packages").flat_map(Tree::members) {
        let scope = if one.word("dependency") == "direct dev" { Scope::Dev } else { Scope::Required };
        // Parts of the SDK are in no registry.
        let kind = if one.word("source") == "sdk" { "" } else { "pub" };
        let package = Package::new(kind, name, one.word("version"), format!("/packages/{}", step(name)));
        list.push(package.scoped(scope).from(one.at("description").word("url")));
    }
}
