//! The input's own BOM, written upon: nothing of it lost, what was found in it and beside it.
use interdict_model::{Certainty, FactKind, Finding, Place, Product, Relation, Report, Verdict, Waived, Witness};
use interdict_report::{Ask, MOST, Original, inert, original, writer};
use serde_json::Value;

use crate::sample::full;
use crate::sample::parts::{finding, input, locator, observed, ruled};
use crate::schemas::cyclonedx;
use crate::{hold, repository};

const BOMS: &[&str] = &["cyclonedx-json", "cyclonedx-xml"];
const DOCUMENT: &str = "delivery/acmegate.cdx.json";

/// The full report with what its document declares in other places too: nested and waived, a service, another product.
pub(crate) fn report(format: &str) -> Report {
    let mut report = full();
    report.inputs[1] = input(DOCUMENT, "cyclonedx-json", 6);
    report.inputs[1].format = Some(format.into());
    let mut add = |id: &str, pointer: &str| {
        let on = format!("{DOCUMENT}#{id}");
        let mut one = finding(id, "7777", ("kaspersky/av-sdk", "Kaspersky Anti-Virus SDK"), &on);
        (one.relation, one.certainty) = (Relation::Declares, Certainty::Confirmed);
        let fact = observed(&on, FactKind::Name, "av-test", Place::Pointer(pointer.into()), format);
        one.matches = vec![ruled("kaspersky/av-sdk/name", &one, "So it says.", vec![fact])];
        report.findings.push(one);
    };
    add("F-700000000007", "/components/1/components/0/name");
    add("F-800000000008", "/services/0/name");
    add("F-900000000009", "/components/77/name");
    report.findings.last_mut().unwrap().product =
        Product { name: "Other".into(), known_from: "the input's name".into(), ..Product::default() };
    // Its files show what the nested component declares.
    let mut seen = report.findings[0].clone();
    seen.id.0 = "F-aa000000000a".into();
    seen.witness = Witness::DeclaredAndObserved;
    report.findings.push(seen);
    let waiver = report.waived[0].waiver.clone();
    report.waived.push(Waived { finding: report.findings[6].id.clone(), waiver });
    let again: Vec<Verdict> = report.verdicts.iter().take(1).cloned().collect();
    report.verdicts.extend(again.into_iter().map(|one| Verdict { finding: report.findings[6].id.clone(), ..one }));
    report
}

pub(crate) fn given(name: &str) -> Vec<u8> {
    std::fs::read(repository("crates/report/tests/kept").join(name)).unwrap()
}

pub(crate) fn upon(id: &str, report: &Report, edition: Option<&str>, bytes: &[u8]) -> String {
    let mut out = Vec::new();
    let ask = Ask { edition, original: Some(Original::Bytes(bytes)) };
    (writer(id).unwrap().bill.unwrap().write)(report, &ask, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn json(bytes: &[u8], edition: Option<&str>) -> Value {
    serde_json::from_str(&upon("cyclonedx", &report("cyclonedx-json"), edition, bytes)).unwrap()
}

/// Why the input's BOM was not kept, or the empty text.
fn lost(bom: &Value) -> String {
    let properties = bom["metadata"]["properties"].as_array().unwrap();
    let said = properties.iter().find(|one| one["name"] == "interdict:input-bom").unwrap()["value"].as_str().unwrap();
    said.strip_prefix("not kept: ").unwrap_or_default().to_owned()
}

#[test]
fn as_it_comes_out() {
    for (id, format, name) in
        [("cyclonedx", "cyclonedx-json", "input.cdx.json"), ("cyclonedx-xml", "cyclonedx-xml", "input.cdx.xml")]
    {
        let got = upon(id, &report(format), None, &given(name));
        assert!(got.lines().all(|line| inert(line) == line), "{got}");
        hold(&repository("crates/report/tests/kept").join(name.replace("input", "expected")), &got);
    }
}

/// Everything of the one in the other, in its order; lists may have grown.
pub(crate) fn within(old: &Value, new: &Value, at: &str, otherwise: &[&str]) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            for (name, value) in old.iter().filter(|(name, _)| !(at.is_empty() && otherwise.contains(&name.as_str()))) {
                within(value, new.get(name).unwrap_or(&Value::Null), &format!("{at}/{name}"), otherwise);
            }
        }
        (Value::Array(old), Value::Array(new)) => {
            let old = old.iter().filter(|value| value["name"] != "interdict:outcome");
            for (index, value) in old.enumerate() {
                within(value, new.get(index).unwrap_or(&Value::Null), &format!("{at}/{index}"), otherwise);
            }
        }
        // One identity, as 1.5 has it, is the first of several.
        (Value::Object(_), Value::Array(list)) => within(old, list.first().unwrap_or(&Value::Null), at, otherwise),
        _ => assert_eq!(old, new, "{at}"),
    }
}

