//! A BOM in JSON, or a part of one, as the XML encoding writes it.
use std::fmt::Write as _;
use std::io;

use serde_json::Value;

use super::edit::{Members, items, members};
use super::shapes::{Kind, Line, Place, Shape, list, shape};
use crate::inert::inert;
use crate::left::Left;

/// What a namespace ends in.
pub(super) const NAMESPACE: &str = "http://cyclonedx.org/schema/bom/";

/// Nesting of JSON that is followed.
const DEEPEST: usize = 200;

/// A whole document of one edition, of our own words.
pub(super) fn document(bom: &Value, edition: &str, out: &mut dyn io::Write) -> io::Result<()> {
    let mut xml = Markup::new("", 0);
    xml.element("bom", &bom.to_string(), &Kind::Shape("bom"), &namespace(edition));
    out.write_all(xml.whole().as_bytes())
}

/// A document in JSON as XML of the same edition, and what XML has no form for.
pub(super) fn carried(text: &str, edition: &str) -> Result<(String, Left), String> {
    let mut xml = Markup::new("", 0);
    xml.is_own = false;
    xml.element("bom", text, &Kind::Shape("bom"), &namespace(edition));
    match xml.fault.take() {
        Some(fault) => Err(fault),
        None => Ok((xml.whole(), xml.left)),
    }
}

fn namespace(edition: &str) -> String {
    format!(" xmlns=\"{NAMESPACE}{edition}\"")
}

/// Markup that grows, each element on lines of its own, with the prefix that its document uses.
pub(super) struct Markup<'a> {
    prefix: &'a str,
    depth: usize,
    pub(super) text: String,
    /// Whether every string is ours, and what cannot be shown in it is spelt out.
    is_own: bool,
    left: Left,
    fault: Option<String>,
}

impl<'a> Markup<'a> {
    pub(super) fn new(prefix: &'a str, depth: usize) -> Self {
        Self { prefix, depth, text: String::new(), is_own: true, left: Left::default(), fault: None }
    }

    fn whole(&self) -> String {
        format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{}\n", self.text.trim_start())
    }

    /// A list as its JSON name calls it, with the element around it where there is one.
    pub(super) fn list(&mut self, name: &str, items: &[Value]) {
        if !items.is_empty() {
            self.member(list(name), &Value::from(items).to_string());
        }
    }

    /// The items alone.
    pub(super) fn items(&mut self, name: &str, items: &[Value]) {
        for item in items {
            self.item(list(name), &item.to_string());
        }
    }

    /// A member's value, whichever of its lines it is.
    fn member(&mut self, lines: &[Line], raw: &str) {
        let fits = |line: &&Line| line.is_list() == raw.starts_with('[');
        let Some(first) = lines.iter().find(fits).or_else(|| lines.iter().find(|line| line.is_list())) else {
            return self.left.add(lines.first().map_or("", |line| line.json));
        };
        if raw == "null" {
            return;
        }
        if !first.is_list() {
            return self.item(lines, raw);
        }
        // A value alone where a list is meant is its first item.
        let all = if raw.starts_with('[') { items(raw) } else { serde_json::from_str(raw).map(|raw| vec![raw]) };
        let Ok(all) = all else { return self.broken() };
        // Where one alternative takes every item, it does: some cannot stand beside another.
        let takes_all = |line: &&Line| line.is_list() && all.iter().all(|raw| strange(&line.kind, raw.get()) == 0);
        let alike = if lines.len() == 1 { None } else { lines.iter().find(takes_all) };
        let lines = alike.map_or(lines, std::slice::from_ref);
        let around = matches!(first.place, Place::List(_)).then_some(first.xml);
        if let Some(around) = around {
            self.open(around, "");
            self.depth += 1;
        }
        for raw in all {
            self.item(lines, raw.get());
        }
        if let Some(around) = around {
            self.depth -= 1;
            self.close(around);
        }
    }

