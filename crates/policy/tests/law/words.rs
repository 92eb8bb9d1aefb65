//! No sentence that can be reached says what is not so.
use interdict_model::{Relation, Scope};
use interdict_policy::{merge, timeline};

use crate::data::{at, entities, finding, judged, nobody, profiles, regimes};

/// In lower case.
const NEVER: &[&str] = &[
    "ofac-sanctioned",
    "sanctioned by ofac",
    "kaspersky is sanctioned",
    "kaspersky is blocked",
    "use is illegal",
    "use is prohibited in the us",
    "use is banned",
    "illegal to use",
    "illegal in the us",
    "germany banned",
    "germany bans",
    "german ban",
    "banned in germany",
    "prohibited in germany",
];

const DAYS: &[&str] =
    &["2014-01-01", "2018-06-01", "2022-03-20", "2024-07-20", "2024-09-29", "2025-10-15", "2025-12-01", "2026-11-22"];

fn refuse(text: &str, place: &str) {
    let lower = text.to_lowercase();
    for never in NEVER {
        assert!(!lower.contains(never), "{place} says `{never}`: {text}");
    }
    assert!(!text.contains('{'), "{place}: {text}");
}

#[test]
fn every_reachable_sentence() {
    let mut findings = Vec::new();
    for entity in entities() {
        for relation in Relation::ALL {
            for scope in [Scope::Required, Scope::Test] {
                let mut found = finding(entity.id.as_str(), *relation);
                found.scope = scope;
                findings.push(found);
            }
        }
    }
    let everybody = merge(profiles().all());
    let mut seen = 0;
    for profile in profiles().all().iter().chain([&everybody, &nobody()]) {
        for day in DAYS {
            let judged = judged(&findings, profile, day);
            for verdict in &judged.verdicts {
                refuse(&verdict.because, verdict.regime.as_str());
                assert!(verdict.because.ends_with('.'), "{}", verdict.because);
                seen += 1;
            }
            judged.notes.iter().for_each(|note| refuse(note, "note"));
        }
    }
    assert!(seen > 1000);
}

#[test]
fn every_sentence_of_the_data() {
    for regime in regimes().all() {
        let place = regime.id.as_str();
        for text in [&regime.title, &regime.citation].into_iter().chain(&regime.notes).chain(&regime.confirm) {
            refuse(text, place);
        }
    }
    for row in timeline(regimes(), at("2026-11-22")) {
        refuse(&row.title, row.regime.as_str());
    }
}

/// A verdict names its instrument and a date, so that a reader can look it up.
#[test]
fn a_clause_names_a_date() {
    for regime in regimes().all() {
        for provision in regime.provisions.iter().filter(|provision| !provision.in_force.is_empty()) {
            let flagging = provision.covers.iter().filter(|limb| limb.effect.name() == "prohibited");
            for limb in flagging {
                let text = limb.because.as_ref().unwrap_or(&provision.because);
                assert!(text.contains("20"), "{} {}: {text}", regime.id, provision.id);
            }
        }
    }
}
