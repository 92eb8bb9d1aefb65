//! Which texts are tag-value documents, and how their lines are told apart.
use super::*;

#[test]
fn known_by_what_its_lines_are() {
    for (text, want) in [
        ("SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\n", true),
        ("\u{feff}\n\n# a comment\nspdxversion: spdx-2.3\n", true),
        ("DataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\n", true),
        ("PackageName: a\nPackageVersion: 1\nSPDXID: SPDXRef-a\nFileName: b\n", true),
        ("DocumentComment: <text>prose\nover\nlines</text>\nSPDXVersion: SPDX-2.2\nDataLicense: CC0-1.0\n", true),
        ("spdxVersion: SPDX-2.3\ndataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\npackages:\n- name: a\n", false),
        ("SPDXID: \"SPDXRef-DOCUMENT\"\nspdxVersion: \"SPDX-2.2\"\n", false),
        ("{\"spdxVersion\": \"SPDX-2.3\"}", false),
        ("// SPDX-License-Identifier: MIT\nfn main() {}\n", false),
        ("# How to write SPDX\n\nA document begins so:\n\n    SPDXVersion: SPDX-2.3\n\nand so on.\n", false),
        ("", false),
        ("SPDX", false),
    ] {
        assert_eq!(is_tag_value(text.as_bytes()), want, "{text}");
    }
}

#[test]
fn lines_have_numbers_whatever_ends_them() {
    let text = "A: 1\n# no\n\nB: <text>x\ny</text>\nC: 2\nnone\n";
    for ends in ["\n", "\r\n", "\r"] {
        let text = text.replace('\n', ends);
        let told: Vec<String> = Lines::new(&text)
            .map(|entry| match entry.kind {
                Kind::Pair { tag, value, .. } => format!("{} {tag}={}", entry.line, value.replace(ends, "|")),
                other => format!("{} {other:?}", entry.line),
            })
            .collect();
        assert_eq!(told, ["1 A=1", "4 B=x|y", "6 C=2", "7 Other(\"none\")"], "{ends:?}");
    }
}

#[test]
fn limits_are_met_and_reading_goes_on() {
    let line = format!("A: {}\nB: 1\n", "x".repeat(17 << 20));
    let text = format!("A: <text>{}\n</text>\nB: 1\n", "x\n".repeat(33 << 20));
    for (text, limit) in [(line, "a line of 16 MiB"), (text, "a text of 64 MiB")] {
        let kinds: Vec<Kind<'_>> = Lines::new(&text).map(|entry| entry.kind).collect();
        assert!(
            matches!(kinds.as_slice(), [Kind::TooLong { limit: met, .. }, Kind::Pair { tag: "B", .. }] if *met == limit)
        );
    }
}

#[test]
fn texts_that_never_close_cost_one_search() {
    let text = "A: <text>\n".repeat(300_000);
    assert_eq!(Lines::new(&text).count(), 300_000);
    let text = text + "</text>\n";
    assert_eq!(Lines::new(&text).count(), 300_000);
}

#[test]
fn what_ends_in_the_midst_of_a_package() {
    let document = |end: &str| format!("SPDXVersion: SPDX-2.3\nPackageName: a\nSPDXID: SPDXRef-a\n{end}");
    for (end, want) in [
        ("PackageVersion: 1", true),
        ("PackageVersion: 1\n", false),
        ("PackageDownloadLocation: NONE", false),
        ("Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-a", false),
    ] {
        assert_eq!(is_cut(&document(end)), want, "{end}");
    }
}
