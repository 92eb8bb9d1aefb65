//! Waivers: bound to the evidence, ending, and never out of sight.
use interdict_model::{Effect, Finding, FindingId, Fingerprint, Locator, Outcome, Relation, Waiver, WaiverStanding};
use interdict_policy::{Question, Waiving, judge, waive, waiver_faults};

use crate::data::{NOW, at, entities, finding, profile, question};

fn found(fingerprint: &str, place: &str) -> Finding {
    Finding {
        fingerprint: Fingerprint(fingerprint.to_owned()),
        on: Locator::input(place.as_bytes()),
        id: FindingId(format!("F-{fingerprint}-{place}").into()),
        ..finding("kaspersky/av-sdk", Relation::Embeds)
    }
}

fn waiver(fingerprint: &str, until: &str) -> Waiver {
    Waiver {
        fingerprint: Fingerprint(fingerprint.to_owned()),
        reason: "only on the test bench".to_owned(),
        owner: "release@example.org".to_owned(),
        until: until.to_owned(),
        ..Waiver::default()
    }
}

fn standings(waiving: &Waiving) -> Vec<(WaiverStanding, usize)> {
    waiving.notes.iter().map(|note| (note.standing, note.findings.len())).collect()
}

#[test]
fn the_last_day_counts_and_the_next_does_not() {
    let findings = [found("aa", "a.so")];
    for (as_of, waived, standing) in [
        ("2026-10-01", 1, None),
        ("2026-12-01", 1, Some(WaiverStanding::EndsSoon)),
        ("2026-12-31T23:59:59Z", 1, Some(WaiverStanding::EndsSoon)),
        ("2027-01-01T00:00:00Z", 0, Some(WaiverStanding::Expired)),
    ] {
        let waiving = waive(&findings, &[waiver("aa", "2026-12-31")], at(as_of));
        assert_eq!(waiving.waived.len(), waived, "{as_of}");
        assert_eq!(standings(&waiving).first().map(|(standing, _)| *standing), standing, "{as_of}");
    }
}

#[test]
fn another_build_voids_it() {
    let mut placed = waiver("aa", "2027-12-31");
    placed.entity = Some("kaspersky/av-sdk".into());
    placed.on = Some("lib/*.so".to_owned());
    let before = waive(&[found("aa", "lib/a.so")], std::slice::from_ref(&placed), at(NOW));
    assert_eq!((before.waived.len(), standings(&before)), (1, vec![]));
    let rebuilt = waive(&[found("bb", "lib/a.so")], std::slice::from_ref(&placed), at(NOW));
    assert_eq!((rebuilt.waived.len(), standings(&rebuilt)), (0, vec![(WaiverStanding::Void, 1)]));
    let elsewhere = waive(&[found("aa", "bin/a.so")], std::slice::from_ref(&placed), at(NOW));
    assert_eq!((elsewhere.waived.len(), standings(&elsewhere)), (0, vec![(WaiverStanding::Unused, 0)]));
    placed.entity = Some("kaspersky/scan-engine".into());
    let other = waive(&[found("aa", "lib/a.so")], &[placed], at(NOW));
    assert_eq!((other.waived.len(), standings(&other)), (0, vec![(WaiverStanding::Unused, 0)]));
    let without_place = waive(&[found("bb", "lib/a.so")], &[waiver("aa", "2027-12-31")], at(NOW));
    assert_eq!(standings(&without_place), vec![(WaiverStanding::Unused, 0)]);
}

#[test]
fn an_empty_or_dateless_waiver_sets_nothing_aside() {
    let findings = [found("", "a.so"), found("aa", "b.so")];
    for bad in [waiver("", "2027-12-31"), waiver("aa", "someday"), waiver("aa", "2026-12-31T00:00:00Z")] {
        assert!(waive(&findings, std::slice::from_ref(&bad), at(NOW)).waived.is_empty(), "{bad:?}");
        assert!(!waiver_faults(&bad).is_empty(), "{bad:?}");
    }
    assert!(waiver_faults(&waiver("aa", "2027-12-31")).is_empty());
}

#[test]
fn one_finding_is_set_aside_once_by_the_waiver_that_holds_longest() {
    let waivers = [waiver("aa", "2027-01-31"), waiver("aa", "2028-01-31")];
    let waiving = waive(&[found("aa", "a.so"), found("aa", "b.so")], &waivers, at(NOW));
    assert_eq!(waiving.waived.len(), 2);
    assert!(waiving.waived.iter().all(|waived| waived.waiver.until == "2028-01-31"));
}

#[test]
fn the_outcome_is_that_of_the_others_and_the_verdicts_stay() {
    let findings = [found("aa", "a.so"), found("bb", "b.so")];
    let (entities, vendor) = (entities(), profile("us-vendor"));
    for (waivers, outcome) in [
        (vec![waiver("aa", "2027-12-31")], Outcome::Prohibited),
        (vec![waiver("aa", "2027-12-31"), waiver("bb", "2027-12-31")], Outcome::Clear),
    ] {
        let waived = waive(&findings, &waivers, at(NOW)).ids();
        let judged = judge(&Question { waived: &waived, ..question(&findings, &entities, &vendor, NOW) });
        assert_eq!(judged.outcome, outcome);
        for finding in &findings {
            let of_it = judged.verdicts.iter().filter(|verdict| verdict.finding == finding.id);
            assert!(of_it.map(|verdict| verdict.effect).any(|effect| effect == Effect::Prohibited));
        }
    }
}
