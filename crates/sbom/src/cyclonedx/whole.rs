//! What is known of a BOM as a whole, and how it is said once everything is read.
use interdict_model::{Counts, Document, FactKind, GapReason, Sink, States, Unseen};

use super::is_incomplete;
use crate::draft::Draft;

/// Noted of a document with a signature.
pub(crate) const SIGNED: &str = "signed; the signature was not verified";
/// Wrong about a time.
pub(crate) const NO_INSTANT: &str = "no date and time";

/// Who or what made a document is told up to this many.
const CREATORS: usize = 100;

/// Words for what is left out, told up to this many; the specification has eight.
const AGGREGATES: usize = 16;

/// A BOM as far as it was read.
#[derive(Debug, Default)]
pub(crate) struct Whole {
    pub(crate) counts: Counts,
    pub(crate) version: Option<String>,
    pub(crate) created: Option<String>,
    pub(crate) notes: Vec<String>,
    /// Components and services with a signature of their own.
    pub(crate) signed: u64,
    pub(crate) states: States,
    creators: Vec<String>,
    incomplete: Vec<String>,
}

impl Whole {
    /// Takes whoever the document names as its authors, makers and tools as those that made it.
    pub(crate) fn credit(&mut self, said: &Draft<'_>) {
        let mut path = String::new();
        self.states.tool_version |= said.version.is_some();
        let made_it = |kind| matches!(kind, FactKind::Author | FactKind::Manufacturer | FactKind::Tool);
        for stated in said.facts.iter().filter(|said| made_it(said.kind)) {
            path.clear();
            stated.path.write(&mut path);
            // A tool's name, but not who supplies the tool, nor whom to ask there.
            let is_nested = path.contains("/contact/")
                || path.starts_with("/metadata/tools")
                    && ["/supplier/", "/provider/", "/manufacturer/"].iter().any(|step| path.contains(step));
            let is_maker = path.starts_with("/metadata/") && path.ends_with("/name");
            let is_new = is_maker && !is_nested && !self.creators.iter().any(|known| *known == stated.value);
            if is_maker && !is_nested {
                let is_tool = stated.kind == FactKind::Tool;
                self.states.tool |= is_tool;
                self.states.author |= !is_tool;
            }
            if is_new && self.creators.len() < CREATORS {
                self.creators.push(stated.value.clone().into_owned());
            }
        }
    }

    /// How much of something a composition says that it lists.
    pub(crate) fn aggregate(&mut self, word: &str) {
        self.states.completeness = true;
        if is_incomplete(word) && self.incomplete.len() < AGGREGATES {
            self.incomplete.push(word.chars().take(40).collect());
            self.incomplete.sort();
            self.incomplete.dedup();
        }
    }

    pub(crate) fn note(&mut self, note: &str) {
        self.states.signature |= note == SIGNED;
        if !self.notes.iter().any(|known| known == note) {
            self.notes.push(note.to_owned());
        }
    }

    pub(crate) fn tell(mut self, sink: &mut Sink<'_>) {
        if self.signed > 0 {
            self.note(&format!("{} components or services are signed; no signature was verified", self.signed));
        }
        if !self.incomplete.is_empty() {
            let detail =
                format!("the author of the document says that it is not complete: {}", self.incomplete.join(", "));
            sink.gap(Unseen::new(GapReason::Missing, detail).needing("the parts its `compositions` leave out"));
        }
        sink.document(Document {
            of_build: false,
            version: self.version,
            counts: self.counts,
            created: self.created,
            creators: self.creators,
            notes: self.notes,
            states: States { licences_read: true, ..self.states },
        });
    }
}

/// Whether a text begins as a date and time does: `2026-01-02T03:04:05`.
pub(crate) fn is_instant(word: &str) -> bool {
    const SHAPE: &str = "0000-00-00T00:00:00";
    let digits = word.bytes().map(|byte| if byte.is_ascii_digit() { b'0' } else { byte });
    word.len() >= SHAPE.len() && digits.zip(SHAPE.bytes()).all(|(has, wants)| has == wants)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::Path;

    #[test]
    fn instants_have_a_date_and_a_time() {
        for (word, want) in [
            ("2026-01-02T03:04:05Z", true),
            ("2026-01-02T03:04:05.123+02:00", true),
            ("2026-01-02", false),
            ("yesterday, or the day before", false),
            ("", false),
        ] {
            assert_eq!(is_instant(word), want, "{word}");
        }
    }

    #[test]
    fn who_made_a_document_is_told_once_each() {
        let mut said = Draft::default();
        for (kind, who, path) in [
            (FactKind::Author, "A. Writer", "/metadata/authors/0/name"),
            (FactKind::Author, "a@writer.example", "/metadata/authors/0/email"),
            (FactKind::Tool, "gen", "/metadata/tools/0/name"),
            (FactKind::Tool, "gen", "/metadata/tools/1/name"),
            (FactKind::Tool, "Gen Works", "/metadata/tools/1/supplier/name"),
            (FactKind::Supplier, "Seller", "/metadata/supplier/name"),
        ] {
            said.by(kind, who.into(), Path::Deep(path.into()));
        }
        let mut whole = Whole::default();
        whole.credit(&said);
        assert_eq!(whole.creators, ["A. Writer", "gen"]);
    }
}
