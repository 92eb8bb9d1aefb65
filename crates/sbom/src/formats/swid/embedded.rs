//! A tag that a component of another document carries as text: what it says is said of that component.
use interdict_model::{At, Declared, Document, FactKind, Malformed, Part, Receiver, Sink, Source, Unseen};

use super::{ENTRY, base64};
use crate::draft::{Draft, Path};

/// The longest text that is looked into.
const LONGEST: usize = 1 << 20;

/// States what an embedded tag says; in words what is wrong with it, where something is. A text that is no tag says nothing.
pub(in crate::formats) fn embedded(draft: &mut Draft<'_>, text: &str, is_base64: bool) -> Result<(), &'static str> {
    if text.len() > LONGEST {
        return Err("a tag longer than a mebibyte, which was not looked into");
    }
    let decoded = if is_base64 { base64::decoded(text) } else { Some(text.as_bytes().to_vec()) };
    let Some(bytes) = decoded else { return Err("no base64, as it says it is") };
    let mut heard = Heard::default();
    let needles = interdict_model::Needles::default();
    let source = Source { bytes: &bytes, name: "", needles: &needles };
    let told = (ENTRY.observe)(&source, &mut Sink::new(ENTRY.id, &mut heard));
    for (kind, value) in std::mem::take(&mut heard.facts) {
        let path = Path::Field("/swid/text");
        match kind {
            FactKind::Supplier | FactKind::Publisher | FactKind::Manufacturer | FactKind::Author => {
                draft.by(kind, value.into(), path);
            }
            _ => draft.state(kind, value.into(), path),
        }
    }
    match told {
        Err(Malformed::Broken { .. }) => Err("a tag that cannot be read to its end"),
        Ok(()) if heard.gaps > 0 => Err("a tag that cannot be read in full"),
        _ => Ok(()),
    }
}

/// Any file of a tag.
const FILE: Part = Part(1);

/// Keeps the facts, and counts what could not be seen.
#[derive(Default)]
struct Heard {
    facts: Vec<(FactKind, String)>,
    gaps: u32,
}

impl Receiver for Heard {
    fn wants(&self, kind: FactKind) -> bool {
        // The version of a tag is the version of what carries it, which says so itself.
        kind != FactKind::Version
    }
    fn fact(&mut self, _: &'static str, on: Part, kind: FactKind, raw: &str, _: At<'_>) {
        // A file's name is no name of what carries the tag.
        if on != FILE || kind != FactKind::Name {
            self.facts.push((kind, raw.to_owned()));
        }
    }
    fn component(&mut self, _: &'static str, declared: &Declared<'_>) -> Part {
        if declared.pointer.contains("/File/") { FILE } else { Part(0) }
    }
    fn depends(&mut self, _: &str, _: &str) {}
    fn document(&mut self, _: &'static str, _: Document) {}
    fn gap(&mut self, _: &'static str, _: Unseen) {
        self.gaps += 1;
    }
    fn repair(&mut self, _: &'static str, _: String, _: String, _: String) {}
}
