//! One BOM in JSON and in XML: the same facts and the same counts, whatever it is written in.
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::Path;

use serde_json::Value;

use crate::files::{Heard, Row, manifest};

/// Pairs whose documents their own authors wrote differently, by a part of their names.
const UNLIKE: &[&str] = &[
    "valid-bom-1.",
    "license-encoding",
    "license-expression",
    "compositions",
    "external-reference",
    "release-notes",
    "machine-learning-1.5",
    "bom-gradle-deps",
    "snyk_parlay",
];

/// What two documents that are one BOM differ in: each fact and edge that one has more often than the other.
fn differences(json: &Heard, xml: &Heard) -> Vec<String> {
    let count = |heard: &Heard| {
        let mut counted: BTreeMap<String, i64> = BTreeMap::new();
        for said in &heard.said {
            *counted.entry(said.clone()).or_default() += 1;
        }
        counted
    };
    let (json_said, xml_said) = (count(json), count(xml));
    let every: BTreeSet<&String> = json_said.keys().chain(xml_said.keys()).collect();
    let of = |counted: &BTreeMap<String, i64>, fact: &String| counted.get(fact).copied().unwrap_or_default();
    let mut out: Vec<String> = every
        .into_iter()
        .filter(|fact| of(&json_said, fact) != of(&xml_said, fact))
        .map(|fact| format!("{fact}: {} in JSON, {} in XML", of(&json_said, fact), of(&xml_said, fact)))
        .collect();
    let told = |heard: &Heard| {
        let mut document = heard.document.clone();
        document.creators.sort();
        format!("{document:?} and {} parts", heard.parts)
    };
    if told(json) != told(xml) {
        out.push(format!("{} in JSON, {} in XML", told(json), told(xml)));
    }
    out
}

/// `…/valid-bom-1.4.json` and `…/valid-bom-1.4.xml` are one.
fn stem(row: &Row) -> String {
    let shown = row.shown.replace("cdx-json", "cdx").replace("cdx-xml", "cdx");
    shown.trim_end_matches(".json").trim_end_matches(".xml").to_owned()
}

/// None are compared where the shared corpus is not here.
fn check(compared: usize, least: usize, faults: &[String]) {
    assert!(faults.is_empty(), "{} of {compared} pairs differ:\n{}", faults.len(), faults.join("\n"));
    assert!(compared == 0 || compared > least, "{compared} pairs");
}

#[test]
fn documents_of_one_name_say_the_same() {
    let rows = manifest();
    let (mut compared, mut faults) = (0, Vec::new());
    for xml in rows.iter().filter(|row| row.format == "cdx-xml") {
        let Some(json) = rows.iter().find(|row| row.format == "cdx-json" && stem(row) == stem(xml)) else { continue };
        if UNLIKE.iter().any(|part| xml.shown.contains(part)) {
            continue;
        }
        compared += 1;
        let told = differences(&Heard::of("cyclonedx-json", json), &Heard::of("cyclonedx-xml", xml));
        if !told.is_empty() {
            faults.push(format!("{}\n    {}", xml.shown, told.join("\n    ")));
        }
    }
    check(compared, 60, &faults);
}

#[test]
fn every_document_says_the_same_when_it_is_written_in_xml() {
    let (mut compared, mut faults) = (0, Vec::new());
    for row in manifest().iter().filter(|row| row.format == "cdx-json" && row.valid) {
        let bytes = row.bytes();
        let Ok(bom) = serde_json::from_slice::<Value>(&bytes) else { continue };
        let Some(version) = bom["specVersion"].as_str().filter(|version| version.starts_with("1.")) else { continue };
        compared += 1;
        let xml = Heard::said_by("cyclonedx-xml", "bom.xml", in_xml(&bom, version).as_bytes());
        let mut told = differences(&Heard::of("cyclonedx-json", row), &xml);
        if xml.told != Some(Ok(())) || !xml.takers.contains(&"cyclonedx-xml") {
            told.push(format!("{:?}, accepted by {:?}", xml.told, xml.takers));
        }
        if !told.is_empty() {
            faults.push(format!("{}\n    {}", row.shown, told.join("\n    ")));
        }
    }
    check(compared, 100, &faults);
}

#[test]
fn the_fixtures_by_hand_say_the_same() {
    let read = |id: &str, file: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/sbom").join(id).join(file);
        Heard::said_by(id, file, &crate::files::read(&path).expect("a fixture"))
    };
    let json = read("cyclonedx-json", "good-every-field/input.json");
    let xml = read("cyclonedx-xml", "good-every-field/input.xml");
    assert_eq!(differences(&json, &xml), Vec::<String>::new());
    assert!(json.said.len() > 50, "{}", json.said.len());

    let json = read("cyclonedx-json", "good-every-place/input.json");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/sbom/cyclonedx-json/good-every-place");
    let bom = serde_json::from_slice(&crate::files::read(&path.join("input.json")).expect("a fixture")).expect("JSON");
    let xml = Heard::said_by("cyclonedx-xml", "bom.xml", in_xml(&bom, "1.7").as_bytes());
    assert_eq!(differences(&json, &xml), Vec::<String>::new());
}

