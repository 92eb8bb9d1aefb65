//! A BOM in XML as the JSON encoding writes it.
use std::collections::BTreeSet;

use roxmltree::{Document, Node, ParsingOptions};
use serde_json::Value;

use super::markup::NAMESPACE;
use super::shapes::{Kind, Line, Place, Shape, shape};
use crate::left::Left;

/// Nesting of elements that is followed.
const DEEPEST: usize = 200;

/// Elements, texts and attributes of one document that are held.
const NODES: u32 = 20_000_000;

/// A document in XML as JSON of the same edition, and what JSON has no form for.
pub(super) fn carried(text: &str) -> Result<(String, Left), String> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|fault| match fault {
        roxmltree::Error::DtdDetected => "it has a document type".to_owned(),
        fault => format!("it is not well formed ({fault})"),
    })?;
    let root = document.root_element();
    let namespace = root.tag_name().namespace().unwrap_or_default();
    let (Some(edition), "bom") = (namespace.strip_prefix(NAMESPACE), root.tag_name().name()) else {
        return Err("its root is no BOM".to_owned());
    };
    let mut objects = Objects { namespace, left: Left::default(), out: String::new(), fault: None };
    objects.out.push_str("{\"$schema\":");
    objects.string(&format!("http://cyclonedx.org/schema/bom-{edition}.schema.json"));
    objects.out.push_str(",\"bomFormat\":\"CycloneDX\",\"specVersion\":");
    objects.string(edition);
    objects.members(root, shape("bom"), true, 0);
    objects.out.push('}');
    match objects.fault {
        Some(fault) => Err(fault),
        None => Ok((objects.out, objects.left)),
    }
}

struct Objects<'a> {
    namespace: &'a str,
    left: Left,
    out: String,
    fault: Option<String>,
}

