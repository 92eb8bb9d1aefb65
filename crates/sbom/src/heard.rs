//! What a reader says, kept for tests.
use interdict_model::{
    At, Declared, Document, FactKind, Malformed, Needles, Observer, Part, Receiver, Sink, Source, Unseen,
};

/// Some facts, gaps and counts of all else, in the order in which they were told.
#[derive(Default)]
pub(crate) struct Heard {
    pub(crate) names: Vec<String>,
    pub(crate) suppliers: Vec<String>,
    pub(crate) gaps: Vec<String>,
    pub(crate) repairs: usize,
    pub(crate) parts: u32,
    pub(crate) documents: Vec<Document>,
}

impl Heard {
    /// What this reader says of these bytes.
    pub(crate) fn of(observer: &Observer, bytes: &[u8], name: &str) -> (Result<(), Malformed>, Self) {
        let mut heard = Self::default();
        let source = Source { bytes, name, needles: &Needles::default() };
        let told = (observer.observe)(&source, &mut Sink::new(observer.id, &mut heard));
        (told, heard)
    }
}

impl Receiver for Heard {
    fn wants(&self, _: FactKind) -> bool {
        true
    }
    fn fact(&mut self, _: &'static str, _: Part, kind: FactKind, raw: &str, _: At<'_>) {
        match kind {
            FactKind::Name => self.names.push(raw.to_owned()),
            FactKind::Supplier => self.suppliers.push(raw.to_owned()),
            _ => {}
        }
    }
    fn component(&mut self, _: &'static str, _: &Declared<'_>) -> Part {
        self.parts += 1;
        Part(self.parts - 1)
    }
    fn depends(&mut self, _: &str, _: &str) {}
    fn document(&mut self, _: &'static str, document: Document) {
        self.documents.push(document);
    }
    fn gap(&mut self, _: &'static str, gap: Unseen) {
        self.gaps.push(gap.detail);
    }
    fn repair(&mut self, _: &'static str, _: String, _: String, _: String) {
        self.repairs += 1;
    }
}
