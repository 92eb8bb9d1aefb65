//! A gate's life, as the guide walks it: clear, flagged, waived, expired, changed, locked, unreadable, misconfigured.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test makes files, and may fail")]
use std::fs;
use std::path::Path;

use interdict_tests::{goal, interdict, pack, report, status};
use serde_json::Value;

const SETTINGS: &str = "targets = [\"dist\"]\nprofile = \"us-vendor\"\nas-of = 2026-01-15\n";

fn sbom(version: Option<&str>) -> String {
    let sdk = version.map_or(String::new(), |version| {
        format!(r#",{{"type":"library","name":"Kaspersky Anti-Virus SDK","version":"{version}","supplier":{{"name":"AO Kaspersky Lab"}}}}"#)
    });
    format!(
        r#"{{"bomFormat":"CycloneDX","specVersion":"1.5","metadata":{{"component":{{"type":"application","name":"gate","version":"1"}}}},"components":[{{"type":"library","name":"zlib","version":"1.3"}}{sdk}]}}"#
    )
}

fn waiver(fingerprint: &str, until: &str) -> String {
    format!(
        "{SETTINGS}[[waiver]]\nfingerprint = \"{fingerprint}\"\nentity = \"kaspersky/av-sdk\"\non = \"dist/*\"\nreason = \"Sold outside the scope until it is replaced\"\nowner = \"release@example.org\"\nticket = \"GATE-7\"\nuntil = \"{until}\"\n"
    )
}

/// One stored member, whose first flag says that it is encrypted (APPNOTE 4.4.4).
fn locked_zip() -> Vec<u8> {
    let name = b"engine.bin";
    let data = [0x5a_u8; 32];
    let size = u32::try_from(data.len()).unwrap().to_le_bytes();
    let length = u16::try_from(name.len()).unwrap().to_le_bytes();
    let shared = [&[20, 0, 1, 0, 0, 0, 0, 0, 0x21, 0x58][..], &[1, 2, 3, 4], &size, &size, &length, &[0, 0]].concat();
    let local = [&b"PK\x03\x04"[..], &shared, name, &data].concat();
    let central = [&b"PK\x01\x02\x14\x00"[..], &shared, &[0; 14], name].concat();
    let lengths = |value: usize| u32::try_from(value).unwrap().to_le_bytes();
    let end =
        [&b"PK\x05\x06\0\0\0\0\x01\0\x01\0"[..], &lengths(central.len()), &lengths(local.len()), &[0, 0]].concat();
    [local, central, end].concat()
}

fn text(at: &Path, arguments: &[&str]) -> String {
    String::from_utf8(interdict(at, arguments).stdout).unwrap()
}

fn finding(report: &Value) -> &Value {
    report["findings"].as_array().unwrap().iter().find(|finding| finding["entity"] == "kaspersky/av-sdk").unwrap()
}

#[test]
fn the_walk_through_a_gate() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::create_dir(at.join("dist")).unwrap();
    let put = |name: &str, bytes: &[u8]| fs::write(at.join(name), bytes).unwrap();
    put("interdict.toml", SETTINGS.as_bytes());

    put("dist/bom.json", sbom(None).as_bytes());
    assert_eq!(status(at, &["scan"]), 0, "clear");

    put("dist/bom.json", sbom(Some("8.9")).as_bytes());
    let (flagged, code) = report(at, &[]);
    assert_eq!(code, 1, "flagged");
    let print = finding(&flagged)["fingerprint"].as_str().unwrap().to_owned();

    put("interdict.toml", waiver(&print, "2026-06-30").as_bytes());
    let (waived, code) = report(at, &[]);
    assert_eq!(code, 0, "waived");
    assert_eq!(waived["waived"][0]["finding"], finding(&waived)["id"]);
    assert_eq!(waived["verdicts"][0]["effect"], "prohibited", "judged all the same");
    let table = text(at, &["scan"]);
    for shown in ["Set aside by waiver", "release@example.org", "GATE-7", "2026-06-30"] {
        assert!(table.contains(shown), "{shown}: {table}");
    }
    let sarif: Value = serde_json::from_str(&text(at, &["scan", "-o", "sarif"])).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.iter().filter(|result| result["suppressions"].is_array()).count(), 1);

    assert_eq!(status(at, &["scan", "--as-of", "2026-06-30"]), 0, "its last day");
    assert_eq!(status(at, &["scan", "--as-of", "2026-07-01"]), 1, "expired");
    assert!(text(at, &["scan", "--as-of", "2026-07-01"]).contains("its last day is over"));
    assert!(text(at, &["scan", "--as-of", "2026-06-15"]).contains("ends within thirty days"));

    put("dist/bom.json", sbom(Some("9.0")).as_bytes());
    assert_eq!(status(at, &["scan"]), 1, "the evidence is another one");

    put("dist/bom.json", sbom(None).as_bytes());
    assert!(text(at, &["scan"]).contains("is met by no finding"));
    put("interdict.toml", SETTINGS.as_bytes());
    put("dist/locked.zip", &locked_zip());
    let (locked, code) = report(at, &[]);
    assert_eq!((code, locked["outcome"].as_str()), (3, Some("inconclusive")), "locked");
    assert_eq!(locked["gaps"][0]["reason"], "encrypted");
    assert_eq!(status(at, &["scan", "--accept-gaps", "dist/locked.zip*"]), 0, "accepted by name");
    fs::remove_file(at.join("dist/locked.zip")).unwrap();

    assert_eq!(status(at, &["scan", "dist", "gone"]), 4, "unreadable");

    for broken in ["profile = 1\n", "nonsense = true\n", "[[waiver]]\nreason = \"x\"\n", "profile = \n"] {
        put("interdict.toml", broken.as_bytes());
        assert_eq!(status(at, &["scan", "dist"]), 2, "misconfigured: {broken}");
    }
    put("interdict.toml", SETTINGS.as_bytes());

    let own = pack("contoso/own", "2026.1", "");
    put("own.toml", own.as_bytes());
    assert_eq!(status(at, &["catalog", "keygen", "team.key"]), 0);
    assert_eq!(status(at, &["catalog", "sign", "own.toml", "--key", "team.key"]), 0);
    let signed = ["scan", "--pack", "own.toml", "--require-signed", "team.key.pub"];
    assert_eq!(status(at, &signed), 0, "signed, and nothing of it here");
    put("own.toml", own.replace("Contoso's products", "Contoso's other products").as_bytes());
    assert_eq!(status(at, &signed), 5, "altered");
}

