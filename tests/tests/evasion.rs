//! What somebody does to a file so that it is not known again: what rests on other facts stays found, as surely as before.
#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test makes files, and may fail"
)]
use std::fs;

use interdict_testkit::build;
use interdict_tests::report;
use serde_json::Value;

/// A file of the vendor's, or with the vendor's code in it: its name, its recipe, and what takes its names away.
struct Kind {
    name: &'static str,
    recipe: &'static str,
    stripped: &'static str,
}

const KINDS: &[Kind] = &[
    Kind {
        name: "engine.dll",
        recipe: "kind = \"pe\"\ndll = true\nimports = [{ dll = \"Kave8.dll\", functions = [\"kaveInitializeEx\", \"kaveScanFile\"] }]\ndebug-path = 'c:\\b\\engine.pdb'\n[[version]]\nlanguage = 0x409\nnumber = \"1.0.0.0\"\nstrings = [{ table = \"040904b0\", values = { CompanyName = \"AO Kaspersky Lab\", OriginalFilename = \"engine.dll\" } }]",
        stripped: "kind = \"pe\"\ndll = true\nimports = [{ dll = \"Kave8.dll\", functions = [\"kaveInitializeEx\", \"kaveScanFile\"] }]",
    },
    Kind {
        name: "block.sys",
        recipe: "kind = \"pe\"\nsubsystem = 1\nimports = [{ dll = \"ntoskrnl.exe\", functions = [\"ZwClose\"] }]\noverlay = [\"\\r\\n:!28401\", { repeat = { text = \"A\", times = 87 } }, \"%%\\r\\n;:10\", { repeat = { text = \"B\", times = 86 } }, \"%%\"]\n[[version]]\nlanguage = 0x409\nnumber = \"1.0.0.0\"\nstrings = [{ table = \"040904b0\", values = { ProductName = \"Coretech Delivery\" } }]",
        stripped: "kind = \"pe\"\nsubsystem = 1\nimports = [{ dll = \"ntoskrnl.exe\", functions = [\"ZwClose\"] }]\noverlay = [\"\\r\\n:!28401\", { repeat = { text = \"A\", times = 87 } }, \"%%\\r\\n;:10\", { repeat = { text = \"B\", times = 86 } }, \"%%\"]",
    },
    Kind {
        name: "certificate.efi",
        recipe: "kind = \"pe\"\nsubsystem = 10\nsections = [{ name = \".vendor\", parts = [{ recipe = { kind = \"certificate\", subject = { O = \"Kaspersky Lab\", CN = \"Kaspersky Lab\", serialNumber = \"1027739867473\" } } }] }]\ndebug-path = 'shim.pdb'",
        stripped: "kind = \"pe\"\nsubsystem = 10\nsections = [{ name = \".vendor\", parts = [{ recipe = { kind = \"certificate\", subject = { O = \"Kaspersky Lab\", CN = \"Kaspersky Lab\", serialNumber = \"1027739867473\" } } }] }]",
    },
    Kind {
        name: "libscan.so",
        recipe: "kind = \"elf\"\nneeded = [\"libkave8.so\", \"libc.so.6\"]\nsoname = \"libscan.so\"\ndynamic = { defined = [\"scan\"], undefined = [\"kaveScanFile\"] }\nstatic-symbols = { defined = [\"scan\"], local = [\"helper\"] }\ncomment = [\"GCC\"]",
        stripped: "kind = \"elf\"\nneeded = [\"libkave8.so\", \"libc.so.6\"]\ndynamic = { undefined = [\"kaveScanFile\"] }\nsection-headers = false",
    },
    Kind {
        name: "static-scanner",
        recipe: "kind = \"elf\"\ntype = \"exec\"\nstatic-symbols = { defined = [\"main\"] }\nsections = [{ name = \".text\", flags = \"ax\", parts = [{ hex = \"c3\" }, \"kaveInitializeEx\\u0000kaveScanMemory\\u0000kaveReloadDatabases\\u0000kaveUninitialize\\u0000\"] }]",
        stripped: "kind = \"elf\"\ntype = \"exec\"\nsection-headers = false\nsections = [{ name = \".text\", flags = \"ax\", parts = [{ hex = \"c3\" }, \"kaveInitializeEx\\u0000kaveScanMemory\\u0000kaveReloadDatabases\\u0000kaveUninitialize\\u0000\"] }]",
    },
    Kind {
        name: "classes.dex",
        recipe: "kind = \"dex\"\ndefines = [\"com/kavsdk/KavSdk\", \"kavsdk/o/ab\"]\nstrings = [\"KSNM;KMSH2;SMH2;APUM;Updater;SDKM4\", \"ksn_quality_statistic_enabled\"]",
        stripped: "kind = \"dex\"\ndefines = [\"a/a\"]\nstrings = [\"KSNM;KMSH2;SMH2;APUM;Updater;SDKM4\", \"ksn_quality_statistic_enabled\"]",
    },
    Kind {
        name: "com.kaspersky.kav.sysext",
        recipe: "kind = \"macho\"\nlibraries = [\"/usr/lib/libSystem.B.dylib\"]\ndefined = [\"_main\"]\nsignature = { identifier = \"com.kaspersky.kav.sysext\", team = \"2Y8XE5CQ94\" }",
        stripped: "kind = \"macho\"\nlibraries = [\"/usr/lib/libSystem.B.dylib\"]\nsignature = { identifier = \"com.example.renamed\", team = \"2Y8XE5CQ94\" }",
    },
];

