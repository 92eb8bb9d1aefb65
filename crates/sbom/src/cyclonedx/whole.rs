//! What is known of a BOM as a whole, and how it is said once everything is read.
use interdict_model::{Counts, Document, GapReason, Sink, Unseen};

use super::is_incomplete;

/// Who or what made a document is told up to this many.
const CREATORS: usize = 100;

/// A BOM as far as it was read.
#[derive(Debug, Default)]
pub(crate) struct Whole {
    pub(crate) counts: Counts,
    pub(crate) version: Option<String>,
    pub(crate) created: Option<String>,
    pub(crate) notes: Vec<String>,
    creators: Vec<String>,
    incomplete: Vec<String>,
}

impl Whole {
    /// Somebody or something that made the document.
    pub(crate) fn made_by(&mut self, who: &str) {
        let is_new = !who.is_empty() && !self.creators.iter().any(|known| known == who);
        if is_new && self.creators.len() < CREATORS {
            self.creators.push(who.to_owned());
        }
    }

    /// How much of something a composition says that it lists.
    pub(crate) fn aggregate(&mut self, word: &str) {
        if is_incomplete(word) {
            self.incomplete.push(word.chars().take(40).collect());
            self.incomplete.sort();
            self.incomplete.dedup();
        }
    }

    pub(crate) fn note(&mut self, note: &str) {
        if !self.notes.iter().any(|known| known == note) {
            self.notes.push(note.to_owned());
        }
    }

    pub(crate) fn tell(self, sink: &mut Sink<'_>) {
        if !self.incomplete.is_empty() {
            let detail =
                format!("the author of the document says that it is not complete: {}", self.incomplete.join(", "));
            sink.gap(Unseen::new(GapReason::Missing, detail).needing("the parts its `compositions` leave out"));
        }
        sink.document(Document {
            version: self.version,
            counts: self.counts,
            created: self.created,
            creators: self.creators,
            notes: self.notes,
        });
    }
}
