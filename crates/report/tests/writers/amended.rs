//! The input's own SPDX document, written upon: nothing of it lost, what was found in it and beside it.
use interdict_model::{Certainty, FactKind, Place, Product, Relation, Report, Witness};
use interdict_report::inert;
use serde_json::Value;

use crate::kept::{given, upon, within};
use crate::sample::full;
use crate::sample::parts::{finding, input, observed, ruled};
use crate::schemas::spdx;
use crate::{hold, repository};

const DOCUMENT: &str = "delivery/acmegate.spdx.json";
/// What a changed document says otherwise.
const OTHERWISE: &[&str] = &["spdxVersion", "documentNamespace", "creationInfo"];

/// The full report with what its document declares, what its files show of that, and what they show beside it.
fn report() -> Report {
    let mut report = full();
    report.inputs[1] = input(DOCUMENT, "spdx-json", 2);
    let product = Product { name: "AcmeGate".into(), known_from: DOCUMENT.into(), ..Product::default() };
    let mut add = |id: &str, pointer: &str| {
        let on = format!("{DOCUMENT}#{id}");
        let mut one = finding(id, "7777", ("kaspersky/av-sdk", "Kaspersky Anti-Virus SDK"), &on);
        (one.relation, one.certainty, one.product) = (Relation::Declares, Certainty::Confirmed, product.clone());
        let fact = observed(&on, FactKind::Name, "av-test", Place::Pointer(pointer.into()), "spdx-json");
        one.matches = vec![ruled("kaspersky/av-sdk/name", &one, "So it says.", vec![fact])];
        report.findings.push(one);
    };
    add("F-700000000007", "/packages/1/name");
    add("F-800000000008", "/files/0/fileName");
    add("F-900000000009", "/packages/2/name");
    let mut seen = report.findings[0].clone();
    (seen.id.0, seen.witness, seen.product) = ("F-aa000000000a".into(), Witness::DeclaredAndObserved, product);
    report.findings.push(seen);
    report
}

fn amended(bytes: &[u8]) -> Value {
    serde_json::from_str(&upon("spdx", &report(), None, bytes)).unwrap()
}

#[test]
fn as_it_comes_out() {
    let got = upon("spdx", &report(), None, &given("input.spdx.json"));
    assert!(got.lines().all(|line| inert(line) == line), "{got}");
    hold(&repository("crates/report/tests/kept/expected.spdx.json"), &got);
}

#[test]
fn nothing_of_it_is_lost_and_it_is_valid() {
    let bytes = given("input.spdx.json");
    let (old, new) = (serde_json::from_slice(&bytes).unwrap(), amended(&bytes));
    within(&old, &new, "", OTHERWISE);
    within(&old["creationInfo"], &new["creationInfo"], "", &["created"]);
    let faults: Vec<String> = spdx().iter_errors(&new).map(|fault| fault.to_string()).collect();
    assert_eq!(faults, Vec::<String>::new());
    let said = new["annotations"][0]["comment"].as_str().unwrap();
    assert!(said.contains("https://acme.example/spdx/acmegate-3.1") && said.contains("2026-01-02T03:04:05Z"), "{said}");
    assert_eq!(new["externalDocumentRefs"][0]["spdxDocument"], old["documentNamespace"]);
}

#[test]
fn what_was_found_stands_where_it_belongs() {
    let new = amended(&given("input.spdx.json"));
    let told = |pointer: &str, id: &str| new.pointer(pointer).is_some_and(|notes| notes.to_string().contains(id));
    assert!(told("/packages/1/annotations", "F-700000000007") && told("/packages/1/annotations", "Looked at."));
    assert!(told("/packages/1/annotations", "F-aa000000000a"), "what the files show is what is declared");
    assert!(told("/files/0/annotations", "F-800000000008") && new.pointer("/packages/0/annotations").is_none());
    let relations = new["relationships"].as_array().unwrap();
    let ids: Vec<&str> =
        new["packages"].as_array().unwrap().iter().map(|one| one["SPDXID"].as_str().unwrap()).collect();
    let beside = ids.iter().position(|id| told(&format!("/packages/{}/comment", place(&ids, id)), "F-900000000009"));
    let beside = ids[beside.unwrap()];
    let holds = |one: &Value| one["spdxElementId"] == "SPDXRef-gate" && one["relatedSpdxElement"] == *beside;
    assert!(beside.starts_with("SPDXRef-interdict-Finding-") && relations.iter().any(holds), "{relations:?}");
    for one in relations {
        for end in [&one["spdxElementId"], &one["relatedSpdxElement"]] {
            let end = end.as_str().unwrap();
            assert!(end.ends_with("SPDXRef-DOCUMENT") || ids.contains(&end), "{end}");
        }
    }
}

fn place(ids: &[&str], id: &str) -> usize {
    ids.iter().position(|one| *one == id).unwrap()
}

#[test]
fn annotations_are_not_piled_up() {
    let once = upon("spdx", &report(), None, &given("input.spdx.json"));
    let twice = amended(once.as_bytes());
    let once: Value = serde_json::from_str(&once).unwrap();
    for pointer in ["/packages/1/annotations", "/files/0/annotations", "/creationInfo"] {
        assert_eq!(once.pointer(pointer), twice.pointer(pointer), "{pointer}");
    }
    let count = |document: &Value| document["annotations"].as_array().unwrap().len();
    assert_eq!(count(&once), count(&twice));
}

#[test]
fn what_cannot_be_written_upon_is_said() {
    let good = String::from_utf8(given("input.spdx.json")).unwrap();
    for (text, why) in [
        (good.replace("SPDX-2.2", "SPDX-2.1"), "`SPDX-2.1`"),
        (format!("{{\"sbom\":{good}}}"), "its `spdxVersion` is ``"),
        (good.replace("\"files\"", "\"packages\""), "stands twice"),
        (good.replace("\"files\": [", "\"files\": {}, \"x\": ["), "not well formed"),
        (format!("{good}{good}"), "not well formed"),
    ] {
        let document = amended(text.as_bytes());
        let said = document["comment"].as_str().unwrap();
        assert!(said.contains("no SPDX document of the input is kept") && said.contains(why), "{why}: {said}");
        assert!(spdx().is_valid(&document));
    }
    let mut other = report();
    other.inputs[1].format = Some("spdx-rdf".into());
    assert!(upon("spdx", &other, None, b"").contains("not well formed"));
    other.inputs[1].format = Some("spdx3-json".into());
    assert!(upon("spdx", &other, None, b"{").contains("not well formed"));
}
