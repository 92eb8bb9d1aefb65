//! Software that can call a scanner of the vendor's: shipped and off, named in a comment, switched on, or delivered with the engine.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test makes files, and may fail"
)]
use std::fs;

use interdict_testkit::build;
use interdict_tests::{interdict, report};
use serde_json::Value;

/// The strongest relation found in these files, the reasons for it, and the outcome.
fn scanned(files: &[(&str, &[u8])]) -> (String, Vec<String>, String) {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let file = folder.path().join("in").join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    }
    let (report, _) = report(folder.path(), &["in", "--as-of", "2026-11-24", "--profile", "us-vendor"]);
    let findings = report["findings"].as_array().unwrap().iter().filter(|one| one["entity"] != "kaspersky");
    let rank = |finding: &&Value| {
        ["is", "embeds", "links", "declares", "connects", "mentions"].iter().position(|r| finding["relation"] == *r)
    };
    let best = findings.min_by_key(rank).unwrap_or_else(|| panic!("nothing found: {report:#}"));
    let reasons = best["matches"].as_array().unwrap().iter().map(|one| one["because"].as_str().unwrap().to_owned());
    (best["relation"].as_str().unwrap().to_owned(), reasons.collect(), report["outcome"].as_str().unwrap().to_owned())
}

fn check(name: &str, text: &str, relation: &str, word: &str) {
    let (found, reasons, outcome) = scanned(&[(name, text.as_bytes())]);
    assert_eq!(found, relation, "{name}: {text}");
    assert!(reasons.iter().any(|reason| reason.starts_with(word)), "{name}: {reasons:?}");
    assert!(outcome != "prohibited", "{name}: {outcome}");
}

#[test]
fn what_settings_switch_on_is_told_from_what_stands_in_a_comment() {
    let rspamd = |line: &str| {
        format!(
            "antivirus {{\n  kse {{\n    symbol = \"KAV\";\n    {line}\n    servers = \"127.0.0.1:9999\";\n  }}\n}}\n"
        )
    };
    check("etc/rspamd/modules.d/antivirus.conf", &rspamd("type = \"kaspersky\";"), "connects", "Switched on");
    check("etc/rspamd/modules.d/antivirus.conf", &rspamd("# type = \"kaspersky\";"), "mentions", "Switched off");
    check("lualib/lua_scanners/kaspersky_se.lua", "--[[[\n-- @module kaspersky_se\n", "connects", "Shipped");
    let amavis = |mark: &str| {
        format!(
            "@av_scanners = (\n{mark} ['KasperskyLab AVP - aveclient',\n{mark}   ['/usr/local/kav/bin/aveclient'], '-p /var/run/aveserver -s {{}}/*',\n{mark} ],\n);\n"
        )
    };
    check("etc/amavis/conf.d/15-av_scanners", &amavis(" "), "connects", "Switched on");
    check("etc/amavis/conf.d/15-av_scanners", &amavis("#"), "mentions", "Switched off");
    check("usr/share/doc/amavisd-new/amavisd.conf-sample", &amavis(" "), "mentions", "Switched off");
    check("etc/exim4/exim4.conf", "av_scanner = kavdaemon:/opt/AVP/AvpCtl\n", "connects", "Switched on");
    check("etc/exim4/exim4.conf", "# av_scanner = kavdaemon:/opt/AVP/AvpCtl\n", "mentions", "Switched off");
    check(
        "etc/e2guardian/e2guardianf1.conf",
        "contentscanner = '/etc/e2guardian/contentscanners/kavdscan.conf'\n",
        "connects",
        "Switched on",
    );
    check("etc/MailScanner/MailScanner.conf", "Virus Scanners = clamd kaspersky-4.5\n", "connects", "Switched on");
}

/// A connector is no integration; with the engine in the same delivery, it is one.
#[test]
fn an_engine_beside_its_connector_is_an_integration() {
    let settings = b"kse {\n  type = \"kaspersky_se\";\n}\n".as_slice();
    let engine = build(
        "kind = \"elf\"\nsoname = \"libkave8.so\"\ndynamic = { defined = [\"kaveInitializeEx\", \"kaveScanFile\"] }\n",
    )
    .unwrap();
    assert_ne!(scanned(&[("etc/rspamd/antivirus.conf", settings)]).2, "prohibited");
    let (relation, _, outcome) =
        scanned(&[("etc/rspamd/antivirus.conf", settings), ("opt/kaspersky/ScanEngine/lib/libkave8.so", &engine)]);
    assert!(matches!(relation.as_str(), "is" | "embeds"), "{relation}");
    assert_eq!(outcome, "prohibited");
}

/// Lists of engines, answers of a service, documentation: the name, and nothing more.
#[test]
fn lists_and_documents_are_no_connectors() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in [
        (
            "vt.json",
            r#"{ "scans": { "Kaspersky": { "detected": true, "result": "HEUR:Trojan.Win32.Generic", "version": "22.0.1.28" }, "McAfee": { "detected": false }, "Avast": { "detected": true } } }"#,
        ),
        (
            "README.md",
            "Works with ClamAV, Kaspersky Scan Engine, Sophos and ESET. See amavisd.conf:\n\n    ['KasperskyLab AVP - aveclient',\n",
        ),
        (
            "package.json",
            r#"{ "name": "kaspersky-theme", "version": "1.0.0", "author": "Jane Roe", "dependencies": {} }"#,
        ),
        (
            "bom.json",
            r#"{ "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": [{ "type": "library", "name": "kaspersky-api-client", "version": "2.1", "purl": "pkg:npm/kaspersky-api-client@2.1", "author": "Jane Roe" }] }"#,
        ),
    ] {
        fs::write(folder.path().join(name), text).unwrap();
        let (report, _) = report(folder.path(), &[name, "--as-of", "2026-11-24"]);
        for finding in report["findings"].as_array().unwrap() {
            assert_eq!(finding["relation"], "mentions", "{name}: {finding:#}");
        }
    }
    let text = String::from_utf8(interdict(folder.path(), &["scan", ".", "--as-of", "2026-11-24"]).stdout).unwrap();
    assert!(!text.contains("PROHIBITED") && !text.contains("UNDECLARED"), "{text}");
}
