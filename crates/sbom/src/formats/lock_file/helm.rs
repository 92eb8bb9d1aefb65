//! Helm charts: Chart.yaml and Chart.lock.
use super::list::{List, Package, exact};
use super::tree::Tree;

pub(super) fn chart(tree: &Tree, list: &mut List) {
    for (index, one) in tree.each("dependencies") {
        let package =
            Package::new("helm", one.word("name"), exact(one.word("version")), format!("/dependencies/{index}"));
        list.push(package.from(one.word("repository")));
    }
    let own = tree.word("name");
    list.subject = (!own.is_empty()).then(|| Package::new("helm", own, exact(tree.word("version")), "/"));
}