/// What a changed document says otherwise.
const OURS: &[&str] = &["$schema", "specVersion", "version", "signature"];

#[test]
fn nothing_of_the_json_is_lost_and_it_is_valid() {
    let bytes = given("input.cdx.json");
    let old: Value = serde_json::from_slice(&bytes).unwrap();
    for (edition, want) in [(None, "1.6"), (Some("1.6"), "1.6"), (Some("1.7"), "1.7")] {
        let new = json(&bytes, edition);
        assert_eq!((new["specVersion"].as_str(), new["version"].as_u64()), (Some(want), Some(8)));
        assert!(new.get("signature").is_none() && lost(&new).is_empty());
        within(&old, &new, "", OURS);
        let faults: Vec<_> = cyclonedx(want).iter_errors(&new).map(|fault| fault.to_string()).collect();
        assert_eq!(faults, Vec::<String>::new());
    }
    let text = upon("cyclonedx", &report("cyclonedx-json"), None, &bytes);
    assert!(text.contains("\"score\": 9.80") && text.contains("\"confidence\": 0.50"), "numbers keep their spelling");
}

#[test]
fn what_was_found_stands_where_it_belongs() {
    let new = json(&given("input.cdx.json"), None);
    let identity = |pointer: &str| new.pointer(pointer).unwrap()["evidence"]["identity"].as_array().unwrap().len();
    assert_eq!(identity("/components/3"), 2, "theirs and ours");
    assert_eq!(identity("/components/1/components/0"), 2, "the declared one, and what the files show of it");
    assert!(new["components"][0].get("properties").is_none() && new["services"][0].get("evidence").is_none());
    assert!(new["services"][0]["properties"].is_array());
    let nested = &new["components"][1]["components"][0];
    let waived = new["vulnerabilities"].as_array().unwrap();
    let of_nested = waived.iter().find(|one| one["affects"][0]["ref"] == nested["bom-ref"]).unwrap();
    assert_eq!(of_nested["analysis"]["state"], "exploitable");
    let added: Vec<&Value> = new["components"].as_array().unwrap().iter().skip(4).collect();
    assert!(added.iter().any(|one| one["bom-ref"] == "interdict:F-900000000009-product"), "another product's");
    let held = &new["dependencies"][0]["dependsOn"];
    assert!(held.as_array().unwrap().iter().any(|one| one == "interdict:F-a10000000001"), "{held}");
}

#[test]
fn written_twice_it_says_it_once() {
    let once = upon("cyclonedx", &report("cyclonedx-json"), None, &given("input.cdx.json"));
    let twice = json(once.as_bytes(), None);
    let once: Value = serde_json::from_str(&once).unwrap();
    let said = |bom: &Value| -> Vec<Value> {
        let all = bom["metadata"]["properties"].as_array().unwrap();
        all.iter().filter(|one| one["name"] != "interdict:signature").cloned().collect()
    };
    assert_eq!(said(&once), said(&twice));
    for pointer in ["/components/3", "/components/1/components/0", "/services/0"] {
        assert_eq!(once.pointer(pointer), twice.pointer(pointer), "{pointer}");
    }
}

#[test]
fn nothing_of_the_xml_is_lost() {
    let bytes = given("input.cdx.xml");
    let new = upon("cyclonedx-xml", &report("cyclonedx-xml"), Some("1.7"), &bytes);
    let (old, new) = (std::str::from_utf8(&bytes).unwrap(), new.as_str());
    let words = |text: &str| -> Vec<String> {
        let document = roxmltree::Document::parse(text).unwrap_or_else(|fault| panic!("{fault}: {text}"));
        let of = |node: roxmltree::Node<'_, '_>| {
            let name = node.tag_name();
            let kind = name.namespace().unwrap_or_default().trim_end_matches(|c: char| c == '.' || c.is_ascii_digit());
            let attributes = node.attributes().filter(|one| one.name() != "version");
            let attributes: Vec<_> = attributes.map(|one| format!("{}={}", one.name(), one.value())).collect();
            format!("{kind}{} {attributes:?} {:?}", name.name(), node.text().map(str::trim))
        };
        document.descendants().filter(roxmltree::Node::is_element).map(of).collect()
    };
    let mut new_words = words(new).into_iter();
    for word in words(old).iter().filter(|word| !word.contains("interdict:outcome")) {
        // Nodes that were annotated have the same text and attributes, but for a reference of their own.
        let same =
            |new: &String| new == word || (word.contains("[\"type=library\"]") && new.contains("bom-ref=interdict:"));
        assert!(new_words.any(|new| same(&new)), "{word} in its order in\n{new}");
    }
    assert!(new.contains("schema/bom/1.7\"") && !new.contains("schema/bom/1.5"));
}

