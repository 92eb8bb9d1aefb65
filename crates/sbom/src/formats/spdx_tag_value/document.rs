//! A tag-value document read line by line: which element each line belongs to, and what it says of it.
use std::borrow::Cow;

use interdict_model::{Counts, Document, FactKind, GapReason, Part, Sink, Unseen};

use super::lines::{Entry, Kind, Lines, is_word};
use super::opened::{Opened, place};
use super::outline::ends;
use super::tag::Tag;
use crate::draft::{Draft, Path, Wanted};
use crate::ledger::Ledger;
use crate::spdx::{
    CREATORS, DOCUMENT, Element, Graph, Property, actor, edge, external, left_open, made_by, state, unknown_version,
};

/// Reads a whole document.
pub(super) fn read(lines: Lines<'_>, graph: &Graph, sink: &mut Sink<'_>) {
    let wanted = Wanted::of(sink);
    let mut reader = Reader {
        graph,
        sink,
        ledger: Ledger::default(),
        counts: Counts::default(),
        version: None,
        document: Document::default(),
        elsewhere: 0,
        open_ends: 0,
        whole: Draft::wanting(wanted.of_whole()),
        package: Opened::wanting(wanted.clone()),
        file: Opened::wanting(wanted.clone()),
        snippet: Opened::wanting(wanted),
        latest: Latest::Document,
        waiting: None,
        more: None,
    };
    for entry in lines {
        reader.entry(entry);
    }
    reader.end();
}

/// What an `SPDXID` belongs to: whatever began last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Latest {
    Document,
    Of(Element),
    License,
}

struct Reader<'a, 's, 't, 'o> {
    graph: &'o Graph,
    sink: &'s mut Sink<'t>,
    ledger: Ledger,
    counts: Counts,
    version: Option<Cow<'a, str>>,
    document: Document,
    elsewhere: u64,
    open_ends: u64,
    whole: Draft<'a>,
    package: Opened<'a>,
    file: Opened<'a>,
    snippet: Opened<'a>,
    latest: Latest,
    /// An `SPDXID` that stands before its element, and its line.
    waiting: Option<(Cow<'a, str>, u32)>,
    /// What a line without a tag goes on with.
    more: Option<(Element, Property)>,
}

impl<'a> Reader<'a, '_, '_, '_> {
    fn repair(&mut self, line: u32, wrong: &str, assumed: &str) {
        self.ledger.repair(self.sink, &place(line), "", wrong, assumed);
    }

    fn entry(&mut self, entry: Entry<'a>) {
        let line = entry.line;
        match entry.kind {
            Kind::Pair { tag, value, oddity } => {
                if let Some(oddity) = oddity {
                    self.repair(line, oddity.wrong, oddity.assumed);
                }
                match Tag::of(tag) {
                    Some((known, true)) => self.pair(line, known, value),
                    Some((known, false)) => {
                        self.repair(
                            line,
                            &format!("the tag is written `{tag}`"),
                            "the tag that differs in case or space",
                        );
                        self.pair(line, known, value);
                    }
                    None => {
                        let wrong = format!("`{tag}` is no tag that is known here");
                        let wrong = if is_word(tag) { &wrong } else { "a line without a tag" };
                        self.go_on(line, wrong, Cow::Owned(format!("{tag}: {value}")));
                    }
                }
            }
            Kind::Other(text) => self.go_on(line, "a line without a tag", Cow::Borrowed(text)),
            Kind::TooLong { limit, from, to } => {
                let detail = format!("line {line} is longer than {limit}, the limit; it was not read");
                let gap = Unseen::new(GapReason::OverLimit, detail).over(from as u64, to as u64);
                self.sink.gap(gap.needing("a document with shorter lines"));
            }
        }
    }

    /// A line without a tag: prose goes on over its end, anything else is not understood.
    fn go_on(&mut self, line: u32, wrong: &str, text: Cow<'a, str>) {
        match self.more {
            Some((element, property)) => {
                self.repair(line, wrong, "more of the text before it");
                let draft = &mut self.opened(element).draft;
                state(draft, property, text, Path::Line(line));
            }
            None => self.repair(line, wrong, "nothing"),
        }
    }