impl Objects<'_> {
    /// The members of an object that is this element; whether a comma is due before the next.
    fn members(&mut self, node: Node<'_, '_>, shape: &'static Shape, mut comma: bool, depth: usize) -> bool {
        if depth > DEEPEST {
            self.fault = Some("it is nested too deeply to be carried over".to_owned());
            return comma;
        }
        let mut taken = BTreeSet::new();
        for attribute in node.attributes() {
            let is_known = attribute.namespace().is_none()
                && shape.0.iter().any(|line| line.place == Place::Attribute && line.xml == attribute.name());
            if !is_known && attribute.name() != "schemaLocation" {
                self.left.add(attribute.name());
            }
        }
        for lines in shape.members() {
            let Some(first) = lines.first() else { continue };
            match first.place {
                Place::Attribute => {
                    if let Some(value) = node.attribute(first.xml) {
                        self.name(first.json, &mut comma);
                        self.scalar(value, &first.kind);
                    }
                }
                Place::Text => {
                    self.name(first.json, &mut comma);
                    self.scalar(&text(node), &first.kind);
                }
                Place::Own => {
                    let child = node.children().find(|child| self.is_ours(*child, first.xml));
                    if let (Some(child), Kind::Shape(own)) = (child, &first.kind) {
                        taken.insert(child.id().get());
                        comma = self.members(child, self::shape(own), comma, depth + 1);
                    }
                }
                _ => self.member(node, lines, &mut comma, &mut taken, depth),
            }
        }
        for child in node.children().filter(|child| !taken.contains(&child.id().get())) {
            if child.is_element() {
                self.left.add(child.tag_name().name());
            } else if child.is_comment() {
                self.left.add("comments");
            } else if child.is_pi() {
                self.left.add("processing instructions");
            }
        }
        comma
    }

    /// The children of this element that are one member.
    fn member(
        &mut self,
        node: Node<'_, '_>,
        lines: &'static [Line],
        comma: &mut bool,
        taken: &mut BTreeSet<u32>,
        depth: usize,
    ) {
        let Some(name) = lines.first().map(|line| line.json) else { return };
        let found = |line: &Line| node.children().filter(|child| self.is_ours(*child, line.xml)).collect::<Vec<_>>();
        // Around items stands one element, as around an object: what is in it tells which of the two it is.
        let holds = |line: &&&Line| match line.place {
            Place::List(item) => found(line).iter().any(|around| {
                self.children(*around, item).next().is_some() || around.children().all(|child| !child.is_element())
            }),
            Place::Inside(inner) => found(line).iter().any(|around| self.children(*around, inner).next().is_some()),
            _ => !found(line).is_empty(),
        };
        let Some(line) = lines.iter().find(|line| holds(&line)) else { return };
        let elements = found(line);
        taken.extend(elements.iter().map(|element| element.id().get()));
        self.name(name, comma);
        match line.place {
            Place::List(_) => {
                self.out.push('[');
                let mut comma = false;
                for item in elements.iter().flat_map(Node::children) {
                    let is_item = |line: &&Line| matches!(line.place, Place::List(name) if self.is_ours(item, name));
                    if let Some(line) = lines.iter().find(is_item) {
                        self.comma(&mut comma);
                        self.value(item, &line.kind, depth + 1);
                    } else if item.is_element() {
                        self.left.add(item.tag_name().name());
                    } else if item.is_comment() {
                        self.left.add("comments");
                    }
                }
                self.out.push(']');
            }
            Place::Each | Place::EachInside(_) => {
                self.out.push('[');
                let mut comma = false;
                for element in elements {
                    self.comma(&mut comma);
                    self.one(element, lines, depth);
                }
                self.out.push(']');
            }
            _ => {
                let mut elements = elements.into_iter();
                if let Some(element) = elements.next() {
                    self.one(element, lines, depth);
                }
                for _ in elements {
                    self.left.add(name);
                }
            }
        }
    }

    /// One element, by the line that tells what it is.
    fn one(&mut self, element: Node<'_, '_>, lines: &'static [Line], depth: usize) {
        for line in lines {
            if let Place::Inside(inner) | Place::EachInside(inner) = line.place
                && let Some(child) = element.children().find(|child| self.is_ours(*child, inner))
            {
                return self.value(child, &line.kind, depth + 1);
            }
        }
        let is_simple = !element.children().any(|child| child.is_element());
        let is_meant = |line: &&Line| lines.len() == 1 || is_simple != matches!(line.kind, Kind::Shape(_));
        let direct = lines.iter().filter(|line| matches!(line.place, Place::Child | Place::Each));
        match direct.clone().find(is_meant).or(direct.clone().next()) {
            Some(line) => self.value(element, &line.kind, depth + 1),
            None => self.out.push_str("{}"),
        }
    }

    fn value(&mut self, node: Node<'_, '_>, kind: &'static Kind, depth: usize) {
        match kind {
            Kind::Shape(name) => {
                self.out.push('{');
                self.members(node, shape(name), false, depth);
                self.out.push('}');
            }
            Kind::Under(member, inside) => {
                self.out.push('{');
                self.name(member, &mut false);
                self.value(node, inside, depth);
                self.out.push('}');
            }
            Kind::Reference => self.string(node.attribute("ref").unwrap_or_default()),
            Kind::Text | Kind::Token | Kind::Number | Kind::Flag => {
                for child in node.children().filter(Node::is_element) {
                    self.left.add(child.tag_name().name());
                }
                self.scalar(&text(node), kind);
            }
        }
    }

    /// A number or flag as one where it is one, to the digit; else the text.
    fn scalar(&mut self, text: &str, kind: &Kind) {
        let bare = text.trim();
        match kind {
            Kind::Flag if ["true", "1"].contains(&bare) => self.out.push_str("true"),
            Kind::Flag if ["false", "0"].contains(&bare) => self.out.push_str("false"),
            Kind::Number => match number(bare) {
                Some(number) => self.out.push_str(&number),
                None => self.string(text),
            },
            Kind::Token => self.string(&bare.split_ascii_whitespace().collect::<Vec<_>>().join(" ")),
            _ => self.string(text),
        }
    }

    fn string(&mut self, text: &str) {
        self.out.push_str(&Value::from(text).to_string());
    }

    fn name(&mut self, name: &str, comma: &mut bool) {
        self.comma(comma);
        self.string(name);
        self.out.push(':');
    }

    fn comma(&mut self, comma: &mut bool) {
        if std::mem::replace(comma, true) {
            self.out.push(',');
        }
    }

    fn children<'n, 'i>(
        &self,
        node: Node<'n, 'i>,
        name: &'static str,
    ) -> impl Iterator<Item = Node<'n, 'i>> + use<'_, 'n, 'i> {
        node.children().filter(move |child| self.is_ours(*child, name))
    }

    fn is_ours(&self, node: Node<'_, '_>, name: &str) -> bool {
        node.is_element() && node.tag_name().name() == name && node.tag_name().namespace() == Some(self.namespace)
    }
}

/// An element's text, whatever stands between its parts.
fn text(node: Node<'_, '_>) -> String {
    node.children().filter(Node::is_text).filter_map(|child| child.text()).collect()
}

/// A decimal of XML Schema as JSON spells one.
fn number(text: &str) -> Option<String> {
    if serde_json::from_str::<serde_json::Number>(text).is_ok() {
        return Some(text.to_owned());
    }
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(part) || (whole.is_empty() && part.is_empty()) {
        return None;
    }
    let whole = whole.trim_start_matches('0');
    let point = if part.is_empty() { "" } else { "." };
    Some(format!("{sign}{}{point}{part}", if whole.is_empty() { "0" } else { whole }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_numbers() {
        for (text, want) in [
            ("0.50", Some("0.50")),
            ("+5", Some("5")),
            (".5", Some("0.5")),
            ("-007.", Some("-7")),
            ("00", Some("0")),
            ("12345678901234567890123", Some("12345678901234567890123")),
            ("", None),
            (".", None),
            ("1,5", None),
            ("INF", None),
        ] {
            assert_eq!(number(text).as_deref(), want, "{text}");
        }
    }
}
