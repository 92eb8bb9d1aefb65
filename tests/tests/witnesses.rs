//! One SDK, told by an honest SBOM, by a lying one, by the product alone and by an SBOM alone; and an SBOM that says less helps nobody.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test makes files, and may fail"
)]
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use interdict_tests::{report, workspace};
use serde_json::{Value, json};

/// A copy of the demo's honest supplier, with the SBOM that `change` makes of its own; none where it makes none.
fn delivery(change: impl Fn(Value) -> Option<Value>, with_files: bool) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let from = workspace().join("fixtures/demo/northwind-mail-gateway");
    if with_files {
        for file in ["lib/libkave8.so", "lib/libnmgscan.so.4", "bin/nmg-smtpd", "etc/gateway.conf"] {
            let to = folder.path().join("product").join(file);
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::copy(from.join(file), to).unwrap();
        }
    }
    fs::create_dir_all(folder.path().join("product")).unwrap();
    let sbom: Value = serde_json::from_slice(&fs::read(from.join("sbom.cdx.json")).unwrap()).unwrap();
    if let Some(sbom) = change(sbom) {
        fs::write(folder.path().join("product/sbom.cdx.json"), sbom.to_string()).unwrap();
    }
    folder
}

fn scanned(folder: &Path) -> Value {
    report(folder, &["product", "--profile", "us-vendor", "--as-of", "2026-11-24"]).0
}

fn witnesses(report: &Value) -> BTreeSet<&str> {
    let flagging = report["findings"].as_array().unwrap().iter();
    let flagging = flagging.filter(|finding| finding["relation"] != "mentions" && finding["relation"] != "connects");
    flagging.map(|finding| finding["witness"].as_str().unwrap()).collect()
}

/// The SBOM without the components that a test does not want.
fn without(mut sbom: Value, gone: &dyn Fn(&str) -> bool) -> Value {
    fn prune(component: &mut Value, gone: &dyn Fn(&str) -> bool) {
        if let Some(parts) = component.get_mut("components").and_then(Value::as_array_mut) {
            parts.retain(|part| !gone(part["bom-ref"].as_str().unwrap_or_default()));
            for part in parts.iter_mut() {
                prune(part, gone);
            }
        }
    }
    prune(&mut sbom, gone);
    sbom["dependencies"] = json!([]);
    sbom
}

#[test]
fn one_entity_three_states_and_the_undeclared_first() {
    let honest = scanned(delivery(Some, true).path());
    let lying = scanned(delivery(|sbom| Some(without(sbom, &|part| part == "scan-engine")), true).path());
    let product = scanned(delivery(|_| None, true).path());
    let sbom = scanned(delivery(Some, false).path());
    assert_eq!(witnesses(&honest), BTreeSet::from(["declared-and-observed"]));
    assert_eq!(witnesses(&lying), BTreeSet::from(["observed-only"]));
    assert_eq!(witnesses(&product), BTreeSet::from(["not-compared"]));
    assert_eq!(witnesses(&sbom), BTreeSet::from(["not-compared"]));
    for one in [&honest, &lying, &product, &sbom] {
        assert_eq!(one["findings"][0]["entity"], "kaspersky/av-sdk");
        assert_eq!(one["outcome"], "prohibited");
    }
    // Side by side, the one that says nothing stands first.
    let both = tempfile::tempdir().unwrap();
    let pairs = [
        ("a-honest", delivery(Some, true)),
        ("b-lying", delivery(|s| Some(without(s, &|p| p == "scan-engine")), true)),
    ];
    for (name, folder) in &pairs {
        let to = both.path().join("product").join(name);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::rename(folder.path().join("product"), to).unwrap();
    }
    let both = scanned(both.path());
    assert_eq!(both["findings"][0]["witness"], "observed-only");
    assert!(both["findings"][0]["on"].as_str().unwrap().contains("b-lying"));
}

/// Whatever is left out of the SBOM, the answer is as hard as before, and what is in the product is found.
#[test]
fn leaving_a_component_out_never_helps() {
    let parts = ["nmg-smtpd", "nmg-scan", "scan-engine", "pkg:generic/openssl@3.5.0"];
    let files = |report: &Value| -> BTreeSet<String> {
        let findings = report["findings"].as_array().unwrap().iter();
        let in_files = findings.map(|finding| finding["on"].as_str().unwrap().to_owned());
        in_files.filter(|on| !on.contains("sbom.cdx.json")).collect()
    };
    // Each file's witness; what is undeclared stands above the rest.
    let standing = |report: &Value| -> BTreeMap<String, (bool, Value)> {
        let findings = report["findings"].as_array().unwrap().iter();
        let in_files = findings.filter(|finding| !finding["on"].as_str().unwrap().contains("sbom.cdx.json"));
        let told = in_files.filter(|finding| finding["relation"] != "mentions").map(|finding| {
            let is_undeclared = finding["witness"] == "observed-only";
            (finding["on"].as_str().unwrap().to_owned(), (is_undeclared, finding["agreement"]["state"].clone()))
        });
        told.collect()
    };
    let whole = scanned(delivery(Some, true).path());
    for gone in 1_u32..1 << parts.len() {
        let is_gone = |part: &str| parts.iter().enumerate().any(|(at, name)| (gone >> at) & 1 == 1 && *name == part);
        let less = scanned(delivery(|sbom| Some(without(sbom, &is_gone)), true).path());
        assert_eq!(less["outcome"], whole["outcome"], "without {gone:b}");
        assert!(files(&less).is_superset(&files(&whole)), "without {gone:b}");
        let after = standing(&less);
        for (file, (was_undeclared, _)) in standing(&whole) {
            let (is_undeclared, state) = &after[&file];
            assert!(*is_undeclared >= was_undeclared, "{file} without {gone:b}");
            let told = ["undeclared", "under-another-name"].iter().any(|word| state == word);
            assert_eq!(told, *is_undeclared, "{file} without {gone:b}: {state}");
        }
    }
}