/// The same bytes with something done to them, and the name they go under.
fn disguised(kind: &Kind, bytes: &[u8]) -> Vec<(&'static str, String, Vec<u8>)> {
    let with = |tail: &[u8]| [bytes, tail].concat();
    let mut stamped = bytes.to_vec();
    if bytes.starts_with(b"MZ") {
        let header = usize::from(bytes[0x3c]) + (usize::from(bytes[0x3d]) << 8);
        stamped[header + 8..header + 12].copy_from_slice(&[1, 2, 3, 4]);
    }
    vec![
        ("as it is", kind.name.to_owned(), bytes.to_vec()),
        ("renamed", "readme.bin".to_owned(), bytes.to_vec()),
        ("without an extension", "x".to_owned(), bytes.to_vec()),
        ("in capitals", kind.name.to_uppercase(), bytes.to_vec()),
        ("with an overlay", kind.name.to_owned(), with(&[0xa5; 4096])),
        ("with text behind it", "notes.txt".to_owned(), with(b"\nMcAfee Symantec Avast Sophos ESET Bitdefender\n")),
        ("with another time stamp", "setup.dat".to_owned(), stamped),
        ("stripped", "stripped.bin".to_owned(), build(kind.stripped).unwrap()),
    ]
}

/// What is found first on this file: relation, certainty, entity.
fn strongest(report: &Value, on: &str) -> Option<(String, String, String)> {
    let finding = report["findings"].as_array()?.iter().find(|finding| finding["on"].as_str() == Some(on))?;
    let text = |key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    Some((text("relation"), text("certainty"), text("entity")))
}

#[test]
fn what_rests_on_other_facts_stays() {
    let folder = tempfile::tempdir().unwrap();
    let mut expected = Vec::new();
    for (number, kind) in KINDS.iter().enumerate() {
        let bytes = build(kind.recipe).unwrap();
        for (at, (what, name, bytes)) in disguised(kind, &bytes).into_iter().enumerate() {
            let path = format!("{number}/{at}");
            fs::create_dir_all(folder.path().join(&path)).unwrap();
            fs::write(folder.path().join(&path).join(&name), bytes).unwrap();
            expected.push((kind.name, what, format!("./{number}/0/{}", kind.name), format!("./{path}/{name}")));
        }
    }
    let (report, status) = report(folder.path(), &["."]);
    assert_eq!(status, 1);
    let mut faults = Vec::new();
    for (kind, what, first, on) in expected {
        let before = strongest(&report, &first).unwrap_or_else(|| panic!("nothing found on {first}"));
        let after = strongest(&report, &on);
        // Names that were taken away may have told which product it is; no more than that is lost.
        let is_kept = after.as_ref().is_some_and(|after| {
            let is_said = !matches!(after.0.as_str(), "mentions" | "connects");
            is_said
                && if what == "stripped" { (&after.0, &after.1) == (&before.0, &before.1) } else { after == &before }
        });
        if !is_kept {
            faults.push(format!("{kind}, {what}: {after:?}, and was {before:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A rule that asks for a whole value meets one that is only shown as it.
#[test]
fn a_whole_value_that_turns_its_direction_is_read_as_it_is_shown() {
    for name in ["\u{202e}yksrepsaK\u{202c}", "Kaspersky"] {
        let folder = tempfile::tempdir().unwrap();
        let bom = format!(
            r#"{{"bomFormat":"CycloneDX","specVersion":"1.5","components":[{{"type":"library","name":"scan","supplier":{{"name":"{name}"}}}}]}}"#
        );
        fs::write(folder.path().join("bom.json"), bom).unwrap();
        let (report, status) = report(folder.path(), &["bom.json", "--as-of", "2026-01-01"]);
        let relations: Vec<&Value> =
            report["findings"].as_array().unwrap().iter().map(|finding| &finding["relation"]).collect();
        assert!(status == 1 && relations.iter().any(|relation| *relation == "declares"), "{name:?}: {relations:?}");
    }
}
