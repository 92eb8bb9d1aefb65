//! The law through the whole command: dates, roles, exemptions, and what is never said.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test makes files, and may fail")]
use std::collections::BTreeSet;
use std::fs;

use interdict_tests::{interdict, report, workspace};
use serde_json::{Value, json};

fn sbom(component: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let text = format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{component}]}}"#);
    fs::write(folder.path().join("bom.json"), text).unwrap();
    folder
}

const SDK: &str =
    r#"{"type":"library","name":"Kaspersky Anti-Virus SDK","version":"8.9","supplier":{"name":"AO Kaspersky Lab"}}"#;
const FEED: &str = r#"{"type":"library","name":"opentip","version":"1.2","purl":"pkg:pypi/opentip@1.2"}"#;

/// The provisions of a regime that prohibit, and the strongest effect of each regime.
fn effects<'r>(report: &'r Value, regime: &str) -> BTreeSet<(&'r str, &'r str)> {
    let verdicts = report["verdicts"].as_array().unwrap().iter().filter(|verdict| verdict["regime"] == regime);
    verdicts.map(|v| (v["provision"].as_str().unwrap(), v["effect"].as_str().unwrap())).collect()
}

fn judged(component: &str, profiles: &[&str], as_of: &str) -> Value {
    let folder = sbom(component);
    let mut arguments = vec!["bom.json", "--as-of", as_of];
    for profile in profiles {
        arguments.extend(["--profile", profile]);
    }
    report(folder.path(), &arguments).0
}

#[test]
fn four_instants_of_the_determination() {
    let prohibited = |as_of: &str| -> BTreeSet<String> {
        let report = judged(SDK, &["us-vendor"], as_of);
        let effects = effects(&report, "us-bis-icts-kaspersky");
        effects
            .iter()
            .filter(|(_, effect)| *effect == "prohibited")
            .map(|(provision, _)| (*provision).to_owned())
            .collect()
    };
    let before = prohibited("2024-07-19T23:59:59-04:00");
    let first = prohibited("2024-07-20");
    let last_lawful = prohibited("2024-09-28");
    let second = prohibited("2024-09-29");
    assert!(before.is_empty(), "{before:?}");
    assert_eq!(first, last_lawful);
    assert!(first.len() <= 1, "only new agreements: {first:?}");
    assert!(second.len() > first.len(), "{second:?}");
    assert_eq!(prohibited("2024-09-29T03:59:59Z"), first);
    assert_eq!(prohibited("2024-09-29T04:00:00Z"), second);
    assert!(second.iter().all(|provision| !provision.contains("use")), "use is never prohibited: {second:?}");
}

#[test]
fn threat_intelligence_is_exempt_here_and_prohibited_there() {
    let report = judged(FEED, &["us-vendor", "us-federal-contractor"], "2026-01-01");
    assert!(effects(&report, "us-bis-icts-kaspersky").iter().any(|(_, effect)| *effect == "exempt"));
    assert!(effects(&report, "us-bis-icts-kaspersky").iter().all(|(_, effect)| *effect != "prohibited"));
    assert!(effects(&report, "us-far-52-204-23").iter().any(|(_, effect)| *effect == "prohibited"));
}

