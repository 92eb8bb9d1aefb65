//! Who may import whom: the table that is the architecture.
use super::{Fault, Kind, Package};

/// A crate, and the crates of the house it may import. `ARCHITECTURE.md` draws it.
pub(crate) const ARROWS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("unpack", &["model"]),
    ("sbom", &["model"]),
    ("inspect", &["model"]),
    ("rules", &["model"]),
    ("policy", &["model"]),
    ("report", &["model"]),
    ("catalog", &["model", "rules", "policy"]),
    ("scan", &["model", "unpack", "sbom", "inspect", "rules", "policy", "catalog"]),
    ("cli", &["model", "scan", "report"]),
    ("testkit", &["model"]),
];

/// Members that stand outside the house and may look into every room.
const FREE: &[&str] = &["tests", "xtask", "fuzz"];

/// What any crate may import for its tests, and none for anything else.
const FOR_TESTS: &str = "testkit";

const HINT: &str =
    "a room imports only the ground floor; what two rooms need belongs into `model`, what joins them into `scan`";

pub(super) fn check(packages: &[Package]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for package in packages {
        let room = room(&package.name);
        if FREE.contains(&room) {
            continue;
        }
        let Some((_, allowed)) = ARROWS.iter().find(|(name, _)| *name == room) else {
            let what = format!("the crate `{}` has no line in the table of arrows", package.name);
            faults.push(Fault::new(
                "xtask/src/tidy/arrows.rs",
                what,
                "add it to ARROWS and to the picture in ARCHITECTURE.md",
            ));
            continue;
        };
        for ask in &package.asks {
            let Some(other) = ask.name.strip_prefix("interdict-") else { continue };
            let for_tests = other == FOR_TESTS && ask.kind == Kind::Dev;
            if !for_tests && !allowed.contains(&other) {
                faults.push(Fault::new(
                    format!("crates/{room}/Cargo.toml"),
                    format!("`{room}` imports `{other}`"),
                    HINT,
                ));
            }
        }
    }
    faults
}

/// The folder's name of a member: `interdict-sbom` lives in `crates/sbom`.
fn room(package: &str) -> &str {
    package.strip_prefix("interdict-").unwrap_or(package)
}

#[cfg(test)]
mod tests {
    use super::super::Ask;
    use super::*;

    fn faults(name: &str, other: &str, kind: Kind) -> usize {
        let asks = vec![Ask { name: other.to_owned(), kind }];
        check(&[Package { name: name.to_owned(), asks }]).len()
    }

    #[test]
    fn siblings_never_import_siblings() {
        for (name, other, kind, wrong) in [
            ("interdict-sbom", "interdict-model", Kind::Normal, 0),
            ("interdict-sbom", "interdict-inspect", Kind::Normal, 1),
            ("interdict-sbom", "interdict-inspect", Kind::Dev, 1),
            ("interdict-sbom", "serde", Kind::Normal, 0),
            ("interdict-policy", "interdict-rules", Kind::Normal, 1),
            ("interdict-catalog", "interdict-rules", Kind::Build, 0),
            ("interdict-scan", "interdict-report", Kind::Normal, 1),
            ("interdict-cli", "interdict-catalog", Kind::Normal, 1),
            ("interdict-inspect", "interdict-testkit", Kind::Dev, 0),
            ("interdict-inspect", "interdict-testkit", Kind::Normal, 1),
            ("interdict-model", "interdict-rules", Kind::Dev, 1),
            ("interdict-tests", "interdict-scan", Kind::Normal, 0),
            ("xtask", "interdict-sbom", Kind::Normal, 0),
            ("interdict-cellar", "serde", Kind::Normal, 1),
        ] {
            assert_eq!(faults(name, other, kind), wrong, "{name} → {other}");
        }
    }

    #[test]
    fn the_table_has_no_circle() {
        for (at, (name, allowed)) in ARROWS.iter().enumerate() {
            let known: Vec<&str> = ARROWS.iter().take(at).map(|(name, _)| *name).collect();
            assert!(allowed.iter().all(|other| known.contains(other)), "`{name}` imports what stands below it");
        }
    }
}