#[test]
fn what_cannot_be_written_upon_is_said() {
    let good = String::from_utf8(given("input.cdx.json")).unwrap();
    for (bytes, why) in [
        (good.replace("CycloneDX", "Other"), "`bomFormat`"),
        (good.replace("\"1.5\"", "\"9.9\""), "edition `9.9`"),
        (good.replace("\"services\"", "\"components\""), "stands twice"),
        (good[..good.len() - 3].to_owned(), "not well formed"),
        (format!("{good}{good}"), "not well formed"),
    ] {
        let bom = json(bytes.as_bytes(), None);
        assert!(lost(&bom).contains(why), "{why}: {}", lost(&bom));
        assert!(cyclonedx("1.6").is_valid(&bom));
    }
    assert!(lost(&json(b"\xff\xfe{\x00", None)).contains("UTF-8"));
    let newer = good.replace("\"1.5\"", "\"1.7\"");
    assert!(lost(&json(newer.as_bytes(), Some("1.6"))).contains("older"));
    let xml = String::from_utf8(given("input.cdx.xml")).unwrap();
    for (bytes, why) in [
        (xml.replacen("<b:bom", "<!DOCTYPE b:bom [<!ENTITY e \"x\">]><b:bom", 1), "document type"),
        (xml.replace("1.10", "&e;"), "an entity"),
        (xml.replace("1.10", "\u{1}"), "forbids"),
        (xml.replace("</b:components>", ""), "not well formed"),
        (xml.replace("<b:services>", "<b:components/><b:services>"), "stands twice"),
        (xml.replace("schema/bom/1.5", "schema/bom/"), "edition"),
        (xml.replace("</b:bom>", ""), "cut short"),
        (xml.replace("acme:own", "acme:o\u{200c}wn"), "cannot be shown"),
        (format!("{xml}<b/>"), "two roots"),
    ] {
        let text = upon("cyclonedx-xml", &report("cyclonedx-xml"), None, bytes.as_bytes());
        let document = roxmltree::Document::parse(&text).unwrap();
        let said = document.descendants().find(|node| node.attribute("name") == Some("interdict:input-bom"));
        let said = said.and_then(|node| node.text().map(str::to_owned)).unwrap_or_default();
        assert!(said.starts_with("not kept: ") && said.contains(why), "{why}: {said}");
    }
}

#[test]
fn hostile_documents_cost_what_they_weigh() {
    let deep = |open: &str, close: &str| {
        let filler = format!("{}1{}", open.repeat(50_000), close.repeat(50_000));
        format!("{{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"x\":{filler},\"components\":[]}}")
    };
    for text in [deep("[", "]"), deep("{\"x\":", "}")] {
        let out = upon("cyclonedx", &report("cyclonedx-json"), None, text.as_bytes());
        assert!(out.contains("kept: delivery") && out.len() < text.len() * 120, "{}", out.len());
    }
    let xml = format!(
        "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"><components>{}{}</components></bom>",
        "<component><components>".repeat(50_000),
        "</components></component>".repeat(50_000)
    );
    let out = upon("cyclonedx-xml", &report("cyclonedx-xml"), None, xml.as_bytes());
    assert!(out.contains("kept: delivery") && out.len() < xml.len() + 100_000);
    assert_eq!(MOST, 256 << 20);
}

#[test]
fn one_document_of_its_own_is_meant() {
    let mut report = report("cyclonedx-json");
    assert_eq!(original(&report, BOMS).unwrap().locator.as_str(), DOCUMENT);
    report.inputs.push(input("delivery/a.jar!/bom.cdx.json", "cyclonedx-json", 1));
    assert!(original(&report, BOMS).is_ok(), "what lies in a container is another's");
    report.inputs.push(input("delivery/b.cdx.json", "cyclonedx-json", 1));
    assert_eq!(original(&report, BOMS).unwrap_err(), "there are several");
    report.inputs.retain(|input| input.locator != locator("delivery/b.cdx.json") && input.locator != locator(DOCUMENT));
    assert_eq!(original(&report, BOMS).unwrap_err(), "it lies in a container");
}

#[test]
fn other_findings_do_not_reach_it() {
    let elsewhere = |one: &Finding| !one.on.as_str().starts_with(DOCUMENT);
    let mut report = report("cyclonedx-json");
    report.findings.retain(elsewhere);
    let text = upon("cyclonedx", &report, None, &given("input.cdx.json"));
    let new: Value = serde_json::from_str(&text).unwrap();
    assert!(new["components"][3].get("properties").is_none());
}
