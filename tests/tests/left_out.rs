//! What an SBOM leaves out never makes an answer milder, as a property over deliveries; and which SBOM may speak of which file.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test makes files, and may fail"
)]
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use interdict_testkit::build;
use interdict_tests::report;
use serde_json::{Value, json};

const HOOK: &str = "kind = \"elf\"\nneeded = [\"libkave8.so\"]\ndynamic = { undefined = [\"kaveScanFile\"] }\n";
const PLAIN: &str = "kind = \"elf\"\nneeded = [\"libc.so.6\"]\n";
const ENGINE: &str = r#"kind = "pe"
exports = { module = "Kave8.dll", names = ["kaveScanFile"] }
sections = [{ name = ".text", parts = ["kaveInitializeEx kaveScanFile"] }]
[[version]]
number = "8.9.2.595"
strings = [{ table = "040904b0", values = { CompanyName = "AO Kaspersky Lab", ProductName = "Kaspersky Anti-Virus SDK", FileVersion = "8.9.2.595" } }]
"#;
const BY_MAKER: &str = r#"kind = "pe"
[[version]]
number = "1.0.0.0"
strings = [{ table = "040904b0", values = { CompanyName = "AO Kaspersky Lab", FileVersion = "1.0" } }]
"#;

fn recipe(text: &str) -> Vec<u8> {
    build(text).unwrap_or_else(|why| panic!("{why}\n{text}"))
}

fn sdk() -> Value {
    json!({ "type": "library", "bom-ref": "sdk", "name": "Kaspersky Anti-Virus SDK", "version": "8.9", "supplier": { "name": "AO Kaspersky Lab" } })
}

fn zlib() -> Value {
    json!({ "type": "library", "bom-ref": "plain", "name": "zlib", "version": "1.3" })
}

/// Files that show something, the weakest of them by its name alone; and the components that an honest SBOM has for them.
fn parts() -> Vec<(&'static str, Vec<u8>, Value)> {
    let by = |bom_ref: &str, name: &str| json!({ "type": "library", "bom-ref": bom_ref, "name": name, "supplier": { "name": "AO Kaspersky Lab" } });
    vec![
        ("lib/libscan.so", recipe(HOOK), sdk()),
        ("bin/Kave8.dll", recipe(ENGINE), by("engine", "KAV SDK 8")),
        ("drv/klif.sys", b"not looked into".to_vec(), by("driver", "klif.sys")),
        ("bin/tool.exe", recipe(BY_MAKER), by("tool", "tool.exe")),
        ("lib/plain.so", recipe(PLAIN), zlib()),
    ]
}

fn sbom(subject: &str, components: &[Value]) -> String {
    let subject = json!({ "type": "application", "bom-ref": "root", "name": subject, "version": "4.2" });
    json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": { "component": subject }, "components": components })
        .to_string()
}

fn put(folder: &Path, name: &str, bytes: &[u8]) {
    let file = folder.join(name);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(file, bytes).unwrap();
}

const ORDER: [&str; 6] = ["not-covered", "exempt", "future", "advisory", "review", "prohibited"];
const OUTCOMES: [&str; 5] = ["clear", "advisory", "inconclusive", "review", "prohibited"];

fn rank(of: &[&str], word: &Value) -> usize {
    of.iter().position(|known| word == known).unwrap()
}

/// The outcome, and the strongest that each regime says of each file.
type Weights = (usize, BTreeMap<(String, String), usize>);

fn weights(report: &Value) -> Weights {
    let findings = report["findings"].as_array().unwrap().iter();
    let places: BTreeMap<&str, &str> = findings
        .map(|finding| (finding["id"].as_str().unwrap(), finding["on"].as_str().unwrap()))
        .filter(|(_, on)| !on.contains('#'))
        .collect();
    let mut all = BTreeMap::new();
    for verdict in report["verdicts"].as_array().unwrap() {
        let Some(on) = places.get(verdict["finding"].as_str().unwrap()) else { continue };
        let key = ((*on).to_owned(), verdict["regime"].as_str().unwrap().to_owned());
        let strongest: &mut usize = all.entry(key).or_default();
        *strongest = (*strongest).max(rank(&ORDER, &verdict["effect"]));
    }
    (rank(&OUTCOMES, &report["outcome"]), all)
}