/// A BOM as the XML schema of its version writes it.
fn in_xml(bom: &Value, version: &str) -> String {
    let mut out = format!("<?xml version=\"1.0\"?>\n<bom xmlns=\"http://cyclonedx.org/schema/bom/{version}\"");
    for key in ["version", "serialNumber"].into_iter().filter(|key| bom.get(*key).is_some()) {
        // What they hold is no fact; that they are there is.
        let _ = write!(out, " {key}=\"1\"");
    }
    out.push('>');
    for (key, value) in bom.as_object().into_iter().flatten() {
        if !matches!(key.as_str(), "bomFormat" | "specVersion" | "$schema" | "version" | "serialNumber") {
            element(key, value, "bom", &mut out);
        }
    }
    out + "</bom>\n"
}

/// Lists that stand in an element of their own, and what their items are called.
const LISTS: &[(&str, &str)] = &[
    ("components", "component"),
    ("services", "service"),
    ("hashes", "hash"),
    ("externalReferences", "reference"),
    ("properties", "property"),
    ("authors", "author"),
    ("tools", "tool"),
    ("ancestors", "component"),
    ("descendants", "component"),
    ("variants", "component"),
    ("occurrences", "occurrence"),
    ("endpoints", "endpoint"),
    ("compositions", "composition"),
    ("vulnerabilities", "vulnerability"),
    ("formulation", "formula"),
    ("dependencies", "dependency"),
    ("annotations", "annotation"),
    ("assessors", "assessor"),
    ("claims", "claim"),
    ("commits", "commit"),
    ("custodians", "custodian"),
    ("destination", "url"),
    ("energyConsumptions", "energyConsumption"),
    ("energyProviders", "energyProvider"),
    ("expressionDetails", "details"),
    ("frames", "frame"),
    ("inputs", "input"),
    ("lifecycles", "lifecycle"),
    ("methods", "method"),
    ("organizations", "organization"),
    ("outputs", "output"),
    ("owners", "owner"),
    ("patches", "patch"),
    ("patentAssertions", "patentAssertion"),
    ("patentAssignee", "organization"),
    ("patents", "patent"),
    ("references", "url"),
    ("requirements", "requirement"),
    ("resourceReferences", "resourceReference"),
    ("signatories", "signatory"),
    ("source", "url"),
    ("standards", "standard"),
    ("steps", "step"),
    ("stewards", "steward"),
    ("tasks", "task"),
    ("workflows", "workflow"),
    ("workspaces", "workspace"),
];

fn element(key: &str, value: &Value, parent: &str, out: &mut String) {
    match value {
        Value::Null => {}
        Value::Array(items) if parent == "evidence" && key == "copyright" => {
            out.push_str("<copyright>");
            for item in items {
                element("text", &item["text"], "copyright", out);
            }
            out.push_str("</copyright>");
        }
        Value::Array(items) => match LISTS.iter().find(|(list, _)| *list == key) {
            Some((_, item)) => {
                let _ = write!(out, "\n<{key}>");
                for value in items {
                    element(item, value, key, out);
                }
                let _ = writeln!(out, "</{key}>");
            }
            None if matches!(key, "dependsOn" | "provides") => {
                let name = if key == "provides" { "provides" } else { "dependency" };
                for to in items {
                    let _ = write!(out, "<{name} ref=\"{}\"/>", escaped(to));
                }
            }
            // A list of choices: each is the element that it holds.
            None if key == "licenses" => {
                out.push_str("<licenses>");
                for value in items.iter().filter_map(Value::as_object).flatten() {
                    element(value.0, value.1, "licenses", out);
                }
                out.push_str("</licenses>");
            }
            None if matches!(key, "url" | "contact" | "identity" | "data" | "omniborId" | "swhid") => {
                for value in items {
                    element(key, value, parent, out);
                }
            }
            None => {
                for value in items {
                    element(&format!("{key}Item"), value, key, out);
                }
            }
        },
        Value::Object(_) => object(key, value, out),
        scalar => {
            let _ = write!(out, "<{key}>{}</{key}>", escaped(scalar));
        }
    }
}

fn object(key: &str, value: &Value, out: &mut String) {
    let attributes: &[&str] = match key {
        "component" | "service" => &["bom-ref", "type", "mime-type", "isExternal"],
        "hash" => &["alg"],
        "property" => &["name"],
        "reference" => &["type"],
        "dependency" => &["ref"],
        "swid" => &["tagId", "name", "version", "tagVersion", "patch"],
        "text" => &["contentType", "encoding"],
        _ => &["bom-ref"],
    };
    let content = match key {
        "hash" | "text" => "content",
        "property" => "value",
        _ => "",
    };
    let _ = write!(out, "\n<{key}");
    let fields = value.as_object().into_iter().flatten();
    for (name, value) in fields.clone().filter(|(name, _)| attributes.contains(&name.as_str())) {
        let _ = write!(out, " {name}=\"{}\"", escaped(value));
    }
    out.push('>');
    for (name, value) in fields.filter(|(name, _)| !attributes.contains(&name.as_str())) {
        if name == content {
            out.push_str(&escaped(value));
        } else {
            element(name, value, key, out);
        }
    }
    let _ = write!(out, "</{key}>");
}

fn escaped(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;").replace('\r', "&#13;")
}
