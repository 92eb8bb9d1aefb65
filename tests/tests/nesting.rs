//! Depth (goals H7 and H8): what lies deep is found where a reader may go that far, and a gap where it may not; never clear.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::format_collect,
    clippy::format_push_string,
    clippy::print_stdout,
    reason = "a test makes files, may fail, and need not be fast where it writes"
)]
use std::fs;

use interdict_testkit::build;
use interdict_tests::{PerFile, goal, report};

const NAME: &str = "AO Kaspersky Lab";

/// A file's name, its bytes, and whether it must be found and not merely be no clear one.
type Case = (String, Vec<u8>, bool);

fn documents() -> Vec<Case> {
    let mut all = Vec::new();
    for depth in [10, 60, 100, 1000, 100_000] {
        let must = depth <= 60;
        let inner = format!(r#"{{"type":"library","name":"engine","version":"1","supplier":{{"name":"{NAME}"}}}}"#);
        let open = r#"{"type":"library","name":"a","components":["#.repeat(depth);
        let json = format!(
            r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{open}{inner}{}]}}"#,
            "]}".repeat(depth)
        );
        all.push((format!("json-{depth}.json"), json.into_bytes(), must));
        let deep = format!(
            r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","x":{}1{},"components":[{inner}]}}"#,
            "[".repeat(depth),
            "]".repeat(depth)
        );
        all.push((format!("unknown-{depth}.json"), deep.into_bytes(), must));
        let open = "<component type=\"library\"><name>a</name><components>".repeat(depth);
        let close = "</components></component>".repeat(depth);
        let inner = format!(
            "<component type=\"library\"><supplier><name>{NAME}</name></supplier><name>engine</name></component>"
        );
        let xml = format!(
            "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"><components>{open}{inner}{close}</components></bom>"
        );
        all.push((format!("xml-{depth}.xml"), xml.into_bytes(), must));
        let yaml = format!(
            "spdxVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nname: x\npackages:\n- SPDXID: SPDXRef-a\n  name: engine\n  supplier: 'Organization: {NAME}'\nx: {}1{}\n",
            "[".repeat(depth),
            "]".repeat(depth)
        );
        all.push((format!("yaml-{depth}.spdx.yaml"), yaml.into_bytes(), must));
    }
    all
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

fn containers() -> Vec<Case> {
    let needle =
        build("kind = \"elf\"\nneeded = [\"libkave8.so\"]\ndynamic = { undefined = [\"kaveScanFile\"] }").unwrap();
    let mut all = Vec::new();
    for (kind, wrap) in [
        ("zip", "kind = \"zip\"\nmembers = [{ path = \"a\", method = \"stored\", parts = [{ hex = \"HEX\" }] }]"),
        ("tar", "kind = \"tar\"\nmembers = [{ path = \"a\", parts = [{ hex = \"HEX\" }] }]"),
        ("gzip", "kind = \"gzip\"\nparts = [{ hex = \"HEX\" }]"),
    ] {
        let mut bytes = needle.clone();
        for depth in 1..=40_usize {
            bytes = build(&wrap.replace("HEX", &hex(&bytes))).unwrap();
            if matches!(depth, 1 | 8 | 15 | 17 | 40) {
                all.push((format!("{kind}-{depth}"), bytes.clone(), depth <= 8));
            }
        }
    }
    all
}

