//! Packs of one's own: compiled, signed, held against their dates and versions (goal P1), compared, and measured.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "a test makes files, may fail, and lists every attack"
)]
use std::fs;
use std::path::Path;

use interdict_tests::{goal, interdict, pack, report, status, workspace};

const CLEAN: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"type":"library","name":"zlib",
"version":"1.3","supplier":{"name":"Contoso Imaging"}}]}"#;

/// What a run printed, both streams.
fn said(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = interdict(folder, arguments);
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    (output.status.code().unwrap(), text)
}

#[test]
fn a_pack_that_is_not_what_it_should_be_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let write = |name: &str, text: &str| fs::write(at.join(name), text).unwrap();
    write("sbom.json", CLEAN);
    assert_eq!(status(at, &["catalog", "keygen", "team.key"]), 0);
    assert_eq!(status(at, &["catalog", "keygen", "other.key"]), 0);
    assert_eq!(status(at, &["catalog", "keygen", "team.key"]), 2, "a key is never written over");
    let good = pack("contoso/own", "2026.2", "");
    for (name, text) in [
        ("good.toml", good.clone()),
        ("older.toml", pack("contoso/own", "2026.1", "")),
        ("other.toml", pack("contoso/other", "2026.2", "")),
        ("expired.toml", pack("contoso/own", "2026.2", "expires = \"2026-01-31\"")),
        ("future.toml", pack("contoso/own", "2026.2", "minimum-tool = \"99.0\"")),
    ] {
        write(name, &text);
        assert_eq!(status(at, &["catalog", "sign", name, "--key", "team.key"]), 0, "{name}");
        assert_eq!(status(at, &["catalog", "verify", name, "--key", "team.key.pub"]), 0, "{name}");
    }
    let signature = fs::read_to_string(at.join("good.toml.minisig")).unwrap();
    let beside = |name: &str, text: &str, signature: Option<&str>| {
        write(name, text);
        if let Some(signature) = signature {
            write(&format!("{name}.minisig"), signature);
        }
    };
    beside("altered.toml", &good.replace("Imaging\" }]", "Imaginx\" }]"), Some(&signature));
    beside("one-byte.toml", &good.replacen("our own list", "our own lisT", 1), Some(&signature));
    beside("padded.toml", &format!("{good}\n# more"), Some(&signature));
    beside("cut.toml", &good[..good.len() - 1], Some(&signature));
    beside("unsigned.toml", &good, None);
    beside("no-signature.toml", &good, Some("untrusted comment: x\n!!!\n"));
    beside("cut-signature.toml", &good, Some(&signature[..signature.len() / 2]));
    // A good signature of another pack.
    beside("mixed.toml", &good, Some(&fs::read_to_string(at.join("other.toml.minisig")).unwrap()));
    // Somebody who says that a signature is of another version.
    let forged = signature.replace("contoso/own 2026.2", "contoso/own 2026.3");
    assert_ne!(forged, signature);
    beside("forged-comment.toml", &good, Some(&forged));
    fs::write(at.join("endless.toml"), vec![b'#'; 20 << 20]).unwrap();
    write("endless.toml.minisig", &signature);

    let run = |name: &str| {
        let arguments =
            ["scan", "sbom.json", "--pack", name, "--require-signed", "team.key.pub", "--pack-state", "seen.json"];
        said(at, &arguments)
    };
    let (found, text) = run("good.toml");
    assert_eq!(found, 1, "{text}");
    let state = fs::read_to_string(at.join("seen.json")).unwrap();
    let attacks = [
        ("altered.toml", "altered"),
        ("one-byte.toml", "altered"),
        ("padded.toml", "altered"),
        ("cut.toml", "altered"),
        ("unsigned.toml", "not signed"),
        ("no-signature.toml", "no signature"),
        ("cut-signature.toml", "signature"),
        ("mixed.toml", "altered"),
        ("forged-comment.toml", "altered"),
        ("endless.toml", "more than"),
        ("expired.toml", "expired on 2026-01-31"),
        ("future.toml", "needs interdict 99.0"),
        ("older.toml", "2026.2 was used before"),
    ];
    let mut refused = 0;
    for (name, why) in attacks {
        let (status, text) = run(name);
        let is_refused = status == 5 && text.contains(why);
        refused += usize::from(is_refused);
        if !is_refused {
            println!("{name}: {status} {text}");
        }
    }
    let key = said(at, &["scan", "sbom.json", "--pack", "good.toml", "--require-signed", "other.key.pub"]);
    refused += usize::from(key.0 == 5 && key.1.contains("another key"));
    assert_eq!(fs::read_to_string(at.join("seen.json")).unwrap(), state, "what was refused was not seen");
    goal("P1", &format!("{refused} of {} refused", attacks.len() + 1), refused == attacks.len() + 1);
    // Any of several keys will do, and the report says which pack it was, to the byte.
    let keys = ["--require-signed", "other.key.pub", "--require-signed", "team.key.pub"];
    let (report, _) = report(at, &[&["sbom.json", "--pack", "good.toml"], keys.as_slice()].concat());
    let digest = report["packs"].as_array().unwrap().iter().find(|pack| pack["id"] == "contoso/own").unwrap();
    assert!(digest["digest"].as_str().is_some_and(|digest| digest.len() >= 64), "{digest}");
}

