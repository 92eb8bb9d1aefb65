//! An SPDX 2 document in XML or YAML as the JSON form of the same: the names are equal, the types are not told.
use granit_parser::{Event, Parser};
use roxmltree::{Document, Node, ParsingOptions};
use serde_json::{Map, Value, json};

use crate::left::Left;

const DEEPEST: usize = 60;

/// Members that are lists in JSON, flags, and numbers; everything else is a text or an object.
const LISTS: &[&str] = &[
    "annotations",
    "creators",
    "externalDocumentRefs",
    "hasExtractedLicensingInfos",
    "crossRefs",
    "seeAlsos",
    "revieweds",
    "documentDescribes",
    "packages",
    "attributionTexts",
    "checksums",
    "externalRefs",
    "hasFiles",
    "licenseInfoFromFiles",
    "packageVerificationCodeExcludedFiles",
    "files",
    "artifactOfs",
    "fileContributors",
    "fileDependencies",
    "fileTypes",
    "licenseInfoInFiles",
    "snippets",
    "licenseInfoInSnippets",
    "ranges",
    "relationships",
];
const FLAGS: &[&str] = &["filesAnalyzed", "isLive", "isValid", "isWayBackLink"];
const NUMBERS: &[&str] = &["offset", "lineNumber", "order"];

/// XML of the root `Document`.
pub(super) fn xml(text: &str) -> Result<(Value, Left), String> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: 20_000_000, ..ParsingOptions::default() };
    let document =
        Document::parse_with_options(text, options).map_err(|fault| format!("it is not well formed ({fault})"))?;
    let mut left = Left::default();
    let value = element(document.root_element(), &mut left, 0)?;
    Ok((value, left))
}

fn element(node: Node<'_, '_>, left: &mut Left, depth: usize) -> Result<Value, String> {
    if depth > DEEPEST {
        return Err("it is nested too deeply to be carried over".to_owned());
    }
    for attribute in node.attributes() {
        left.add(attribute.name());
    }
    left_comments(node, left);
    if !node.children().any(|child| child.is_element()) {
        let text: String = node.children().filter(Node::is_text).filter_map(|child| child.text()).collect();
        return Ok(typed(node.tag_name().name(), json!(text)));
    }
    let mut object = Map::new();
    for child in node.children().filter(Node::is_element) {
        let name = child.tag_name().name();
        let value = element(child, left, depth + 1)?;
        if LISTS.contains(&name) {
            let list = object.entry(name).or_insert_with(|| json!([]));
            list.as_array_mut().into_iter().for_each(|list| list.push(value.clone()));
        } else if object.insert(name.to_owned(), value).is_some() {
            left.add(&format!("{name} once more"));
        }
    }
    Ok(Value::Object(object))
}

fn left_comments(node: Node<'_, '_>, left: &mut Left) {
    for _ in node.children().filter(Node::is_comment) {
        left.add("comments");
    }
}

/// YAML, without aliases.
pub(super) fn yaml(text: &str) -> Result<(Value, Left), String> {
    let mut parser = Parser::new_from_str(text);
    // Lists and objects that are open: the value so far, and the key that waits.
    let mut open: Vec<(Value, Option<String>)> = Vec::new();
    let mut left = Left::default();
    let mut root = None;
    while let Some(next) = parser.next_event() {
        let (event, _) = next.map_err(|fault| format!("it is not well formed ({fault})"))?;
        let value = match event {
            Event::SequenceStart(..) | Event::MappingStart(..) if open.len() > DEEPEST => {
                return Err("it is nested too deeply to be carried over".to_owned());
            }
            Event::SequenceStart(..) => {
                open.push((json!([]), None));
                continue;
            }
            Event::MappingStart(..) => {
                open.push((json!({}), None));
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => open.pop().map_or(Value::Null, |(value, _)| value),
            Event::Scalar(text, ..) => {
                if let Some((Value::Object(_), key @ None)) = open.last_mut() {
                    *key = Some(text.into_owned());
                    continue;
                }
                json!(text)
            }
            Event::Alias(..) => return Err("it uses aliases".to_owned()),
            _ => continue,
        };
        match open.last_mut() {
            Some((Value::Array(list), _)) => list.push(value),
            Some((Value::Object(object), key)) => {
                let name = key.take().unwrap_or_default();
                let mut value = typed(&name, value);
                if LISTS.contains(&name.as_str()) && !value.is_array() {
                    value = json!([value]);
                }
                if object.contains_key(&name) {
                    left.add(&format!("{name} once more"));
                } else {
                    object.insert(name, value);
                }
            }
            _ if root.is_none() => root = Some(value),
            _ => left.add("documents behind the first"),
        }
    }
    let root = root.ok_or_else(|| "it is empty".to_owned())?;
    let inner = root.get("Document").filter(|inner| inner.is_object()).cloned();
    Ok((inner.unwrap_or(root), left))
}

/// The value as JSON tells a member of this name.
fn typed(name: &str, value: Value) -> Value {
    let Some(text) = value.as_str().map(str::trim) else { return value };
    match text {
        "true" | "false" if FLAGS.contains(&name) => json!(text == "true"),
        // Edition 2.2 spells it with the other line.
        _ if name == "referenceCategory" => json!(text.replace('_', "-")),
        _ if NUMBERS.contains(&name) => text.parse::<u64>().map_or_else(|_| value.clone(), |number| json!(number)),
        _ => value,
    }
}