/// Documents that ask for far more than they hold.
fn bombs() -> Vec<Case> {
    let entities: String =
        (1..30).map(|n| format!("<!ENTITY e{n} \"{}\">", format!("&e{};", n - 1).repeat(10))).collect();
    let laughs = format!(
        "<!DOCTYPE bom [<!ENTITY e0 \"ha\">{entities}]><bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"><components><component type=\"library\"><supplier><name>{NAME}</name></supplier><name>&e29;</name></component></components></bom>"
    );
    let outside = format!(
        "<!DOCTYPE bom [<!ENTITY f SYSTEM \"file:///etc/passwd\">]><bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"><components><component type=\"library\"><supplier><name>{NAME}</name></supplier><name>&f;</name></component></components></bom>"
    );
    let attributes: String = (0..20_000).map(|n| format!(" a{n}=\"x\"")).collect();
    let wide = format!(
        "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\"{attributes}><components><component type=\"library\"><supplier><name>{NAME}</name></supplier><name>a</name></component></components></bom>"
    );
    let aliases: String =
        (1..30).map(|n| format!("a{n}: &a{n} [{}]\n", vec![format!("*a{}", n - 1); 9].join(", "))).collect();
    let yaml = format!(
        "a0: &a0 x\n{aliases}spdxVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nname: x\npackages:\n- SPDXID: SPDXRef-a\n  name: engine\n  supplier: 'Organization: {NAME}'\n"
    );
    // Two ways at each of forty forks: 2^40 paths.
    let mut graph = String::new();
    let mut parts = String::new();
    for n in 0..40 {
        parts.push_str(
            &["a", "b", "c"]
                .map(|side| format!(r#"{{"type":"library","name":"{side}{n}","bom-ref":"{side}{n}"}},"#))
                .concat(),
        );
        graph.push_str(&format!(
            r#"{{"ref":"a{n}","dependsOn":["b{n}","c{n}"]}},{{"ref":"b{n}","dependsOn":["a{0}"]}},{{"ref":"c{n}","dependsOn":["a{0}"]}},"#,
            n + 1
        ));
    }
    let paths = format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{parts}{{"type":"library","name":"engine","bom-ref":"a40","supplier":{{"name":"{NAME}"}}}}],"dependencies":[{graph}{{"ref":"a40","dependsOn":["a0"]}}]}}"#
    );
    let long = format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{{"type":"library","name":"{}","supplier":{{"name":"{NAME}"}}}}]}}"#,
        "x".repeat(3 << 20)
    );
    let empty = format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{}{{"type":"library","name":"engine","supplier":{{"name":"{NAME}"}}}}]}}"#,
        "{},".repeat(50_000)
    );
    vec![
        ("laughs.xml".to_owned(), laughs.into_bytes(), false),
        ("outside.xml".to_owned(), outside.into_bytes(), false),
        ("attributes.xml".to_owned(), wide.into_bytes(), false),
        ("aliases.spdx.yaml".to_owned(), yaml.into_bytes(), false),
        ("paths.json".to_owned(), paths.into_bytes(), true),
        ("long.json".to_owned(), long.into_bytes(), false),
        ("empty.json".to_owned(), empty.into_bytes(), true),
    ]
}

/// Scans all of them at once; gives back how many were found, and whatever came out clear or was not found that must be.
fn looked_at(cases: &[Case]) -> (usize, Vec<&str>) {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes, _) in cases {
        fs::write(folder.path().join(name), bytes).unwrap();
    }
    let (report, status) = report(folder.path(), &[".", "--as-of", "2026-01-01"]);
    assert_eq!(status, 1);
    assert!(!report.to_string().contains("root:x:0"), "nothing outside is read");
    let seen = PerFile::of(&report);
    let is_bad = |(name, _, must): &&Case| !seen.is_flagged(name) && (*must || !seen.gaps.contains(name));
    let bad: Vec<&str> = cases.iter().filter(is_bad).map(|(name, ..)| name.as_str()).collect();
    for name in &bad {
        println!("  missed: {name}");
    }
    (cases.iter().filter(|(name, ..)| seen.is_flagged(name)).count(), bad)
}

#[test]
fn what_lies_deep_is_found_or_told() {
    let cases = [documents(), containers()].concat();
    let (found, bad) = looked_at(&cases);
    goal("H7", &format!("{} nests, {found} found, {} silent", cases.len(), bad.len()), bad.is_empty());
}

#[test]
fn what_asks_for_too_much_is_found_or_told() {
    let cases = bombs();
    let (found, bad) = looked_at(&cases);
    goal("H8", &format!("{} documents that swell, {found} found, {} silent", cases.len(), bad.len()), bad.is_empty());
}
