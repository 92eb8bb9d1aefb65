//! The input's BOM in XML with what was found added: elements that nobody here knows stay as they are.
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::ops::Range;

use serde_json::Value;

use super::carried::Carried;
use super::found::{OURS, property};
use super::inert_xml::{Inert, is_allowed};
use super::layout::{Element, Layout, tag_of};
use super::markup::{Markup, NAMESPACE};
use super::original::Ask;
use super::plan::{self, Annotation, Plan};
use super::tree::{Spot, Standing};
use crate::view::View;

/// The schema's order of children, from the first one behind which something new may have to stand.
const ROOT: &[&str] = &[
    "metadata",
    "components",
    "services",
    "externalReferences",
    "dependencies",
    "compositions",
    "properties",
    "vulnerabilities",
    "annotations",
    "formulation",
    "declarations",
    "definitions",
    "citations",
];
const METADATA: &[&str] = &["licenses", "properties", "distributionConstraints"];
const COMPONENT: &[&str] = &[
    "externalReferences",
    "properties",
    "components",
    "evidence",
    "releaseNotes",
    "modelCard",
    "data",
    "cryptoProperties",
    "tags",
];
const SERVICE: &[&str] = &["externalReferences", "properties", "services", "releaseNotes", "tags"];
const EVIDENCE: &[&str] = &["identity", "occurrences", "callstack", "licenses", "copyright"];

/// Markup for an element: the element's order, the name whose place in that is meant, the text.
type Insert = (&'static [&'static str], &'static str, String);

/// A BOM and what takes the place of its parts.
#[derive(Debug)]
pub(super) struct Document<'a> {
    text: &'a str,
    layout: Layout,
    changes: Vec<(Range<usize>, String)>,
    /// What is written into an element, by its steps.
    inserts: BTreeMap<String, Vec<Insert>>,
}

impl<'a> Document<'a> {
    /// Reads it; says why it cannot be written upon.
    pub(super) fn of(carried: &'a Carried<'_>, view: &View<'_>, ask: &Ask<'_>) -> Result<Self, String> {
        let (input, text) = (carried.input, carried.text.as_ref());
        if !text.chars().all(is_allowed) {
            return Err("it holds characters that XML forbids".to_owned());
        }
        let spots = plan::spots(view, &input.locator);
        let mut wanted: BTreeSet<&Spot> = spots.iter().flat_map(|(_, spots)| spots).collect();
        let subject = Spot::subject();
        wanted.insert(&subject);
        let layout = Layout::of(text, &wanted)?;
        let edition = super::edition(&layout.edition, ask.edition)?;
        let mut standing = Standing::new();
        for spot in wanted {
            if let Some(element) = layout.elements.get(&spot.0.join("/")) {
                let reference = attribute(text, &element.open, "bom-ref").filter(|reference| !reference.is_empty());
                standing.insert(spot.clone(), reference);
            }
        }
        let mut plan = Plan::of(view, input, &spots, &standing, &plan::stem(text)?);
        plan.remarks.extend(carried.remarks.iter().cloned());
        let mut document = Self { text, layout, changes: Vec::new(), inserts: BTreeMap::new() };
        document.unsign(&mut plan);
        document.renumber(edition);
        document.depend(standing.get(&subject).and_then(Option::as_deref), &plan.held);
        document.fill(plan);
        document.settle();
        Ok(document)
    }

    pub(super) fn write(&self, out: &mut dyn io::Write) -> io::Result<()> {
        let mut inert = Inert::new(out);
        let mut from = 0;
        for (range, text) in &self.changes {
            inert.raw(self.text.get(from..range.start).unwrap_or_default())?;
            inert.raw(text)?;
            from = range.end;
        }
        inert.raw(self.text.get(from..).unwrap_or_default().trim_end())?;
        inert.raw("\n")?;
        inert.end()
    }

    /// An enveloped signature does not hold for a document that was written to.
    fn unsign(&mut self, plan: &mut Plan) {
        let Some(root) = self.layout.elements.get("") else { return };
        let is_signature = |range: &Range<usize>| {
            let tag = self.text.get(range.clone()).unwrap_or_default();
            let name = tag.trim_start_matches('<').split(|c: char| !c.is_alphanumeric() && c != ':').next();
            name.is_some_and(|name| name.rsplit(':').next() == Some("Signature"))
        };
        let foreign = root.children.iter().filter(|(local, _)| local.is_none());
        let signatures: Vec<_> = foreign.map(|(_, range)| range.clone()).filter(is_signature).collect();
        if !signatures.is_empty() {
            plan.remarks.push(property("signature", "left out: it was made for the document as it was"));
            self.changes.extend(signatures.into_iter().map(|range| (range, String::new())));
        }
    }

