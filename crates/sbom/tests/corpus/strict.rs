//! The official schemas and the strict second readers, on every document of the shared corpus that they can read.
use std::collections::BTreeMap;

use crate::files::{Heard, manifest};
use cyclonedx_bom::prelude::{Bom, Components};
use interdict_sbom::strict;

fn nested(components: Option<&Components>) -> u64 {
    components.map_or(0, |list| list.0.iter().map(|one| 1 + nested(one.components.as_ref())).sum())
}

#[test]
fn cyclonedx_bom_counts_as_we_do() {
    let mut compared = 0;
    for row in manifest().iter().filter(|row| row.format == "cdx-json") {
        let (document, bytes) = (Heard::of("cyclonedx-json", row).document, row.bytes());
        let Ok(bom) = Bom::parse_from_json(&*bytes) else { continue };
        compared += 1;
        assert_eq!(nested(bom.components.as_ref()), document.counts.components, "{}", row.shown);
        assert!(strict("cyclonedx-json", &bytes).against.is_some(), "{}", row.shown);
    }
    assert!(compared == 0 || compared > 90, "{compared} documents compared");
}

#[test]
fn spdx_rs_counts_as_we_do() {
    let mut compared = 0;
    for row in manifest().iter().filter(|row| row.format == "spdx-json") {
        let (document, bytes) = (Heard::of("spdx-json", row).document, row.bytes());
        let Ok(theirs) = serde_json::from_slice::<spdx_rs::models::SPDX>(&bytes) else { continue };
        compared += 1;
        let counts = [theirs.package_information.len(), theirs.file_information.len(), theirs.relationships.len()];
        let ours = [document.counts.components, document.counts.files, document.counts.relationships];
        assert_eq!(counts.map(|count| count as u64), ours, "{}", row.shown);
        assert_eq!(strict("spdx-json", &bytes).lint, Vec::<String>::new(), "{}", row.shown);
    }
    assert!(compared == 0 || compared > 20, "{compared} documents compared");
}

/// Our format ids for the manifest's words, where an official JSON schema or a strict second reader exists.
#[rustfmt::skip]
const WITH_SCHEMA: &[(&str, &str)] = &[
    ("cdx-json", "cyclonedx-json"),
    ("cdx-xml", "cyclonedx-xml"),
    ("spdx-json", "spdx-json"),
    ("spdx-tv", "spdx-tag-value"),
    ("spdx3-jsonld", "spdx3-json"),
];

/// Formats whose independent verdicts rest on the schema alone, and not on rules or readers beside it.
const SCHEMA_ONLY: &[&str] = &["cdx-json", "spdx3-jsonld"];

/// An independent validator's verdict and the schema's, row by row. What upstream or a validator calls valid has no
/// complaint; of what is called invalid each is refused, or it is invalid by rules that no schema holds.
#[test]
fn schemas_agree_with_independent_validators() {
    let mut table: BTreeMap<(String, String, String, &str), u64> = BTreeMap::new();
    let mut wrong = Vec::new();
    for row in manifest() {
        let Some((_, id)) = WITH_SCHEMA.iter().find(|(word, _)| *word == row.format) else { continue };
        let strictness = strict(id, &row.bytes());
        let word = match (&strictness.against, strictness.complaints.first()) {
            (None, _) => "no schema",
            (Some(_), None) => "no complaint",
            (Some(_), Some(_)) => "refused",
        };
        let key = (format!("{} {}", row.format, row.version), row.expected.clone(), row.checked.clone(), word);
        *table.entry(key).or_default() += 1;
        if row.checked == "valid" && word == "refused" && !row.expected.starts_with("invalid") {
            wrong.push(format!("{}: {:?}", row.shown, strictness.complaints));
        }
        if row.checked == "invalid" && word == "no complaint" && SCHEMA_ONLY.contains(&row.format.as_str()) {
            wrong.push(format!("{}: nothing is wrong with it", row.shown));
        }
        for one in strictness.complaints.iter().take(2) {
            println!("{}: {}: {}", row.shown, one.pointer, one.wrong);
        }
    }
    for ((format, expected, checked, word), count) in &table {
        println!("{count:4} {format}: upstream `{expected}`, validator `{checked}`, here: {word}");
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
