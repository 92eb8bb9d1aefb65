//! Documents of inputs that writers carry over and write upon: whatever the bytes are, a document comes out.
use interdict_model::Report;
use interdict_report::{Ask, Original, writer};

/// Formats of inputs, and the writers that keep them.
const KEPT: &[(&str, &[&str])] = &[
    ("cyclonedx-json", &["cyclonedx", "cyclonedx-xml"]),
    ("cyclonedx-xml", &["cyclonedx", "cyclonedx-xml"]),
    ("cyclonedx-protobuf", &["cyclonedx", "cyclonedx-xml"]),
    ("spdx-json", &["spdx"]),
    ("spdx-tag-value", &["spdx"]),
    ("spdx-xml", &["spdx"]),
    ("spdx-yaml", &["spdx"]),
    ("spdx-rdf", &["spdx"]),
    ("spdx3-json", &["spdx"]),
];

pub(crate) fn formats() -> impl Iterator<Item = &'static str> {
    KEPT.iter().map(|(format, _)| *format)
}

/// A report of one document of this format.
#[expect(clippy::panic, reason = "a fixture of our own that is no report is a fault of this target")]
fn report(format: &str) -> Report {
    let text = include_str!("../../fixtures/report/json/clear/expected.txt");
    let mut report: Report = serde_json::from_str(text).unwrap_or_else(|fault| panic!("{fault}"));
    report.inputs.truncate(1);
    for input in &mut report.inputs {
        input.format = Some(format.into());
    }
    report
}

/// What tries the writers that keep this format.
pub(crate) fn run(format: &'static str) -> impl Fn(&[u8]) {
    let report = report(format);
    move |bytes| {
        let writers = KEPT.iter().filter(|(known, _)| *known == format).flat_map(|(_, writers)| *writers);
        for bill in writers.filter_map(|id| writer(id)?.bill) {
            let mut out = Vec::new();
            let ask = Ask { edition: None, original: Some(Original::Bytes(bytes)) };
            let written = (bill.write)(&report, &ask, &mut out);
            assert!(written.is_ok() && !out.is_empty(), "{format}: memory takes every document");
            let text = String::from_utf8_lossy(&out);
            if text.starts_with('{') {
                let read: serde_json::Result<&serde_json::value::RawValue> = serde_json::from_str(&text);
                assert!(read.is_ok(), "{format}: what comes out is JSON");
            }
        }
    }
}

/// Documents to begin with.
pub(crate) fn seeds(format: &str) -> Vec<Vec<u8>> {
    if format == "cyclonedx-protobuf" {
        return vec![include_bytes!("../../crates/report/tests/kept/input.cdx").to_vec()];
    }
    let text = match format {
        "spdx-rdf" => include_str!("../../fixtures/sbom/spdx-rdf/good-every-field/input.rdf"),
        "spdx3-json" => include_str!("../../fixtures/sbom/spdx3-json/good-every-field/input.json"),
        "cyclonedx-json" => include_str!("../../crates/report/tests/kept/input.cdx.json"),
        "cyclonedx-xml" => include_str!("../../crates/report/tests/kept/input.cdx.xml"),
        "spdx-json" => include_str!("../../crates/report/tests/kept/input.spdx.json"),
        "spdx-xml" => {
            "<Document><SPDXID>SPDXRef-DOCUMENT</SPDXID><spdxVersion>SPDX-2.3</spdxVersion><packages><name>a</name>\
             <filesAnalyzed>false</filesAnalyzed></packages><revieweds><reviewer>Person: A</reviewer></revieweds></Document>"
        }
        "spdx-yaml" => {
            "spdxVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\npackages:\n- name: a\n  filesAnalyzed: false\n"
        }
        _ => {
            "SPDXVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nExternalDocumentRef: DocumentRef-a http://a SHA1: 00\nPackageName: a\n\
             PackageChecksum: MD5: 00\nExternalRef: SECURITY cpe23Type cpe:2.3:a:b\nPackageVerificationCode: 00 (excludes: ./a)\n\
             FileName: ./a\nSPDXID: SPDXRef-f\nSnippetSPDXID: SPDXRef-s\nSnippetByteRange: 1:2\nReviewer: Person: A\n\
             ReviewComment: <text>a\nb</text>\nAnnotator: Tool: a\nSPDXREF: SPDXRef-f\nRelationship: SPDXRef-f CONTAINS SPDXRef-s\n"
        }
    };
    vec![text.as_bytes().to_vec()]
}
