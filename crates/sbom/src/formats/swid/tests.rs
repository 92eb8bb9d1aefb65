//! What the reader survives: mutations, truncation anywhere, depth, and documents of many files.
use interdict_model::{At, Declared, FactKind, Part, Receiver, Unseen};
use interdict_testkit::mutate;

use super::*;

const SAMPLE: &[u8] = include_bytes!("../../../../../fixtures/sbom/swid/good-every-field/input.swidtag");

#[derive(Default)]
struct Heard {
    parts: u32,
    gaps: Vec<String>,
    documents: Vec<Document>,
}

impl Receiver for Heard {
    fn wants(&self, _: FactKind) -> bool {
        true
    }
    fn fact(&mut self, _: &'static str, _: Part, _: FactKind, _: &str, _: At<'_>) {}
    fn component(&mut self, _: &'static str, _: &Declared<'_>) -> Part {
        self.parts += 1;
        Part(self.parts)
    }
    fn depends(&mut self, _: &str, _: &str) {}
    fn document(&mut self, _: &'static str, document: Document) {
        self.documents.push(document);
    }
    fn gap(&mut self, _: &'static str, gap: Unseen) {
        self.gaps.push(gap.detail);
    }
    fn repair(&mut self, _: &'static str, _: String, _: String, _: String) {}
}

fn read(bytes: &[u8]) -> (Result<(), Malformed>, Heard) {
    let mut heard = Heard::default();
    let needles = interdict_model::Needles::default();
    let source = Source { bytes, name: "a.swidtag", needles: &needles };
    let told = (ENTRY.observe)(&source, &mut Sink::new(ENTRY.id, &mut heard));
    (told, heard)
}

#[test]
fn damage_is_survived_and_truncation_is_never_silent() {
    mutate(1, SAMPLE, 2_000, &mut |bytes| {
        let (told, heard) = read(bytes);
        assert!(heard.documents.len() == 1 || told == Err(Malformed::NotThis));
    });
    for end in (0..SAMPLE.len() - 22).step_by(5) {
        assert!(read(&SAMPLE[..end]).0.is_err(), "cut at {end}");
    }
    assert_eq!(read(SAMPLE).0, Ok(()));
}

#[test]
fn many_folders_and_files_cost_no_stack() {
    let tag = |inside: &str| {
        format!(
            "<SoftwareIdentity xmlns='http://standards.iso.org/iso/19770/-2/2015/schema.xsd' name='a' tagId='t'><Payload>{inside}</Payload></SoftwareIdentity>"
        )
    };
    let flat = tag(&"<File name='a'/>".repeat(100_000));
    let (told, heard) = read(flat.as_bytes());
    assert_eq!((told, heard.parts, heard.documents[0].counts.files), (Ok(()), 100_001, 100_000));
    let deep = tag(&("<Directory name='abcdefghijklmnopqrstuvwxyz'>".repeat(50_000) + &"</Directory>".repeat(50_000)));
    let (told, heard) = read(deep.as_bytes());
    assert_eq!(told, Ok(()));
    assert!(heard.gaps[0].contains("nested deeper than 512"), "{:?}", heard.gaps);
}
