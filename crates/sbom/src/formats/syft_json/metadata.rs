//! What package managers know of their packages: who made them, where they come from, which files they own.
use interdict_model::FactKind;

use crate::cyclonedx::role_of_property;
use crate::draft::{Draft, Path};
use crate::json::Read;
use crate::leaves::{Leaf, leaves};
use crate::reading::Reading;

/// States everything below the metadata that comes next that says something here, whatever its package type.
pub(crate) fn read<'a>(reading: &mut Reading<'a, '_, '_>, draft: &mut Draft<'a>, at: &'static str) -> Read<()> {
    let mut algorithm = None;
    let mut group = None;
    let read = leaves(reading, at, &mut |_, leaf| {
        let Leaf { key, above, at, value } = leaf;
        let path = || Path::Deep(at.into());
        let within = above.last().map(|key| &**key).unwrap_or_default();
        match (within, key) {
            ("digest" | "digests", "algorithm") if above.len() == 1 => algorithm = Some(value),
            ("digest" | "digests", "value") if above.len() == 1 => {
                draft.hashed(algorithm.as_deref().unwrap_or_default(), value, path());
            }
            ("files", "path") | (_, "virtualPath" | "hashPath") => draft.placed(value, &path()),
            (_, "groupId" | "groupID") => group = group.take().or(Some(value)),
            (_, "config" | "manifest" | "description" | "license" | "licenses") => {}
            _ => match role(key) {
                Some(kind @ (FactKind::Name | FactKind::Copyright)) => draft.state(kind, value, path()),
                Some(kind) if value.contains("://") && !value.contains(' ') => {
                    // An address in a name's place names its host, and whom it belongs to.
                    draft.linked(value.clone(), &path());
                    draft.state(kind, value, path());
                }
                Some(kind) => draft.by(kind, value, path()),
                None if value.contains("://") => draft.linked(value, &path()),
                None => {}
            },
        }
    });
    if group.is_some() {
        draft.group = group;
        draft.complete();
    }
    read
}

/// Whom a key names: `maintainer`, `Implementation-Vendor`, `authorEmail`, `org.opencontainers.image.vendor`.
fn role(key: &str) -> Option<FactKind> {
    const LONGEST: usize = 64;
    if key.len() > LONGEST {
        return None;
    }
    let key = key.strip_suffix("Email").or_else(|| key.strip_suffix("-Id")).unwrap_or(key);
    let last = key.rsplit(['-', '_']).next().unwrap_or(key);
    if key.eq_ignore_ascii_case("Implementation-Title") || key.eq_ignore_ascii_case("Bundle-Name") {
        return Some(FactKind::Name);
    }
    role_of_property(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_of_many_package_managers() {
        for (key, want) in [
            ("maintainer", Some(FactKind::Author)),
            ("packager", Some(FactKind::Supplier)),
            ("authorEmail", Some(FactKind::Author)),
            ("Implementation-Vendor", Some(FactKind::Supplier)),
            ("Implementation-Vendor-Id", Some(FactKind::Supplier)),
            ("org.opencontainers.image.vendor", Some(FactKind::Supplier)),
            ("legalCopyright", Some(FactKind::Copyright)),
            ("companyName", Some(FactKind::Supplier)),
            ("Implementation-Title", Some(FactKind::Name)),
            ("Built-By", None),
            ("size", None),
        ] {
            assert_eq!(role(key), want, "{key}");
        }
    }
}
