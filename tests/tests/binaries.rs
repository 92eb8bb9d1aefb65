//! Executables made from recipes: each way in is found at its own relation, with its own proof; the demo tells who declared what.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test makes files, and may fail")]
use std::fs;

use interdict_testkit::build;
use interdict_tests::{report, workspace};
use serde_json::Value;

/// The base64 halves of the vendor's signature block, with letters of ours.
fn signature_block() -> String {
    format!("\r\n:!28401{}%%\r\n;:10{}%%", "A".repeat(87), "B".repeat(86))
}

fn scanned(files: &[(&str, String)]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    for (name, recipe) in files {
        fs::write(folder.path().join(name), build(recipe).unwrap()).unwrap();
    }
    report(folder.path(), &[".", "--as-of", "2026-01-01"]).0
}

fn found<'r>(report: &'r Value, file: &str) -> Vec<&'r Value> {
    let findings = report["findings"].as_array().unwrap().iter();
    findings.filter(|finding| finding["on"].as_str().unwrap().ends_with(file)).collect()
}

#[test]
fn four_ways_in_have_four_relations() {
    let version = r#"
kind = "pe"
[[version]]
language = 0x409
number = "1.0.0.0"
strings = [{ table = "040904b0", values = { CompanyName = "AO Kaspersky Lab", FileDescription = "x" } }]"#;
    let signed = format!("kind = \"pe\"\noverlay = [{:?}]\n", signature_block());
    let links = "kind = \"elf\"\n[dynamic]\nundefined = [\"kaveScanFile\"]\n";
    let embeds = "kind = \"elf\"\n[dynamic]\ndefined = [\"kaveScanFile\"]\n";
    let report = scanned(&[
        ("renamed.bin", version.to_owned()),
        ("other.dat", signed),
        ("a.so", links.to_owned()),
        ("b.so", embeds.to_owned()),
    ]);
    for (file, relation, kind, by_bytes) in [
        ("renamed.bin", "is", "company-name", true),
        ("other.dat", "is", "content", true),
        ("a.so", "links", "undefined-symbol", false),
        ("b.so", "embeds", "defined-symbol", false),
    ] {
        let findings = found(&report, file);
        let strongest = findings.first().unwrap_or_else(|| panic!("nothing found in {file}"));
        assert_eq!(strongest["relation"], relation, "{file}: {strongest:#}");
        let matches = strongest["matches"].as_array().unwrap().iter();
        let proof: Vec<&Value> = matches.flat_map(|one| one["proof"].as_array().unwrap()).collect();
        let of_kind = proof.iter().find(|seen| seen["fact"]["kind"] == kind).unwrap();
        assert!(
            !by_bytes || of_kind["at"]["bytes"]["end"].as_u64() > of_kind["at"]["bytes"]["start"].as_u64(),
            "{of_kind}"
        );
    }
    assert_eq!(report["coverage"]["artifacts"], 4);
}

#[test]
fn the_vendor_deep_in_containers_is_found_with_its_chain() {
    let needle =
        "kind = \"elf\"\n[dynamic]\nundefined = [\"kaveScanFile\"]\nneeded = []\n".replace("needed = []\n", "");
    let elf = build(&needle).unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("x.so"), &elf).unwrap();
    let run = |program: &str, arguments: &[&str]| {
        std::process::Command::new(program)
            .args(arguments)
            .current_dir(folder.path())
            .status()
            .is_ok_and(|s| s.success())
    };
    if !(run("tar", &["czf", "inner.tar.gz", "x.so"]) && run("tar", &["cf", "outer.tar", "inner.tar.gz"])) {
        return;
    }
    let (report, status) = report(folder.path(), &["outer.tar"]);
    assert_eq!(status, 1);
    assert_eq!(report["findings"][0]["on"], "outer.tar!/inner.tar.gz!/inner.tar!/x.so");
}

#[test]
fn the_demo_tells_who_declared_what() {
    let (report, status) = report(&workspace(), &["fixtures/demo", "--profile", "us-vendor", "--as-of", "2026-01-01"]);
    assert_eq!((status, report["outcome"].as_str()), (1, Some("prohibited")));
    let witness = |file: &str| found(&report, file)[0]["witness"].as_str().unwrap().to_owned();
    assert_eq!(witness("contoso-backup/lib/libscanhook.so"), "observed-only");
    assert_eq!(witness("northwind-mail-gateway/lib/libkave8.so"), "declared-and-observed");
    for clean in ["fabrikam-notes", "tailspin-voip"] {
        let flagged = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|finding| finding["on"].as_str().unwrap().contains(clean) && finding["relation"] != "mentions");
        assert_eq!(flagged.count(), 0, "{clean}");
    }
    assert_eq!(report["findings"][0]["witness"], "observed-only", "the undeclared comes first");
}

#[test]
fn our_own_binary_repository_and_report_are_mentions_at_most() {
    let folder = tempfile::tempdir().unwrap();
    let report_file = folder.path().join("report.json");
    let output = format!("json={}", report_file.display());
    interdict_tests::interdict(&workspace(), &["scan", "fixtures/demo", "-o", &output]);
    let own = workspace().join("crates/catalog/data");
    let (report, _) =
        report(&workspace(), &[own.to_str().unwrap(), report_file.to_str().unwrap(), "README.md", "docs"]);
    let flagged: Vec<String> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["relation"] != "mentions" && finding["relation"] != "connects")
        .map(|finding| format!("{} {} {}", finding["relation"], finding["entity"], finding["on"]))
        .collect();
    assert!(flagged.is_empty(), "{}", flagged.join("\n"));
}
