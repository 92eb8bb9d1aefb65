//! Names by which files are known, and damaged copies of every fixture.
use interdict_model::Head;

use super::*;

/// Every fixture under its own name, damaged: no panic, and no component without a place.
#[test]
fn damaged_copies() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/sbom/lock-file");
    let cases = interdict_testkit::cases(&folder);
    let known: std::collections::BTreeSet<usize> = cases.iter().filter_map(|(_, name, _)| kind(name)).collect();
    assert_eq!(known.len(), KINDS.len(), "every way of reading has a fixture");
    let mut told = 0;
    for (number, (_, name, bytes)) in cases.iter().enumerate() {
        interdict_testkit::mutate(number as u64, bytes, 300, &mut |copy| {
            let lines = interdict_testkit::lines(&ENTRY, name, copy, &interdict_model::Needles::default());
            told += lines.lines().filter(|line| line.starts_with("component ")).count();
        });
    }
    assert!(told > 1000, "{told}");
}

#[test]
fn names() {
    for (name, want) in [
        ("package-lock.json", true),
        ("Package-Lock.json", true),
        ("requirements-dev.txt", true),
        ("dev-requirements.txt", true),
        ("docker-compose.prod.yml", true),
        ("compose.yaml", true),
        ("acme.deps.json", true),
        ("Directory.Packages.props", true),
        ("Dockerfile.release", true),
        ("package.json", false),
        ("pom.xml.bak", false),
        ("decompose.rs", false),
        ("x.json", false),
    ] {
        assert_eq!(reader(name).is_some(), want, "{name}");
    }
    assert!(!accepts(&Head { bytes: b"\0\0", name: "go.mod" }));
}
