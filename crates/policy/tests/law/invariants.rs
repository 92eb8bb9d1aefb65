//! What must hold of the law as data, whatever is added to it.
use interdict_model::{Effect, Relation, Scope, Witness};
use interdict_policy::{Party, Regimes, State, Status, timeline};

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

#[test]
fn three_companies_and_twelve_persons() {
    let listed = |regime: &str, party: Party| {
        regimes().get(&regime.into()).unwrap().listed.iter().filter(|listed| listed.party == party).count()
    };
    assert_eq!(listed("us-bis-entity-list-kaspersky", Party::Organisation), 3);
    assert_eq!(listed("us-bis-entity-list-kaspersky", Party::Person), 0);
    assert_eq!(listed("us-ofac-kaspersky-executives", Party::Organisation), 0);
    assert_eq!(listed("us-ofac-kaspersky-executives", Party::Person), 12);
}

#[test]
fn a_suspended_rule_is_off_inside_and_on_outside() {
    let exporter = profile("us-exporter");
    let on = |as_of: &str| {
        let judged = judged(&[finding("kaspersky/av-sdk", Relation::Embeds)], &exporter, as_of);
        let of_it = judged.verdicts.into_iter().find(|verdict| verdict.provision == "affiliates").unwrap();
        (of_it.effect, of_it.since.map(interdict_model::Instant::date))
    };
    assert_eq!(on("2025-09-28"), (Effect::Future, Some("2025-09-29".to_owned())));
    assert_eq!(on("2025-10-15"), (Effect::Review, Some("2025-09-29".to_owned())));
    assert_eq!(on("2025-11-10"), (Effect::Future, Some("2026-11-10".to_owned())));
    assert_eq!(on("2026-11-09"), (Effect::Future, Some("2026-11-10".to_owned())));
    assert_eq!(on("2026-11-22"), (Effect::Review, Some("2026-11-10".to_owned())));
    let states = |as_of: &str| {
        let rows = timeline(regimes(), at(as_of)).into_iter().filter(|row| row.provision == "affiliates");
        rows.map(|row| row.state.name()).collect::<Vec<_>>()
    };
    assert_eq!(states("2025-10-15"), ["in-force", "begins"]);
    assert_eq!(states("2025-12-01"), ["ended", "begins"]);
    assert_eq!(states("2026-11-22"), ["ended", "in-force"]);
}

#[test]
fn what_is_proposed_says_nothing_of_the_present() {
    let proposed: Vec<_> = regimes().all().iter().filter(|regime| regime.status == Status::Proposed).collect();
    assert!(proposed.len() >= 2);
    for regime in proposed {
        for profile in [profile(&regime.profile), nobody()] {
            for as_of in ["2026-06-30", "2026-11-22", "2040-01-01"] {
                let judged = judged(&[finding("kaspersky/av-sdk", Relation::Is)], &profile, as_of);
                let verdict = judged.verdicts.iter().find(|verdict| verdict.regime == regime.id).unwrap();
                assert_eq!(verdict.effect, Effect::Future, "{}", regime.id);
                assert!(verdict.because.starts_with("Proposed, not law: "), "{}", verdict.because);
            }
        }
    }
}

#[test]
fn the_time_line_agrees_with_the_verdicts() {
    for row in timeline(regimes(), at(NOW)) {
        let known =
            regimes().get(&row.regime).unwrap().provisions.iter().any(|provision| provision.id == row.provision);
        assert!(known, "{}", row.regime);
        assert_eq!(
            row.state == State::InForce,
            row.since.is_some_and(|since| since <= at(NOW))
                && row.state != State::Proposed
                && row.until.is_none_or(|until| at(NOW) < until),
            "{} {}",
            row.regime,
            row.provision
        );
    }
}

#[test]
fn a_connector_beside_an_engine_is_reviewed() {
    let vendor = profile("us-vendor");
    let alone = judged(&[finding("kaspersky/av-sdk", Relation::Connects)], &vendor, NOW);
    assert_eq!(lines(&alone.verdicts, BIS), ["integrate not-covered"]);
    let mut engine = finding("kaspersky/endpoint", Relation::Is);
    let beside = |engine: &interdict_model::Finding| {
        let judged = judged(&[finding("kaspersky/av-sdk", Relation::Connects), engine.clone()], &vendor, NOW);
        judged.verdicts.iter().any(|v| v.finding.0.ends_with("connects") && v.effect == Effect::Review)
    };
    assert!(beside(&engine));
    engine.product.name = "Another product".to_owned();
    assert!(!beside(&engine));
}

#[test]
fn the_vendors_own_product_is_told_from_an_integration() {
    let agency = profile("us-federal-agency");
    let mut found = finding("kaspersky/endpoint", Relation::Is);
    assert_eq!(lines(&judged(&[found.clone()], &agency, NOW).verdicts, "us-dhs-bod-17-01"), ["embedded exempt"]);
    found.product.supplier = Some("AO Kaspersky Lab".to_owned());
    assert_eq!(lines(&judged(&[found], &agency, NOW).verdicts, "us-dhs-bod-17-01"), ["remove prohibited"]);
}

#[test]
fn places_without_a_regime_are_named() {
    let mut asked = nobody();
    asked.jurisdictions = vec!["ch".to_owned()];
    let judged = judged(&[finding("kaspersky/av-sdk", Relation::Embeds)], &asked, NOW);
    assert!(judged.verdicts.is_empty());
    assert!(judged.notes.iter().any(|note| note.starts_with("No regime was found for `ch`")));
}

#[test]
fn a_circle_of_entities_ends() {
    let mut entities = crate::data::entities();
    let (first, second) = (entities[0].id.clone(), entities[1].id.clone());
    entities[0].part_of = Some(second);
    entities[1].part_of = Some(first);
    let (found, vendor) = ([finding("kaspersky/av-sdk", Relation::Embeds)], profile("us-vendor"));
    let judged = interdict_policy::judge(&crate::data::question(&found, &entities, &vendor, NOW));
    assert_eq!(judged.outcome.name(), "prohibited");
}

#[test]
fn the_order_of_findings_changes_nothing() {
    let mut findings: Vec<_> = ["kaspersky/av-sdk", "kaspersky/kaspresso", "kaspersky/opentip", "kaspersky/endpoint"]
        .iter()
        .flat_map(|entity| Relation::ALL.iter().map(|relation| finding(entity, *relation)))
        .collect();
    let forward = judged(&findings, &nobody(), NOW);
    findings.reverse();
    assert_eq!(forward, judged(&findings, &nobody(), NOW));
}
