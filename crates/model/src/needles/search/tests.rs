//! Needles found and not found, in every encoding, and the lines around them.
use proptest::prelude::*;

use super::*;

fn needle(text: &str) -> Needle {
    Needle {
        name: text.to_owned(),
        bytes: text.as_bytes().to_vec(),
        encodings: vec![Encoding::Bytes, Encoding::Utf16Le, Encoding::Utf16Be],
        case: Case::Exact,
        word: false,
        at: None,
        then: None,
        line: false,
    }
}

fn hits(needles: &[Needle], bytes: &[u8]) -> Vec<(usize, Encoding, u64, u64)> {
    let told = |engine: &Engine| {
        let mut out = Vec::new();
        engine.search(needles, bytes, 1_000_000, &mut |hit| out.push((hit.needle, hit.encoding, hit.start, hit.end)));
        // Over more than a block the two differ in order.
        out.sort();
        out
    };
    let sampled = Engine::new(needles);
    let out = told(&sampled);
    let by_automaton = told(&Engine { grams: None, packed: None, ..Engine::new(needles) });
    assert_eq!(out, by_automaton, "two ways of searching");
    if let Some(packed) = packed(&sampled.patterns) {
        assert_eq!(out, told(&Engine { grams: None, packed: Some(packed), ..sampled }), "a third way");
    }
    out
}

#[test]
fn three_encodings_case_and_words() {
    assert_eq!(hits(&[needle("kave")], b"..kave Kave"), [(0, Encoding::Bytes, 2, 6)]);
    assert_eq!(hits(&[needle("kav")], b"k\0a\0v\0"), [(0, Encoding::Utf16Le, 0, 6)]);
    assert_eq!(hits(&[needle("kav")], b"\0k\0a\0v"), [(0, Encoding::Utf16Be, 0, 6)]);
    let folded = Needle { case: Case::Fold, ..needle("kave") };
    assert_eq!(hits(&[folded], b"KaVe").len(), 1);
    let word = Needle { word: true, ..needle("kave") };
    assert_eq!(hits(std::slice::from_ref(&word), b"maskave kave_x kave8"), []);
    assert_eq!(hits(&[word], b"(kave) a\0kave\0").len(), 2);
}

#[test]
fn the_line_of_a_hit() {
    let line = Some("[ \t]*type *=.*".to_owned());
    let asked = Needle { then: line, line: true, encodings: vec![Encoding::Bytes], ..needle("kaspersky") };
    for (text, want) in [
        ("a\n  type = \"kaspersky\";\nb", 1),
        ("# type = \"kaspersky\";", 0),
        ("type = \"kaspersky\"", 1),
        ("type = x\nkaspersky", 0),
        ("/*\n  type = \"kaspersky\"\n*/", 0),
        ("/* a */\ntype = \"kaspersky\"\n/* b */", 1),
        ("ignore = /var/*\ntype = \"kaspersky\"\nalso = */x", 1),
        ("/* never ended\ntype = \"kaspersky\"", 1),
    ] {
        assert_eq!(hits(std::slice::from_ref(&asked), text.as_bytes()).len(), want, "{text}");
    }
    let far = [vec![b'x'; WINDOW + 1], b"kaspersky".to_vec()].concat();
    assert_eq!(line_around(&far, WINDOW + 1, WINDOW + 10), None);
}

#[test]
fn place_and_continuation() {
    let magic = Needle { at: Some(0), ..needle("AVP ") };
    assert_eq!(hits(&[magic], b"AVP AVP ").len(), 1);
    let signed = Needle { then: Some("sig[0-9]{3};".into()), encodings: vec![Encoding::Bytes], ..needle("sig") };
    assert_eq!(hits(&[signed], b"sigma sig123; sig12;"), [(0, Encoding::Bytes, 6, 13)]);
}

#[test]
fn across_chunks() {
    for at in [CHUNK - 5, CHUNK, 2 * CHUNK - 3, BLOCK - 11, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK - 3] {
        let mut bytes = vec![b'.'; 3 * BLOCK];
        bytes[at..at + 12].copy_from_slice(b"kaveScanFile");
        assert_eq!(hits(&[needle("kaveScanFile")], &bytes), [(0, Encoding::Bytes, at as u64, at as u64 + 12)]);
    }
}

#[test]
fn bytes_full_of_grams() {
    let list = [needle("kaspersky lab"), needle("xxkasp"), needle("kaspkasp")];
    assert!(Engine::new(&list).grams.is_some());
    for (before, many) in [(0, 400_000), (BLOCK - 7, 90_000), (3 * BLOCK + 1, 7_000)] {
        let mut bytes = vec![b'.'; before];
        bytes.extend(b"xx");
        bytes.extend(b"kasp".repeat(many));
        bytes.extend(b"kaspersky lab xxkasp");
        let found = hits(&list, &bytes);
        assert_eq!(found.iter().filter(|(index, ..)| *index == 0).count(), 1);
        assert_eq!(found.iter().filter(|(index, ..)| *index == 1).count(), 2);
        assert_eq!(found.iter().filter(|(index, ..)| *index == 2).count(), many);
    }
}

proptest! {
    #[test]
    fn samples_miss_nothing(parts in proptest::collection::vec(prop_oneof![
        "[Kk]asp(ersky)?( LAB)?", "(xx)?kav[de_]?", "k.a.s.p.", "[a-z]{0,9}", "\\PC{0,3}"], 0..60), pad in 0_usize..9) {
        let list = [needle("kaspersky"), needle("Kaspersky Lab"), needle("kav"), needle("kave"), needle("kavdscan"),
                    Needle { case: Case::Fold, ..needle("KASPersky") }];
        prop_assert!(Engine::new(&list).grams.is_some());
        let mut bytes = vec![b'.'; BLOCK - 200 + pad];
        bytes.extend(parts.concat().bytes());
        hits(&list, &bytes);
        let wide: Vec<u8> = parts.concat().encode_utf16().flat_map(u16::to_le_bytes).collect();
        hits(&list, &wide);
    }

    #[test]
    fn same_as_a_plain_search(bytes in proptest::collection::vec(prop_oneof![Just(b'a'), Just(b'b'), Just(0)], 0..200)) {
        let list = [needle("ab"), needle("aba"), Needle { case: Case::Fold, ..needle("B") }];
        let mut plain = Vec::new();
        for (index, n) in list.iter().enumerate() {
            for encoding in [Encoding::Bytes, Encoding::Utf16Le, Encoding::Utf16Be] {
                let pattern = encoded(&n.bytes.to_ascii_lowercase(), encoding);
                for (at, window) in bytes.windows(pattern.len()).enumerate() {
                    if window == pattern {
                        plain.push((index, encoding, at as u64, (at + pattern.len()) as u64));
                    }
                }
            }
        }
        let mut found = hits(&list, &bytes);
        found.sort();
        plain.sort();
        plain.dedup();
        let capped: Vec<_> = found.clone();
        prop_assert!(capped.len() >= plain.len().min(100));
        for hit in &capped { prop_assert!(plain.contains(hit)); }
    }
}
