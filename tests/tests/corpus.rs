//! Real documents: everything the manifest calls valid is recognised and counted as an independent tool counts it.
#![expect(clippy::disallowed_methods, reason = "a test reads the manifest")]
use std::collections::BTreeMap;

use interdict_tests::{corpus, report};
use serde_json::Value;

/// The manifest's formats and the ids of our readers, with the manifest's word for our count of components.
const READ: &[(&str, &str, &str)] = &[("cdx-json", "cyclonedx-json", "all"), ("spdx-json", "spdx-json", "packages")];

#[test]
fn counts_are_those_of_the_manifest() {
    let Some(corpus) = corpus() else { return };
    let manifest = std::fs::read_to_string(corpus.join("MANIFEST.tsv")).unwrap();
    let (report, _) = report(&corpus, &["sboms", "--threads", "2", "--as-of", "2026-01-01"]);
    let inputs: BTreeMap<&str, &Value> =
        report["inputs"].as_array().unwrap().iter().map(|input| (input["locator"].as_str().unwrap(), input)).collect();
    let troubled: Vec<&str> = ["gaps", "repairs"]
        .iter()
        .flat_map(|list| report[*list].as_array().unwrap())
        .filter_map(|trouble| trouble.get("on").or_else(|| trouble.get("input")).and_then(Value::as_str))
        .collect();
    let (mut table, mut wrong) = (BTreeMap::<(&str, &str, bool), (u32, u32)>::new(), Vec::new());
    for line in manifest.lines().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let (path, version, is_valid) = (cells[0], cells[2], cells[5] == "valid");
        let Some((_, id, word)) = READ.iter().find(|(format, _, _)| *format == cells[1]) else { continue };
        let expected = cells[8].split(';').find_map(|cell| cell.strip_prefix(&format!("{word}="))?.parse::<u64>().ok());
        let locator = path.replace('%', "%25").replace('#', "%23");
        let read = inputs.get(locator.as_str()).filter(|input| input["format"] == *id);
        let count = read.and_then(|input| input["counts"]["components"].as_u64());
        let row = table.entry((id, version, is_valid)).or_default();
        row.0 += 1;
        let agrees = count.is_some() && (expected.is_none() || count == expected);
        let is_told = troubled.iter().any(|on| *on == locator);
        row.1 += u32::from(agrees || (!is_valid && is_told));
        let outside = version == "2.0" || version.is_empty();
        if is_valid && !agrees && !outside {
            wrong.push(format!("{path}: expected {expected:?}, read {count:?}"));
        }
        if !is_valid && !agrees && !is_told {
            wrong.push(format!("{path}: expected {expected:?}, read {count:?}, and nothing was said of it"));
        }
    }
    println!("{:<18} {:<8} {:<6} {:>9} {:>9}", "format", "version", "valid", "documents", "as told");
    for ((id, version, is_valid), (documents, told)) in &table {
        println!("{id:<18} {version:<8} {is_valid:<6} {documents:>9} {told:>9}");
    }
    assert!(wrong.is_empty(), "{} documents\n{}", wrong.len(), wrong.join("\n"));
    assert!(!table.is_empty());
}

#[test]
fn nothing_in_the_corpus_is_flagged() {
    let Some(corpus) = corpus() else { return };
    let (report, _) = report(&corpus, &["binaries", "sboms", "--as-of", "2026-01-01"]);
    let flagged: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["relation"] != "mentions" && finding["relation"] != "connects")
        .map(|finding| {
            format!("{} {} {} {}", finding["relation"], finding["certainty"], finding["entity"], finding["on"])
        })
        .collect();
    assert!(flagged.is_empty(), "{}", flagged.join("\n"));
}
