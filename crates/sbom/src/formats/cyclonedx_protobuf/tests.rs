//! What is taken for a BOM on the wire, and that no truncation is silent.
use interdict_model::Needles;
use interdict_testkit::{lines, mutate};

use super::*;

const SAMPLE: &[u8] = include_bytes!("../../../../../fixtures/sbom/cyclonedx-protobuf/good-every-field/input.cdx");

fn takes(bytes: &[u8]) -> bool {
    accepts(&Head { bytes, name: "" })
}

#[test]
fn only_a_bom_is_taken_for_one() {
    for (bytes, want) in [
        (SAMPLE, true),
        (b"\x0a\x031.6".as_slice(), true),
        (b"\x0a\x031.6\x2a\x40\x42\x05cut off", true),
        (b"\x1a\x2durn:uuid:3e671687-395b-41f5-a30f-a58921a69b79", true),
        (b"\x2a\x07\x08\x03\x42\x03abc", true),
        // Of a later version.
        (b"\x0a\x031.9\x8a\x01\x02\x0a\x00", true),
        (b"", false),
        (b"\x2a\x00", false),
        (b"\x2a\x05\x42\x03\x00\x01\x02", false),
        (b"\x0a\x031.6\x10\x01\x21........", false),
        (b"\x0a\x071.2.3.4\x10\x01", false),
        (b"\x0a\x05hello\x12\x05world", false),
        (b"\x08\x07\x12\x04test", false),
        (b"{\"bomFormat\":\"CycloneDX\"}", false),
        (b"\x7fELF\x02\x01\x01\0\0\0\0\0", false),
        (b"MZ\x90\0", false),
        (b"PK\x03\x04", false),
        (b"* a list in a text\n", false),
    ] {
        assert_eq!(takes(bytes), want, "{:?}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn truncation_is_never_silent() {
    let told = |bytes: &[u8]| lines(&ENTRY, "bom.cdx", bytes, &Needles::default());
    let whole = told(SAMPLE);
    assert!(!whole.contains("malformed") && !whole.contains("refused"));
    let mut fewer = 0;
    // Where one field ends and the next has not begun nothing is missing but the field.
    for end in (5..SAMPLE.len()).step_by(3) {
        let told = told(&SAMPLE[..end]);
        assert!(!told.contains("refused"), "cut at {end}");
        fewer += usize::from(!told.contains("malformed at offset"));
    }
    assert!(fewer < 10, "{fewer} cuts were not told");
}

#[test]
fn damage_is_survived() {
    mutate(2, SAMPLE, 3_000, &mut |bytes| {
        lines(&ENTRY, "bom.cdx", bytes, &Needles::default());
    });
}
