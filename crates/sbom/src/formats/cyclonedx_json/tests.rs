//! What the reader survives: depth, mutations, and truncation anywhere.
use interdict_testkit::mutate;

use super::*;
use crate::heard::Heard;

const SAMPLE: &[u8] = include_bytes!("../../../../../fixtures/sbom/cyclonedx-json/good-every-field/input.json");

fn read(bytes: &[u8]) -> (Result<(), Malformed>, Heard) {
    Heard::of(&ENTRY, bytes, "bom.json")
}

fn nested(depth: usize) -> String {
    let open = r#"{"name":"n","components":["#.repeat(depth);
    let close = "]}".repeat(depth);
    format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{open}{{"name":"canary"}}{close}]}}"#)
}

#[test]
fn depth_is_read_or_is_a_gap_and_never_a_crash() {
    for depth in [0, 1, 60, 128, 200] {
        let (told, heard) = read(nested(depth).as_bytes());
        assert_eq!((told, heard.gaps.len()), (Ok(()), 0), "{depth}");
        assert!(heard.names.iter().any(|name| name == "canary"), "{depth}");
        assert_eq!(heard.documents.first().map(|one| one.counts.components), Some(depth as u64 + 1));
    }
    for depth in [1_000, 100_000] {
        let (told, heard) = read(nested(depth).as_bytes());
        assert_eq!(told, Ok(()), "{depth}");
        assert!(heard.gaps.iter().any(|gap| gap.contains("nested deeper")), "{depth} {:?}", heard.gaps);
        assert_eq!(heard.names.len(), NESTING);
    }
    let pedigree = r#"{"name":"p","pedigree":{"ancestors":["#.repeat(50_000);
    let (told, heard) = read(format!(r#"{{"bomFormat":"CycloneDX","components":[{pedigree}"#).as_bytes());
    assert!(matches!(told, Err(Malformed::Broken { .. })) && heard.names.len() < 1_000, "{told:?}");
}

#[test]
fn truncation_is_never_silent() {
    for end in (0..SAMPLE.len() - 2).step_by(7) {
        let (told, heard) = read(&SAMPLE[..end]);
        assert!(told.is_err(), "cut at {end}");
        assert_eq!(heard.documents.len(), usize::from(told != Err(Malformed::NotThis)), "cut at {end}");
    }
    assert_eq!(read(SAMPLE).0, Ok(()));
}

#[test]
fn damage_is_survived() {
    mutate(1, SAMPLE, 2_000, &mut |bytes| {
        let (told, heard) = read(bytes);
        assert!(heard.documents.len() == 1 || told == Err(Malformed::NotThis));
    });
}

#[test]
fn a_million_faults_fill_no_report() {
    let list = "7,".repeat(200_000);
    let (told, heard) =
        read(format!(r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{list}7]}}"#).as_bytes());
    assert_eq!(told, Ok(()));
    assert!(heard.repairs < 200, "{}", heard.repairs);
    assert_eq!(heard.documents[0].counts.components, 200_001);
}

const BOM: &str = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"name":"NAME"}]}"#;

#[test]
fn documents_that_follow_each_other_are_all_read() {
    let (one, two) = (BOM.replace("NAME", "one"), BOM.replace("NAME", "two"));
    for text in [format!("{one}\n{two}\n"), format!("{one}{two}"), format!("[{one},\n{two}]")] {
        let (told, heard) = read(text.as_bytes());
        assert_eq!((told, heard.names), (Ok(()), vec!["one".to_owned(), "two".to_owned()]), "{text}");
        assert_eq!((heard.documents.len(), heard.documents[0].counts.components, heard.repairs), (1, 2, 1), "{text}");
        assert!((ENTRY.accepts)(&Head { bytes: text.as_bytes(), name: "" }));
    }
    for other in ["{\"spdxVersion\":\"SPDX-2.3\"}", "{}"] {
        let (told, heard) = read(format!("{one}{other}{two}").as_bytes());
        assert_eq!((told, heard.names.len(), heard.gaps.len()), (Ok(()), 2, 1), "{other}");
    }
    let (told, heard) = read(format!("{one} and prose").as_bytes());
    assert!(matches!(told, Err(Malformed::Broken { .. })) && heard.names.len() == 1);
    let (told, heard) = read(BOM.repeat(20_000).as_bytes());
    assert!(told == Ok(()) && heard.names.len() == 20_000 && heard.repairs < 200);
}

#[test]
fn size_is_no_trouble() {
    let name = "n".repeat(10_000_000);
    let (told, heard) = read(BOM.replace("NAME", &name).as_bytes());
    assert_eq!((told, heard.names), (Ok(()), vec![name]));
    let empty = BOM.replace(r#"{"name":"NAME"}"#, &("{},".repeat(199_999) + "{}"));
    let (told, heard) = read(empty.as_bytes());
    assert_eq!((told, heard.documents[0].counts.components), (Ok(()), 200_000));
}

#[test]
fn what_goes_in_circles_or_stands_twice_is_read_once_through() {
    let text = r##"{"bomFormat":"CycloneDX","specVersion":"1.6","$ref":"#","components":[
        {"$ref":"#/components/0","name":"a","name":"b","bom-ref":"x","type":"gizmo","scope":"ever","purl":"pkg:","purl":"no purl"},
        {"name":"c","bom-ref":"x"}],
        "dependencies":[{"ref":"x","dependsOn":["x","y"]},{"ref":"y","dependsOn":["x"]}]}"##;
    let (told, heard) = read(text.as_bytes());
    assert_eq!((told, heard.names.len(), heard.gaps.len()), (Ok(()), 3, 1), "{:?}", heard.gaps);
    assert!(heard.gaps[0].contains("2 keys stand twice"), "{:?}", heard.gaps);
}

#[test]
fn the_json_mapping_of_protobuf_is_read() {
    let text = br#"{"spec_version":"1.6","metadata":{"tools":{"vendor":"Vendor"},"component":{"type":"CLASSIFICATION_APPLICATION","name":"app"}},
        "components":[{"type":"CLASSIFICATION_FILE","bomRef":"f","name":"/opt/x.so","scope":"SCOPE_OPTIONAL",
        "hashes":[{"alg":"HASH_ALG_SHA_256","value":"00"}],"evidence":[{"identity":[{"field":"EVIDENCE_FIELD_NAME","concluded_value":"x"}]}]}],
        "dependencies":[{"ref":"app","dependencies":[{"ref":"f"}]}]}"#;
    assert!((ENTRY.accepts)(&Head { bytes: text, name: "" }));
    let told = interdict_testkit::lines(&ENTRY, "bom.json", text, &interdict_model::Needles::default());
    for line in [
        "fact file-name \"x.so\"",
        "fact sha256 \"00\"",
        "fact tool \"vendor\" on -",
        "scope Optional",
        "depends \"app\" -> \"f\"",
        "fact name \"x\"",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
}
