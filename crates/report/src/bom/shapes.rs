//! How the two encodings say the same: the table `data/cyclonedx.shapes`, read once.
#[cfg(test)]
mod schemas;

use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Where a member stands in XML.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Attribute,
    /// The element's text.
    Text,
    Child,
    /// A child for each item.
    Each,
    /// A child with a child for each item.
    List(&'static str),
    /// A child around the one that tells what it is.
    Inside(&'static str),
    /// A child for each item, each around the one that tells what it is.
    EachInside(&'static str),
    /// A child whose members are the object's own.
    Own,
}

/// What a member is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    /// A string of which XML Schema says that its white space is layout.
    Token,
    Number,
    Flag,
    /// A string that is an attribute, `ref`.
    Reference,
    /// An object with this one member.
    Under(&'static str, Box<Kind>),
    Shape(&'static str),
}

/// One member of an object.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) json: &'static str,
    /// The attribute or the child.
    pub(super) xml: &'static str,
    pub(super) place: Place,
    pub(super) kind: Kind,
}

impl Line {
    pub(super) const fn is_list(&self) -> bool {
        matches!(self.place, Place::Each | Place::List(_) | Place::EachInside(_))
    }
}

/// An element, and the object that it is: its members in the schema's order.
#[derive(Debug, Default)]
pub(super) struct Shape(pub(super) Vec<Line>);

impl Shape {
    /// Each member's lines: more than one are alternatives.
    pub(super) fn members(&self) -> impl Iterator<Item = &[Line]> {
        self.0.chunk_by(|one, next| one.json == next.json)
    }

    pub(super) fn knows(&self, member: &str) -> bool {
        self.0.iter().any(|line| match (line.place, &line.kind) {
            (Place::Own, Kind::Shape(name)) => shape(name).knows(member),
            _ => line.json == member,
        })
    }
}

static TABLE: LazyLock<BTreeMap<&str, Shape>> = LazyLock::new(|| {
    let mut shapes: BTreeMap<&str, Shape> = BTreeMap::new();
    let mut name = "";
    for text in include_str!("../../data/cyclonedx.shapes").lines().filter(|line| !line.starts_with('#')) {
        if let Some(next) = text.strip_prefix('[').and_then(|text| text.strip_suffix(']')) {
            name = next;
            shapes.entry(name).or_default();
        } else if let [json, xml, kind] = text.split_whitespace().collect::<Vec<_>>()[..] {
            shapes.entry(name).or_default().0.push(line(json, xml, kind));
        }
    }
    shapes
});

fn line(json: &'static str, xml: &'static str, word: &'static str) -> Line {
    let (place, xml) = match xml.split_at_checked(1) {
        _ if json == "+" => (Place::Own, xml),
        Some(("@", name)) => (Place::Attribute, name),
        Some((".", _)) => (Place::Text, ""),
        Some(("*", name)) => match name.split_once('>') {
            Some((around, inner)) => (Place::EachInside(inner), around),
            None => (Place::Each, name),
        },
        _ => match (xml.split_once('/'), xml.split_once('>')) {
            (Some((around, item)), _) => (Place::List(item), around),
            (_, Some((around, inner))) => (Place::Inside(inner), around),
            (None, None) => (Place::Child, xml),
        },
    };
    Line { json, xml, place, kind: kind(word) }
}

fn kind(word: &'static str) -> Kind {
    match (word, word.split_once(':')) {
        (_, Some((member, inside))) => Kind::Under(member, Box::new(kind(inside))),
        ("string", _) => Kind::Text,
        ("token", _) => Kind::Token,
        ("integer" | "number", _) => Kind::Number,
        ("boolean", _) => Kind::Flag,
        ("ref", _) => Kind::Reference,
        (name, _) => Kind::Shape(name),
    }
}

/// The shape of this name.
pub(super) fn shape(name: &str) -> &'static Shape {
    static NONE: Shape = Shape(Vec::new());
    TABLE.get(name).unwrap_or(&NONE)
}

/// The first list of this name in any shape: what is added to a BOM stands in the lists that its root, a component or its evidence has.
pub(super) fn list(name: &str) -> &'static [Line] {
    let homes = ["bom", "component", "componentEvidence", "dependency"];
    let found = homes.iter().flat_map(|home| shape(home).members());
    let mut found = found.filter(|lines| lines.first().is_some_and(|line| line.json == name && line.is_list()));
    found.next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_table_has_a_meaning() {
        fn named(kind: &Kind) -> Option<&str> {
            match kind {
                Kind::Shape(name) => Some(name),
                Kind::Under(_, inside) => named(inside),
                _ => None,
            }
        }
        let lines = || TABLE.values().flat_map(|shape| &shape.0);
        let missing: Vec<_> =
            lines().filter_map(|line| named(&line.kind)).filter(|name| !TABLE.contains_key(name)).collect();
        assert_eq!(missing, Vec::<&str>::new());
        assert!(TABLE.len() > 100 && lines().count() > 600 && TABLE.values().all(|shape| !shape.0.is_empty()));
        let written = include_str!("../../data/cyclonedx.shapes").lines();
        let written = written.filter(|line| !line.is_empty() && !line.starts_with(['#', '['])).count();
        assert_eq!(lines().count(), written);
    }

    #[test]
    fn places_are_read() {
        let place = |name: &str, member: &str| {
            let line = shape(name).0.iter().find(|line| line.json == member).unwrap();
            (line.place, line.xml)
        };
        assert_eq!(place("component", "bom-ref"), (Place::Attribute, "bom-ref"));
        assert_eq!(place("hash", "content"), (Place::Text, ""));
        assert_eq!(place("component", "hashes"), (Place::List("hash"), "hashes"));
        assert_eq!(place("dependency", "dependsOn"), (Place::Each, "dependency"));
        assert_eq!(place("patent", "patentAssignee"), (Place::EachInside("individual"), "patentAssignee"));
        assert_eq!(place("patentAssertion", "asserter"), (Place::Inside("ref"), "asserter"));
        assert!(shape("dataflow").knows("flow") && !shape("dataflow").knows("+x"));
    }
}
