//! What the reader survives: depth, size, mutations, and truncation anywhere.
use interdict_testkit::mutate;

use super::*;
use crate::heard::Heard;

const SAMPLE: &[u8] = include_bytes!("../../../../../fixtures/sbom/cyclonedx-xml/good-every-field/input.xml");

fn read(bytes: &[u8]) -> (Result<(), Malformed>, Heard) {
    Heard::of(&ENTRY, bytes, "bom.xml")
}

fn bom(inside: &str) -> Vec<u8> {
    format!("<bom xmlns=\"http://cyclonedx.org/schema/bom/1.6\">{inside}</bom>").into_bytes()
}

fn nested(depth: usize) -> Vec<u8> {
    let open = "<components><component type='library'><name>n</name>".repeat(depth);
    let close = "</component></components>".repeat(depth);
    bom(&format!("{open}<components><component type='library'><name>canary</name></component></components>{close}"))
}

#[test]
fn depth_is_read_or_is_a_gap_and_never_a_crash() {
    for depth in [0, 1, 60, 128, 200, 254] {
        let (told, heard) = read(&nested(depth));
        assert_eq!((told, heard.gaps.len(), heard.repairs), (Ok(()), 0, 0), "{depth} {:?}", heard.gaps);
        assert!(heard.names.iter().any(|name| name == "canary"), "{depth}");
        assert_eq!(heard.documents.first().map(|one| one.counts.components), Some(depth as u64 + 1));
    }
    for depth in [255, 1_000, 100_000] {
        let (told, heard) = read(&nested(depth));
        assert_eq!(told, Ok(()), "{depth}");
        assert!(heard.gaps.iter().any(|gap| gap.contains("nested deeper than 512")), "{depth} {:?}", heard.gaps);
        assert_eq!(heard.names.len(), 255, "{depth}");
    }
    let pedigree = "<component><name>p</name><pedigree><ancestors>".repeat(50_000);
    let (told, heard) =
        read(format!("<bom xmlns='http://cyclonedx.org/schema/bom/1.6'><components>{pedigree}").as_bytes());
    assert!(matches!(told, Err(Malformed::Broken { .. })) && heard.names.len() < 1_000, "{told:?}");
    let dependencies = "<dependency ref='a'>".repeat(50_000) + &"</dependency>".repeat(50_000);
    let (told, heard) = read(&bom(&format!("<dependencies>{dependencies}</dependencies>")));
    assert_eq!((told, heard.gaps.len()), (Ok(()), 1));
}

#[test]
fn truncation_is_never_silent() {
    for end in (0..SAMPLE.len() - 8).step_by(7) {
        let (told, heard) = read(&SAMPLE[..end]);
        assert!(told.is_err(), "cut at {end}");
        assert_eq!(heard.documents.len(), usize::from(told != Err(Malformed::NotThis)), "cut at {end}");
    }
    assert_eq!(read(SAMPLE).0, Ok(()));
}

#[test]
fn damage_is_survived() {
    mutate(1, SAMPLE, 3_000, &mut |bytes| {
        let (told, heard) = read(bytes);
        assert!(heard.documents.len() == 1 || told == Err(Malformed::NotThis));
    });
}

#[test]
fn a_million_faults_fill_no_report() {
    let list = "<component/>".repeat(200_000);
    let (told, heard) = read(&bom(&format!("<components>{list}</components>")));
    assert_eq!(told, Ok(()));
    assert!(heard.repairs < 200, "{}", heard.repairs);
    assert_eq!(heard.documents[0].counts.components, 200_000);
}

#[test]
fn a_long_text_is_read_whole() {
    let long = "Kaspersky &amp; ".repeat(700_000);
    let (told, heard) =
        read(&bom(&format!("<components><component type='file'><name>{long}</name></component></components>")));
    assert_eq!((told, heard.gaps.len()), (Ok(()), 0));
    assert!(heard.names[0].len() > 8_000_000 && heard.names[0].starts_with("Kaspersky & Kaspersky"));
}

#[test]
fn what_only_looks_like_a_bom_is_left_to_others() {
    for text in [
        "<bom xmlns='urn:kicad'><components/></bom>",
        "<bom><parts/></bom>",
        "<html><bom xmlns='http://cyclonedx.org/schema/bom/1.6'/></html>",
        "{\"bom\": \"<bom>\"}",
        "",
    ] {
        assert_eq!(read(text.as_bytes()).0, Err(Malformed::NotThis), "{text}");
    }
}
