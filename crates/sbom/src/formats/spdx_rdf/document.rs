//! What the statements of a document say together: elements, what relates them, and the document itself.
use std::borrow::Cow;

use interdict_model::{Counts, Document, FactKind, GapReason, Part, Unseen};

use super::graph::{Graph, Statement, Thing, Value};
use super::statements::Reading;
use super::term::{Class, Term};
use crate::draft::{Draft, Path, Wanted};
use crate::spdx::{self, CREATORS, Element, Property, actor, edge, external, left_open, property, state};

/// Tells everything that was gathered; `complete` where the document was read to its end.
pub(super) fn tell(reading: &mut Reading<'_, '_, '_>, mut graph: Graph<'_>, complete: bool) {
    graph.settle();
    let said = Said { graph: &graph, namespace: namespace(&graph) };
    let mut relations = spdx::Graph::default();
    said.relations(&mut |from, word, to| relations.note(from, word, to));
    if relations.is_scoped() {
        said.relations(&mut |from, word, to| relations.settle(from, word, to));
    }
    let mut counts = Counts::default();
    let mut draft = Draft::wanting(Wanted::of(reading.sink));
    for (thing, node) in graph.things() {
        let Class::Element(element) = node.class else { continue };
        element.count(&mut counts);
        said.element(&mut draft, thing, element);
        draft.is_subject = relations.subjects.contains(&*draft.reference);
        draft.scope = relations.scope(&draft.reference);
        let part = draft.declare(&format!("line {}", node.line), reading.sink);
        draft.tell_facts(part, "line ", reading.sink);
        draft.clear();
    }
    let mut open_ends = 0;
    said.relations(&mut |from, word, to| {
        open_ends += u64::from(edge(reading.sink, from, word, to));
    });
    for (thing, node) in graph.things() {
        for link in graph.of(thing, Term::Relationship) {
            counts.relationships += 1;
            if !said.is_whole(link) {
                let place = format!("line {}", link.line);
                reading.ledger.repair(
                    reading.sink,
                    &place,
                    "",
                    "a relationship without its other end or a type",
                    "nothing",
                );
            }
        }
        said.told_otherwise(thing, node.class, reading);
    }
    said.whole(reading, counts, open_ends, complete);
}

/// What the names of a document's own elements begin with: the name of the document, without its fragment.
fn namespace(graph: &Graph<'_>) -> String {
    let document = graph.things().find(|(_, node)| node.class == Class::Document);
    let id = document.map_or("", |(_, node)| &*node.id);
    id.split_once('#').map_or_else(String::new, |(namespace, _)| format!("{namespace}#"))
}

struct Said<'a, 'g> {
    graph: &'g Graph<'a>,
    namespace: String,
}

