//! The table against the official schemas of both encodings: nothing that they have is missing in it.
use std::collections::BTreeSet;
use std::path::Path;

use roxmltree::{Document, Node};
use serde_json::Value;

use super::*;

/// What the schemas have and the table has not: JSON's frame and its signatures, one member without an element, one element without a member.
const ASIDE: &[(&str, &str)] = &[
    ("", "signature"),
    ("bom", "$schema"),
    ("bom", "bomFormat"),
    ("bom", "specVersion"),
    ("protocolProperties", "relatedCryptographicAssets"),
    ("callstack", "tools"),
    // The old list of tools is told from the object before its shape is asked.
    ("tools", "tool"),
];

#[expect(clippy::disallowed_methods, reason = "a test reads schemas")]
fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path)).unwrap()
}

fn is_aside(shape: &str, name: &str) -> bool {
    ASIDE.iter().any(|(home, aside)| (home.is_empty() || *home == shape) && *aside == name)
}

/// The properties of a part of the schema, whichever of its alternatives they are in.
fn properties<'s>(root: &'s Value, part: &'s Value, found: &mut Vec<(&'s str, &'s Value)>) {
    if let Some(path) = part["$ref"].as_str().and_then(|path| path.strip_prefix('#')) {
        return properties(root, root.pointer(path).unwrap(), found);
    }
    let own = part["properties"].as_object().into_iter().flatten();
    found.extend(own.map(|(name, value)| (name.as_str(), value)));
    for inside in ["oneOf", "anyOf", "allOf"].iter().filter_map(|word| part[*word].as_array()).flatten() {
        properties(root, inside, found);
    }
    if part["items"].is_object() {
        properties(root, &part["items"], found);
    }
}

fn missing_members(
    root: &Value,
    part: &Value,
    lines: &[Line],
    seen: &mut BTreeSet<String>,
    missing: &mut BTreeSet<String>,
) {
    let mut found = Vec::new();
    properties(root, part, &mut found);
    for (name, value) in found {
        let named = |kind: &Kind| if let Kind::Shape(name) = kind { Some(*name) } else { None };
        let knows = |line: &Line| match &line.kind {
            Kind::Shape(own) => shape(own).knows(name),
            Kind::Under(member, _) => *member == name,
            _ => false,
        };
        let homes: Vec<&str> = lines.iter().filter_map(|line| named(&line.kind)).collect();
        if !lines.iter().any(knows) && !homes.iter().any(|home| is_aside(home, name)) && !homes.is_empty() {
            missing.insert(format!("{homes:?} {name}"));
        }
        for line in lines {
            if let Kind::Under(member, inside) = &line.kind
                && *member == name
                && let Kind::Shape(_) = **inside
                && seen.insert(format!("{inside:?}"))
            {
                let line = Line { json: line.json, xml: line.xml, place: line.place, kind: (**inside).clone() };
                missing_members(root, value, &[line], seen, missing);
            }
        }
        for home in homes {
            for lines in shape(home).members().filter(|lines| lines[0].json == name) {
                if seen.insert(format!("{home} {name}")) {
                    missing_members(root, value, lines, seen, missing);
                }
            }
        }
    }
}

#[test]
fn no_member_of_the_json_schemas_is_missing() {
    for edition in ["1.6", "1.7"] {
        let schema: Value =
            serde_json::from_str(&read(&format!("crates/sbom/schemas/cyclonedx/bom-{edition}.SNAPSHOT.schema.json")))
                .unwrap();
        let root = Line { json: "", xml: "bom", place: Place::Child, kind: Kind::Shape("bom") };
        let (mut seen, mut missing) = (BTreeSet::new(), BTreeSet::new());
        missing_members(&schema, &schema, &[root], &mut seen, &mut missing);
        assert_eq!(missing, BTreeSet::new(), "{edition}");
        assert!(seen.len() > 400, "{}", seen.len());
    }
}