#[test]
fn waivers_have_a_file_of_their_own_and_a_stored_report_heeds_them() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("bom.json"), sbom(Some("8.9"))).unwrap();
    let judged = ["--profile", "us-vendor", "--as-of", "2026-01-15"];
    let (flagged, _) = report(at, &[&["bom.json"], &judged[..]].concat());
    fs::write(at.join("report.json"), flagged.to_string()).unwrap();
    let print = finding(&flagged)["fingerprint"].as_str().unwrap();
    let own = waiver(print, "2026-06-30").replace(SETTINGS, "").replace("dist/*", "*");
    fs::write(at.join("waivers.toml"), own).unwrap();
    let with = |words: &[&str]| status(at, &[words, &judged[..], &["--waivers", "waivers.toml"]].concat());
    assert_eq!(with(&["scan", "bom.json"]), 0);
    assert_eq!(with(&["judge", "report.json"]), 0);
    assert_eq!(status(at, &[&["judge", "report.json"], &judged[..]].concat()), 1);
    fs::write(at.join("waivers.toml"), "[[waiver]]\nowner = \"x\"\n").unwrap();
    assert_eq!(with(&["scan", "bom.json"]), 2);
    assert_eq!(status(at, &["scan", "bom.json", "--waivers", "gone.toml"]), 2);
}

#[cfg(unix)]
#[test]
fn an_answer_that_nobody_could_read_is_no_answer() {
    use std::process::Stdio;
    if !Path::new("/dev/full").exists() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("bom.json"), sbom(None)).unwrap();
    fs::write(at.join("flagged.json"), sbom(Some("8.9"))).unwrap();
    let stored = interdict(at, &["scan", "flagged.json", "-o", "json"]).stdout;
    fs::write(at.join("r.json"), &stored).unwrap();
    let stored: Value = serde_json::from_slice(&stored).unwrap();
    let first = stored["findings"][0]["id"].as_str().unwrap().to_owned();
    for arguments in [
        &["scan", "bom.json"][..],
        &["scan", "bom.json", "-o", "html"],
        &["regimes"],
        &["catalog", "list"],
        &["diff", "r.json", "r.json"],
        &["init", "-"],
        &["config"],
        &["man"],
        &["completions", "bash"],
        &["explain", "first", "r.json"],
        &["--help"],
        &["--version"],
    ] {
        let arguments: Vec<&str> =
            arguments.iter().map(|word| if *word == "first" { first.as_str() } else { word }).collect();
        let (arguments, is_answer) = (&arguments[..], ["scan", "diff"].contains(&arguments[0]));
        let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let output = interdict_tests::command(at, arguments).stdout(full).output().unwrap();
        assert_eq!(output.status.code(), Some(74), "{arguments:?} to a full disk");
        // A pipe whose reader is gone before the first byte.
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = interdict_tests::command(at, arguments).stdout(writer).output().unwrap();
        assert_eq!(output.status.code(), Some(74), "{arguments:?} to nobody");
        // Who looked at the beginning and left hears nothing; an answer that is cut is said to be.
        assert_eq!(!output.stderr.is_empty(), is_answer, "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        let closed = interdict_tests::command(at, arguments).stdout(Stdio::null()).output().unwrap();
        assert_eq!(closed.status.code(), Some(0), "{arguments:?}");
    }
    // An output that is the input, a folder, or lies in none.
    fs::create_dir(at.join("folder")).unwrap();
    for (output, want) in [("json=bom.json", 2), ("json=folder", 74), ("json=none/out.json", 74)] {
        assert_eq!(status(at, &["scan", "bom.json", "-o", output]), want, "{output}");
    }
    assert_eq!(fs::read_to_string(at.join("bom.json")).unwrap(), sbom(None));
    goal(
        "G2",
        "12 commands to a full disk and to nobody, 3 outputs that cannot be: status 74 or 2, and the input as it was",
        true,
    );
}
