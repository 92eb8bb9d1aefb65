//! JUnit's XML held against the Jenkins project's `junit-10.xsd`: elements, attributes, children and text as it asks.
use roxmltree::{Document, Node};
use serde_json::json;

use crate::repository;

/// What is wrong with this document; `tests/readback.py` has `xmllint` ask the same.
pub(crate) fn faults(text: &str) -> Vec<String> {
    let schema = std::fs::read_to_string(repository("fixtures/schemas/junit/junit-10.xsd")).unwrap();
    let schema = Document::parse(&schema).unwrap();
    let document = Document::parse(text).unwrap();
    document.descendants().filter(Node::is_element).flat_map(|node| of_element(&schema, node)).collect()
}

/// A part of the schema that is named.
fn named<'a>(schema: &'a Document<'a>, kind: &str, name: &str) -> Option<Node<'a, 'a>> {
    let mut parts = schema.root_element().children();
    parts.find(|part| part.tag_name().name() == kind && part.attribute("name") == Some(name))
}

fn of_element(schema: &Document<'_>, node: Node<'_, '_>) -> Vec<String> {
    let name = node.tag_name().name();
    let Some(declared) = named(schema, "element", name) else { return vec![format!("<{name}> is not declared")] };
    let all = |kind: &'static str| declared.descendants().filter(move |part| part.tag_name().name() == kind);
    let mut faults = Vec::new();
    for attribute in node.attributes() {
        match all("attribute").find(|known| known.attribute("name") == Some(attribute.name())) {
            None => faults.push(format!("<{name} {}> is not declared", attribute.name())),
            Some(known) if !is_of(schema, known.attribute("type").unwrap(), attribute.value()) => {
                faults.push(format!("<{name} {}=\"{}\">", attribute.name(), attribute.value()));
            }
            Some(_) => {}
        }
    }
    let required = all("attribute").filter(|known| known.attribute("use") == Some("required"));
    let missing = required.filter_map(|known| known.attribute("name")).filter(|known| node.attribute(*known).is_none());
    faults.extend(missing.map(|missing| format!("<{name}> without `{missing}`")));
    for child in node.children().filter(Node::is_element) {
        if !all("element").any(|known| known.attribute("ref") == Some(child.tag_name().name())) {
            faults.push(format!("<{}> in <{name}>", child.tag_name().name()));
        }
    }
    let is_text = declared.attribute("type") == Some("xs:string")
        || all("complexType").any(|one| one.attribute("mixed") == Some("true"));
    let has_text =
        node.children().any(|child| child.text().is_some_and(|text| child.is_text() && !text.trim().is_empty()));
    if has_text && !is_text {
        faults.push(format!("text in <{name}>"));
    }
    faults
}

/// Whether the value is of this type: any text, or one that keeps to a pattern.
fn is_of(schema: &Document<'_>, kind: &str, value: &str) -> bool {
    if kind == "xs:string" {
        return true;
    }
    let kind = named(schema, "simpleType", kind).unwrap();
    let pattern =
        kind.descendants().find(|part| part.tag_name().name() == "pattern").unwrap().attribute("value").unwrap();
    jsonschema::is_valid(&json!({ "pattern": format!("^(?:{pattern})$") }), &json!(value))
}

#[test]
fn the_schema_refuses_what_is_not_of_its_form() {
    let suite = |inside: &str| {
        faults(&format!(
            "<testsuites><testsuite name='n' tests='1' failures='0' errors='0' time='0'>{inside}</testsuite></testsuites>"
        ))
    };
    assert_eq!(
        suite("<testcase name='a' time='0'><failure type='t' message='m'>text</failure></testcase>"),
        Vec::<String>::new()
    );
    for wrong in [
        "<testcase/>",
        "<testcase name='a' odd=''/>",
        "<testcase name='a'><testcase name='b'/></testcase>",
        "<testcase name='a'>text</testcase>",
        "<testcase name='a'><verdict/></testcase>",
        "<testsuite name='n' tests='1' failures='0' errors='0' time='soon'/>",
    ] {
        assert_ne!(suite(wrong), Vec::<String>::new(), "{wrong}");
    }
}