    /// One value by the alternative that knows the most of it.
    fn item(&mut self, lines: &[Line], raw: &str) {
        let best = match lines {
            [only] => Some(only),
            _ => lines.iter().min_by_key(|line| strange(&line.kind, raw)),
        };
        let Some(line) = best else { return };
        match line.place {
            Place::List(item) => self.element(item, raw, &line.kind, ""),
            Place::Inside(inner) | Place::EachInside(inner) => {
                self.open(line.xml, "");
                self.depth += 1;
                self.element(inner, raw, &line.kind, "");
                self.depth -= 1;
                self.close(line.xml);
            }
            _ => self.element(line.xml, raw, &line.kind, ""),
        }
    }

    fn element(&mut self, name: &str, raw: &str, kind: &Kind, head: &str) {
        if self.depth > DEEPEST {
            self.fault = Some("it is nested too deeply to be carried over".to_owned());
            return;
        }
        match kind {
            Kind::Shape(kind) if raw.starts_with('{') => match members(raw) {
                Ok(members) => self.object(name, &members, shape(kind), head),
                Err(_) => self.broken(),
            },
            Kind::Under(member, kind) => match members(raw) {
                Ok(object) => {
                    for (other, _) in object.0.iter().filter(|(other, _)| other != member) {
                        self.left.add(other);
                    }
                    if let Some(raw) = object.get(member) {
                        self.element(name, raw, kind, head);
                    }
                }
                Err(_) => self.left.add(name),
            },
            Kind::Reference => {
                if let Some(text) = self.scalar(raw, name, true) {
                    self.line();
                    let _ = write!(self.text, "<{}{name} ref=\"{text}\"/>", self.prefix);
                }
            }
            // What should be an object and is not keeps its text.
            Kind::Text | Kind::Token | Kind::Number | Kind::Flag | Kind::Shape(_) => {
                if let Some(text) = self.scalar(raw, name, false) {
                    self.leaf(name, head, &text);
                }
            }
        }
    }

    fn object(&mut self, name: &str, object: &Members<'_>, shape: &Shape, head: &str) {
        if let Some(twice) = object.twice() {
            self.fault = Some(format!("`{}` stands twice in one object", crate::inert::brief(twice, 40)));
        }
        self.part(name, object, shape, head);
        let quiet = ["$schema", "bomFormat", "specVersion"];
        for (member, _) in object.0.iter().filter(|(member, _)| !shape.knows(member)) {
            if name != "bom" || !quiet.contains(&member.as_str()) {
                self.left.add(member);
            }
        }
    }

    /// The element of an object, or of a part of one.
    fn part(&mut self, name: &str, object: &Members<'_>, shape: &Shape, head: &str) {
        let mut head = head.to_owned();
        let mut text = None;
        for line in &shape.0 {
            let (true, Some(raw)) = (matches!(line.place, Place::Attribute | Place::Text), object.get(line.json))
            else {
                continue;
            };
            let Some(scalar) = self.scalar(raw, line.json, line.place == Place::Attribute) else { continue };
            if line.place == Place::Attribute {
                let _ = write!(head, " {}=\"{scalar}\"", line.xml);
            } else {
                text = Some(scalar);
            }
        }
        if let Some(text) = text {
            return self.leaf(name, &head, &text);
        }
        if shape.0.iter().any(|line| line.place == Place::Text) {
            return self.leaf(name, &head, "");
        }
        self.open(name, &head);
        self.depth += 1;
        for lines in shape.members() {
            let Some(first) = lines.first() else { continue };
            match (first.place, &first.kind) {
                (Place::Attribute | Place::Text, _) => {}
                (Place::Own, Kind::Shape(own)) => {
                    if object.0.iter().any(|(member, _)| self::shape(own).knows(member)) {
                        self.part(first.xml, object, self::shape(own), "");
                    }
                }
                _ => {
                    if let Some(raw) = object.get(first.json) {
                        self.member(lines, raw);
                    }
                }
            }
        }
        self.depth -= 1;
        self.close(name);
    }