/// Over deliveries of these files, every SBOM of a part of their components, and every component of that: without it the outcome is no
/// milder, nor is any verdict on any file.
#[test]
fn leaving_a_component_out_never_lowers_a_verdict() {
    let parts = parts();
    let mut known: BTreeMap<(u32, u32), Weights> = BTreeMap::new();
    let mut weighed = |shipped: u32, declared: u32| {
        let judged = || {
            let folder = tempfile::tempdir().unwrap();
            let mut components = Vec::new();
            for (at, (name, bytes, component)) in parts.iter().enumerate() {
                if (shipped >> at) & 1 == 1 {
                    put(folder.path(), &format!("in/{name}"), bytes);
                }
                if (declared >> at) & 1 == 1 {
                    components.push(component.clone());
                }
            }
            put(folder.path(), "in/bom.cdx.json", sbom("acme-gateway", &components).as_bytes());
            let mut words = vec!["in", "--as-of", "2026-11-24"];
            words.extend(
                ["us-vendor", "us-federal-contractor", "it-public"].iter().flat_map(|profile| ["--profile", profile]),
            );
            weights(&report(folder.path(), &words).0)
        };
        known.entry((shipped, declared)).or_insert_with(judged).clone()
    };
    let (mut pairs, mut strict) = (0, 0);
    for shipped in [0b1_1111, 0b0_0100, 0b0_1000, 0b0_0001, 0b1_1100] {
        for declared in (0..1_u32 << parts.len()).filter(|declared| declared & !shipped == 0) {
            let (outcome, verdicts) = weighed(shipped, declared);
            for gone in (0..parts.len()).map(|at| 1 << at).filter(|gone| declared & gone != 0) {
                let place = format!("{shipped:05b}: {declared:05b} without {gone:05b}");
                let (without, after) = weighed(shipped, declared & !gone);
                assert!(without >= outcome, "{place}: {outcome} to {without}");
                for (of, before) in &verdicts {
                    let now = after.get(of).copied().unwrap_or_default();
                    assert!(now >= *before, "{place}: {of:?} {before} to {now}");
                    strict += usize::from(now > *before);
                }
                pairs += 1;
            }
        }
    }
    assert!(pairs > 80 && strict > 0, "{pairs} {strict}");
}

fn witness<'r>(told: &'r Value, file: &str) -> (&'r Value, &'r Value) {
    let mut all = told["findings"].as_array().unwrap().iter();
    let one = all.find(|one| one["on"].as_str().unwrap().contains(file) && one["relation"] != "mentions");
    let one = one.unwrap_or_else(|| panic!("nothing in {file}: {told:#}"));
    (&one["witness"], &one["agreement"]["state"])
}

fn told(files: &[(&str, &[u8])], words: &[&str]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        put(folder.path(), name, bytes);
    }
    report(folder.path(), &[words, &["--as-of", "2026-11-24", "--profile", "us-vendor"]].concat()).0
}

/// The SBOM of another product that lies in the same folder says nothing of a file.
#[test]
fn another_products_sbom_declares_nothing_here() {
    let hook = recipe(HOOK);
    let (own, other) = (sbom("acme-gateway", &[zlib()]), sbom("other-suite", &[sdk()]));
    let seen = |own: &str, other: &str| {
        told(&[("in/lib/libscan.so", &hook), ("in/own.json", own.as_bytes()), ("in/x.json", other.as_bytes())], &["in"])
    };
    // Nothing but the subjects tells whose each is: undeclared, and the report says which document has such a thing.
    let both = seen(&own, &other);
    assert_eq!(witness(&both, "libscan.so"), (&json!("observed-only"), &json!("for-another-product")));
    let id = &both["findings"].as_array().unwrap().iter().find(|one| one["witness"] == "observed-only").unwrap()["id"];
    assert_eq!(both["reconciliation"][0]["for_another_product"], json!([id]));
    assert_eq!(witness(&both, "x.json#").0, &json!("declared-only"));
    // Something in common with the file ties the two, and so do two documents that agree.
    let named = json!({ "type": "library", "name": "libscan.so", "supplier": { "name": "AO Kaspersky Lab" } });
    let agreed = json!("declared-and-observed");
    assert_eq!(witness(&seen(&own, &sbom("other-suite", &[named])), "libscan.so").0, &agreed);
    assert_eq!(witness(&seen(&sbom("acme-gateway", &[sdk(), zlib()]), &other), "libscan.so").0, &agreed);
    // Documents of one product are one.
    assert_eq!(witness(&seen(&own, &sbom("Acme Gateway", &[sdk()])), "libscan.so").0, &agreed);
    let alone = told(&[("in/lib/libscan.so", &hook), ("in/x.json", other.as_bytes())], &["in"]);
    assert_eq!(witness(&alone, "libscan.so").0, &agreed);
}

