//! How sure several matches are together: independent techniques corroborate, and nothing ever lowers.
use std::collections::BTreeSet;

use interdict_model::{Certainty, Match, Relation, Technique};

/// The published table: what two matches that are known by different techniques make together.
pub const TABLE: &[(Certainty, Certainty, Certainty)] = &[
    (Certainty::Possible, Certainty::Possible, Certainty::Probable),
    (Certainty::Possible, Certainty::Probable, Certainty::Probable),
    (Certainty::Probable, Certainty::Probable, Certainty::Confirmed),
    (Certainty::Possible, Certainty::Confirmed, Certainty::Confirmed),
    (Certainty::Probable, Certainty::Confirmed, Certainty::Confirmed),
    (Certainty::Confirmed, Certainty::Confirmed, Certainty::Confirmed),
];

/// The relation and certainty of matches of one entity on one thing.
///
/// The certain match names the relation: a file name that may be the SDK beside a symbol that surely links it is
/// `links`, confirmed. Only matches of the same weight corroborate: a mention never strengthens a link.
pub fn combined(matches: &[Match]) -> (Relation, Certainty) {
    let heaviest = matches.iter().map(|one| weight(one.relation)).max().unwrap_or(0);
    let heavy: Vec<&Match> = matches.iter().filter(|one| weight(one.relation) == heaviest).collect();
    let best = heavy.iter().max_by_key(|one| (one.certainty, std::cmp::Reverse(one.relation)));
    let Some(best) = best else { return (Relation::Mentions, Certainty::Possible) };
    let mut certainty = best.certainty;
    for (a, b, together) in TABLE {
        if different_techniques(&heavy, *a, *b) {
            certainty = certainty.max(*together);
        }
    }
    (best.relation, certainty)
}

/// What flags (2), what only connects (1), what only mentions (0).
pub fn weight(relation: Relation) -> u8 {
    match relation {
        Relation::Is | Relation::Embeds | Relation::Links | Relation::Declares => 2,
        Relation::Connects => 1,
        Relation::Mentions => 0,
    }
}

/// Whether one match of certainty `a` and another of `b` are known by techniques that the other is not.
fn different_techniques(matches: &[&Match], a: Certainty, b: Certainty) -> bool {
    let of = |certainty: Certainty| matches.iter().filter(move |one| one.certainty == certainty);
    of(a).any(|one| of(b).any(|two| one.rule != two.rule && known_by(one).is_disjoint(&known_by(two))))
}

fn known_by(one: &Match) -> BTreeSet<Technique> {
    one.techniques.iter().copied().collect()
}

#[cfg(test)]
mod tests {
    use interdict_model::{Locator, Shared};

    use super::*;

    fn one(rule: &str, relation: Relation, certainty: Certainty, technique: Technique) -> Match {
        Match {
            rule: rule.into(),
            entity: "kaspersky/av-sdk".into(),
            relation,
            on: Locator::input(b"a.so"),
            certainty,
            because: Shared::default(),
            techniques: vec![technique],
            proof: Vec::new(),
            excerpts: Vec::new(),
        }
    }

    #[test]
    fn independent_techniques_corroborate() {
        use Certainty::{Confirmed, Possible, Probable};
        use Relation::{Embeds, Is, Links, Mentions};
        use Technique::{Attestation, BinaryAnalysis, Filename};
        for (matches, want) in [
            (vec![one("a", Is, Possible, Filename)], (Is, Possible)),
            (vec![one("a", Is, Possible, Filename), one("b", Links, Confirmed, BinaryAnalysis)], (Links, Confirmed)),
            (vec![one("a", Is, Possible, Filename), one("b", Is, Possible, Attestation)], (Is, Probable)),
            (vec![one("a", Is, Possible, Filename), one("b", Is, Possible, Filename)], (Is, Possible)),
            (vec![one("a", Embeds, Probable, Attestation), one("b", Is, Probable, BinaryAnalysis)], (Is, Confirmed)),
            (
                vec![one("a", Links, Probable, BinaryAnalysis), one("b", Mentions, Confirmed, Filename)],
                (Links, Probable),
            ),
        ] {
            assert_eq!(combined(&matches), want, "{matches:#?}");
        }
    }

    #[test]
    fn more_evidence_never_lowers() {
        let every = Relation::ALL.iter().flat_map(|relation| {
            Certainty::ALL.iter().flat_map(move |certainty| {
                [Technique::Filename, Technique::BinaryAnalysis].map(|technique| {
                    one(&format!("{relation}{certainty}{technique:?}"), *relation, *certainty, technique)
                })
            })
        });
        let every: Vec<_> = every.collect();
        for a in &every {
            for b in &every {
                let alone = combined(std::slice::from_ref(a));
                let both = combined(&[a.clone(), b.clone()]);
                assert!(weight(both.0) > weight(alone.0) || both.1 >= alone.1, "{a:?} {b:?}");
            }
        }
    }
}
