//! What every observer says of the fixtures, line by line.
use std::path::Path;

use interdict_inspect::OBSERVERS;
use interdict_model::{Case, Encoding, Needle, Needles};

/// What the content observer is asked to find in the fixtures.
fn needles() -> Needles {
    let needle = |name: &str, text: &str, encodings: &[Encoding], word: bool| Needle {
        name: name.to_owned(),
        bytes: text.as_bytes().to_vec(),
        encodings: encodings.to_vec(),
        case: Case::Exact,
        word,
        at: None,
        then: None,
        line: false,
    };
    Needles::new(vec![
        needle("example/marker", "EXAMPLE-MARKER", &[Encoding::Bytes, Encoding::Utf16Le, Encoding::Utf16Be], false),
        needle("example/word", "Word", &[Encoding::Bytes], true),
    ])
}

#[test]
fn observers_say_what_is_expected() {
    let ids: Vec<&str> = OBSERVERS.iter().map(|observer| observer.id).collect();
    let needles = needles();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/inspect");
    interdict_testkit::golden(&folder, &ids, &|id, name, bytes| {
        let observer = OBSERVERS.iter().find(|observer| observer.id == id);
        observer.map(|observer| interdict_testkit::lines(observer, name, bytes, &needles)).unwrap_or_default()
    });
}
