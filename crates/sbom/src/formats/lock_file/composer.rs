//! composer.lock.
use interdict_model::Scope;

use super::list::{List, Package};
use super::tree::Tree;

pub(super) fn lock(tree: &Tree, list: &mut List) {
    for (key, scope) in [("packages", Scope::Required), ("packages-dev", Scope::Dev)] {
        for (index, one) in tree.each(key) {
            let from = [one.at("dist").word("url"), one.at("source").word("url")];
            let from = from.into_iter().find(|from| !from.is_empty()).unwrap_or_default();
            let version = one.word("version");
            let plain = version.strip_prefix('v').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
            let package =
                Package::new("composer", one.word("name"), plain.unwrap_or(version), format!("/{key}/{index}"));
            let needs = one.all("require").flat_map(Tree::members).map(|(name, _)| name.as_str());
            list.push_with(package.scoped(scope).from(from), needs);
        }
    }
}
