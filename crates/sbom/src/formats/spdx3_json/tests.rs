//! What the reader survives: mutations, truncation anywhere, and graphs that ask for more than their size.
use std::fmt::Write as _;

use interdict_testkit::mutate;

use super::*;
use crate::heard::Heard;

const SAMPLE: &[u8] = include_bytes!("../../../../../fixtures/sbom/spdx3-json/good-every-field/input.json");

fn read(bytes: &[u8]) -> (Result<(), Malformed>, Heard) {
    Heard::of(&ENTRY, bytes, "bom.json")
}

fn graph(elements: &str) -> String {
    format!(r#"{{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[{elements}]}}"#)
}

#[test]
fn whatever_is_changed_or_cut_it_comes_back() {
    let (mut told, mut cut) = (0_u32, 0_u32);
    mutate(0x5bd3, SAMPLE, 1000, &mut |bytes| {
        let (_, heard) = read(bytes);
        assert!(heard.documents.len() <= 1);
        told += u32::from(!heard.documents.is_empty());
    });
    for at in (0..SAMPLE.len()).step_by(7) {
        let (end, heard) = read(&SAMPLE[..at]);
        // A document that is cut is broken, unless only white space is lost.
        assert!(end.is_err() || SAMPLE[at..].trim_ascii().is_empty(), "{at}");
        cut += u32::from(heard.names.iter().any(|name| name == "av-sdk"));
    }
    assert!(told > 500 && cut > 500, "{told} told, {cut} cut");
}

#[test]
fn a_hundred_thousand_agents() {
    let (mut elements, count) = (String::new(), 100_000);
    for n in 0..count {
        let _ = write!(
            elements,
            r#"{{"type":"software_Package","spdxId":"urn:p:{n}","name":"p","suppliedBy":"urn:o:{}"}},{{"type":"Organization","spdxId":"urn:o:{n}","name":"o{n}"}},"#,
            count - 1 - n
        );
    }
    let (end, heard) = read(graph(elements.trim_end_matches(',')).as_bytes());
    assert_eq!((end, heard.parts, heard.gaps.len()), (Ok(()), count, 0));
    assert!(heard.suppliers.contains(&"o7".to_owned()));
}

#[test]
fn one_agent_of_many_bytes_is_not_read_for_ever() {
    let name = "x".repeat(1 << 20);
    let mut elements = format!(r#"{{"type":"Organization","spdxId":"urn:o","name":"{name}"}}"#);
    for n in 0..1000 {
        let _ =
            write!(elements, r#",{{"type":"software_Package","spdxId":"urn:p:{n}","name":"p","suppliedBy":"urn:o"}}"#);
    }
    let (end, heard) = read(graph(&elements).as_bytes());
    assert_eq!((end, heard.parts, heard.gaps.len()), (Ok(()), 1000, 1));
    assert!(heard.gaps[0].contains("references to them were not read"), "{:?}", heard.gaps);
    let stated = heard.suppliers.len();
    assert!((60..200).contains(&stated), "{stated}");
}

#[test]
fn other_json_is_not_taken() {
    for text in [
        r#"{"@context":"https://schema.org","@graph":[{"@type":"Person","name":"a","@id":"b"}]}"#,
        r#"{"_type":"https://in-toto.io/Statement/v1","predicate":{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld","@graph":[]}}"#,
        r#"{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT"}"#,
        "[]",
        "7",
        "",
    ] {
        assert_eq!(read(text.as_bytes()).0, Err(Malformed::NotThis), "{text}");
    }
}