#[test]
fn training_and_advice_are_judged_as_what_they_are() {
    let said = |name: &str| {
        let component =
            format!(r#"{{"type":"library","name":"{name}","version":"1","supplier":{{"name":"AO Kaspersky Lab"}}}}"#);
        let report = judged(&component, &["us-vendor"], "2026-01-01");
        let said: Vec<String> =
            effects(&report, "us-bis-icts-kaspersky").iter().map(|(_, effect)| (*effect).to_owned()).collect();
        assert!(said.iter().all(|effect| effect != "prohibited"), "{name}: {said:?}");
        said
    };
    for name in [
        "Kaspersky Automated Security Awareness Platform",
        "Kaspersky Interactive Protection Simulation",
        "Kaspersky Threat Intelligence Portal",
        "Kaspersky Threat Data Feeds",
    ] {
        assert!(said(name).contains(&"exempt".to_owned()), "{name}");
    }
    for name in ["Kaspersky Incident Response", "Kaspersky Security Assessment"] {
        assert!(said(name).contains(&"review".to_owned()), "{name}");
    }
}

/// No product by this name is known, and only the supplier's name says whose it is. 89 FR 52434 prohibits cybersecurity products and
/// anti-virus software and lets "Threat Intelligence products and services", "Security Training products and services" and advice
/// that is "purely informational or educational" be: which of these an unknown product is, its supplier's name does not say. So the
/// verdict is a question. It is none under laws that speak of anything the vendor supplies; and a name that is known, and code, are
/// judged as before.
#[test]
fn of_an_unknown_product_the_maker_alone_is_not_enough_where_the_class_decides() {
    let unknown =
        |name: &str| format!(r#"{{"type":"library","name":"{name}","supplier":{{"name":"AO Kaspersky Lab"}}}}"#);
    let strongest = |component: &str, regime: &str| {
        let profiles = ["us-vendor", "us-federal-contractor", "us-federal-agency", "us-fcc-funds"];
        let report = judged(component, &profiles, "2026-01-01");
        let verdicts = report["verdicts"].as_array().unwrap().iter().filter(|verdict| verdict["regime"] == regime);
        let order = ["not-covered", "exempt", "future", "advisory", "review", "prohibited"];
        verdicts.filter_map(|v| order.iter().position(|effect| v["effect"] == *effect)).max().map(|at| order[at])
    };
    for name in ["Kaspersky Incident Response Agent", "Kaspersky Something Unknown", "libwidget"] {
        let component = unknown(name);
        for (regime, wanted) in [
            ("us-bis-icts-kaspersky", "review"),
            ("us-fcc-covered-2022", "review"),
            ("us-ndaa-1634", "prohibited"),
            ("us-far-52-204-23", "prohibited"),
        ] {
            assert_eq!(strongest(&component, regime), Some(wanted), "{name}: {regime}");
        }
    }
    let known = unknown("Kaspersky Scan Engine");
    for component in [SDK, &known] {
        assert_eq!(strongest(component, "us-bis-icts-kaspersky"), Some("prohibited"));
    }
}

/// Decided: code that the vendor's people gave to a free program of others is no look-alike, for NDAA 1634 and FAR 52.204-23 reach what is
/// "developed ... in whole or in part" by the vendor; and no violation, for nobody official said that they mean it. A name that only
/// begins with the vendor's is a question to everybody.
#[test]
fn a_contribution_and_a_mere_name_are_questions() {
    let nrpe =
        r#"{"type":"library","name":"nagios-nrpe-server","version":"4.1.0","copyright":"2011, Kaspersky Lab ZAO"}"#;
    let script = r#"{"type":"library","name":"Kaspersky Removal Script","version":"1"}"#;
    let sans = r#"{"type":"data","name":"Kaspersky Sans","version":"1"}"#;
    for (component, vendor, entity) in [
        (nrpe, "advisory", "kaspersky/gpl-contribution"),
        (script, "review", "kaspersky"),
        (sans, "review", "kaspersky"),
    ] {
        for (profile, outcome) in
            [("us-vendor", vendor), ("us-federal-contractor", "review"), ("us-federal-agency", "review")]
        {
            let report = judged(component, &[profile], "2026-01-01");
            assert_eq!(report["outcome"], outcome, "{component} {profile}");
            assert_eq!(report["findings"][0]["entity"], entity);
        }
    }
}

/// The tool that wrote an SBOM is no component of the product: who sells the product integrates nothing. Who makes it under a federal
/// contract uses a covered article "in the development of data or deliverables" (FAR 52.204-23(b)(2)).
#[test]
fn the_tool_that_wrote_the_sbom_is_used_and_not_shipped() {
    let folder = tempfile::tempdir().unwrap();
    let tools = [
        r#"{"components":[{"type":"application","name":"Kaspersky Container Security","version":"2.0","manufacturer":{"name":"AO Kaspersky Lab"}}]}"#,
        r#"[{"vendor":"AO Kaspersky Lab","name":"kcs-scanner","version":"1.2"}]"#,
    ];
    for tools in tools {
        let text = format!(
            r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","metadata":{{"tools":{tools},"component":{{"type":"application","name":"acme"}}}},"components":[{{"type":"library","name":"zlib","version":"1.3"}}]}}"#
        );
        fs::write(folder.path().join("bom.json"), text).unwrap();
        let words =
            ["bom.json", "--as-of", "2026-01-01", "--profile", "us-vendor", "--profile", "us-federal-contractor"];
        let (told, _) = report(folder.path(), &words);
        let [finding] = told["findings"].as_array().unwrap().as_slice() else { panic!("{told:#}") };
        let words = (&finding["relation"], &finding["scope"], &finding["witness"]);
        assert_eq!(words, (&json!("declares"), &json!("build"), &json!("not-compared")));
        assert!(effects(&told, "us-bis-icts-kaspersky").iter().all(|(_, effect)| *effect == "not-covered"));
        let far = effects(&told, "us-far-52-204-23");
        assert!(
            far.contains(&("use-in-performance", "prohibited")) && !far.contains(&("provide", "prohibited")),
            "{far:?}"
        );
        let (alone, status) = report(folder.path(), &["bom.json", "--as-of", "2026-01-01", "--profile", "us-vendor"]);
        assert_eq!((&alone["outcome"], status), (&json!("advisory"), 0));
    }
    // It declares nothing of the product either: what lies in it undeclared stays so.
    let product = interdict_testkit::build(
        "kind = \"elf\"\nneeded = [\"libkave8.so\"]\ndynamic = { undefined = [\"kaveScanFile\"] }\n",
    )
    .unwrap();
    fs::create_dir(folder.path().join("in")).unwrap();
    fs::write(folder.path().join("in/libcore.so"), product).unwrap();
    fs::rename(folder.path().join("bom.json"), folder.path().join("in/bom.json")).unwrap();
    let (told, _) = report(folder.path(), &["in", "--as-of", "2026-01-01"]);
    let hook = told["findings"].as_array().unwrap().iter().find(|one| one["entity"] == "kaspersky/av-sdk").unwrap();
    assert_eq!(hook["witness"], "observed-only");
}

#[test]
fn without_a_profile_nothing_is_called_prohibited() {
    let report = judged(SDK, &[], "2026-01-01");
    assert_eq!(report["outcome"], "review");
    assert!(report["verdicts"].as_array().unwrap().iter().all(|verdict| verdict["effect"] != "prohibited"));
    assert!(report["verdicts"].as_array().unwrap().iter().any(|verdict| verdict["regime"] == "us-bis-icts-kaspersky"));
}

#[test]
fn a_place_that_nobody_knows_is_refused_and_a_place_without_law_is_a_question() {
    let folder = sbom(SDK);
    let judged = |place: &str| {
        let words = ["bom.json", "--profile", "us-vendor", "--as-of", "2026-01-01", "--jurisdiction", place];
        let (report, status) = report(folder.path(), &words);
        (report["outcome"].as_str().unwrap_or_default().to_owned(), status)
    };
    for place in ["us", "US", " us", "us,it"] {
        assert_eq!(judged(place), ("prohibited".to_owned(), 1), "{place}");
    }
    // Nothing in Italy speaks to this profile; Japan was searched in vain.
    assert_eq!(judged("it"), ("review".to_owned(), 1));
    assert_eq!(judged("jp"), ("advisory".to_owned(), 0));
    for words in [
        ["scan", "bom.json", "--jurisdiction", "usa"].as_slice(),
        &["scan", "bom.json", "--jurisdiction", "us,xx"],
        &["scan", "bom.json", "--jurisdiction", ""],
        &["regimes", "--in", "usa"],
    ] {
        let output = interdict(folder.path(), words);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.code() == Some(2) && said.contains("known: "), "{words:?}: {said}");
    }
}

#[test]
fn a_warning_never_fails_a_gate() {
    let folder = sbom(SDK);
    let (report, status) = report(folder.path(), &["bom.json", "--profile", "de-any", "--as-of", "2026-01-01"]);
    assert_eq!((report["outcome"].as_str(), status), (Some("advisory"), 0));
}

#[test]
fn the_report_never_says_what_is_not_so() {
    for profiles in [vec![], vec!["us-vendor"], vec!["us-federal-contractor"], vec!["de-any"], vec!["us-fcc-equipment"]]
    {
        let text = judged(SDK, &profiles, "2026-01-01").to_string().to_lowercase();
        for lie in ["ofac-sanctioned", "use is illegal", "germany banned", "illegal to use"] {
            assert!(!text.contains(lie), "{profiles:?} says `{lie}`");
        }
    }
}

#[test]
fn the_law_is_shown_as_table_matrix_time_line_and_difference() {
    let printed = |arguments: &[&str]| {
        let output = interdict(&workspace(), &[&["regimes"], arguments].concat());
        assert!(output.status.success(), "{arguments:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let matrix = printed(&["--matrix", "--as-of", "2026-11-22"]);
    let row = |regime: &str| -> String {
        let line = matrix.lines().find(|line| line.starts_with(regime)).unwrap();
        line.split_whitespace().skip(1).take(5).collect()
    };
    assert_eq!(row("us-bis-icts-kaspersky"), "VVNNX");
    assert_eq!(row("us-far-52-204-23"), "VVRVV");
    assert_eq!(row("de-bsi-warning-2022"), "AANNN");
    let cells: Value = serde_json::from_str(&printed(&["--matrix", "-o", "json", "--in", "it"])).unwrap();
    assert_eq!(cells["rows"].as_array().unwrap().len(), 1);
    assert!(cells["rows"][0]["cells"][0]["because"].as_str().unwrap().contains("21/2022"));
    let change = printed(&["diff", "2024-09-28", "2024-09-29"]);
    assert!(change.contains("integrate") && change.contains("in force since 2024-09-29T04:00:00Z"), "{change}");
    assert!(!change.contains("new-agreement"), "{change}");
    assert!(printed(&["diff", "2024-10-01", "2024-10-02"]).contains("Nothing."));
    let suspended = printed(&["diff", "2025-11-09", "2025-11-10", "-o", "json"]);
    let suspended: Value = serde_json::from_str(&suspended).unwrap();
    assert_eq!(suspended["changes"][0]["provision"], "affiliates");
    assert_eq!(suspended["changes"][0]["after"]["state"], "suspended");
    let time: Vec<String> = printed(&["--timeline", "--as-of", "2024-07-21"]).lines().map(str::to_owned).collect();
    let at = |text: &str| time.iter().position(|line| line.contains(text)).unwrap();
    assert!(at("new-agreement") < at("the day asked for") && at("the day asked for") < at("integrate"));
    assert!(printed(&["--show", "us-bis-icts-kaspersky"]).contains("purely informational or educational"));
    assert!(printed(&["--in", "ch"]).contains("no regime was found"));
}
