//! Things and what is said of them, in two lists: no more of a document than is read.
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use super::term::{Class, Term};

/// Things kept.
const THINGS: usize = 3_000_000;
/// Statements kept.
const STATEMENTS: usize = 6_000_000;

/// A thing, by its place in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Thing(u32);

/// What is known of a thing itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    pub(super) class: Class,
    /// The line in which it first stands with a type or a property; 0 where it is only referred to.
    pub(super) line: u32,
    /// Its URI, or a name of the document's own for it; empty where it has neither.
    pub(super) id: Box<str>,
    statements: Range<usize>,
}

/// The other end of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Text(Cow<'a, str>),
    Thing(Thing),
}

#[derive(Clone, Debug)]
pub(super) struct Statement<'a> {
    of: Thing,
    pub(super) term: Term,
    pub(super) value: Value<'a>,
    pub(super) line: u32,
}

/// Everything that is kept of a document.
#[derive(Debug, Default)]
pub(super) struct Graph<'a> {
    things: Vec<Node>,
    named: HashMap<Box<str>, Thing>,
    statements: Vec<Statement<'a>>,
    /// Things and statements that were too many.
    pub(super) lost: u64,
}

impl<'a> Graph<'a> {
    /// The thing of this name, or a new one; an empty name is no name.
    pub(super) fn thing(&mut self, id: &str) -> Thing {
        if let Some(known) = self.named.get(id) {
            return *known;
        }
        if self.things.len() >= THINGS {
            self.lost += 1;
            // One thing stands for all that are too many; nothing is told of it.
            return Thing(u32::MAX);
        }
        let thing = Thing(u32::try_from(self.things.len()).unwrap_or(u32::MAX));
        self.things.push(Node { id: id.into(), ..Node::default() });
        if !id.is_empty() {
            self.named.insert(id.into(), thing);
        }
        thing
    }

    /// Says what a thing is, where that is not known yet.
    pub(super) fn classify(&mut self, thing: Thing, class: Class, line: u32) {
        if let Some(node) = self.node_mut(thing) {
            if node.line == 0 {
                node.line = line;
            }
            if matches!(node.class, Class::Unknown | Class::Other) && class != Class::Unknown {
                node.class = class;
            }
        }
    }

    pub(super) fn state(&mut self, of: Thing, term: Term, value: Value<'a>, line: u32) {
        if self.statements.len() >= STATEMENTS || self.node(of).is_none() {
            self.lost += 1;
            return;
        }
        self.statements.push(Statement { of, term, value, line });
    }

    /// Puts what is said of each thing together, in the order in which it stands.
    pub(super) fn settle(&mut self) {
        self.statements.sort_by_key(|statement| statement.of);
        let mut from = 0;
        for same in self.statements.chunk_by(|a, b| a.of == b.of) {
            let to = from + same.len();
            if let Some(node) = same.first().and_then(|first| self.things.get_mut(first.of.0 as usize)) {
                node.statements = from..to;
            }
            from = to;
        }
    }

    pub(super) fn things(&self) -> impl Iterator<Item = (Thing, &Node)> {
        let number = |(index, node)| (Thing(u32::try_from(index).unwrap_or(u32::MAX)), node);
        self.things.iter().enumerate().map(number)
    }

    pub(super) fn node(&self, thing: Thing) -> Option<&Node> {
        self.things.get(thing.0 as usize)
    }

    fn node_mut(&mut self, thing: Thing) -> Option<&mut Node> {
        self.things.get_mut(thing.0 as usize)
    }

    /// What is said of a thing.
    pub(super) fn said(&self, thing: Thing) -> &[Statement<'a>] {
        self.node(thing).and_then(|node| self.statements.get(node.statements.clone())).unwrap_or_default()
    }

    /// What is said of a thing by this property.
    pub(super) fn of(&self, thing: Thing, term: Term) -> impl Iterator<Item = &Statement<'a>> {
        self.said(thing).iter().filter(move |statement| statement.term == term)
    }

    /// A value as text: a thing is its name.
    pub(super) fn text(&self, value: &Value<'a>) -> Cow<'a, str> {
        match value {
            Value::Text(text) => text.clone(),
            Value::Thing(thing) => Cow::Owned(self.node(*thing).map_or_else(String::new, |node| node.id.to_string())),
        }
    }
}
