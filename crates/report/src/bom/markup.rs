//! What is added to a BOM, as the XML encoding writes it: attributes, order and names of lists by its schema.
use std::fmt::Write as _;
use std::io;

use serde_json::Value;

use crate::inert::inert;
use crate::markup::escape;

/// What a namespace ends in.
pub(super) const NAMESPACE: &str = "http://cyclonedx.org/schema/bom/";

/// How an object is written: its name, what are attributes, what is its text, what are its children in order.
struct Shape(&'static str, &'static [&'static str], &'static str, &'static [&'static str]);

const SHAPES: &[Shape] = &[
    Shape(
        "bom",
        &["serialNumber", "version"],
        "",
        &["metadata", "components", "dependencies", "compositions", "vulnerabilities"],
    ),
    Shape("metadata", &[], "", &["timestamp", "tools", "component", "properties"]),
    Shape("tools", &[], "", &["components"]),
    Shape(
        "component",
        &["type", "bom-ref"],
        "",
        &[
            "supplier",
            "manufacturer",
            "name",
            "version",
            "description",
            "scope",
            "hashes",
            "purl",
            "externalReferences",
            "properties",
            "components",
            "evidence",
        ],
    ),
    Shape("supplier", &[], "", &["name"]),
    Shape("manufacturer", &[], "", &["name"]),
    Shape("source", &[], "", &["name"]),
    Shape("hash", &["alg"], "content", &[]),
    Shape("reference", &["type"], "", &["url", "hashes"]),
    Shape("property", &["name"], "value", &[]),
    Shape("evidence", &[], "", &["identity", "occurrences"]),
    Shape("identity", &[], "", &["field", "confidence", "concludedValue", "methods"]),
    Shape("method", &[], "", &["technique", "confidence", "value"]),
    Shape("occurrence", &[], "", &["location", "offset", "symbol", "additionalContext"]),
    Shape("dependency", &["ref"], "", &["dependsOn"]),
    Shape("composition", &[], "", &["aggregate", "assemblies"]),
    Shape("vulnerability", &["bom-ref"], "", &["id", "source", "description", "analysis", "affects"]),
    Shape("analysis", &[], "", &["state", "response", "detail"]),
    Shape("target", &[], "", &["ref"]),
];

/// How a list is written: its name in JSON, the element around it (none: each stands alone), the element of an item.
const LISTS: &[(&str, &str, &str)] = &[
    ("components", "components", "component"),
    ("hashes", "hashes", "hash"),
    ("externalReferences", "externalReferences", "reference"),
    ("properties", "properties", "property"),
    ("identity", "", "identity"),
    ("methods", "methods", "method"),
    ("occurrences", "occurrences", "occurrence"),
    ("dependencies", "dependencies", "dependency"),
    ("dependsOn", "", "dependency"),
    ("compositions", "compositions", "composition"),
    ("assemblies", "assemblies", "assembly"),
    ("vulnerabilities", "vulnerabilities", "vulnerability"),
    ("affects", "affects", "target"),
    ("response", "responses", "response"),
];

/// A whole document of one edition.
pub(super) fn document(bom: &Value, edition: &str, out: &mut dyn io::Write) -> io::Result<()> {
    let mut xml = Markup::new("", 0);
    xml.element("bom", bom, &format!(" xmlns=\"{NAMESPACE}{edition}\""));
    out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")?;
    out.write_all(xml.text.trim_start().as_bytes())?;
    out.write_all(b"\n")
}

/// Markup that grows, each element on lines of its own, with the prefix that its document uses.
pub(super) struct Markup<'a> {
    prefix: &'a str,
    depth: usize,
    pub(super) text: String,
}

impl<'a> Markup<'a> {
    pub(super) fn new(prefix: &'a str, depth: usize) -> Self {
        Self { prefix, depth, text: String::new() }
    }

    /// A list as its JSON name calls it, with the element around it where there is one.
    pub(super) fn list(&mut self, name: &str, items: &[Value]) {
        let Some((_, around, _)) = LISTS.iter().find(|(list, ..)| *list == name).filter(|_| !items.is_empty()) else {
            return;
        };
        if around.is_empty() {
            return self.items(name, items);
        }
        self.open(around, "");
        self.depth += 1;
        self.items(name, items);
        self.depth -= 1;
        self.close(around);
    }

    /// The items alone.
    pub(super) fn items(&mut self, name: &str, items: &[Value]) {
        let Some((_, _, item)) = LISTS.iter().find(|(list, ..)| *list == name) else { return };
        for value in items {
            match (value.as_str(), *item) {
                // A reference is an attribute where JSON has a string.
                (Some(reference), "dependency" | "assembly") => {
                    self.line();
                    let (prefix, reference) = (self.prefix, escape(&inert(reference)));
                    let _ = write!(self.text, "<{prefix}{item} ref=\"{reference}\"/>");
                }
                _ => self.element(item, value, ""),
            }
        }
    }

    /// A list, an object, or a text.
    fn child(&mut self, name: &str, value: &Value) {
        match value {
            Value::Array(items) => self.list(name, items),
            _ => self.element(name, value, ""),
        }
    }

    fn element(&mut self, name: &str, value: &Value, more: &str) {
        let shape = SHAPES.iter().find(|shape| shape.0 == name);
        let (Value::Object(object), Some(Shape(_, attributes, text, children))) = (value, shape) else {
            return self.leaf(name, more, value);
        };
        let mut head = more.to_owned();
        for attribute in *attributes {
            if let Some(value) = object.get(*attribute) {
                let _ = write!(head, " {attribute}=\"{}\"", scalar(value));
            }
        }
        if let Some(value) = object.get(*text) {
            return self.leaf(name, &head, value);
        }
        self.open(name, &head);
        self.depth += 1;
        for child in *children {
            if let Some(value) = object.get(*child) {
                self.child(child, value);
            }
        }
        self.depth -= 1;
        self.close(name);
    }

    fn leaf(&mut self, name: &str, head: &str, value: &Value) {
        self.open(name, head);
        self.text.push_str(&scalar(value));
        let _ = write!(self.text, "</{}{name}>", self.prefix);
    }

    pub(super) fn open(&mut self, name: &str, head: &str) {
        self.line();
        let _ = write!(self.text, "<{}{name}{head}>", self.prefix);
    }

    pub(super) fn close(&mut self, name: &str) {
        self.line();
        let _ = write!(self.text, "</{}{name}>", self.prefix);
    }

    fn line(&mut self) {
        self.text.push('\n');
        self.text.extend(std::iter::repeat_n("  ", self.depth));
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => escape(&inert(text)),
        other => other.to_string(),
    }
}
