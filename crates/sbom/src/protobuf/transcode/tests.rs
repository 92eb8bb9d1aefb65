//! What JSON the wire becomes, and that nothing on the wire can upset it.
use interdict_model::{At, Declared, Document, FactKind, Part, Receiver};
use interdict_testkit::mutate;
use serde_json::{Value as Json, json};

use super::super::wire::{push_tag, push_varint};
use super::*;

const SAMPLE: &[u8] = include_bytes!("../../../../../fixtures/sbom/cyclonedx-protobuf/good-every-field/input.cdx");

#[derive(Default)]
struct Heard {
    repairs: Vec<String>,
    gaps: Vec<String>,
}

impl Receiver for Heard {
    fn wants(&self, _: FactKind) -> bool {
        true
    }
    fn fact(&mut self, _: &'static str, _: Part, _: FactKind, _: &str, _: At<'_>) {}
    fn component(&mut self, _: &'static str, _: &Declared<'_>) -> Part {
        Part(0)
    }
    fn depends(&mut self, _: &str, _: &str) {}
    fn document(&mut self, _: &'static str, _: Document) {}
    fn gap(&mut self, _: &'static str, gap: Unseen) {
        self.gaps.push(gap.detail);
    }
    fn repair(&mut self, _: &'static str, pointer: String, wrong: String, _: String) {
        self.repairs.push(format!("{pointer}: {wrong}"));
    }
}

/// Every piece, with the index it goes on at.
fn pieces(bytes: &[u8], size: usize) -> (Vec<(Json, usize)>, Option<Malformed>, Heard) {
    let (mut heard, mut out) = (Heard::default(), Vec::new());
    let fault =
        in_pieces(bytes, size, &mut Sink::new("test", &mut heard), &mut Ledger::default(), &mut |piece, _, _| {
            out.push((serde_json::from_str(piece.json).unwrap(), piece.first));
        });
    (out, fault, heard)
}

fn field(number: u32, content: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    push_tag(&mut out, number, 2);
    push_varint(&mut out, content.len() as u64);
    [out, content.to_vec()].concat()
}

#[test]
fn items_that_stand_apart_are_one_list() {
    let component = |name: &str| field(5, &field(8, name.as_bytes()));
    let service = |name: &str| field(6, &field(4, name.as_bytes()));
    let bytes = [component("a"), service("s"), component("b\"\n\u{1}é"), component("c"), service("t"), component("d")];
    let (out, fault, _) = pieces(&bytes.concat(), PIECE);
    let want = json!({
        "bomFormat": "CycloneDX",
        "components": [{"name": "a"}, {"name": "b\"\n\u{1}é"}, {"name": "c"}, {"name": "d"}],
        "services": [{"name": "s"}, {"name": "t"}],
    });
    assert_eq!((out, fault), (vec![(want, 0)], None));
}

#[test]
fn pieces_go_on_where_the_last_one_ended() {
    let (whole, fault, _) = pieces(SAMPLE, PIECE);
    assert_eq!((whole.len(), fault), (1, None));
    for size in [1, 40, 300, 1000] {
        let (out, _, _) = pieces(SAMPLE, size);
        assert!(size > 999 || out.len() > 1);
        let mut joined = serde_json::Map::new();
        for (piece, first) in out {
            for (key, value) in piece.as_object().unwrap() {
                match joined.get_mut(key) {
                    Some(Json::Array(list)) => {
                        assert_eq!(list.len(), first, "{key}");
                        list.extend(value.as_array().unwrap().clone());
                    }
                    _ => drop(joined.insert(key.clone(), value.clone())),
                }
            }
        }
        assert_eq!(Json::Object(joined), whole[0].0, "{size}");
    }
}

#[test]
fn depth_is_a_gap() {
    let mut bytes = field(8, b"canary");
    for _ in 0..2_000 {
        bytes = field(21, &bytes);
    }
    let mut heard = Heard::default();
    let fault =
        transcode(&field(5, &bytes), &mut Sink::new("test", &mut heard), &mut Ledger::default(), &mut |_, _, _| {});
    assert_eq!((fault, heard.gaps.len()), (None, 1));
    assert!(heard.gaps[0].contains("nested deeper than 512"));
}

#[test]
fn damage_is_survived_and_still_json() {
    mutate(3, SAMPLE, 600, &mut |bytes| {
        pieces(bytes, 200);
    });
    for end in (0..SAMPLE.len()).step_by(3) {
        let (out, _, _) = pieces(&SAMPLE[..end], PIECE);
        assert!(out.iter().all(|(piece, _)| piece.is_object()), "{end}");
    }
}

#[test]
fn a_million_faults_fill_no_report() {
    let bytes = [0xa2, 0x06, 0x00].repeat(300_000);
    let (_, fault, heard) = pieces(&bytes, PIECE);
    assert!(fault.is_none() && heard.repairs.len() <= 100, "{}", heard.repairs.len());
}
