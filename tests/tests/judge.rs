//! A stored report judged anew says what a fresh scan would say, to the byte.
#![expect(clippy::disallowed_methods, reason = "a test makes files, and may fail")]
use std::fs;

use interdict_tests::{interdict, status, workspace};

fn scanned(arguments: &[&str]) -> Vec<u8> {
    interdict(&workspace(), &[&["scan", "fixtures/demo", "-o", "json"], arguments].concat()).stdout
}

#[test]
fn the_same_bytes_as_a_scan_for_that_day() {
    let folder = tempfile::tempdir().unwrap();
    let stored = folder.path().join("report.json");
    let place = stored.to_str().unwrap();
    for before in [&["--as-of", "2026-01-01"][..], &["--as-of", "2019-01-01", "--profile", "us-vendor,it-public"]] {
        fs::write(&stored, scanned(before)).unwrap();
        for law in [
            &["--as-of", "2024-09-28", "--profile", "us-vendor"][..],
            &["--as-of", "2024-09-29", "--profile", "us-vendor"],
            &["--as-of", "2025-06-01", "--profile", "it-public,us-federal-contractor", "--sbom-quality"],
            &["--as-of", "2025-06-01", "--profile", "us-vendor", "--jurisdiction", "us", "--allow-incomplete"],
            &["--as-of", "2014-01-01", "--role", "de-any", "--act", "use"],
        ] {
            let judged = interdict(&workspace(), &[&["judge", place, "-o", "json"], law].concat());
            assert_eq!(
                String::from_utf8_lossy(&judged.stdout),
                String::from_utf8_lossy(&scanned(law)),
                "{before:?} {law:?}"
            );
        }
    }
}

#[test]
fn without_a_profile_it_is_judged_for_whom_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let stored = folder.path().join("report.json");
    fs::write(&stored, scanned(&["--as-of", "2026-01-01", "--profile", "us-vendor"])).unwrap();
    let place = stored.to_str().unwrap();
    let judged = interdict(&workspace(), &["judge", place, "-o", "json", "--as-of", "2024-07-01"]);
    assert_eq!(judged.stdout, scanned(&["--as-of", "2024-07-01", "--profile", "us-vendor"]));
    for (day, expected) in [("2024-07-01", 0), ("2024-10-01", 1)] {
        assert_eq!(status(&workspace(), &["judge", place, "--as-of", day]), expected, "{day}");
    }
    assert_eq!(status(&workspace(), &["judge", place, "--as-of", "2024-10-01", "--profile", "de-any"]), 0);
    assert_eq!(status(&workspace(), &["judge", "gone.json"]), 4);
    assert_eq!(status(&workspace(), &["judge", place, "--as-of", "someday"]), 2);
    fs::write(&stored, "{\"schema\": \"interdict.report/9\"}").unwrap();
    assert_eq!(status(&workspace(), &["judge", place]), 4);
}
