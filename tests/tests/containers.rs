//! Containers made by the formats' own tools, opened by the built binary: the needle library stands at its own place, by its own name.
#![expect(clippy::unwrap_used, reason = "a test makes files, and may fail")]
use std::fs;

use interdict_tests::{report, workspace};
use serde_json::Value;

/// The report over copies of these fixtures, under these names.
fn scanned(files: &[(&str, &str)]) -> (Value, i32) {
    let folder = tempfile::tempdir().unwrap();
    for (name, fixture) in files {
        fs::copy(workspace().join("fixtures/unpack").join(fixture), folder.path().join(name)).unwrap();
    }
    report(folder.path(), &[".", "--as-of", "2026-01-01"])
}

fn places(report: &Value) -> Vec<&str> {
    report["findings"].as_array().unwrap().iter().map(|finding| finding["on"].as_str().unwrap()).collect()
}

fn gaps<'r>(report: &'r Value, reason: &str) -> Vec<&'r str> {
    let gaps = report["gaps"].as_array().unwrap().iter().filter(|gap| gap["reason"] == reason);
    gaps.map(|gap| gap["on"].as_str().unwrap()).collect()
}

#[test]
fn files_of_an_installer_have_the_names_they_are_installed_by() {
    let (report, status) = scanned(&[("setup.msi", "compound/good-wixl/input.msi")]);
    let place = "./setup.msi!/data.cab!/PFiles/Acme Mail Gateway/bin/engine with a long name.dll";
    assert_eq!((places(&report), status), (vec![place], 1));
    assert_eq!(report["gaps"].as_array().unwrap().len(), 0, "{:#}", report["gaps"]);
}

#[test]
fn a_cabinet_beside_its_installer_is_asked_for_only_where_it_is_not() {
    let installer = ("setup.msi", "compound/hostile-cabinet-beside/input.msi");
    let (report, status) = scanned(&[installer]);
    assert_eq!((gaps(&report, "missing"), status), (vec!["./setup.msi!/data.cab"], 3));
    let (report, _) = scanned(&[installer, ("DATA.CAB", "cab/good-mszip/input.cab")]);
    assert!(gaps(&report, "missing").is_empty(), "{:#}", report["gaps"]);
}

#[test]
fn compressed_members_of_rar_are_found() {
    for fixture in ["good-5", "good-5-solid", "good-5-stored", "good-7", "good-4", "good-3-solid", "good-2", "good-1-5"]
    {
        let (report, status) = scanned(&[("sdk.rar", &format!("rar/{fixture}/input.rar"))]);
        assert_eq!((places(&report), status), (vec!["./sdk.rar!/bin/needle.so"], 1), "{fixture}");
    }
    for fixture in ["hostile-encrypted", "hostile-encrypted-headers", "hostile-encrypted-headers-4"] {
        let (report, status) = scanned(&[("sdk.rar", &format!("rar/{fixture}/input.rar"))]);
        assert_eq!((gaps(&report, "encrypted").is_empty(), status), (false, 3), "{fixture}");
    }
}

#[test]
fn attachments_and_installer_packages_are_opened() {
    for (name, fixture, place) in [
        ("mail.eml", "email/good-attachments/input.eml", "./mail.eml!/needle.so"),
        ("setup.pkg", "xar/good-gzip/input.pkg", "./setup.pkg!/bin/needle.so"),
        ("setup.pkg", "xar/good-none/input.pkg", "./setup.pkg!/bin/needle.so"),
    ] {
        let (report, status) = scanned(&[(name, fixture)]);
        assert_eq!((places(&report), status), (vec![place], 1), "{fixture}");
    }
    // Its one block is not compressed: the needles stand in the cabinet's own bytes too.
    let (report, status) = scanned(&[("setup.cab", "cab/good-lzx/input.cab")]);
    assert_eq!((places(&report).contains(&"./setup.cab!/bin/needle.dll"), status), (true, 1));
}