/// Of several deliveries in one place, a document describes the one whose name it or its subject bears.
#[test]
fn a_document_describes_the_delivery_that_it_names() {
    let zip = |inner: &str| {
        let inner = inner.trim_end().replace('\n', ", ");
        recipe(&format!(
            "kind = \"zip\"\nmembers = [{{ path = 'lib/libscan.so', parts = [{{ recipe = {{ {inner} }} }}] }}]"
        ))
    };
    let (one, two) = (zip(HOOK), zip(PLAIN));
    let (own, other) = (sbom("acme-gateway", &[zlib()]), sbom("other-suite", &[sdk()]));
    let (own, other) = (own.as_bytes(), other.as_bytes());
    let not_compared = (&json!("not-compared"), &Value::Null);
    for files in [
        [("in/a-1.0.zip", &*one), ("in/b-2.0.zip", &*two), ("in/b-2.0.cdx.json", other)],
        [("in/a.zip", &*one), ("in/other-suite.zip", &*two), ("in/bom.json", other)],
    ] {
        assert_eq!(witness(&told(&files, &["in"]), "libscan.so"), not_compared);
    }
    let undeclared = (&json!("observed-only"), &json!("undeclared"));
    let files = [("in/a.zip", &*one), ("in/b.zip", &*two), ("in/a.cdx.json", own), ("in/b.cdx.json", other)];
    assert_eq!(witness(&told(&files, &["in"]), "libscan.so"), undeclared);
    let files = [("a.zip", &*one), ("b.zip", &*two), ("a.json", own), ("b.json", other)];
    let words = ["a.zip", "b.zip", "--sbom", "a.json", "--sbom", "b.json"];
    assert_eq!(witness(&told(&files, &words), "libscan.so"), undeclared);
}

/// A waiver is bound to the bytes that a component is declared with.
#[test]
fn another_declared_digest_is_another_build() {
    let folder = tempfile::tempdir().unwrap();
    let told = |hashes: Value, waiver: Option<&str>| {
        let component =
            json!({ "type": "library", "name": "Kaspersky Anti-Virus SDK", "version": "8.9", "hashes": hashes });
        put(folder.path(), "bom.json", sbom("acme", &[component]).as_bytes());
        let settings = waiver.map(|print| {
            format!(
                "[[waiver]]\nfingerprint = \"{print}\"\nreason = \"r\"\nowner = \"o\"\nuntil = \"2026-12-31\"\nentity = \"kaspersky/av-sdk\"\non = \"bom.json#*\"\n"
            )
        });
        fs::write(folder.path().join("interdict.toml"), settings.unwrap_or_default()).unwrap();
        report(folder.path(), &["bom.json", "--as-of", "2026-11-24"]).0
    };
    let of = |digit: &str| json!({ "alg": "SHA-256", "content": digit.repeat(64) });
    let md5 = json!({ "alg": "MD5", "content": "0".repeat(32) });
    let print = |report: &Value| report["findings"][0]["fingerprint"].as_str().unwrap().to_owned();
    let first = print(&told(json!([of("a"), md5]), None));
    assert_eq!(print(&told(json!([md5, of("A")]), None)), first, "in any order and case");
    let kept = told(json!([of("a"), md5]), Some(&first));
    assert_eq!((&kept["outcome"], kept["waived"].as_array().unwrap().len()), (&json!("clear"), 1));
    for other in [json!([of("b"), md5]), json!([of("a")]), json!([])] {
        let other = told(other, Some(&first));
        assert_eq!((&other["outcome"], other["waived"].as_array().unwrap().len()), (&json!("review"), 0));
        assert_eq!(other["waivers"][0]["standing"], "void");
    }
}
