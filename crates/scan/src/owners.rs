//! Packages that list the files they put in place: dpkg's lists, Python's records, the databases of apk and rpm.
use std::collections::BTreeMap;

use interdict_model::Locator;

use crate::imprint::{Imprint, path_number};
use crate::shipments::lies_in;

/// A package with its list.
pub(crate) struct Owner<'a> {
    pub(crate) package: String,
    /// The folder or layer that its paths begin at.
    root: &'a Locator,
    paths: Vec<u64>,
}

/// Every package that listed its files.
pub(crate) fn owners(said: &BTreeMap<Locator, Vec<(Locator, Imprint)>>) -> Vec<Owner<'_>> {
    let mut all = Vec::new();
    for (root, lists) in said {
        for (list, imprint) in lists {
            let own = package(list).filter(|_| !imprint.owned.is_empty()).map(|package| (package, &imprint.owned));
            let installed = imprint.installed.iter().filter(|one| !one.owned.is_empty());
            for (package, paths) in own.into_iter().chain(installed.map(|one| (one.package.clone(), &one.owned))) {
                let mut paths = paths.clone();
                paths.sort_unstable();
                all.push(Owner { package, root, paths });
            }
        }
    }
    all
}

/// `…/acme-scan:amd64.list`, `…/acme_scan-3.1.dist-info/RECORD`.
fn package(list: &Locator) -> Option<String> {
    let name = list.name();
    if name == "RECORD" {
        let folder = list.artifact().rsplit('/').nth(1)?.strip_suffix(".dist-info")?;
        return Some(folder.rsplit_once('-').map_or(folder, |(name, _)| name).replace('_', "-"));
    }
    let name = name.strip_suffix(".list").or_else(|| name.strip_suffix(".md5sums"))?;
    Some(name.split(':').next().unwrap_or(name).to_owned())
}

impl Owner<'_> {
    /// Whether the list has this file, below its own root or in another layer of the same image.
    pub(crate) fn has(&self, file: &Locator) -> bool {
        let text = file.artifact();
        let path = if lies_in(file, self.root) {
            text.strip_prefix(self.root.as_str()).map(|rest| rest.trim_start_matches('!'))
        } else {
            let image = self.root.as_str().rsplit_once("!/").map(|(image, _)| image);
            let inside = image.and_then(|image| text.strip_prefix(image)).filter(|rest| rest.starts_with("!/"));
            inside.and_then(|rest| rest.rsplit_once("!/")).map(|(_, path)| path)
        };
        path.is_some_and(|path| self.paths.binary_search(&path_number(path)).is_ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner<'a>(root: &'a Locator, path: &str) -> Owner<'a> {
        Owner { package: "acme".to_owned(), root, paths: vec![path_number(path)] }
    }

    #[test]
    fn files_are_known_below_the_root_and_in_other_layers() {
        let folder = Locator::parsed("rootfs");
        let one = owner(&folder, "/opt/acme/lib.so");
        assert!(one.has(&Locator::parsed("rootfs/opt/acme/lib.so")));
        assert!(!one.has(&Locator::parsed("other/opt/acme/lib.so")));
        let layer = Locator::parsed("image.tar!/a/layer.tar");
        let one = owner(&layer, "/opt/acme/lib.so");
        assert!(one.has(&Locator::parsed("image.tar!/a/layer.tar!/opt/acme/lib.so")));
        assert!(one.has(&Locator::parsed("image.tar!/b/layer.tar!/opt/acme/lib.so")));
        assert!(!one.has(&Locator::parsed("other.tar!/b/layer.tar!/opt/acme/lib.so")));
    }

    #[test]
    fn lists_name_their_package() {
        for (list, want) in [
            ("r/var/lib/dpkg/info/acme-scan:amd64.list", "acme-scan"),
            ("r/lib/python3/site-packages/acme_scan-3.1.dist-info/RECORD", "acme-scan"),
        ] {
            assert_eq!(package(&Locator::parsed(list)).as_deref(), Some(want));
        }
    }
}