    /// The edition's namespace everywhere, and the number of a changed BOM.
    fn renumber(&mut self, edition: &str) {
        let (old, new) = (format!("{NAMESPACE}{}", self.layout.edition), format!("{NAMESPACE}{edition}"));
        let root = self.layout.elements.get("").map(|root| root.open.start);
        for range in &self.layout.namespaces {
            let tag = self.text.get(range.clone()).unwrap_or_default();
            let mut tag = ["\"", "'"].iter().fold(tag.to_owned(), |tag, quote| {
                tag.replace(&format!("{quote}{old}{quote}"), &format!("{quote}{new}{quote}"))
            });
            if Some(range.start) == root {
                tag = renumbered(&tag);
            }
            self.changes.push((range.clone(), tag));
        }
    }

    /// Where the document has a graph, what is new is in it; where the subject says what it needs, it says this too.
    fn depend(&mut self, subject: Option<&str>, held: &[String]) {
        let Some(graph) = self.layout.elements.get("dependencies").filter(|_| !held.is_empty()) else { return };
        let depth = depth_of("dependencies");
        let references: Vec<Value> = held.iter().map(|reference| Value::from(reference.as_str())).collect();
        let is_subject = |range: &Range<usize>| {
            let end = self.text.get(range.clone()).and_then(tag_end).unwrap_or(0);
            attribute(self.text, &(range.start..range.start + end), "ref").as_deref() == subject
        };
        let entry = graph
            .children
            .iter()
            .find(|(local, range)| subject.is_some() && local.as_deref() == Some("dependency") && is_subject(range));
        if let Some((_, range)) = entry {
            let mut inside = Markup::new(&self.layout.prefix, depth + 1);
            inside.items("dependsOn", &references);
            let entry = self.text.get(range.clone()).unwrap_or_default();
            let prefix = &self.layout.prefix;
            if entry.ends_with("/>") && tag_end(entry) == Some(entry.len()) {
                let text = format!(">{}\n{:2$}</{prefix}dependency>", inside.text, "", depth * 2);
                self.changes.push((range.end - 2..range.end, text));
            } else {
                // What the subject provides stands behind what it needs.
                let at = entry.find(&format!("<{prefix}provides")).or_else(|| entry.rfind("</")).unwrap_or(0);
                self.changes.push((range.start + at..range.start + at, format!("{}\n", inside.text)));
            }
        }
        let mut entries = Markup::new(&self.layout.prefix, depth);
        entries.items("dependsOn", &references);
        self.insert("dependencies", &[], "", entries.text);
    }

    fn fill(&mut self, plan: Plan) {
        for (spot, annotation) in plan.annotations {
            self.annotate(&spot, &annotation);
        }
        if self.layout.elements.contains_key("metadata") {
            self.renew("metadata", METADATA, &plan.remarks);
        } else {
            let prefix = self.layout.prefix.clone();
            let mut metadata = Markup::new(&prefix, 1);
            metadata.open("metadata", "");
            let mut inside = Markup::new(&prefix, 2);
            inside.list("properties", &plan.remarks);
            metadata.text.push_str(&inside.text);
            metadata.close("metadata");
            self.insert("", ROOT, "metadata", metadata.text);
        }
        self.append("", ROOT, "components", &plan.components);
        self.append("", ROOT, "vulnerabilities", &plan.vulnerabilities);
    }

    fn annotate(&mut self, spot: &Spot, annotation: &Annotation) {
        let path = spot.0.join("/");
        let Some(element) = self.layout.elements.get(&path) else { return };
        if let Some(reference) = &annotation.reference {
            let at = element.open.end - if element.is_empty { 2 } else { 1 };
            self.changes.push((at..at, format!(" bom-ref=\"{}\"", crate::markup::escape(reference))));
        }
        self.renew(&path, if spot.is_service() { SERVICE } else { COMPONENT }, &annotation.remarks);
        if spot.is_service() {
            return;
        }
        let evidence = format!("{path}/evidence");
        if self.layout.elements.contains_key(&evidence) {
            let mut identity = Markup::new(&self.layout.prefix, depth_of(&evidence));
            identity.list("identity", &annotation.identity);
            let text = identity.text;
            self.insert(&evidence, EVIDENCE, "identity", text);
            self.append(&evidence, EVIDENCE, "occurrences", &annotation.occurrences);
        } else {
            let prefix = self.layout.prefix.clone();
            let mut whole = Markup::new(&prefix, depth_of(&path));
            whole.open("evidence", "");
            let mut inside = Markup::new(&prefix, depth_of(&evidence));
            inside.list("identity", &annotation.identity);
            inside.list("occurrences", &annotation.occurrences);
            whole.text.push_str(&inside.text);
            whole.close("evidence");
            self.insert(&path, COMPONENT, "evidence", whole.text);
        }
    }

