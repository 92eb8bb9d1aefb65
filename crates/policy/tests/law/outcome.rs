//! The one answer: `clear` only where everything that could matter was examined.
use interdict_model::{Certainty, Effect, Gap, GapReason, Locator, ObserverId, Outcome, Relation};
use interdict_policy::{Doubt, Question, judge, weigh};

use crate::data::{NOW, entities, finding, judged, nobody, profile, profiles, question};

fn gap(reason: GapReason, seems: &str) -> Gap {
    Gap {
        on: Locator::input(b"a.zip"),
        reason,
        by: ObserverId::from("zip"),
        seems: Some(seems.to_owned()),
        detail: "test".to_owned(),
        ranges: Vec::new(),
        needs: None,
        material: false,
        accepted: None,
    }
}

#[test]
fn clear_needs_proof() {
    let (none, nobody) = (entities(), nobody());
    let whole = question(&[], &none, &nobody, NOW);
    assert_eq!(judge(&whole).outcome, Outcome::Clear);
    let early = Question { complete: false, ..whole };
    let nothing = Question { recognised: 0, ..whole };
    let mut gaps = [gap(GapReason::Encrypted, "zip")];
    weigh(&mut gaps, &[]);
    let open = Question { gaps: &gaps, ..whole };
    for (question, doubt) in
        [(early, Doubt::Incomplete), (nothing, Doubt::NothingRecognised), (open, Doubt::MaterialGaps(1))]
    {
        let judged = judge(&question);
        assert_eq!((judged.outcome, judged.doubts.as_slice()), (Outcome::Inconclusive, [doubt].as_slice()));
        let allowed = judge(&Question { allow_incomplete: true, ..question });
        assert_eq!(allowed.outcome == Outcome::Clear, doubt != Doubt::NothingRecognised);
    }
    weigh(&mut gaps, &["a.*".to_owned()]);
    let accepted = judge(&Question { gaps: &gaps, ..whole });
    assert_eq!(accepted.outcome, Outcome::Clear);
    assert!(accepted.notes.iter().any(|note| note.contains("accepted")));
    let mut picture = [gap(GapReason::Malformed, "png")];
    weigh(&mut picture, &[]);
    assert_eq!(judge(&Question { gaps: &picture, ..whole }).outcome, Outcome::Clear);
}

#[test]
fn files_may_be_accepted_as_nothing_and_folders_may_not() {
    let (none, nobody) = (entities(), nobody());
    for (seems, accept, want) in [
        (&["target-file", "target-file"][..], "unsupported:**", Outcome::Clear),
        (&["target-file"], "malformed:**", Outcome::Inconclusive),
        (&["target-file", "target"], "unsupported:**", Outcome::Inconclusive),
        (&["target"], "**", Outcome::Inconclusive),
        (&[], "**", Outcome::Inconclusive),
    ] {
        let mut gaps: Vec<Gap> = seems.iter().map(|seems| gap(GapReason::Unsupported, seems)).collect();
        weigh(&mut gaps, &[accept.to_owned()]);
        let question = Question { recognised: 0, gaps: &gaps, ..question(&[], &none, &nobody, NOW) };
        assert_eq!(judge(&question).outcome, want, "{seems:?} {accept}");
    }
}

#[test]
fn doubt_covers_a_warning_and_never_a_flag() {
    let entities = entities();
    let mut gaps = [gap(GapReason::Encrypted, "zip")];
    weigh(&mut gaps, &[]);
    let found = [finding("kaspersky/av-sdk", Relation::Embeds)];
    for (name, outcome) in [("de-any", Outcome::Inconclusive), ("us-vendor", Outcome::Prohibited)] {
        let profile = profile(name);
        let question = Question { gaps: &gaps, ..question(&found, &entities, &profile, NOW) };
        assert_eq!(judge(&question).outcome, outcome);
    }
}

#[test]
fn a_finding_that_no_regime_reaches_is_a_note_to_a_profile_and_a_question_without() {
    let library = [finding("kaspersky/kaspresso", Relation::Declares)];
    assert_eq!(judged(&library, &profile("de-any"), NOW).outcome, Outcome::Advisory);
    assert_eq!(judged(&library, &nobody(), NOW).outcome, Outcome::Review);
    let mut abroad = nobody();
    abroad.jurisdictions = vec!["de".to_owned()];
    assert_eq!(judged(&library, &abroad, NOW).outcome, Outcome::Review);
    let connector = [finding("kaspersky/av-sdk", Relation::Connects)];
    assert_eq!(judged(&connector, &profile("de-any"), NOW).outcome, Outcome::Clear);
}

#[test]
fn a_waived_finding_is_judged_and_not_counted() {
    let (entities, vendor) = (entities(), profile("us-vendor"));
    let found = [finding("kaspersky/av-sdk", Relation::Embeds)];
    let waived = [found[0].id.clone()];
    let judged = judge(&Question { waived: &waived, ..question(&found, &entities, &vendor, NOW) });
    assert_eq!(judged.outcome, Outcome::Clear);
    assert!(judged.verdicts.iter().any(|verdict| verdict.effect == Effect::Prohibited));
}

#[test]
fn what_is_not_known_is_not_called_prohibited_nor_clear() {
    let vendor = profile("us-vendor");
    let mut weak = finding("kaspersky/av-sdk", Relation::Is);
    weak.certainty = Certainty::Possible;
    assert_eq!(judged(&[weak], &vendor, NOW).outcome, Outcome::Review);
    let stranger = finding("somebody/something", Relation::Is);
    assert_eq!(judged(&[stranger], &vendor, NOW).outcome, Outcome::Review);
    let mut idle = vendor;
    idle.acts.clear();
    assert_eq!(judged(&[finding("kaspersky/av-sdk", Relation::Is)], &idle, NOW).outcome, Outcome::Review);
}

/// More evidence never makes an answer milder.
#[test]
fn evidence_only_adds() {
    for profile in profiles().all().iter().chain([&nobody()]) {
        for entity in entities() {
            for relation in Relation::ALL {
                let mut last = Outcome::Clear;
                for certainty in Certainty::ALL {
                    let mut found = finding(entity.id.as_str(), *relation);
                    found.certainty = *certainty;
                    let outcome = judged(&[found], profile, NOW).outcome;
                    assert!(outcome >= last, "{} {} {relation} {certainty}", profile.name, entity.id);
                    last = outcome;
                }
            }
        }
    }
}

/// One place in the crate names `clear`, and it needs a proof of coverage.
#[test]
#[expect(clippy::disallowed_methods, reason = "a test reads its own crate")]
fn clear_is_constructed_in_one_place() {
    let mut open = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src")];
    let (mut clears, mut proofs) = (0, 0);
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let text = std::fs::read_to_string(path).unwrap();
        clears += text.matches("Self::Clear").count() + text.matches("Outcome::Clear").count();
        proofs += text.matches("Ok(Self(()))").count();
    }
    assert_eq!((clears, proofs), (1, 1));
}
