//! Every document of the shared corpus against what an independent tool counts in it.
use crate::files::{Heard, Row, manifest};
use interdict_model::{Counts, Malformed};

/// Our format ids for the manifest's words.
#[rustfmt::skip]
const FORMATS: &[(&str, &str)] = &[
    ("cargo-metadata", "cargo-metadata"),
    ("cdx-json", "cyclonedx-json"),
    ("cdx-protobuf", "cyclonedx-protobuf"),
    ("cdx-textproto", "cyclonedx-textproto"),
    ("cdx-xml", "cyclonedx-xml"),
    ("spdx-json", "spdx-json"),
    ("spdx-rdf", "spdx-rdf"),
    ("spdx-tv", "spdx-tag-value"),
    ("spdx-xml", "spdx-xml"),
    ("spdx-yaml", "spdx-yaml"),
    ("spdx3-jsonld", "spdx3-json"),
    ("swid-xml", "swid"),
    ("syft-json", "syft-json"),
];

/// The manifest counts the word `components` in these, and a list in brackets has it once.
const MISCOUNTED: &[&str] = &["valid-cryptography-full-1.6.", "valid-evidence-1.6."];

/// Formats whose reader says of every document that is not valid what is wrong with it.
const TELLS: &[&str] = &["cyclonedx-xml"];

/// The manifest's counts in our words; a column it lacks is not compared.
fn expected(row: &Row, read: &Counts) -> Counts {
    let of = |keys: &[&str], read: u64| keys.iter().find_map(|key| row.counts.get(*key).copied()).unwrap_or(read);
    Counts {
        components: of(&["all", "packages", "artifacts", "tags"], read.components),
        services: of(&["services"], read.services),
        files: of(&["files"], read.files),
        snippets: of(&["snippets"], read.snippets),
        relationships: of(&["deps", "relationships", "links"], read.relationships),
        vulnerabilities: of(&["vulns"], read.vulnerabilities),
    }
}

#[test]
fn counts_agree_with_the_manifest() {
    let mut faults = Vec::new();
    let (mut valid, mut other) = (0, 0);
    for row in manifest() {
        let Some((_, id)) = FORMATS.iter().find(|(word, _)| *word == row.format) else { continue };
        let said = Heard::of(id, &row);
        if row.counts.get("tags") == Some(&0) {
            // Templates and rules about tags are no tags.
            assert_eq!((said.told, said.takers), (Some(Err(Malformed::NotThis)), Vec::new()), "{}", row.shown);
            continue;
        }
        let counts = said.document.counts;
        let want = expected(&row, &counts);
        let version = said.document.version.clone().unwrap_or_default();
        let is_miscounted = MISCOUNTED.iter().any(|name| row.shown.contains(name));
        let top = row.counts.get("top").copied().filter(|_| !is_miscounted).unwrap_or(said.top);
        let same = said.told == Some(Ok(())) && want == counts && top == said.top && said.takers.contains(id);
        let word = if same { "same" } else { "DIFF" };
        println!("{word} {} {} read as {version}: {}", row.format, row.version, row.shown);
        println!(
            "     {counts:?} of {want:?}, {} facts on {} parts, accepted by {:?}",
            said.facts, said.parts, said.takers
        );
        println!("     {:?} repairs {:?} gaps {:?}", said.told, said.repairs, said.gaps);
        if row.valid {
            valid += 1;
            // A protobuf message may leave its version out, and it is told.
            let is_told = version.is_empty() && said.repairs.iter().any(|repair| repair.starts_with("/specVersion"));
            // Validators pass over a null in place of a text, a message of no version, and what is no package URL.
            let is_passed = |repair: &&String| {
                !repair.ends_with("null where a text belongs") && !repair.contains("is no package URL") && !is_told
            };
            if let Some(repair) = said.repairs.iter().find(is_passed).filter(|_| row.checked == "valid") {
                faults.push(format!("repaired: {}: {repair}", row.shown));
            }
            if !same || (version.trim_start_matches("SPDX-") != row.version && !is_told) {
                faults.push(row.shown.clone());
            }
        } else {
            other += 1;
            // What is not valid is read with the same counts, or it is said why not.
            let broken = matches!(said.told, Some(Err(Malformed::Broken { .. })));
            if (!same || TELLS.contains(id)) && !broken && said.repairs.is_empty() && said.gaps.is_empty() {
                faults.push(format!("silent: {}", row.shown));
            }
        }
    }
    println!("{valid} valid documents and {other} others read (none where the shared corpus is not here)");
    assert!(faults.is_empty(), "{} documents differ:\n{}", faults.len(), faults.join("\n"));
}
