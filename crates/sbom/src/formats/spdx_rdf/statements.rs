//! RDF/XML read tag by tag: things and properties take turns, however deep, and each statement is kept that is asked for.
use std::borrow::Cow;

use super::graph::{Graph, Thing, Value};
use super::term::{Class, Space, Term, class, term};
use crate::draft::Path;
use crate::xml::{Event, Read, Reading as Xml, Tag};

pub(super) type Reading<'a, 's, 't> = Xml<'a, 's, 't, Space>;

/// An element that was stepped into.
#[derive(Debug)]
enum Open<'a> {
    /// `rdf:RDF`: things stand in it.
    Root,
    /// A thing: its properties stand in it.
    Thing(Thing),
    Property(Property<'a>),
    /// An element inside of a literal: its text belongs to that.
    Inside,
}

#[derive(Debug)]
struct Property<'a> {
    of: Thing,
    /// `None` for a property that nobody reads.
    term: Option<Term>,
    line: u32,
    text: Cow<'a, str>,
    /// Its elements are text (`rdf:parseType="Literal"`).
    is_literal: bool,
    /// It has its value.
    is_told: bool,
}

/// Reads a whole document; what was read before a fault stands.
pub(super) fn read<'a>(reading: &mut Reading<'a, '_, '_>, graph: &mut Graph<'a>) -> Read<()> {
    let mut reader = Reader { graph, open: Vec::new(), bases: Vec::new(), roots: 0 };
    loop {
        match reading.xml.next()? {
            Event::Open(tag) => reader.open(reading, tag),
            Event::Text(text) => reader.text(text),
            Event::Close => reader.close(),
            Event::End => return Ok(()),
        }
    }
}

struct Reader<'a, 'g> {
    graph: &'g mut Graph<'a>,
    open: Vec<Open<'a>>,
    /// What relative names are relative to, and how many elements were open around it.
    bases: Vec<(usize, Cow<'a, str>)>,
    roots: u32,
}

/// What the attributes of an element say.
#[derive(Default)]
struct Attributes<'a> {
    /// `rdf:about`, `rdf:ID`, `rdf:nodeID` of a thing.
    id: Option<Cow<'a, str>>,
    /// `rdf:resource` or `rdf:nodeID` of a property.
    to: Option<Cow<'a, str>>,
    parse: Option<Cow<'a, str>>,
    /// Properties written as attributes.
    said: Vec<(Term, Cow<'a, str>)>,
}

impl<'a> Reader<'a, '_> {
    fn open(&mut self, reading: &mut Reading<'a, '_, '_>, tag: Tag<'a, Space>) {
        let attributes = self.attributes(reading);
        let next = match self.open.last_mut() {
            None if tag.space == Space::Rdf && tag.name == "RDF" => Open::Root,
            None | Some(Open::Root) => Open::Thing(self.thing(reading, tag, attributes)),
            Some(Open::Thing(of)) => {
                let of = *of;
                self.property(reading, tag, of, attributes)
            }
            Some(Open::Property(property)) if property.is_literal => Open::Inside,
            Some(Open::Property(property)) => {
                let (of, term, line) = (property.of, property.term, property.line);
                property.is_told = true;
                let thing = self.thing(reading, tag, attributes);
                if let Some(term) = term {
                    self.graph.state(of, term, Value::Thing(thing), line);
                }
                Open::Thing(thing)
            }
            Some(Open::Inside) => Open::Inside,
        };
        if self.open.is_empty() {
            self.roots += 1;
            if self.roots > 1 {
                reading.repair(&Path::Field(""), "an element behind the end of the document", "a part of it");
            }
        }
        self.open.push(next);
    }

    fn thing(&mut self, reading: &mut Reading<'a, '_, '_>, tag: Tag<'a, Space>, attributes: Attributes<'a>) -> Thing {
        let line = reading.line();
        let thing = self.graph.thing(attributes.id.as_deref().unwrap_or_default());
        self.graph.classify(thing, class(tag.space, tag.name), line);
        self.say(thing, attributes.said, line);
        thing
    }