    fn pair(&mut self, line: u32, tag: Tag, value: Cow<'a, str>) {
        self.more = None;
        match tag {
            Tag::Of(element, property) => {
                self.reach(line, element);
                let opened = self.opened(element);
                let is_twice = opened.has_twice(property);
                state(&mut opened.draft, property, value, Path::Line(line));
                if is_twice {
                    self.ledger.twice(self.sink, &place(line), "");
                }
                if matches!(property, Property::Copyright | Property::Prose) {
                    self.more = Some((element, property));
                }
            }
            Tag::Id => self.id(line, value),
            Tag::PackageName => self.named(line, Element::Package, Property::Name, value),
            Tag::FileName => self.named(line, Element::File, Property::FileName, value),
            Tag::Snippet => {
                self.begin(line, Element::Snippet, true);
                self.snippet.draft.reference = value;
            }
            Tag::License => self.latest = Latest::License,
            Tag::Checksum(element) => self.checksum(line, element, value),
            Tag::Reference => self.reference(line, value),
            Tag::Holder => {
                self.reach(line, Element::Snippet);
                self.sink.depends(&value, self.snippet.reference());
            }
            Tag::Relationship => self.relationship(line, &value),
            Tag::Version => self.version(line, value),
            Tag::Created => {
                self.document.created.get_or_insert_with(|| value.into_owned());
            }
            Tag::Creator => {
                if self.document.creators.len() < CREATORS {
                    self.document.creators.push(value.clone().into_owned());
                }
                actor(&mut self.whole, FactKind::Author, value, &Path::Line(line));
            }
            Tag::Namespace => self.document.states.revision |= !value.is_empty(),
            Tag::Elsewhere => self.elsewhere += 1,
            Tag::Note | Tag::Remark => state(&mut self.whole, Property::Prose, value, Path::Line(line)),
            Tag::Aside => {}
        }
    }