/// The elements and attributes of a complex type, in order, with the types that it extends and the groups it names.
fn parts<'d>(root: Node<'d, 'd>, part: Node<'d, 'd>, found: &mut Vec<Node<'d, 'd>>) {
    for child in part.children().filter(Node::is_element) {
        let named = |attribute: &str| {
            let name = child.attribute(attribute)?.strip_prefix("bom:")?;
            root.children().find(|node| node.attribute("name") == Some(name))
        };
        match child.tag_name().name() {
            "element" | "attribute" => found.push(child),
            "extension" => {
                if let Some(base) = named("base") {
                    parts(root, base, found);
                }
                parts(root, child, found);
            }
            "attributeGroup" | "group" => parts(root, named("ref").unwrap(), found),
            _ => parts(root, child, found),
        }
    }
}

/// The type of an element, where it has parts of its own.
fn complex<'d>(root: Node<'d, 'd>, element: Node<'d, 'd>) -> Option<Node<'d, 'd>> {
    let name = element.attribute("type").and_then(|name| name.strip_prefix("bom:"));
    let named = name.and_then(|name| root.children().find(|node| node.attribute("name") == Some(name)));
    named
        .or_else(|| element.children().find(Node::is_element))
        .filter(|node| node.has_tag_name((XS, "complexType")))
        .or_else(|| element.children().find(|node| node.has_tag_name((XS, "complexType"))))
}

const XS: &str = "http://www.w3.org/2001/XMLSchema";

fn missing_elements(
    root: Node<'_, '_>,
    part: Node<'_, '_>,
    home: &str,
    seen: &mut BTreeSet<String>,
    missing: &mut BTreeSet<String>,
) {
    let mut found = Vec::new();
    parts(root, part, &mut found);
    let mut last = 0;
    for part in found {
        let Some(name) = part.attribute("name") else { continue };
        let lines: Vec<(usize, &Line)> =
            shape(home).0.iter().enumerate().filter(|(_, line)| line.xml == name).collect();
        let Some((at, _)) = lines.first() else {
            if !is_aside(home, name) {
                missing.insert(format!("{home} {name}"));
            }
            continue;
        };
        // Children stand in the order of the schema; an alternative may stand again.
        if part.tag_name().name() == "element" && seen.insert(format!("{home} {name}")) {
            if *at < last {
                missing.insert(format!("{home} {name} stands too early"));
            }
            last = *at;
            let Some(inside) = complex(root, part) else { continue };
            for (_, line) in lines {
                let mut items = Vec::new();
                parts(root, inside, &mut items);
                let (part, kind) = match line.place {
                    Place::List(item) | Place::Inside(item) | Place::EachInside(item) => {
                        // Of what came with 1.7 the former edition knows nothing.
                        let found = items.iter().find(|node| node.attribute("name") == Some(item));
                        let Some(item) = found else { continue };
                        (complex(root, *item), &line.kind)
                    }
                    _ => (Some(inside), &line.kind),
                };
                let kind = if let Kind::Under(_, inside) = kind { inside } else { kind };
                if let (Some(part), Kind::Shape(kind)) = (part, kind) {
                    missing_elements(root, part, kind, seen, missing);
                }
            }
        }
    }
}

#[test]
fn no_element_of_the_xml_schemas_is_missing_nor_out_of_order() {
    for edition in ["1.6", "1.7"] {
        let text = read(&format!("crates/sbom/schemas/cyclonedx/bom-{edition}.SNAPSHOT.xsd"));
        let schema = Document::parse(&text).unwrap();
        let root = schema.root_element();
        let bom =
            root.children().find(|node| node.has_tag_name((XS, "element")) && node.attribute("name") == Some("bom"));
        let (mut seen, mut missing) = (BTreeSet::new(), BTreeSet::new());
        missing_elements(root, complex(root, bom.unwrap()).unwrap(), "bom", &mut seen, &mut missing);
        assert_eq!(missing, BTreeSet::new(), "{edition}");
        assert!(seen.len() > 400, "{}", seen.len());
    }
}
