//! What is judged of a component of which only the maker is known, and of code that an SBOM leaves out.
use interdict_model::{Certainty, Effect, ProductClass, Relation, Scope, Witness};

use crate::data::{NOW, finding, judged, lines, profile, profiles, regimes};

const BIS: &str = "us-bis-icts-kaspersky";

/// 89 FR 52434 speaks of cybersecurity products and anti-virus software, and lets threat intelligence and training be: a supplier's name
/// alone does not say which of these it is. NDAA 1634 and FAR 52.204-23 speak of anything the vendor develops or provides.
#[test]
fn the_makers_name_alone_is_a_question_where_the_class_decides() {
    let named = [finding("kaspersky", Relation::Declares)];
    let vendor = judged(&named, &profile("us-vendor"), NOW);
    let of_bis: Vec<_> = vendor.verdicts.iter().filter(|verdict| verdict.regime.as_str() == BIS).collect();
    assert!(of_bis.len() >= 4 && of_bis.iter().all(|verdict| verdict.effect == Effect::Review), "{of_bis:#?}");
    for verdict in of_bis {
        assert!(
            verdict.because.starts_with(
                "Only the maker is known, and which of its products this is decides. Were it of class `anti-virus` or `endpoint` or `other-cybersecurity`: From 2024-"
            ),
            "{}",
            verdict.because
        );
    }
    for (who, regime) in [("us-federal-agency", "us-ndaa-1634"), ("us-federal-contractor", "us-far-52-204-23")] {
        let judged = judged(&named, &profile(who), NOW);
        assert!(lines(&judged.verdicts, regime).iter().any(|line| line.ends_with("prohibited")), "{regime}");
    }
}

/// The same, seen as code: its signature, its marks, its folder. What the maker publishes besides security software is known by name.
#[test]
fn the_makers_code_is_security_software() {
    for relation in [Relation::Is, Relation::Embeds, Relation::Links] {
        let judged = judged(&[finding("kaspersky", relation)], &profile("us-vendor"), NOW);
        assert!(lines(&judged.verdicts, BIS).contains(&"integrate prohibited".to_owned()), "{relation}");
    }
}

/// Of every regime and everybody: never milder than the mildest class, never stricter than the strictest, and prohibited only where
/// every class is.
#[test]
fn between_the_classes() {
    let of = |class: ProductClass| match class {
        ProductClass::AntiVirus => "kaspersky/av-sdk",
        ProductClass::Endpoint => "kaspersky/endpoint",
        ProductClass::OtherCybersecurity => "kaspersky/gateway",
        ProductClass::NonSecurity => "kaspersky/kaspresso",
        ProductClass::ThreatIntelligence => "kaspersky/opentip",
        ProductClass::Training => "kaspersky/training",
        ProductClass::Consulting => "kaspersky/consulting",
        ProductClass::Undetermined => "kaspersky",
    };
    let mut prohibited = 0;
    for profile in profiles().all() {
        for scope in [Scope::Required, Scope::Test] {
            let said = |class: ProductClass| {
                let mut found = finding(of(class), Relation::Declares);
                found.scope = scope;
                judged(&[found], profile, NOW).verdicts
            };
            let open = said(ProductClass::Undetermined);
            let known: Vec<_> = ProductClass::DETERMINED.iter().map(|class| said(*class)).collect();
            for regime in regimes().all() {
                let worst = |verdicts: &[interdict_model::Verdict]| {
                    let of = verdicts.iter().filter(|verdict| verdict.regime == regime.id);
                    of.map(|verdict| verdict.effect).max()
                };
                let (Some(open), known) = (worst(&open), known.iter().map(|said| worst(said))) else { continue };
                let known: Vec<Effect> = known.flatten().collect();
                let (least, most) = (known.iter().min().copied().unwrap(), known.iter().max().copied().unwrap());
                let place = format!("{} {} {scope:?}: {open} of {known:?}", profile.name, regime.id);
                assert!(open >= least && open <= most, "{place}");
                match open {
                    Effect::Prohibited => assert_eq!(least, Effect::Prohibited, "{place}"),
                    _ => assert!(most < Effect::Review || open == Effect::Review, "{place}"),
                }
                prohibited += usize::from(open == Effect::Prohibited);
            }
        }
    }
    assert!(prohibited > 2, "law that reaches anything of the maker's: {prohibited}");
}

/// Undeclared code counts in full, whatever its certainty: a declaration would have settled it.
#[test]
fn to_leave_it_out_serves_nobody() {
    let vendor = profile("us-vendor");
    for relation in [Relation::Is, Relation::Embeds, Relation::Links] {
        for certainty in Certainty::ALL {
            let mut found = finding("kaspersky/av-sdk", relation);
            (found.certainty, found.witness) = (*certainty, Witness::ObservedOnly);
            let judged = judged(&[found], &vendor, NOW);
            let verdict = judged.verdicts.iter().find(|verdict| verdict.provision.as_str() == "integrate").unwrap();
            assert_eq!(verdict.effect, Effect::Prohibited, "{relation} {certainty}");
            let says = verdict.because.starts_with("The evidence is `possible` only, and the SBOM");
            assert_eq!(says, *certainty == Certainty::Possible, "{}", verdict.because);
        }
    }
    // What is compared with nothing is confirmed first, and so is a word in a file, which is no code.
    for (relation, witness) in [
        (Relation::Is, Witness::NotCompared),
        (Relation::Is, Witness::DeclaredAndObserved),
        (Relation::Declares, Witness::ObservedOnly),
    ] {
        let mut found = finding("kaspersky/av-sdk", relation);
        (found.certainty, found.witness) = (Certainty::Possible, witness);
        let judged = judged(&[found], &vendor, NOW);
        assert!(judged.verdicts.iter().all(|verdict| verdict.effect <= Effect::Review), "{relation} {witness}");
    }
}