/// What the program carries, what stands beside it in the same call, and what a baseline was made with are remembered without a file.
#[test]
fn an_older_pack_is_refused_without_a_file_to_remember_it_by() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let write = |name: &str, text: &str| fs::write(at.join(name), text).unwrap();
    write("sbom.json", CLEAN);
    for (name, version) in [("older.toml", "2026.1"), ("good.toml", "2026.2"), ("newer.toml", "2026.10")] {
        write(name, &pack("contoso/own", version, ""));
    }
    let (_, source) = said(at, &["catalog", "export", "ndaa-889"]);
    write("carried.toml", &source);
    write("before.toml", &source.replacen("version = \"2026.", "version = \"2025.", 1));
    let scanned = |words: &[&str]| said(at, &[&["scan", "sbom.json", "-o", "json=out.json"], words].concat());
    let refused = |words: &[&str], why: &str| {
        let (code, text) = scanned(words);
        assert!(code == 5 && text.contains(why), "{words:?}: {code} {text}");
    };
    refused(&["--pack", "before.toml"], "is built in or given beside it");
    refused(&["--pack", "good.toml", "--pack", "older.toml"], "2026.2 is built in or given beside it");
    assert!(scanned(&["--pack", "carried.toml"]).0 < 2);
    assert_eq!(scanned(&["--pack", "older.toml", "--pack", "good.toml"]).0, 1);
    fs::copy(at.join("out.json"), at.join("base.json")).unwrap();
    let with = |pack| ["--pack", pack, "--baseline", "base.json"];
    refused(&with("older.toml"), "the baseline was made with 2026.2");
    assert_eq!((scanned(&with("good.toml")).0, scanned(&with("newer.toml")).0), (0, 0), "nothing is new");
    let (code, text) = said(at, &["judge", "base.json", "--pack", "older.toml", "--baseline", "base.json"]);
    assert!(code == 5 && text.contains("the baseline was made with 2026.2"), "{code} {text}");
}

/// A family that one member of has a period is asked for that of each.
#[test]
fn lint_asks_for_the_whole_family() {
    let folder = tempfile::tempdir().unwrap();
    let (_, source) = said(folder.path(), &["catalog", "export", "ndaa-889"]);
    let linted = |change: &str, to: &str| {
        fs::write(folder.path().join("own.toml"), source.replacen(change, to, 1)).unwrap();
        said(folder.path(), &["catalog", "lint", "own.toml"])
    };
    let (_, shown) = said(folder.path(), &["catalog", "show", "kaspersky/ao"]);
    assert!(shown.contains("ogrn:1027739867473") && shown.contains("seen 2016 to 2025"), "{shown}");
    assert_eq!(linted("", "").0, 0);
    let title = "title = \"Huawei\"";
    let (code, text) = linted(title, &format!("{title}\nperiod = \"since 1987\""));
    assert!(code == 5 && text.contains("the entity `huawei` has no `period`; others of its maker have"), "{text}");
    for (wrong, why) in [("period = \"long ago\"", "the period `long ago` is none"), ("ids = [\"7\"]", "`7` is no id")]
    {
        let (code, text) = linted(title, &format!("{title}\n{wrong}"));
        assert!(code == 5 && text.contains(why), "{text}");
    }
}

