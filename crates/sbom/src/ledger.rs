//! What was wrong in a document and read on: bounded, so that a hostile one cannot fill the report.
use interdict_model::{GapReason, Sink, Unseen};

use crate::json::Json;

/// Repairs told one by one; what follows is told as a number.
const REPAIRS: u32 = 100;

/// Counts what was repaired, met twice and passed over.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    repairs: u32,
    untold: u32,
    twice: Option<(String, u32)>,
    too_deep: Option<(String, u32)>,
    unread: Option<(String, u32)>,
}

impl Ledger {
    pub(crate) fn repair(&mut self, sink: &mut Sink<'_>, pointer: &str, field: &str, wrong: &str, assumed: &str) {
        if self.repairs < REPAIRS {
            self.repairs += 1;
            sink.repair(format!("{pointer}{field}"), wrong, assumed);
        } else {
            self.untold = self.untold.saturating_add(1);
        }
    }

    /// The same at a place that costs something to spell out, which it does for those that are told only.
    pub(crate) fn repair_at(
        &mut self,
        sink: &mut Sink<'_>,
        place: impl FnOnce() -> String,
        wrong: &str,
        assumed: &str,
    ) {
        let place = if self.repairs < REPAIRS { place() } else { String::new() };
        self.repair(sink, &place, "", wrong, assumed);
    }

    /// Whether what is told from now on is only counted.
    pub(crate) fn is_full(&self) -> bool {
        self.repairs >= REPAIRS
    }

    /// Places that were wrong and were only counted by whoever met them.
    pub(crate) fn untold(&mut self, count: u64) {
        self.untold = self.untold.saturating_add(u32::try_from(count).unwrap_or(u32::MAX));
    }

    /// A key that stands twice in one object; both values are examined.
    pub(crate) fn twice(&mut self, sink: &mut Sink<'_>, pointer: &str, field: &str) {
        self.repair(sink, pointer, field, "the key stands twice in its object", "both values");
        let count = self.twice.as_ref().map_or(0, |(_, count)| *count);
        let first = self.twice.take().map_or_else(|| format!("{pointer}{field}"), |(first, _)| first);
        self.twice = Some((first, count.saturating_add(1)));
    }

    /// Something that is there and is not read; the first is told in words, all others as a number.
    pub(crate) fn unread(&mut self, what: impl FnOnce() -> String) {
        match &mut self.unread {
            Some((_, count)) => *count = count.saturating_add(1),
            None => self.unread = Some((what(), 1)),
        }
    }

    /// Something that lies deeper than is read.
    pub(crate) fn too_deep(&mut self, pointer: &str) {
        match &mut self.too_deep {
            Some((_, count)) => *count = count.saturating_add(1),
            None => self.too_deep = Some((pointer.to_owned(), 1)),
        }
    }

    /// Says what the text itself had wrong, and everything that was only counted.
    pub(crate) fn close(&mut self, sink: &mut Sink<'_>, json: &Json<'_>, limit: usize) {
        for oddity in &json.oddities {
            self.repair(sink, &json.place(oddity.at), "", oddity.wrong, oddity.assumed);
        }
        self.settle(sink, limit);
    }

    /// Says everything that was only counted.
    pub(crate) fn settle(&mut self, sink: &mut Sink<'_>, limit: usize) {
        if self.untold > 0 {
            sink.repair("", format!("{} more places were wrong", self.untold), "as in the places before");
            self.untold = 0;
        }
        if let Some((first, count)) = self.twice.take() {
            let detail =
                format!("{count} keys stand twice in their object, the first at `{first}`; both values were examined");
            sink.gap(Unseen::new(GapReason::Ambiguous, detail));
        }
        if let Some((first, count)) = self.unread.take() {
            let more = if count > 1 { format!("; {} more are like it", count - 1) } else { String::new() };
            sink.gap(Unseen::new(GapReason::Malformed, format!("{first}{more}")));
        }
        if let Some((first, count)) = self.too_deep.take() {
            let detail =
                format!("{count} lists are nested deeper than {limit} components, the first in `{}`", shorten(&first));
            sink.gap(Unseen::new(GapReason::OverLimit, detail).needing("a flatter document"));
        }
    }
}

/// The head of a pointer that may be as long as the document is deep.
fn shorten(pointer: &str) -> String {
    const SHOWN: usize = 80;
    match pointer.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", pointer.get(..end).unwrap_or_default()),
        None => pointer.to_owned(),
    }
}