    /// A string, number or flag as text; nothing of what is none.
    fn scalar(&mut self, raw: &str, name: &str, is_attribute: bool) -> Option<String> {
        if raw == "null" {
            return None;
        }
        let text = match raw.as_bytes().first() {
            Some(b'{' | b'[') => None,
            Some(b'"') => serde_json::from_str::<String>(raw).ok(),
            _ => Some(raw.to_owned()),
        };
        let Some(text) = text else {
            self.left.add(name);
            return None;
        };
        if self.is_own {
            return Some(crate::markup::escape(&inert(&text)));
        }
        if !text.chars().all(super::inert_xml::is_allowed) {
            self.left.add("characters that XML forbids");
        }
        Some(spelt(&text, is_attribute))
    }

    fn broken(&mut self) {
        self.fault = Some("it is not well formed".to_owned());
    }

    fn leaf(&mut self, name: &str, head: &str, text: &str) {
        self.open(name, head);
        let _ = write!(self.text, "{text}</{}{name}>", self.prefix);
    }

    pub(super) fn open(&mut self, name: &str, head: &str) {
        self.line();
        let _ = write!(self.text, "<{}{name}{head}>", self.prefix);
    }

    pub(super) fn close(&mut self, name: &str) {
        if self.text.ends_with('>') && !self.text.ends_with("/>") && self.has_just_opened(name) {
            let _ = write!(self.text, "</{}{name}>", self.prefix);
            return;
        }
        self.line();
        let _ = write!(self.text, "</{}{name}>", self.prefix);
    }

    /// Whether the last thing written is the start tag of this element.
    fn has_just_opened(&self, name: &str) -> bool {
        let tag = self.text.rfind('<').and_then(|at| self.text.get(at + 1..)).unwrap_or_default();
        let own = tag.strip_prefix(self.prefix).and_then(|tag| tag.strip_prefix(name));
        own.is_some_and(|rest| rest.starts_with([' ', '>']))
    }

    fn line(&mut self) {
        self.text.push('\n');
        self.text.extend(std::iter::repeat_n("  ", self.depth.min(40)));
    }
}

/// How much of a value this kind has no place for.
fn strange(kind: &Kind, raw: &str) -> usize {
    const OTHER: usize = 1_000;
    let is_object = raw.starts_with('{');
    let unknown = |known: &dyn Fn(&str) -> bool| {
        members(raw).map_or(OTHER, |object| object.0.iter().filter(|(member, _)| !known(member)).count())
    };
    match kind {
        Kind::Shape(name) if is_object => unknown(&|member| shape(name).knows(member)),
        Kind::Under(own, _) if is_object => {
            let has = members(raw).is_ok_and(|object| object.get(own).is_some());
            if has { unknown(&|member| member == *own) } else { OTHER }
        }
        Kind::Shape(_) | Kind::Under(..) => OTHER,
        Kind::Text | Kind::Token | Kind::Number | Kind::Flag | Kind::Reference => usize::from(is_object) * OTHER,
    }
}

/// Text that a reader gives back to the character: what it would turn into a space or leave out is a reference.
fn spelt(text: &str, is_attribute: bool) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let end = text.trim_end().len();
    let is_edge = |at: usize| at == 0 || at >= end;
    for (at, character) in text.char_indices() {
        match character {
            _ if !super::inert_xml::is_allowed(character) => out.push('\u{fffd}'),
            '&' | '<' | '>' | '"' | '\'' | '\r' | '\t' => {
                let _ = write!(out, "&#{};", u32::from(character));
            }
            '\n' | ' ' if (is_attribute && character == '\n') || is_edge(at) => {
                let _ = write!(out, "&#{};", u32::from(character));
            }
            _ => out.push(character),
        }
    }
    out
}