impl<'a> Said<'a, '_> {
    /// A thing's name within the document, as other encodings write it.
    fn name(&self, thing: Thing) -> &str {
        let id = self.graph.node(thing).map_or("", |node| &*node.id);
        id.strip_prefix(&*self.namespace).filter(|_| !self.namespace.is_empty()).unwrap_or(id).trim_start_matches('#')
    }

    /// Every relationship that has two ends and a word.
    fn relations(&self, each: &mut dyn FnMut(&str, &str, &str)) {
        for (thing, _) in self.graph.things() {
            for link in self.graph.of(thing, Term::Relationship) {
                let Value::Thing(between) = link.value else { continue };
                let word =
                    self.graph.of(between, Term::RelationshipType).next().map(|word| self.graph.text(&word.value));
                for related in self.graph.of(between, Term::Related) {
                    let other = match &related.value {
                        Value::Thing(other) => Cow::Borrowed(self.name(*other)),
                        Value::Text(text) => text.clone(),
                    };
                    each(self.name(thing), word.as_deref().unwrap_or_default(), unsaid(&other));
                }
            }
            for term in [Term::Describes, Term::Holds, Term::HeldBy] {
                for link in self.graph.of(thing, term) {
                    let Value::Thing(other) = link.value else { continue };
                    let (from, to) = (self.name(thing), self.name(other));
                    match term {
                        Term::Describes => each(from, "DESCRIBES", to),
                        Term::Holds => each(from, "CONTAINS", to),
                        _ => each(to, "CONTAINS", from),
                    }
                }
            }
        }
    }

    fn is_whole(&self, link: &Statement<'a>) -> bool {
        let Value::Thing(between) = link.value else { return false };
        let has = |term| self.graph.of(between, term).next().is_some();
        has(Term::RelationshipType) && has(Term::Related)
    }

    fn element(&self, draft: &mut Draft<'a>, thing: Thing, element: Element) {
        draft.reference = Cow::Owned(self.name(thing).to_owned());
        for statement in self.graph.said(thing) {
            let path = Path::Line(statement.line);
            match statement.term {
                Term::Said(key) => {
                    if let Some((property, _)) = property(element, key) {
                        state(draft, property, self.graph.text(&statement.value), path);
                    }
                }
                Term::Checksum => {
                    let (algorithm, hex) = self.pair(statement, Term::Algorithm, Term::ChecksumValue);
                    if let Some(hex) = hex {
                        let algorithm = algorithm.as_ref().map(|(name, _)| last(name)).unwrap_or_default();
                        draft.hashed(algorithm, hex.0, Path::Line(hex.1));
                    }
                }
                Term::Reference => {
                    let (of, locator) = self.pair(statement, Term::ReferenceType, Term::Locator);
                    if let Some((locator, line)) = locator {
                        external(draft, of.as_ref().map_or("", |(of, _)| of), locator, Path::Line(line));
                    }
                }
                Term::Annotation => self.annotation(draft, statement),
                Term::Project => self.project(draft, statement),
                _ => {}
            }
        }
    }

    /// The first text of each of two properties of what a statement leads to, and their lines.
    fn pair(&self, statement: &Statement<'a>, one: Term, other: Term) -> (Option<Text<'a>>, Option<Text<'a>>) {
        let Value::Thing(thing) = statement.value else { return (None, None) };
        let text = |term| {
            let first = self.graph.of(thing, term).next();
            first.map(|statement| (trimmed(self.graph.text(&statement.value)), statement.line))
        };
        (text(one), text(other))
    }

    fn annotation(&self, draft: &mut Draft<'a>, statement: &Statement<'a>) {
        let (who, what) = self.pair(statement, Term::Annotator, Term::Said("comment"));
        for (text, line) in who.into_iter().chain(what) {
            state(draft, Property::Prose, text, Path::Line(line));
        }
    }

    fn project(&self, draft: &mut Draft<'a>, statement: &Statement<'a>) {
        let (name, page) = self.pair(statement, Term::Said("name"), Term::Said("homepage"));
        for (text, property) in name.into_iter().map(|text| (text, Property::Project)) {
            state(draft, property, text.0, Path::Line(text.1));
        }
        if let Some((page, line)) = page {
            state(draft, Property::Location, page, Path::Line(line));
        }
    }

    /// A thing with an element's name and properties, and no type that is known.
    fn told_otherwise(&self, thing: Thing, class: Class, reading: &mut Reading<'_, '_, '_>) {
        let mut said = self.graph.said(thing).iter();
        let telling = |term| matches!(term, Term::Said("versionInfo" | "downloadLocation" | "fileName" | "supplier"));
        if matches!(class, Class::Unknown | Class::Other)
            && let Some(first) = said.find(|statement| telling(statement.term))
        {
            let place = format!("line {}", first.line);
            let wrong = "something with properties of a package or file, and no type that is known here";
            let mut draft = Draft::wanting(Wanted::of(reading.sink));
            self.element(&mut draft, thing, Element::Package);
            reading.ledger.repair(reading.sink, &place, "", wrong, "a component that is not counted");
            let part = draft.declare(&place, reading.sink);
            draft.tell_facts(part, "line ", reading.sink);
        }
    }

    fn whole(&self, reading: &mut Reading<'_, '_, '_>, counts: Counts, open_ends: u64, complete: bool) {
        let mut document =
            Document { counts, notes: left_open(open_ends).into_iter().collect(), ..Document::default() };
        let (mut draft, mut elsewhere) = (Draft::wanting(Wanted::of(reading.sink).of_whole()), 0_u64);
        for (thing, _) in self.graph.things().filter(|(_, node)| node.class == Class::Document) {
            for statement in self.graph.said(thing) {
                let text = || trimmed(self.graph.text(&statement.value));
                match statement.term {
                    Term::Version => document.version = document.version.or_else(|| Some(text().into_owned())),
                    Term::Elsewhere => elsewhere += 1,
                    Term::Annotation => self.annotation(&mut draft, statement),
                    Term::Said("comment") => state(&mut draft, Property::Prose, text(), Path::Line(statement.line)),
                    Term::Creation => self.creation(&mut draft, &mut document, statement),
                    _ => {}
                }
            }
        }
        let version = document.version.as_deref();
        if let Some((wrong, assumed)) = spdx::unknown_version(version).filter(|_| complete || version.is_some()) {
            reading.ledger.repair(reading.sink, "specVersion", "", &wrong, assumed);
        }
        draft.tell_facts(Part::WHOLE, "line ", reading.sink);
        if elsewhere > 0 {
            let detail = format!("the document refers to {elsewhere} others that are not read with it");
            let gap = Unseen::new(GapReason::Missing, detail);
            reading.sink.gap(gap.needing("the documents in its `externalDocumentRef`"));
        }
        if self.graph.lost > 0 {
            let detail = format!(
                "{} statements are more than six million, or of more than three million things",
                self.graph.lost
            );
            reading.sink.gap(Unseen::new(GapReason::OverLimit, detail).needing("a smaller document"));
        }
        document.notes.extend_from_slice(reading.notes());
        reading.sink.document(document);
    }

    fn creation(&self, draft: &mut Draft<'a>, document: &mut Document, statement: &Statement<'a>) {
        let Value::Thing(thing) = statement.value else { return };
        for statement in self.graph.said(thing) {
            let (text, path) = (trimmed(self.graph.text(&statement.value)), Path::Line(statement.line));
            match statement.term {
                Term::Created => document.created = document.created.take().or_else(|| Some(text.into_owned())),
                Term::Creator => {
                    if document.creators.len() < CREATORS {
                        document.creators.push(text.clone().into_owned());
                    }
                    actor(draft, FactKind::Author, text, &path);
                }
                Term::Said("comment") => state(draft, Property::Prose, text, path),
                _ => {}
            }
        }
    }
}

/// A text and its line.
type Text<'a> = (Cow<'a, str>, u32);

/// The word that other encodings have for what a URI names, where that is nothing.
fn unsaid(other: &str) -> &str {
    match other.rsplit('#').next() {
        Some("noassertion") => "NOASSERTION",
        Some("none") => "NONE",
        _ => other,
    }
}

/// What an algorithm's URI names.
fn last(uri: &str) -> &str {
    uri.rsplit(['#', '/']).next().unwrap_or(uri)
}

fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    }
}
