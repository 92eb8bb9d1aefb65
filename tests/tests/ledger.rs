//! Every range of bytes of every container ends as member, structure, padding or gap: what is planted in one is found, or is a gap.
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "a test may fail")]
use std::collections::BTreeSet;

use interdict_tests::{Case, PerFile, fixtures, gzip, needle, put, report, spread};
use serde_json::Value;

/// A text that names the vendor's product, as long as the least range that is held to account.
const NAME: &[u8; 32] = b"\0\0Kaspersky Anti-Virus SDK 8.9\0\0";
/// Places in one container, and in all the bytes of them.
const PLACES: usize = 3;
const LONGEST: usize = 64 << 10;
const ALL: usize = 64 << 20;

fn containers() -> impl Iterator<Item = Case> {
    fixtures()
        .into_iter()
        .filter(|(name, bytes)| name.starts_with("unpack-") && bytes.len() <= LONGEST && !bytes.is_empty())
}

fn over(bytes: &[u8], at: usize, what: &[u8]) -> Vec<u8> {
    let mut copy = bytes.to_vec();
    copy[at..at + what.len()].copy_from_slice(what);
    copy
}

/// Those of which nothing was found and nothing that could matter is missing.
fn clear(cases: &[Case]) -> Vec<String> {
    let mut clear = Vec::new();
    for some in cases.chunks(400) {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in some {
            put(folder.path(), name, bytes);
        }
        let (told, _) = report(folder.path(), &[".", "--as-of", "2026-01-01"]);
        let seen = PerFile::of(&told);
        let material = |gap: &&Value| gap["material"] == true;
        let gaps: Vec<&str> =
            told["gaps"].as_array().unwrap().iter().filter(material).filter_map(|gap| gap["on"].as_str()).collect();
        let missing: BTreeSet<&str> = gaps
            .iter()
            .map(|on| on.trim_start_matches("./"))
            .map(|on| on.split(['#']).next().unwrap_or(on))
            .map(|on| on.split("!/").next().unwrap_or(on))
            .collect();
        let is_clear = |name: &&String| !seen.found.contains_key(*name) && !missing.contains(name.as_str());
        clear.extend(some.iter().map(|(name, _)| name).filter(is_clear).cloned());
    }
    clear
}

#[test]
fn a_name_in_any_range_is_found_or_a_gap() {
    let (mut cases, mut bytes_in_all) = (Vec::new(), 0);
    for (name, bytes) in containers().filter(|(_, bytes)| bytes.len() > NAME.len()) {
        for place in spread(bytes.len() / NAME.len()).take(PLACES) {
            bytes_in_all += bytes.len();
            if bytes_in_all < ALL {
                cases.push((format!("{name}-{place}"), over(&bytes, place * NAME.len(), NAME)));
            }
        }
    }
    assert!(cases.len() > 500);
    assert_eq!(clear(&cases), Vec::<String>::new(), "of {}", cases.len());
}

#[test]
fn a_packed_library_behind_or_in_the_padding_is_found_or_a_gap() {
    let packed = gzip(&needle());
    let mut cases = Vec::new();
    for (name, bytes) in containers() {
        // Twice: what is cut short takes a part of the first for its own.
        cases.push((format!("{name}-behind"), [&bytes, packed.as_slice(), &packed].concat()));
        // Where there is nothing but zeros, and some more of them on either side.
        let room = packed.len() + 128;
        let is_padding = |at: &usize| bytes[*at..*at + room].iter().all(|byte| *byte == 0);
        let free: Vec<usize> = (0..bytes.len().saturating_sub(room)).step_by(512).filter(is_padding).collect();
        for place in spread(free.len()).take(1) {
            cases.push((format!("{name}-in-{:x}", free[place]), over(&bytes, free[place] + 64, &packed)));
        }
    }
    assert!(cases.len() > 200);
    assert_eq!(clear(&cases), Vec::<String>::new(), "of {}", cases.len());
}
