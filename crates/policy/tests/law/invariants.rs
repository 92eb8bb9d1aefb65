//! What must hold of the law as data, whatever is added to it.
use interdict_model::{Effect, Relation, Scope, Witness};
use interdict_policy::Regimes;

use crate::data::{NOW, at, finding, judged, lines, nobody, profile, profiles, regimes};

const BIS: &str = "us-bis-icts-kaspersky";
const FAR: &str = "us-far-52-204-23";

#[test]
fn every_regime_says_where_it_is_from() {
    assert!(regimes().all().len() >= 4);
    for regime in regimes().all() {
        assert!(!regime.sources.is_empty() && !regime.citation.is_empty(), "{}", regime.id);
        assert!(profiles().get(&regime.profile).is_some(), "{}: no profile `{}`", regime.id, regime.profile);
    }
}

#[test]
fn every_bound_role_has_a_profile_and_every_profile_a_regime() {
    let mut bound: Vec<_> = regimes().all().iter().flat_map(|r| &r.provisions).flat_map(|p| &p.binds).collect();
    bound.sort();
    bound.dedup();
    for role in bound.iter().filter(|role| role.0 != "kaspersky-group") {
        assert!(profiles().all().iter().any(|profile| profile.roles.contains(role)), "no profile is `{}`", role.0);
    }
    for profile in profiles().all() {
        let judged = judged(&[finding("kaspersky/av-sdk", Relation::Embeds)], profile, NOW);
        assert!(!judged.verdicts.is_empty(), "nothing binds `{}`", profile.name);
    }
}

#[test]
fn four_instants_of_the_determination() {
    let vendor = profile("us-vendor");
    let on =
        |as_of: &str| lines(&judged(&[finding("kaspersky/av-sdk", Relation::Embeds)], &vendor, as_of).verdicts, BIS);
    let all = |first: &str, rest: &str| {
        let mut lines = vec![format!("new-agreement {first}")];
        lines.extend(["integrate", "license", "resell", "updates"].map(|id| format!("{id} {rest}")));
        lines.sort();
        lines
    };
    assert_eq!(on("2024-07-19T23:59:59-04:00"), all("future", "future"));
    assert_eq!(on("2024-07-20T03:59:59Z"), all("future", "future"));
    assert_eq!(on("2024-07-20T04:00:00Z"), all("prohibited", "future"));
    assert_eq!(on("2024-07-20"), all("prohibited", "future"));
    assert_eq!(on("2024-09-28"), all("prohibited", "future"));
    assert_eq!(on("2024-09-29T03:59:59Z"), all("prohibited", "future"));
    assert_eq!(on("2024-09-29T04:00:00Z"), all("prohibited", "prohibited"));
    assert_eq!(on("2024-09-29"), all("prohibited", "prohibited"));
}

#[test]
fn private_use_is_never_prohibited() {
    let user = profile("us-private-user");
    for as_of in ["2024-07-20", "2024-09-29", "2026-11-22"] {
        let judged = judged(&[finding("kaspersky/endpoint", Relation::Is)], &user, as_of);
        assert!(judged.verdicts.iter().all(|verdict| verdict.effect < Effect::Review), "{as_of}");
        assert_eq!(lines(&judged.verdicts, BIS), ["use not-covered"]);
    }
}

#[test]
fn threat_intelligence_flips() {
    let both = interdict_policy::merge(&[profile("us-vendor"), profile("us-federal-contractor")]);
    for relation in [Relation::Is, Relation::Embeds, Relation::Links, Relation::Declares] {
        let judged = judged(&[finding("kaspersky/opentip", relation)], &both, NOW);
        assert_eq!(lines(&judged.verdicts, BIS), ["threat-intelligence exempt"]);
        assert_eq!(lines(&judged.verdicts, FAR), ["provide prohibited", "use-in-performance prohibited"]);
    }
}

#[test]
fn a_connector_alone_is_never_prohibited() {
    for profile in profiles().all() {
        for entity in ["kaspersky/av-sdk", "kaspersky/opentip", "kaspersky/kaspresso", "kaspersky/endpoint"] {
            let judged = judged(&[finding(entity, Relation::Connects)], profile, NOW);
            let worst = judged.verdicts.iter().find(|verdict| verdict.effect == Effect::Prohibited);
            assert!(worst.is_none(), "{}: {worst:?}", profile.name);
        }
    }
}

