//! RDF/XML as things and what is said of each, in the order of the document.
use std::collections::BTreeMap;

use roxmltree::{Document, Node, ParsingOptions};

use crate::left::Left;

const DEEPEST: usize = 100;
const NODES: u32 = 20_000_000;

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// What is said of a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Object {
    Text(String),
    /// The thing at this index.
    Thing(usize),
}

/// One thing.
#[derive(Debug, Default)]
pub(super) struct Thing {
    /// Its address; none of one that has no name outside of the document.
    pub(super) uri: Option<String>,
    pub(super) classes: Vec<String>,
    pub(super) said: Vec<(String, Object)>,
}

/// All things, and on which line the document begins to speak of which.
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) things: Vec<Thing>,
    pub(super) lines: Vec<(u32, usize)>,
    names: BTreeMap<String, usize>,
}

struct Reader<'l> {
    graph: Graph,
    left: &'l mut Left,
    /// Where each line ends.
    ends: Vec<usize>,
}

pub(super) fn read(text: &str, left: &mut Left) -> Result<Graph, String> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|fault| match fault {
        roxmltree::Error::DtdDetected => "it has a document type".to_owned(),
        fault => format!("it is not well formed ({fault})"),
    })?;
    let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at).collect();
    let mut reader = Reader { graph: Graph::default(), left, ends };
    let root = document.root_element();
    let base = root.attribute((XML, "base")).unwrap_or_default().to_owned();
    if root.tag_name().name() == "RDF" && root.tag_name().namespace() == Some(RDF) {
        reader.comments(root);
        for child in root.children().filter(Node::is_element) {
            reader.thing(child, &base, 0)?;
        }
    } else {
        reader.thing(root, &base, 0)?;
    }
    Ok(reader.graph)
}

impl Reader<'_> {
    fn thing(&mut self, node: Node<'_, '_>, base: &str, depth: usize) -> Result<usize, String> {
        if depth > DEEPEST {
            return Err("it is nested too deeply to be carried over".to_owned());
        }
        let base = node.attribute((XML, "base")).unwrap_or(base);
        let at = if let Some(uri) = node.attribute((RDF, "about")) {
            self.named(&resolved(base, uri))
        } else if let Some(id) = node.attribute((RDF, "ID")) {
            self.named(&resolved(base, &format!("#{id}")))
        } else if let Some(id) = node.attribute((RDF, "nodeID")) {
            self.nameless(id)
        } else {
            self.add(None)
        };
        self.speak(node, at);
        if node.tag_name().namespace() != Some(RDF) || node.tag_name().name() != "Description" {
            self.class(at, node.tag_name().name());
        }
        self.attributes(node, at, base);
        self.properties(node, at, base, depth)?;
        Ok(at)
    }

    fn attributes(&mut self, node: Node<'_, '_>, at: usize, base: &str) {
        for attribute in node.attributes() {
            match (attribute.namespace(), attribute.name()) {
                (Some(RDF), "type") => self.class(at, tail(&resolved(base, attribute.value()))),
                (Some(RDF | XML), _) => {}
                (_, name) => self.say(at, name, Object::Text(attribute.value().to_owned())),
            }
        }
    }

    fn properties(&mut self, node: Node<'_, '_>, at: usize, base: &str, depth: usize) -> Result<(), String> {
        self.comments(node);
        for property in node.children().filter(Node::is_element) {
            self.speak(property, at);
            self.property(property, at, base, depth)?;
            // What follows the things inside is said of this one again.
            self.line(property.range().end, at);
        }
        Ok(())
    }

    fn property(&mut self, node: Node<'_, '_>, at: usize, base: &str, depth: usize) -> Result<(), String> {
        let base = node.attribute((XML, "base")).unwrap_or(base);
        let name = node.tag_name().name();
        let is_type = node.tag_name().namespace() == Some(RDF) && name == "type";
        if let Some(uri) = node.attribute((RDF, "resource")) {
            let uri = resolved(base, uri);
            if is_type {
                self.class(at, tail(&uri));
            } else {
                let object = self.named(&uri);
                self.say(at, name, Object::Thing(object));
            }
            return Ok(());
        }
        if let Some(id) = node.attribute((RDF, "nodeID")) {
            let object = self.nameless(id);
            self.say(at, name, Object::Thing(object));
            return Ok(());
        }
        match node.attribute((RDF, "parseType")) {
            Some("Resource") => {
                let object = self.add(None);
                self.say(at, name, Object::Thing(object));
                return self.properties(node, object, base, depth + 1);
            }
            Some(_) => {
                self.left.add(&format!("{name} of another parse type"));
                return Ok(());
            }
            None => {}
        }
        let mut children = node.children().filter(Node::is_element).peekable();
        if children.peek().is_some() {
            self.comments(node);
            for child in children {
                let object = self.thing(child, base, depth + 1)?;
                self.say(at, name, Object::Thing(object));
            }
            return Ok(());
        }
        if node.attributes().any(|attribute| !matches!(attribute.namespace(), Some(RDF | XML))) {
            let object = self.add(None);
            self.attributes(node, object, base);
            self.say(at, name, Object::Thing(object));
            return Ok(());
        }
        let text: String = node.children().filter(Node::is_text).filter_map(|child| child.text()).collect();
        self.say(at, name, Object::Text(text));
        Ok(())
    }

    fn named(&mut self, uri: &str) -> usize {
        match self.graph.names.get(uri) {
            Some(at) => *at,
            None => self.add(Some(uri.to_owned())),
        }
    }

    /// A thing that is called so in this document alone.
    fn nameless(&mut self, id: &str) -> usize {
        let key = format!("_:{id}");
        if let Some(at) = self.graph.names.get(&key) {
            return *at;
        }
        let at = self.add(None);
        self.graph.names.insert(key, at);
        at
    }

    fn add(&mut self, uri: Option<String>) -> usize {
        let at = self.graph.things.len();
        if let Some(uri) = &uri {
            self.graph.names.insert(uri.clone(), at);
        }
        self.graph.things.push(Thing { uri, ..Thing::default() });
        at
    }

    fn class(&mut self, at: usize, name: &str) {
        if let Some(thing) = self.graph.things.get_mut(at)
            && !thing.classes.iter().any(|known| known == name)
        {
            thing.classes.push(name.to_owned());
        }
    }

    fn say(&mut self, at: usize, name: &str, object: Object) {
        let Some(thing) = self.graph.things.get_mut(at) else { return };
        // Said of a thing wherever it is spoken of, it is said once.
        if !thing.said.iter().rev().take(64).any(|(known, said)| known == name && *said == object) {
            thing.said.push((name.to_owned(), object));
        }
    }

    fn speak(&mut self, node: Node<'_, '_>, at: usize) {
        self.line(node.range().start, at);
    }

    fn line(&mut self, byte: usize, at: usize) {
        let line = self.ends.partition_point(|end| *end < byte) + 1;
        self.graph.lines.push((u32::try_from(line).unwrap_or(u32::MAX), at));
    }

    fn comments(&mut self, node: Node<'_, '_>) {
        node.children().filter(Node::is_comment).for_each(|_| self.left.add("comments"));
    }
}

fn resolved(base: &str, uri: &str) -> String {
    if uri.starts_with('#') || uri.is_empty() {
        format!("{}{uri}", base.split('#').next().unwrap_or_default())
    } else {
        uri.to_owned()
    }
}

/// The last part of an address.
pub(super) fn tail(uri: &str) -> &str {
    uri.rsplit(['#', '/']).next().unwrap_or(uri)
}