    fn opened(&mut self, element: Element) -> &mut Opened<'a> {
        match element {
            Element::Package => &mut self.package,
            Element::File => &mut self.file,
            Element::Snippet => &mut self.snippet,
        }
    }

    /// Begins an element where one of its fields stands before its name.
    fn reach(&mut self, line: u32, element: Element) {
        if !self.opened(element).is_begun() {
            let wrong = format!("a field of {} before its name", element.name());
            self.repair(line, &wrong, "one whose name follows, if any does");
            self.begin(line, element, false);
        }
    }

    fn named(&mut self, line: u32, element: Element, property: Property, value: Cow<'a, str>) {
        let opened = self.opened(element);
        if opened.is_begun() && !opened.is_named {
            opened.is_named = true;
            self.latest = Latest::Of(element);
        } else {
            self.begin(line, element, true);
        }
        state(&mut self.opened(element).draft, property, value, Path::Line(line));
    }

    /// Ends what cannot go on beside the new element, and begins it.
    fn begin(&mut self, line: u32, element: Element, is_named: bool) {
        self.end_of(Element::Snippet);
        if element != Element::Snippet {
            self.end_of(Element::File);
        }
        if element == Element::Package {
            self.end_of(Element::Package);
        }
        let waiting = self.waiting.take();
        let opened = self.opened(element);
        opened.begin(line, is_named);
        if let Some((id, stood)) = waiting {
            opened.draft.reference = id;
            self.repair(stood, "the `SPDXID` stands before what it belongs to", "that it belongs to what follows");
        }
        element.count(&mut self.counts);
        self.latest = Latest::Of(element);
    }

    fn end_of(&mut self, element: Element) {
        if element == Element::File && self.file.is_begun() && self.package.is_begun() {
            // A file stands in the package that it follows.
            self.sink.depends(self.package.reference(), self.file.reference());
        }
        let (graph, sink) = (self.graph, &mut *self.sink);
        match element {
            Element::Package => self.package.end(graph, sink),
            Element::File => self.file.end(graph, sink),
            Element::Snippet => self.snippet.end(graph, sink),
        }
    }

    fn id(&mut self, line: u32, id: Cow<'a, str>) {
        if id.ends_with(DOCUMENT) {
            return;
        }
        if let Latest::Of(element) = self.latest {
            let reference = &mut self.opened(element).draft.reference;
            if reference.is_empty() {
                *reference = id;
                return;
            }
        }
        if let Some((_, stood)) = self.waiting.replace((id, line)) {
            self.repair(stood, "an `SPDXID` that belongs to nothing", "nothing");
        }
    }

    fn checksum(&mut self, line: u32, element: Element, value: Cow<'a, str>) {
        self.reach(line, element);
        let Some(colon) = value.find(':') else {
            return self.repair(line, "a checksum without the name of its algorithm", "nothing");
        };
        let (algorithm, hex) = split(value, colon);
        self.opened(element).draft.hashed(algorithm.trim(), hex, Path::Line(line));
    }

    /// `category type locator`
    fn reference(&mut self, line: u32, value: Cow<'a, str>) {
        self.reach(line, Element::Package);
        let category = value.find([' ', '\t']).unwrap_or_default();
        // Several spaces in a row are one.
        let rest = value.get(category..).unwrap_or_default().trim_start();
        let kind = value.len() - rest.len();
        match rest.find([' ', '\t']) {
            Some(space) if category > 0 => {
                let (head, locator) = split(value, kind + space);
                let of = head.get(kind..).unwrap_or_default();
                external(&mut self.package.draft, of, locator, Path::Line(line));
            }
            _ => {
                self.repair(line, "an external reference without category, type and locator", "its last word");
                let last = value.rfind([' ', '\t']).unwrap_or_default();
                external(&mut self.package.draft, "", split(value, last).1, Path::Line(line));
            }
        }
    }

    fn relationship(&mut self, line: u32, value: &str) {
        self.counts.relationships += 1;
        match ends(value) {
            Some((from, word, to)) => self.open_ends += u64::from(edge(self.sink, from, word, to)),
            None => self.repair(line, "a relationship without both ends and a type", "nothing"),
        }
    }

    fn version(&mut self, line: u32, value: Cow<'a, str>) {
        if self.version.is_some() {
            self.repair(line, "another document begins", "both documents, as one");
            self.end_of(Element::Snippet);
            self.end_of(Element::File);
            self.end_of(Element::Package);
            self.latest = Latest::Document;
            return;
        }
        if let Some((wrong, assumed)) = unknown_version(Some(&value)) {
            self.repair(line, &wrong, assumed);
        }
        self.version = Some(value);
    }

    fn end(mut self) {
        for element in [Element::Snippet, Element::File, Element::Package] {
            self.end_of(element);
        }
        if let Some((_, stood)) = self.waiting.take() {
            self.repair(stood, "an `SPDXID` that belongs to nothing", "nothing");
        }
        if let (None, Some((wrong, assumed))) = (&self.version, unknown_version(None)) {
            self.ledger.repair(self.sink, "SPDXVersion", "", &wrong, assumed);
        }
        self.whole.tell_facts(Part::WHOLE, "line ", self.sink);
        if self.elsewhere > 0 {
            let detail = format!("the document refers to {} others that are not read with it", self.elsewhere);
            let gap = Unseen::new(GapReason::Missing, detail);
            self.sink.gap(gap.needing("the documents that its `ExternalDocumentRef` lines name"));
        }
        self.ledger.settle(self.sink, 0);
        self.sink.document(Document {
            version: self.version.map(Cow::into_owned),
            counts: self.counts,
            notes: left_open(self.open_ends).into_iter().collect(),
            states: made_by(&self.document.creators, self.document.states.revision),
            ..self.document
        });
    }
}

/// A text in two at this place, without a colon or white space between them; borrowed where the text is.
fn split(text: Cow<'_, str>, at: usize) -> (Cow<'_, str>, Cow<'_, str>) {
    fn halves(text: &str, at: usize) -> (&str, &str) {
        let (head, rest) = text.split_at_checked(at).unwrap_or((text, ""));
        (head, rest.strip_prefix(':').unwrap_or(rest).trim())
    }
    match text {
        Cow::Borrowed(text) => {
            let (head, rest) = halves(text, at);
            (Cow::Borrowed(head), Cow::Borrowed(rest))
        }
        Cow::Owned(text) => {
            let (head, rest) = halves(&text, at);
            (Cow::Owned(head.to_owned()), Cow::Owned(rest.to_owned()))
        }
    }
}