    fn say(&mut self, of: Thing, said: Vec<(Term, Cow<'a, str>)>, line: u32) {
        for (term, text) in said {
            match term {
                Term::Type => self.classify(of, &text, line),
                _ => self.graph.state(of, term, Value::Text(text), line),
            }
        }
    }

    fn classify(&mut self, thing: Thing, uri: &str, line: u32) {
        let name = uri.rsplit(['#', '/']).next().unwrap_or_default();
        let class = if uri.contains("spdx.org/") { class(Space::Spdx, name) } else { Class::Other };
        self.graph.classify(thing, class, line);
    }

    fn property(
        &mut self,
        reading: &mut Reading<'a, '_, '_>,
        tag: Tag<'a, Space>,
        of: Thing,
        attributes: Attributes<'a>,
    ) -> Open<'a> {
        let line = reading.line();
        let term = term(tag.space, tag.name);
        let parse = attributes.parse.as_deref().unwrap_or_default();
        if parse == "Resource" || (attributes.to.is_none() && !attributes.said.is_empty()) {
            // The property is its own thing.
            let thing = self.graph.thing("");
            self.graph.classify(thing, Class::Other, line);
            self.say(thing, attributes.said, line);
            if let Some(term) = term {
                self.graph.state(of, term, Value::Thing(thing), line);
            }
            return Open::Thing(thing);
        }
        let is_literal = parse == "Literal";
        let mut property = Property { of, term, line, text: Cow::Borrowed(""), is_literal, is_told: false };
        if let Some(to) = attributes.to {
            property.is_told = true;
            match term {
                Some(Term::Type) => self.classify(of, &to, line),
                Some(term) => {
                    let thing = self.graph.thing(&to);
                    self.say(thing, attributes.said, line);
                    self.graph.state(of, term, Value::Thing(thing), line);
                }
                None => {}
            }
        }
        Open::Property(property)
    }

    fn text(&mut self, text: Cow<'a, str>) {
        let innermost = self.open.iter_mut().rev().find(|open| !matches!(open, Open::Inside));
        let Some(Open::Property(property)) = innermost else { return };
        if property.term.is_none() || property.is_told {
            return;
        }
        if property.text.is_empty() {
            property.text = text;
        } else {
            property.text.to_mut().push_str(&text);
        }
    }

    fn close(&mut self) {
        if let Some(Open::Property(Property { of, term: Some(term), line, text, is_told: false, .. })) = self.open.pop()
        {
            match term {
                Term::Type => self.classify(of, &text, line),
                _ => self.graph.state(of, term, Value::Text(text), line),
            }
        }
        if self.bases.last().is_some_and(|(depth, _)| *depth >= self.open.len()) {
            self.bases.pop();
        }
    }

    fn attributes(&mut self, reading: &Reading<'a, '_, '_>) -> Attributes<'a> {
        let mut found = Attributes::default();
        let depth = self.open.len();
        for attribute in reading.xml.attributes() {
            let value = &attribute.value;
            match (attribute.space, attribute.name) {
                (Space::Xml, "base") => self.bases.push((depth, value.clone())),
                // Attributes without a prefix are what early documents have.
                (Space::Rdf | Space::Nowhere, "about") => found.id = Some(value.clone()),
                (Space::Rdf | Space::Nowhere, "ID") => found.id = Some(Cow::Owned(format!("#{value}"))),
                (Space::Rdf | Space::Nowhere, "nodeID") => {
                    let id: Cow<'_, str> = Cow::Owned(format!("_:{value}"));
                    (found.id, found.to) = (Some(id.clone()), Some(id));
                }
                (Space::Rdf | Space::Nowhere, "resource") => found.to = Some(value.clone()),
                (Space::Rdf, "parseType") => found.parse = Some(value.clone()),
                (space, name) => {
                    if let Some(term) = term(space, name) {
                        found.said.push((term, value.clone()));
                    }
                }
            }
        }
        found.id = found.id.map(|id| self.resolved(id));
        found.to = found.to.map(|id| self.resolved(id));
        found
    }

    /// A name with what it is relative to in front.
    fn resolved(&self, id: Cow<'a, str>) -> Cow<'a, str> {
        match self.bases.last() {
            Some((_, base)) if id.starts_with('#') => {
                let base = base.split('#').next().unwrap_or_default();
                Cow::Owned(format!("{base}{id}"))
            }
            _ => id,
        }
    }
}
