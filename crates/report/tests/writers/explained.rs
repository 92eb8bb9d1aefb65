//! Explanations: found by any name a finding has, complete, inert.
use interdict_report::{Look, explain, inert};

use crate::sample::{full, hostile};
use crate::{hold, repository};

#[test]
fn by_id_by_prefix_by_fingerprint() {
    let report = full();
    let whole = "1111".repeat(16);
    for asked in ["F-a10000000001", "f-A1", "a1", " F-a1 ", "1111", whole.as_str()] {
        assert_eq!(explain(&report, asked).unwrap().finding.id.0, "F-a10000000001", "{asked}");
    }
    let nobody = explain(&report, "F-a10000000009").unwrap_err();
    assert!(!nobody.ambiguous && nobody.near[0].0 == "F-a10000000001", "{nobody}");
    let several = explain(&report, "F-").unwrap_err();
    assert!(several.ambiguous && several.near.len() == 6, "{several}");
    for odd in ["", "é", "F-é", "\u{1b}[31m"] {
        let message = explain(&report, odd).unwrap_err().to_string();
        assert!(message.lines().all(|line| inert(line) == line), "{message:?}");
    }
}

#[test]
fn says_everything() {
    let report = full();
    for (case, id) in [("undeclared", "F-a1"), ("declared-only", "F-c3"), ("waived", "F-6f")] {
        let mut out = Vec::new();
        explain(&report, id).unwrap().write(&Look { width: 80, color: false, verbose: 0 }, &mut out).unwrap();
        hold(&repository(&format!("crates/report/tests/explained/{case}.txt")), &String::from_utf8(out).unwrap());
    }
}

#[test]
fn hostile_findings_explain_inertly() {
    let report = hostile();
    for finding in &report.findings {
        let mut out = Vec::new();
        explain(&report, &finding.id.0).unwrap().write(&Look::default(), &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(text.lines().all(|line| inert(line) == line), "{text}");
    }
}