    /// Our remarks in the place of those that an earlier run left.
    fn renew(&mut self, path: &str, order: &'static [&'static str], remarks: &[Value]) {
        let known = if path.is_empty() { "properties".to_owned() } else { format!("{path}/properties") };
        if let Some(properties) = self.layout.elements.get(&known) {
            let is_ours = |range: &Range<usize>| {
                let end = self.text.get(range.clone()).and_then(tag_end).unwrap_or(0);
                attribute(self.text, &(range.start..range.start + end), "name")
                    .is_some_and(|name| name.starts_with(OURS))
            };
            let own: Vec<_> = properties.children.iter().map(|(_, range)| range.clone()).filter(is_ours).collect();
            self.changes.extend(own.into_iter().map(|range| (bare(self.text, range.start)..range.end, String::new())));
        }
        self.append(path, order, "properties", remarks);
    }

    /// Items at the end of a list, which comes to be in its place where there is none.
    fn append(&mut self, path: &str, order: &'static [&'static str], list: &'static str, items: &[Value]) {
        if items.is_empty() {
            return;
        }
        let known = if path.is_empty() { list.to_owned() } else { format!("{path}/{list}") };
        let depth = depth_of(path);
        if self.layout.elements.contains_key(&known) {
            let mut markup = Markup::new(&self.layout.prefix, depth + 1);
            markup.items(list, items);
            let text = markup.text;
            self.insert(&known, &[], "", text);
        } else {
            let mut markup = Markup::new(&self.layout.prefix, depth);
            markup.list(list, items);
            let text = markup.text;
            self.insert(path, order, list, text);
        }
    }

    fn insert(&mut self, path: &str, order: &'static [&'static str], name: &'static str, text: String) {
        if !text.is_empty() {
            self.inserts.entry(path.to_owned()).or_default().push((order, name, text));
        }
    }

    /// Turns what is inserted into changes, and puts all of them in the order of the text.
    fn settle(&mut self) {
        for (path, mut inserts) in std::mem::take(&mut self.inserts) {
            let Some(element) = self.layout.elements.get(&path) else { continue };
            inserts.sort_by_key(|(order, name, _)| order.iter().position(|known| known == name));
            if element.is_empty {
                let tag = self.text.get(element.open.clone()).unwrap_or_default();
                let name =
                    tag.trim_start_matches('<').split(['/', ' ', '\t', '\r', '\n', '>']).next().unwrap_or_default();
                let inside: String = inserts.into_iter().map(|(.., text)| text).collect();
                let range = element.open.end - 2..element.open.end;
                self.changes.push((range, format!(">{inside}\n</{name}>")));
                continue;
            }
            for (order, name, text) in inserts {
                // Before the white space that indents what follows.
                let at = bare(self.text, place(element, order, name));
                self.changes.push((at..at, text));
            }
        }
        self.changes.sort_by_key(|(range, _)| (range.start, range.end));
        // What stands in a part that is replaced is gone with it.
        let mut end = 0;
        self.changes.retain(|(range, _)| {
            let is_in_order = range.start >= end;
            end = end.max(range.end);
            is_in_order
        });
    }
}

/// Before the first child that the schema puts behind this one, or one of another namespace.
fn place(element: &Element, order: &[&str], name: &str) -> usize {
    let rank = |name: &str| order.iter().position(|known| *known == name);
    let Some(own) = rank(name) else { return element.close };
    let is_behind = |local: &Option<String>| local.as_deref().is_none_or(|local| rank(local) > Some(own));
    element.children.iter().find(|(local, _)| is_behind(local)).map_or(element.close, |(_, range)| range.start)
}

/// Where the white space before this place begins.
fn bare(text: &str, at: usize) -> usize {
    text.get(..at).map_or(at, |before| before.trim_end_matches([' ', '\t', '\r', '\n']).len())
}

/// How deep the children of the element at these steps are indented, the root's once.
fn depth_of(path: &str) -> usize {
    if path.is_empty() { 1 } else { (path.matches('/').count() + 2).min(40) }
}

fn attribute(text: &str, tag: &Range<usize>, name: &str) -> Option<String> {
    let (_, attributes) = tag_of(text.get(tag.clone())?).ok()?;
    attributes.into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
}

/// Where the tag at the beginning of the text ends.
fn tag_end(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

/// The root's tag with the next number: the same BOM, changed.
fn renumbered(tag: &str) -> String {
    let Ok((name, attributes)) = tag_of(tag) else { return tag.to_owned() };
    match attributes.iter().find(|(key, _)| key == "version") {
        None => {
            let at = name.len() + 1;
            format!("{} version=\"2\"{}", tag.get(..at).unwrap_or_default(), tag.get(at..).unwrap_or_default())
        }
        Some((_, version)) => {
            let Some(next) = version.trim().parse::<u64>().ok().and_then(|version| version.checked_add(1)) else {
                return tag.to_owned();
            };
            let replaced = |quote: char| {
                let old = format!(" version={quote}{version}{quote}");
                tag.contains(&old).then(|| tag.replacen(&old, &format!(" version={quote}{next}{quote}"), 1))
            };
            replaced('"').or_else(|| replaced('\'')).unwrap_or_else(|| tag.to_owned())
        }
    }
}
