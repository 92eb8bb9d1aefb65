//! What JSON the wire becomes: places that differ between the two, and damage.
use interdict_testkit::mutate;

use super::*;

fn tag(number: u32, kind: u8) -> Vec<u8> {
    varint(u64::from(number) << 3 | u64::from(kind))
}

fn varint(mut value: u64) -> Vec<u8> {
    let mut out = Vec::new();
    while value >= 0x80 {
        out.push(u8::try_from(value & 0x7f).unwrap() | 0x80);
        value >>= 7;
    }
    out.push(u8::try_from(value).unwrap());
    out
}

/// A text or a message.
fn holds(number: u32, content: impl AsRef<[u8]>) -> Vec<u8> {
    let content = content.as_ref();
    [tag(number, 2), varint(content.len() as u64), content.to_vec()].concat()
}

fn counts(number: u32, value: u64) -> Vec<u8> {
    [tag(number, 0), varint(value)].concat()
}

fn of(message: &[Vec<u8>]) -> (Value, String) {
    let Carried { json, left, assumed } = carried(&message.concat()).unwrap();
    assert_eq!(assumed, None);
    let mut value: Value = serde_json::from_str(&json).unwrap();
    let root = value.as_object_mut().unwrap();
    assert_eq!(root.remove("bomFormat"), Some(json!("CycloneDX")));
    root.remove("$schema");
    (value, left.told())
}

#[test]
fn what_stands_elsewhere_in_json_is_put_there() {
    let license = [holds(1, holds(1, "MIT")), counts(3, 2), holds(4, "l")].concat();
    let detailed = [holds(5, [holds(1, "MIT OR X"), holds(2, holds(1, "X"))].concat()), counts(3, 1)].concat();
    let component =
        [counts(1, 3), holds(8, "a"), holds(13, license), holds(13, detailed), holds(20, holds(2, "urn:x"))].concat();
    let dependency = [holds(1, "a"), holds(2, holds(1, "b")), holds(2, [holds(1, "c"), holds(3, "d")].concat())];
    let tools = [holds(2, [holds(6, holds(8, "new")), holds(2, "old")].concat()), holds(2, holds(6, holds(8, "two")))];
    let half = [tag(2, 5), 0.3_f32.to_le_bytes().to_vec()].concat();
    let rating = [tag(2, 1), 9.8_f64.to_le_bytes().to_vec()].concat();
    let (value, left) = of(&[
        holds(1, "1.7"),
        holds(4, [holds(1, [counts(1, 1_700_000_000), counts(2, 5_000_000)].concat()), tools.concat()].concat()),
        holds(5, component),
        holds(5, [holds(8, "b"), holds(23, holds(3, [counts(1, 2), half, holds(3, "")].concat()))].concat()),
        holds(8, dependency.concat()),
        // Packed numbers, and numbers one by one.
        holds(10, [holds(6, [79, 80]), counts(6, 81), holds(5, rating), holds(16, holds(3, [2, 3]))].concat()),
        holds(15, holds(2, holds(1, holds(9, counts(1, 0))))),
    ]);
    assert_eq!(
        value,
        json!({
            "specVersion": "1.7",
            "metadata": {
                "timestamp": "2023-11-14T22:13:20.005Z",
                "tools": { "components": [{ "name": "new" }, { "name": "two" }] },
            },
            "components": [
                {
                    "type": "library",
                    "name": "a",
                    "licenses": [
                        { "license": { "id": "MIT", "bom-ref": "l", "acknowledgement": "concluded" } },
                        {
                            "expression": "MIT OR X",
                            "expressionDetails": [{ "licenseIdentifier": "X" }],
                            "acknowledgement": "declared",
                        },
                    ],
                    "externalReferences": [{ "url": "urn:x", "type": "other" }],
                },
                {
                    "name": "b",
                    "evidence": { "identity": [{
                        "field": "name",
                        "confidence": 0.3,
                        "methods": [{ "technique": "source-code-analysis", "confidence": 0 }],
                    }] },
                },
            ],
            "dependencies": [{ "ref": "a", "dependsOn": ["b", "c"] }],
            "vulnerabilities": [{
                "cwes": [79, 80, 81],
                "ratings": [{ "score": 9.8 }],
                "analysis": { "response": ["will_not_fix", "update"] },
            }],
            "definitions": { "patents": [{ "filingDate": "1970-01-01" }] },
        })
    );
    assert_eq!(left, "name of a tool beside components (1), provides of what is depended on (1)");
}

#[test]
fn what_is_said_in_parts_is_put_together() {
    let (value, left) = of(&[
        holds(1, "1.5"),
        holds(4, holds(6, holds(1, "old"))),
        holds(4, holds(6, [holds(1, "new"), holds(2, "urn:a")].concat())),
        holds(77, "what no edition has"),
        counts(5, 1),
        holds(12, [holds(1, "p"), holds(2, b"\xff")].concat()),
    ]);
    assert_eq!(
        value,
        json!({
            "specVersion": "1.5",
            "metadata": { "supplier": { "name": "new", "url": ["urn:a"] } },
            "components": [],
            "properties": [{ "name": "p", "value": "\u{fffd}" }],
        })
    );
    assert_eq!(left, "bytes that are no text (1), components (1), field 77 of Bom (1)");
}

#[test]
fn what_is_broken_is_refused_and_nothing_upsets_the_reader() {
    for broken in [holds(5, [0xff; 3]), vec![0x2a, 0x05, 0x00], vec![0x0b], holds(10, holds(6, [0xff]))] {
        assert!(carried(&broken).is_err(), "{broken:x?}");
    }
    let mut deep = holds(8, "canary");
    for _ in 0..20_000 {
        deep = holds(21, &deep);
    }
    let fault = carried(&holds(5, &deep)).map(|_| ()).unwrap_err();
    assert!(fault.contains("nested"), "{fault}");
    let none = carried(b"").unwrap();
    assert!(none.assumed.is_some() && none.json.contains("\"specVersion\":\"1.7\""), "{}", none.json);
    let sample = include_bytes!("../../../../../fixtures/sbom/cyclonedx-protobuf/good-every-field/input.cdx");
    mutate(3, sample, 600, &mut |bytes| {
        let _ = carried(bytes);
    });
}
