//! What strict readers say, in words.
use std::fmt::Write as _;

use super::*;

fn bom(version: &str, rest: &str) -> String {
    format!(r#"{{"bomFormat":"CycloneDX","specVersion":"{version}","version":1{rest}}}"#)
}

fn told(format: &str, text: &str) -> Vec<String> {
    strict(format, text.as_bytes()).complaints.iter().map(|one| format!("{}: {}", one.pointer, one.wrong)).collect()
}

#[test]
fn content_complaints_and_versions_without_a_schema() {
    for version in ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"] {
        let strictness = strict("cyclonedx-json", bom(version, "").as_bytes());
        assert!(strictness.against.is_some_and(|title| title.contains(version)), "{version}");
        assert_eq!((strictness.complaints, strictness.lint), (Vec::new(), Vec::new()), "{version}");
    }
    assert_eq!(strict("cyclonedx-json", bom("1.8", "").as_bytes()), Strictness::default());
    assert_eq!(strict("elf", b""), Strictness::default());
    let odd = bom("1.4", r#","components":[{"type":"gizmo","name":"a"},{"type":"library","name":"b","nmae":1}]"#);
    let told = told("cyclonedx-json", &odd);
    assert!(told.iter().any(|one| one.starts_with("/components/0/type: `gizmo` is none of `application`")), "{told:?}");
    assert!(told.contains(&"/components/1: `nmae` does not belong here".to_owned()), "{told:?}");
    let lint = strict("cyclonedx-json", odd.as_bytes()).lint;
    assert!(lint[0].starts_with("components"), "{lint:?}");
    let broken = strict("cyclonedx-json", bom("1.5", r#","components":7"#).as_bytes());
    assert_eq!(broken.complaints[0].wrong, "`7` is of type number, not array");
    assert!(broken.lint[0].contains("line 1"), "{broken:?}");
}

#[test]
fn one_of_several_forms() {
    let licences =
        bom("1.6", r#","components":[{"type":"library","name":"a","licenses":[{"license":{"id":"Nope"}}]}]"#);
    let told = told("cyclonedx-json", &licences);
    assert!(told[0].starts_with("/components/0/licenses/0/license/id: `Nope` is none of"), "{told:?}");
}

#[test]
fn yaml_is_held_as_the_json_that_it_stands_for() {
    let yaml = "spdxVersion: SPDX-2.3\nSPDXID: SPDXRef-DOCUMENT\nname: a\ndataLicense: CC0-1.0\ndocumentNamespace: https://a.b/c\n\
        creationInfo:\n  created: 2026-01-01T00:00:00Z\n  creators: ['Tool: t']\npackages:\n- {SPDXID: SPDXRef-p, name: p, downloadLocation: NOASSERTION}\n\
        relationships:\n- {spdxElementId: SPDXRef-DOCUMENT, relatedSpdxElement: SPDXRef-p, relationshipType: DESCRIBES}\n";
    assert_eq!(told("spdx-yaml", yaml), Vec::<String>::new());
    let odd = yaml.replace("creators", "makers");
    assert!(
        told("spdx-yaml", &odd).iter().any(|one| one.starts_with("/creationInfo: `creators`")),
        "{:?}",
        told("spdx-yaml", &odd)
    );
    let bom = "bomFormat: CycloneDX\nspecVersion: '1.6'\ncomponents:\n- type: gizmo\n  name: a\n";
    assert!(told("spdx-yaml", bom)[0].starts_with("/components/0/type"));
}

#[test]
fn formats_are_asserted() {
    let date = bom("1.6", r#","metadata":{"timestamp":"yesterday"}"#);
    assert_eq!(told("cyclonedx-json", &date), ["/metadata/timestamp: `yesterday` is no date-time"]);
    let mail = bom("1.4", r#","metadata":{"authors":[{"email":"nobody"}]}"#);
    assert_eq!(told("cyclonedx-json", &mail), ["/metadata/authors/0/email: `nobody` is no idn-email"]);
}

#[test]
fn graphs_are_held_element_by_element() {
    let graph = |elements: &str| {
        format!(r#"{{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[{elements}]}}"#)
    };
    let made = r#"{"type":"CreationInfo","@id":"_:c","specVersion":"3.0.1","created":"2026-01-01T00:00:00Z","createdBy":["https://a.b/c"]}"#;
    let package = r#"{"type":"software_Package","spdxId":"https://a.b/p","creationInfo":"_:c","name":"p"}"#;
    assert_eq!(told("spdx3-json", &graph(&format!("{made},{package}"))), Vec::<String>::new());
    let odd = package.replace("\"name\"", "\"nmae\"");
    let odd = graph(&format!("{made},{odd},{{\"type\":\"Gizmo\"}},{{}}"));
    assert_eq!(
        told("spdx3-json", &odd),
        ["/@graph/1: `nmae` does not belong here", "/@graph/2/type: `Gizmo` is no class", "/@graph/3/type: missing"]
    );
    let other = graph(made).replace("3.0.1/spdx-context", "3.0.1/our-context");
    assert!(told("spdx3-json", &other)[0].starts_with("/@context: must be the text `https://spdx.org/"), "{other}");
}

#[test]
fn what_is_no_json_cannot_be_held_against_a_schema() {
    let cut = bom("1.6", r#","components":["#).replace("]}", "");
    assert!(told("cyclonedx-json", &cut)[0].contains("cannot be held against its schema"));
    let deep = bom("1.6", &format!(r#","x":{}{}"#, "[".repeat(200), "]".repeat(200)));
    assert!(told("cyclonedx-json", &deep)[0].contains("recursion limit"));
}

#[test]
fn xml_is_held_against_its_schema() {
    let bom = |version: &str, kind: &str, purl: &str| {
        format!(
            r#"<bom xmlns="http://cyclonedx.org/schema/bom/{version}" version="1"><components><component type="{kind}">
            <name>a</name><version>1</version><purl>{purl}</purl></component></components></bom>"#
        )
    };
    let modified = |text: String| text.replace("</purl>", "</purl><modified>false</modified>");
    let told = |text: &str| strict("cyclonedx-xml", text.as_bytes());
    for version in ["1.1", "1.2", "1.3", "1.4", "1.5", "1.6", "1.7"] {
        let strictness = told(&bom(version, "library", "nonsense"));
        assert_eq!(strictness.complaints, Vec::new(), "{version}");
        assert!(strictness.against.is_some_and(|title| title.contains(version)), "{version}");
        for wrong in [bom(version, "gizmo", "x"), bom(version, "library", "x").replace("name>", "nmae>")] {
            let complaints = told(&wrong).complaints;
            assert!(complaints.iter().any(|one| one.pointer.starts_with("line ")), "{version}: {complaints:?}");
        }
        assert_eq!(
            told(&bom(version, "library", "x").replace(" type=\"library\"", "")).complaints.len(),
            1,
            "{version}"
        );
    }
    // The first edition asks whether a component was modified.
    assert!(!told(&bom("1.0", "library", "pkg:npm/a@1")).complaints.is_empty());
    assert_eq!(told(&modified(bom("1.0", "library", "pkg:npm/a@1"))).complaints, Vec::new());
    assert_eq!(told(&bom("1.8", "library", "x")), Strictness::default());
    let licence = |id: &str| {
        bom("1.6", "library", "x")
            .replace("<purl>", &format!("<licenses><license><id>{id}</id></license></licenses><purl>"))
    };
    assert_eq!((told(&licence("MIT")).complaints.len(), told(&licence("MITT")).complaints.len()), (0, 1));
    let utf16: Vec<u8> =
        [0xfeff].into_iter().chain(bom("1.5", "gizmo", "x").encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert_eq!(strict("cyclonedx-xml", &utf16).complaints.len(), 1);
}

#[test]
fn what_is_too_deep_or_no_xml_is_said_not_to_have_been_held() {
    let nested = |depth: usize| {
        let open = r#"<component type="library"><name>a</name><version>1</version><components>"#.repeat(depth);
        let close = "</components></component>".repeat(depth);
        format!(r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.5"><components>{open}{close}</components></bom>"#)
    };
    let told = |text: &str| strict("cyclonedx-xml", text.as_bytes()).complaints;
    assert_eq!(told(&nested(62)), Vec::new());
    for text in
        [nested(64), nested(100_000), nested(20).replace("</bom>", ""), nested(2).replace("<name>a", "<name>&nothing;")]
    {
        let complaints = told(&text);
        assert!(complaints[0].wrong.contains("was not held against its schema"), "{complaints:?}");
    }
    let mut laughs = String::new();
    for at in 1..12 {
        let _ = write!(laughs, "<!ENTITY e{at} \"{}\">", format!("&e{};", at - 1).repeat(10));
    }
    let bomb = format!("<!DOCTYPE bom [<!ENTITY e0 \"ha\">{laughs}]>{}", nested(1).replace("<name>a", "<name>&e11;"));
    assert!(told(&bomb)[0].wrong.contains("was not held against its schema"));
}

#[test]
fn a_panic_is_a_complaint() {
    let text = b"SPDXVersion: SPDX-2.3\nPackageName: a\nPackageLicenseConcluded: (((\n";
    assert!(strict("spdx-tag-value", text).complaints[0].wrong.starts_with("the strict reader gave up"));
    let unread = b"\xef\xbb\xbfSPDXVersion: SPDX-2.3\n?\nPackageName: a\n";
    assert!(strict("spdx-tag-value", unread).complaints[0].wrong.contains("0 of 1 packages"));
    let bare = strict("spdx-json", br#"{"spdxVersion":"SPDX-2.3"}"#);
    assert!(bare.lint[0].contains("missing field"));
    assert!(bare.complaints[0].wrong.ends_with("is missing"), "{bare:?}");
    assert_eq!(strict("spdx-json", br#"{"spdxVersion":"SPDX-2.1"}"#), Strictness::default());
}