#[test]
fn further_packs_judge_by_law_of_their_own() {
    let folder = tempfile::tempdir().unwrap();
    let sbom = CLEAN.replace("Contoso Imaging", "Hangzhou Hikvision Digital Technology Co., Ltd.");
    fs::write(folder.path().join("sbom.json"), sbom).unwrap();
    let (plain, status) = report(folder.path(), &["sbom.json", "--as-of", "2026-01-01"]);
    assert_eq!((status, plain["findings"].as_array().unwrap().len()), (0, 0));
    let (with, status) = report(folder.path(), &["sbom.json", "--as-of", "2026-01-01", "--with", "ndaa-889"]);
    assert_eq!(status, 1, "{with:#}");
    assert!(with["packs"].as_array().unwrap().iter().any(|pack| pack["id"] == "interdict/ndaa-889"));
    assert!(with["law"].as_array().unwrap().iter().any(|pack| pack["id"] == "interdict/ndaa-889"));
    let (code, text) = said(folder.path(), &["scan", "sbom.json", "--with", "nonsense"]);
    assert_eq!(code, 2);
    assert!(text.contains("fcc-covered-list"), "{text}");
    let (code, text) = said(folder.path(), &["catalog", "packs"]);
    assert_eq!((code, text.lines().count()), (0, 6), "{text}");
    let (code, source) = said(folder.path(), &["catalog", "export", "ndaa-889"]);
    fs::write(folder.path().join("own.toml"), &source).unwrap();
    assert_eq!(code, 0);
    assert_eq!(said(folder.path(), &["catalog", "lint", "own.toml"]).0, 0);
    let changed = source.replacen("certainty = \"confirmed\"", "certainty = \"probable\"", 1);
    fs::write(folder.path().join("changed.toml"), changed).unwrap();
    let (code, text) = said(folder.path(), &["catalog", "diff", "own.toml", "changed.toml"]);
    assert_eq!((code, text.lines().count()), (0, 1), "{text}");
    assert!(text.starts_with("changed  rule "), "{text}");
}

/// Every file below a folder, by its path from there.
fn below(folder: &Path, inside: &str, out: &mut Vec<String>) {
    let mut entries: Vec<_> = fs::read_dir(folder.join(inside)).unwrap().flatten().collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = format!("{inside}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            below(folder, &format!("{name}/"), out);
        } else {
            out.push(name);
        }
    }
}

#[test]
fn rules_are_measured_on_what_is_labelled() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    below(&workspace().join("fixtures"), "look-alikes/", &mut files);
    let demo = [
        ("demo/contoso-backup/lib/libscanhook.so", "kaspersky/av-sdk"),
        ("demo/fabrikam-notes/bin/notescore.dll", "-"),
    ];
    let mut labels = String::from("# file\tentities\n");
    // What the vendor publishes as open source is theirs, and is told as what it is.
    let label = |file: &str| match file {
        _ if file.contains("/la-11-test-library/node_modules/") => "kaspersky/hexa-ui",
        _ if file.contains("/la-11-test-library/") => "kaspersky/kaspresso",
        _ => "-",
    };
    let alike = files.iter().map(|file| (file.as_str(), label(file)));
    let mut count = 0;
    for (file, entities) in alike.chain(demo) {
        let to = folder.path().join(file);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(workspace().join("fixtures").join(file), &to).unwrap();
        labels.extend([file, "\t", entities, "\n"]);
        count += 1;
    }
    fs::write(folder.path().join("labels.tsv"), &labels).unwrap();
    let (code, text) = said(folder.path(), &["catalog", "test", "--corpus", "."]);
    assert_eq!(code, 0, "{text}");
    assert!(text.contains(&format!("{count} files; 0 that hold nothing were flagged")), "{text}");
    let is_right = |line: &str| line.starts_with("kaspersky/av-sdk/") && line.contains("100%   100%");
    assert!(text.lines().any(is_right), "{text}");
    fs::write(folder.path().join("labels.tsv"), labels.replace("\tkaspersky/av-sdk", "\t-")).unwrap();
    let (code, text) = said(folder.path(), &["catalog", "test", "--corpus", "."]);
    assert_eq!(code, 1, "{text}");
    fs::write(folder.path().join("labels.tsv"), "x\tno/such\n").unwrap();
    assert_eq!(said(folder.path(), &["catalog", "test", "--corpus", "."]).0, 2);
}
