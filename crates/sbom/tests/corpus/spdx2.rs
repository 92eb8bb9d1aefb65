//! SPDX 2 says the same in every encoding: what an example states in one, it states in all that have it.
use std::collections::BTreeSet;

use interdict_model::{FactKind, canonical};

use crate::files::{Heard, Row, manifest, read};

/// A document's place without what only its encoding gives it.
fn bare(row: &Row) -> String {
    let path = row.shown.split_once('/').map_or("", |(_, rest)| rest);
    let path = path.split_once('/').map_or("", |(_, rest)| rest);
    let path = path.replace("-v2.3", "-2.3").replace("-v2.2", "-2.2");
    let path = ["JSON", "YAML", "XML", "Tag", "Rdf"]
        .iter()
        .fold(path, |path, word| path.replace(&format!("SPDX{word}"), "SPDX"));
    path.split(".spdx").next().unwrap_or_default().to_owned()
}

/// What a document states, in canonical words.
fn stated(heard: &Heard) -> BTreeSet<(FactKind, String)> {
    heard.stated.iter().map(|(kind, raw)| (*kind, canonical(*kind, raw).into_owned())).collect()
}

/// The examples that claim to be one document; others of the same name were changed by hand since.
fn is_twin(row: &Row) -> bool {
    row.shown.contains("/spdx_tools-") || row.shown.contains("/spdx_spdx-spec/")
}

#[test]
fn every_encoding_says_what_json_says() {
    let rows = manifest();
    let mut compared = 0;
    for (format, id) in
        [("spdx-tv", "spdx-tag-value"), ("spdx-rdf", "spdx-rdf"), ("spdx-yaml", "spdx-yaml"), ("spdx-xml", "spdx-xml")]
    {
        for row in rows.iter().filter(|row| row.format == format && row.counts.contains_key("packages")) {
            let Some(twin) = rows.iter().find(|twin| twin.format == "spdx-json" && bare(twin) == bare(row)) else {
                continue;
            };
            let (json, other) = (Heard::of("spdx-json", twin), Heard::of(id, row));
            let (json, other) = (stated(&json), stated(&other));
            let differ: Vec<_> = json.symmetric_difference(&other).collect();
            println!("{}: {} of {} facts differ", row.shown, differ.len(), json.len());
            if is_twin(row) {
                assert!(differ.is_empty(), "{}: {differ:#?}", row.shown);
                compared += 1;
            }
        }
    }
    println!("{compared} documents compared");
    assert!(rows.is_empty() || compared >= 8, "{compared} documents compared");
}

#[test]
fn fixtures_say_the_same_in_yaml_and_xml() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/sbom");
    let heard = |id: &str, file: &str| {
        Heard::said_by(id, file, &read(&folder.join(id).join("good-every-field").join(file)).expect("a fixture"))
    };
    let json = heard("spdx-json", "input.json");
    for (id, file) in [("spdx-yaml", "input.yaml"), ("spdx-xml", "input.xml")] {
        let other = heard(id, file);
        assert_eq!((&json.stated, json.parts, &json.edges), (&other.stated, other.parts, &other.edges), "{id}");
        assert_eq!(json.document, other.document, "{id}");
    }
}
