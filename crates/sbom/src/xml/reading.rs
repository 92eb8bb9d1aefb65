//! Tolerant reading of XML into a sink: repairs with their line, limits as gaps, and words without the space around them.
use std::borrow::Cow;
use std::fmt::Write as _;

use interdict_model::{GapReason, Malformed, Sink, Unseen};

use super::{ATTRIBUTES, DEPTH, Fault, Limits, Met, NAMESPACES, Read, Source, Xml};
use crate::draft::{Path, Wanted};
use crate::ledger::Ledger;

/// A reader of XML with the sink it speaks into and the pointer of the thing it reads.
pub(crate) struct Reading<'a, 's, 't, S> {
    pub(crate) xml: Xml<'a, S>,
    pub(crate) sink: &'s mut Sink<'t>,
    pub(crate) ledger: Ledger,
    pub(crate) pointer: String,
    pub(crate) wanted: Wanted,
    lines: Lines<'a>,
    twice: Option<(String, u32)>,
}

impl<'a, 's, 't, S: Copy> Reading<'a, 's, 't, S> {
    pub(crate) fn new(source: &'a Source<'a>, vocabulary: fn(&str) -> S, sink: &'s mut Sink<'t>) -> Self {
        source.tell(sink);
        let lines = Lines { source, at: 0, line: 1 };
        let wanted = Wanted::of(sink);
        Self {
            xml: Xml::new(source, vocabulary),
            sink,
            ledger: Ledger::default(),
            pointer: String::new(),
            wanted,
            lines,
            twice: None,
        }
    }

    /// Something wrong in the thing that is read, at the reader's own place.
    pub(crate) fn repair(&mut self, path: &Path, wrong: &str, assumed: &str) {
        self.repair_at(self.xml.offset(), path, wrong, assumed);
    }

    /// Something wrong in the thing that is read, where this offset is.
    pub(crate) fn repair_at(&mut self, at: usize, path: &Path, wrong: &str, assumed: &str) {
        let mut field = String::new();
        path.write(&mut field);
        if !self.ledger.is_full() {
            let line = self.lines.of(at);
            let is_whole = field.is_empty() && self.pointer.is_empty();
            // Writing to a `String` cannot fail.
            let _ = if is_whole { write!(field, "line {line}") } else { write!(field, " (line {line})") };
        }
        self.ledger.repair(self.sink, &self.pointer, &field, wrong, assumed);
    }

    /// An element that may stand once and stands twice; both are examined.
    pub(crate) fn twice(&mut self, at: usize, name: &str) {
        self.repair_at(at, &Path::Deep(format!("/{name}").into()), "the element stands twice", "both of them");
        let count = self.twice.as_ref().map_or(0, |(_, count)| *count);
        let first = self.twice.take().map_or_else(|| format!("{}/{name}", self.pointer), |(first, _)| first);
        self.twice = Some((first, count.saturating_add(1)));
    }

    /// The number of the line the reader stands in.
    pub(crate) fn line(&mut self) -> u32 {
        u32::try_from(self.lines.of(self.xml.offset())).unwrap_or(u32::MAX)
    }

    /// The text of the element stepped into, to its end, without the space around it.
    #[inline]
    pub(crate) fn word(&mut self) -> Read<Cow<'a, str>> {
        Ok(trimmed(self.xml.text()?))
    }

    /// The text of the element stepped into, where it holds no element: it is read to its end then.
    pub(crate) fn bare(&mut self) -> Read<Option<Cow<'a, str>>> {
        if self.xml.is_bare()? { self.word().map(Some) } else { Ok(None) }
    }

    /// What a reader should know of the document as a whole.
    pub(crate) fn notes(&self) -> &'a [String] {
        self.lines.source.notes()
    }

    /// An attribute's value without the space around it; an empty one is none.
    #[inline]
    pub(crate) fn attribute(&self, name: &str) -> Option<Cow<'a, str>> {
        self.xml.attribute(name).map(|value| trimmed(value.clone())).filter(|value| !value.is_empty())
    }

    /// The pointer cut to `base`, and an index behind it.
    #[inline]
    pub(crate) fn stand_at(&mut self, base: usize, index: usize) {
        self.pointer.truncate(base);
        // Writing to a `String` cannot fail.
        let _ = write!(self.pointer, "/{index}");
    }

    /// Says what was only counted, and turns the end of reading into what an observer returns.
    pub(crate) fn end(mut self, read: Read<()>) -> Result<(), Malformed> {
        for oddity in std::mem::take(&mut self.xml.oddities) {
            let place =
                if self.ledger.is_full() { String::new() } else { format!("line {}", self.lines.of(oddity.at)) };
            self.ledger.repair(self.sink, &place, "", &oddity.wrong, oddity.assumed);
        }
        self.ledger.untold(self.xml.untold);
        self.ledger.settle(self.sink, DEPTH);
        if let Some((first, count)) = self.twice.take() {
            let detail = format!("{count} elements stand twice, the first at `{first}`; both were examined");
            self.sink.gap(Unseen::new(GapReason::Ambiguous, detail));
        }
        self.tell_limits();
        read.map_err(|fault: Fault| Malformed::at(self.xml.place(fault.at), self.xml.explain(fault)))
    }

    fn tell_limits(&mut self) {
        let Limits { depth, attributes, namespaces, tags, unknown } = self.xml.limits;
        if unknown.count > 0 && self.lines.source.is_partial() {
            let detail = format!(
                "{} references to entities, the first at {}, may be declared in parts of the document type declaration that were not read",
                unknown.count,
                self.xml.place(unknown.at)
            );
            let gap = Unseen::new(GapReason::Missing, detail);
            self.sink.gap(gap.needing("the document with its entities written out"));
        }
        if tags.count > 0 {
            let detail = format!(
                "{} tags do not match, the first at {}: what stands around them may belong elsewhere than was assumed",
                tags.count,
                self.xml.place(tags.at)
            );
            self.sink.gap(Unseen::new(GapReason::Malformed, detail).needing("a document that is well-formed XML"));
        }
        let mut tell = |met: Met, what: String, needs: &str| {
            if met.count > 0 {
                let detail = format!("{} {what}, the first at {}", met.count, self.xml.place(met.at));
                self.sink.gap(Unseen::new(GapReason::OverLimit, detail).needing(needs));
            }
        };
        tell(depth, format!("elements are nested deeper than {DEPTH}"), "a flatter document");
        tell(attributes, format!("attributes are more than {ATTRIBUTES} on one tag"), "fewer attributes");
        tell(namespaces, format!("namespace declarations are more than {NAMESPACES} at once"), "fewer declarations");
    }
}

/// The number of a line, counted on from the one asked for last.
struct Lines<'a> {
    source: &'a Source<'a>,
    at: usize,
    line: usize,
}

impl Lines<'_> {
    fn of(&mut self, at: usize) -> usize {
        let at = self.source.original(at);
        let text = self.source.written().as_bytes();
        let count = |from: usize, to: usize| memchr::memchr_iter(b'\n', text.get(from..to).unwrap_or_default()).count();
        self.line = if at >= self.at { self.line + count(self.at, at) } else { 1 + count(0, at) };
        self.at = at;
        self.line
    }
}

/// The same without the space around it.
fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) if text.trim().len() == text.len() => Cow::Owned(text),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}
