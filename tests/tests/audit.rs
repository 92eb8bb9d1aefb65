//! A portfolio of suppliers: each told apart, the worst first, and nothing that was not examined left out.
#![expect(clippy::disallowed_methods, reason = "a test makes files")]
use interdict_tests::{interdict, status, workspace};
use serde_json::Value;

#[test]
fn four_suppliers_are_told_apart() {
    let arguments = ["audit", "fixtures/demo", "--profile", "us-vendor", "--as-of", "2026-11-24"];
    let output = interdict(&workspace(), &[&arguments[..], &["-o", "json"]].concat());
    assert_eq!(output.status.code(), Some(1));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let suppliers: Vec<_> = told["suppliers"].as_array().unwrap().iter().collect();
    let names: Vec<_> = suppliers.iter().map(|one| one["supplier"].as_str().unwrap()).collect();
    assert_eq!(names, ["contoso-backup", "northwind-mail-gateway", "fabrikam-notes", "tailspin-voip"]);
    let undeclared = |name: &str| {
        let one = suppliers.iter().find(|one| one["supplier"] == name).unwrap();
        one["undeclared"].as_array().unwrap().len()
    };
    assert!(undeclared("contoso-backup") >= 1, "its library uses the SDK and its SBOM does not say so");
    assert_eq!((undeclared("fabrikam-notes"), undeclared("tailspin-voip")), (0, 0));
    let table = String::from_utf8(interdict(&workspace(), &arguments).stdout).unwrap();
    assert!(table.starts_with("PROHIBITED  4 suppliers, for us-vendor, as of 2026-11-24"), "{table}");
    assert!(table.contains("UNDECLARED"), "{table}");
}

#[test]
fn an_empty_portfolio_is_not_clear() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(status(folder.path(), &["audit", "."]), 3);
    assert_eq!(status(folder.path(), &["audit", "gone"]), 4);
    std::fs::create_dir(folder.path().join("acme")).unwrap();
    std::fs::write(folder.path().join("acme/locked.zip"), b"PK\x03\x04\x14\0\x01\0").unwrap();
    assert_eq!(status(folder.path(), &["audit", "."]), 3, "what could not be read is said so");
}
