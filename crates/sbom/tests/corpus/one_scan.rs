//! One scan that its tool wrote in many formats: the same components, whatever family they are written in.
use std::collections::{BTreeMap, BTreeSet};

use crate::files::{Heard, manifest};

/// Our format ids for the manifest's words.
const FORMATS: &[(&str, &str)] = &[
    ("cdx-json", "cyclonedx-json"),
    ("cdx-protobuf", "cyclonedx-protobuf"),
    ("cdx-xml", "cyclonedx-xml"),
    ("spdx-json", "spdx-json"),
    ("spdx-tv", "spdx-tag-value"),
    ("spdx3-jsonld", "spdx3-json"),
    ("syft-json", "syft-json"),
];

/// The name of the scan: of `ripgrep.cdx17.spdx.json` and `ripgrep.cdx17.cdx`, `ripgrep.cdx17`; of every `pyenv.…`, itself.
fn scan(shown: &str) -> Option<String> {
    let name = shown.split_once("/generated/")?.1;
    if name.starts_with("pyenv.") {
        return Some("pyenv".to_owned());
    }
    let (name, rest) = name.split_once(".cdx17")?;
    matches!(rest, ".json" | ".cdx" | ".spdx.json").then(|| name.to_owned())
}

/// A document, and the name and version of each of its components.
type Scanned = (String, BTreeSet<(String, String)>);

#[test]
fn every_family_has_the_same_components() {
    let mut scans: BTreeMap<String, Vec<Scanned>> = BTreeMap::new();
    for row in manifest() {
        let Some((_, id)) = FORMATS.iter().find(|(word, _)| *word == row.format) else { continue };
        let Some(scan) = scan(&row.shown) else { continue };
        // Some writers list what the document describes among its parts too.
        let heard = Heard::of(id, &row);
        let components = heard.components.difference(&heard.subjects).cloned().collect();
        scans.entry(scan).or_default().push((row.shown.clone(), components));
    }
    let mut compared = 0;
    for (scan, documents) in &scans {
        let Some((first, want)) = documents.first() else { continue };
        for (other, components) in documents.iter().skip(1) {
            let differ: Vec<_> = want.symmetric_difference(components).collect();
            println!("{scan}: {} components in {first}, {} in {other}", want.len(), components.len());
            assert!(differ.is_empty(), "{other}: {differ:?}");
            compared += 1;
        }
    }
    println!("{compared} pairs (none where the shared corpus is not here)");
    assert!(scans.is_empty() || compared >= 8, "{compared} pairs");
}
