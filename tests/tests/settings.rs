//! What is in force and from where: a flag outranks its variable, that the file, and that the default.
#![expect(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test makes files, and may fail")]
use std::fs;
use std::path::Path;

use interdict_tests::{interdict, interdict_in, status, workspace};

const DECLARES: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{"type":"library","name":
"Kaspersky Anti-Virus SDK","version":"8.9","supplier":{"name":"AO Kaspersky Lab"}}]}"#;

fn folder(settings: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("bom.json"), DECLARES).unwrap();
    fs::write(folder.path().join("interdict.toml"), settings).unwrap();
    folder
}

/// The line of `interdict config` for this key: its value and where that comes from.
fn in_force(folder: &Path, arguments: &[&str], environment: &[(&str, &str)], key: &str) -> String {
    let output = interdict_in(folder, &[&["config"], arguments].concat(), environment);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let line = text.lines().find(|line| line.starts_with(&format!("{key} = "))).unwrap();
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn a_flag_outranks_a_variable_that_the_file_and_that_the_default() {
    let folder = folder("# gate\nfail-on = \"advisory\"\n[limits]\nmax-depth = 3\n");
    let at = folder.path();
    let variable = [("INTERDICT_FAIL_ON", "prohibited")];
    for (arguments, environment, want) in [
        (&["--no-config"][..], &[][..], "fail-on = \"review\" # default"),
        (&[], &[], "fail-on = \"advisory\" # interdict.toml:2"),
        (&[], &variable, "fail-on = \"prohibited\" # INTERDICT_FAIL_ON"),
        (&["--fail-on", "review"], &variable, "fail-on = \"review\" # --fail-on"),
    ] {
        assert_eq!(in_force(at, arguments, environment, "fail-on"), want);
    }
    assert_eq!(in_force(at, &[], &[], "max-depth"), "max-depth = 3 # interdict.toml:4");
    assert_eq!(in_force(at, &[], &[("INTERDICT_MAX_DEPTH", "4")], "max-depth"), "max-depth = 4 # INTERDICT_MAX_DEPTH");
    let list = [("INTERDICT_PROFILE", "us-vendor, it-public")];
    assert_eq!(in_force(at, &[], &list, "profile"), "profile = [\"us-vendor\", \"it-public\"] # INTERDICT_PROFILE");
}

#[test]
fn a_scan_obeys_its_file() {
    let folder =
        folder("targets = [\"bom.json\"]\nprofile = \"us-vendor\"\nfail-on = \"prohibited\"\nas-of = 2023-01-01\n");
    let at = folder.path();
    // Before the first prohibition.
    assert_eq!(status(at, &["scan"]), 0);
    assert_eq!(status(at, &["scan", "--as-of", "2024-09-30"]), 1);
    assert_eq!(interdict_in(at, &["scan"], &[("INTERDICT_AS_OF", "2024-09-30")]).status.code(), Some(1));
    let said = String::from_utf8(interdict(at, &["scan"]).stderr).unwrap();
    assert_eq!(said, "interdict: settings from `interdict.toml`\n");
    assert!(interdict(at, &["scan", "--quiet"]).stderr.is_empty());
    assert_eq!(status(at, &["scan", "--no-config"]), 2, "no target is left");
    fs::rename(at.join("interdict.toml"), at.join("gate.toml")).unwrap();
    assert_eq!(status(at, &["scan", "--config", "gate.toml"]), 0);
    assert_eq!(status(at, &["scan", "--config=gone.toml"]), 2);
    assert_eq!(interdict_in(at, &["scan"], &[("INTERDICT_CONFIG", "gate.toml")]).status.code(), Some(0));
    assert_eq!(status(at, &["scan", "--", "--config"]), 4, "a target may be called so");
}

#[test]
fn what_is_wrong_is_told_and_nothing_is_scanned() {
    for (settings, want) in [
        (
            "profile = \"us-vendor\"\nfail-onn = \"review\"\n",
            "interdict.toml:2: no setting is called `fail-onn`; the nearest is `fail-on`",
        ),
        ("strict = 1\n", "interdict.toml:1: `strict` is true or false"),
        ("fail-on = review\n", "interdict.toml:1: "),
        ("profile = \"nobody\"\n", "unknown profile `nobody`"),
        ("output = \"papyrus\"\n", "unknown output format `papyrus`"),
    ] {
        let folder = folder(settings);
        let output = interdict(folder.path(), &["scan", "bom.json"]);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{settings}");
        assert!(said.contains(want), "{settings}: {said}");
        assert_eq!(status(folder.path(), &["scan", "--help"]), 0, "help is always there");
        assert_eq!(status(folder.path(), &["regimes"]), 0, "what does not judge does not read it");
    }
    let folder = folder("");
    for (name, value, want) in [
        ("INTERDICT_STRICT", "perhaps", Some(2)),
        ("INTERDICT_FAIL_ON", "sometimes", Some(2)),
        ("INTERDICT_STRICT", "", Some(1)),
        ("INTERDICT_STRICT", "off", Some(1)),
    ] {
        let output = interdict_in(folder.path(), &["scan", "bom.json"], &[(name, value)]);
        assert_eq!(output.status.code(), want, "{name}={value}");
    }
    let output = interdict_in(folder.path(), &["scan", "bom.json"], &[("INTERDICT_FAILON", "prohibited")]);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(said.contains("`INTERDICT_FAILON`; the nearest is `INTERDICT_FAIL_ON`"), "{said}");
}

#[test]
fn what_init_writes_is_read_with_every_key_in_force() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("bom.json"), DECLARES).unwrap();
    assert_eq!(status(at, &["init"]), 0);
    assert_eq!(status(at, &["init"]), 2, "it writes over nothing");
    assert_eq!(status(at, &["init", "--force"]), 0);
    assert_eq!(status(at, &["scan", "bom.json"]), 1);
    // With the marks taken away every key is a known one, of the right kind.
    let text = fs::read_to_string(at.join("interdict.toml")).unwrap();
    let keys = |line: &&str| {
        line.strip_prefix("# ").is_some_and(|rest| rest.split_once(" = ").is_some_and(|(key, _)| !key.contains(' ')))
    };
    let told: Vec<&str> = text.lines().filter(keys).collect();
    assert!(told.len() > 20, "{told:?}");
    let awake: Vec<&str> = text.lines().map(|line| if keys(&line) { &line[2..] } else { line }).collect();
    fs::write(at.join("interdict.toml"), awake.join("\n").replace("as-of = \"\"", "as-of = \"2026-01-01\"")).unwrap();
    let output = interdict(at, &["config"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(!text.lines().any(|line| line.ends_with("# default") && !line.starts_with('#')), "{text}");
    // What is in force, written to a file, is in force again.
    let before: Vec<String> = text.lines().map(|line| line.split(" # ").next().unwrap().trim().to_owned()).collect();
    fs::write(at.join("interdict.toml"), &text).unwrap();
    let again = String::from_utf8(interdict(at, &["config"]).stdout).unwrap();
    let after: Vec<String> = again.lines().map(|line| line.split(" # ").next().unwrap().trim().to_owned()).collect();
    assert_eq!(before, after);
}

#[test]
fn the_schema_for_editors_takes_what_the_program_takes() {
    let printed = interdict(&workspace(), &["config", "--schema"]).stdout;
    let schema = serde_json::from_slice(&printed).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let valid = |document: serde_json::Value| validator.is_valid(&document);
    assert!(valid(serde_json::json!({ "profile": "us-vendor", "fail-on": "review", "limits": { "max-depth": 8 } })));
    assert!(valid(serde_json::json!({ "profile": ["us-vendor"], "strict": true, "output": ["table", "json=r.json"] })));
    for wrong in [
        serde_json::json!({ "fail-onn": "review" }),
        serde_json::json!({ "fail-on": "sometimes" }),
        serde_json::json!({ "strict": "yes" }),
        serde_json::json!({ "limits": { "depth": 8 } }),
        serde_json::json!({ "limits": { "max-depth": -1 } }),
    ] {
        assert!(!valid(wrong.clone()), "{wrong}");
    }
}

#[test]
fn shells_and_manuals_know_every_command() {
    let at = workspace();
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let script = String::from_utf8(interdict(&at, &["completions", shell]).stdout).unwrap();
        for word in ["scan", "explain", "regimes", "fail-on"] {
            assert!(script.contains(word), "{shell} {word}");
        }
    }
    let page = String::from_utf8(interdict(&at, &["man"]).stdout).unwrap();
    assert!(page.contains(".TH interdict 1") && page.contains("interdict\\-scan"), "{page}");
    let page = String::from_utf8(interdict(&at, &["man", "scan"]).stdout).unwrap();
    assert!(page.contains("interdict\\-scan") && page.contains("fail\\-on"), "{page}");
    assert_eq!(status(&at, &["man", "nonsense"]), 2);
}