#[test]
fn a_mention_and_a_look_alike_flag_nothing() {
    for profile in profiles().all().iter().chain([&nobody()]) {
        let mention = finding("kaspersky/av-sdk", Relation::Mentions);
        let look_alike = finding("infowatch/traffic-monitor", Relation::Embeds);
        let judged = judged(&[mention, look_alike], profile, NOW);
        assert!(judged.verdicts.iter().all(|verdict| verdict.effect == Effect::NotCovered), "{}", profile.name);
        assert_eq!(judged.outcome.name(), "clear");
    }
}

#[test]
fn what_only_develops_or_tests_is_reached_by_contract_work_alone() {
    for scope in [Scope::Dev, Scope::Test, Scope::Build, Scope::Excluded] {
        let mut found = finding("kaspersky/av-sdk", Relation::Declares);
        found.scope = scope;
        for regime in regimes().all() {
            let judged = judged(&[found.clone()], &profile(&regime.profile), NOW);
            let reached = judged.verdicts.iter().any(|v| v.regime == regime.id && v.effect == Effect::Prohibited);
            let may = ["us-far-52-204-23", "us-ndaa-1634"].contains(&regime.id.as_str());
            assert_eq!(reached, may, "{} {scope:?}", regime.id);
        }
        let contractor = judged(&[found.clone()], &profile("us-federal-contractor"), NOW);
        assert_eq!(lines(&contractor.verdicts, FAR), ["use-in-performance prohibited"]);
        // What was seen in the delivery is in the delivery.
        found.witness = Witness::ObservedOnly;
        assert!(
            lines(&judged(&[found], &profile("us-vendor"), NOW).verdicts, BIS).contains(&"integrate prohibited".into())
        );
    }
}

#[test]
fn advice_never_fails_a_gate() {
    for regime in regimes().all().iter().filter(|regime| regime.nature.is_advice()) {
        for entity in ["kaspersky/av-sdk", "kaspersky/kaspresso", "kaspersky/opentip"] {
            for profile in [profile(&regime.profile), nobody()] {
                let judged = judged(&[finding(entity, Relation::Is)], &profile, NOW);
                let of_it = judged.verdicts.iter().filter(|verdict| verdict.regime == regime.id);
                assert!(of_it.map(|verdict| verdict.effect).all(|effect| effect <= Effect::Advisory), "{}", regime.id);
            }
        }
    }
    let germany = judged(&[finding("kaspersky/av-sdk", Relation::Embeds)], &profile("de-any"), NOW);
    assert_eq!(germany.outcome.name(), "advisory");
}

#[test]
fn without_a_profile_nothing_is_called_prohibited() {
    for relation in [Relation::Is, Relation::Embeds, Relation::Links, Relation::Declares] {
        let judged = judged(&[finding("kaspersky/av-sdk", relation)], &nobody(), NOW);
        assert_eq!(judged.outcome.name(), "review");
        assert!(judged.verdicts.iter().all(|verdict| verdict.effect <= Effect::Review));
        let integrate = judged.verdicts.iter().find(|verdict| verdict.provision == "integrate").unwrap();
        assert!(
            integrate.because.starts_with("Would be prohibited for a US person, or anyone"),
            "{}",
            integrate.because
        );
        assert_eq!(integrate.since, Some(at("2024-09-29T00:00:00-04:00")));
    }
}

#[test]
fn the_reporting_clock_follows_the_text_of_the_clause() {
    let far = regimes().get(&FAR.into()).unwrap();
    let clock = |as_of: &str| far.reporting_at(at(as_of)).map(|clock| (clock.first, clock.then));
    assert_eq!(clock("2018-07-15"), None);
    assert_eq!(clock("2018-07-16"), Some((1, 10)));
    assert_eq!(clock("2023-12-03"), Some((1, 10)));
    assert_eq!(clock("2023-12-04"), Some((3, 10)));
}

#[test]
fn compiled_law_survives_the_store() {
    let bytes = postcard::to_stdvec(&(regimes(), profiles())).unwrap();
    let back: (Regimes, interdict_policy::Profiles) = postcard::from_bytes(&bytes).unwrap();
    assert_eq!((&back.0, &back.1), (regimes(), profiles()));
}
