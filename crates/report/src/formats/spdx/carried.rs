//! The input's SPDX 2 document as JSON, carried over where it came in another encoding.
use std::borrow::Cow;
use std::collections::BTreeMap;

use interdict_model::{Input, Report};
use serde_json::{Value, json};

use super::{FORMATS, rdf, tags, three, trees};
use crate::bom::{self, Ask};

/// The lists whose elements carry annotations.
pub(super) const LISTS: [&str; 3] = ["packages", "files", "snippets"];

/// A list of the document and a place in it.
pub(super) type Element = (&'static str, usize);

/// Which element stands where in the input.
#[derive(Debug)]
pub(super) enum Places {
    /// Where it stands in the JSON.
    Same,
    /// From each of these lines on, in their order; nowhere is none.
    Lines(Vec<(u32, Option<Element>)>),
    /// At and within these pointers.
    Pointers(BTreeMap<String, Element>),
}

/// A document in JSON, and what is to be said of how it came to be.
pub(super) struct Carried<'a> {
    pub(super) input: &'a Input,
    pub(super) text: Cow<'a, str>,
    pub(super) places: Places,
    pub(super) remark: Option<String>,
}

impl<'a> Carried<'a> {
    /// The input's document; says why it cannot be had.
    pub(super) fn of(report: &'a Report, ask: &Ask<'a>) -> Result<Self, String> {
        let (input, bytes) = ask.bytes(report, FORMATS)?;
        let text = bom::text(bytes)?;
        let own = input.format.as_ref().map(ToString::to_string).unwrap_or_default();
        let (mut value, places, left) = match own.as_str() {
            "spdx-json" => return Ok(Self { input, text: text.into(), places: Places::Same, remark: None }),
            "spdx-tag-value" => tags::carried(text)?,
            "spdx-xml" => trees::xml(text).map(|(value, left)| (value, Places::Same, left))?,
            "spdx-yaml" => trees::yaml(text).map(|(value, left)| (value, Places::Same, left))?,
            "spdx-rdf" => rdf::carried(text)?,
            "spdx3-json" => three::carried(text)?,
            _ => return Err(format!("it is {own}, which is not carried over into SPDX 2.3 JSON")),
        };
        reviews(&mut value);
        let left = left.told();
        let left = if left.is_empty() { left } else { format!("; left out, as JSON has no form for it: {left}") };
        let remark = format!("It was carried over from {own}{left}.");
        Ok(Self { input, text: value.to_string().into(), places, remark: Some(remark) })
    }

    /// The element that a place of the input is in.
    pub(super) fn element(&self, pointer: &str) -> Option<Element> {
        match &self.places {
            Places::Same => {
                let mut steps = pointer.strip_prefix('/')?.split('/');
                let (list, index) = (steps.next()?, steps.next()?.parse().ok()?);
                LISTS.into_iter().find(|known| *known == list).map(|list| (list, index))
            }
            Places::Lines(lines) => {
                let line = pointer.strip_prefix("line ")?.parse::<u32>().ok()?;
                let behind = lines.partition_point(|(first, _)| *first <= line);
                lines.get(behind.checked_sub(1)?)?.1
            }
            Places::Pointers(known) => {
                let mut at = pointer;
                loop {
                    if let Some(element) = known.get(at) {
                        return Some(*element);
                    }
                    at = at.rsplit_once('/')?.0;
                }
            }
        }
    }
}

/// Reviews, which the format gave up, are annotations of the document.
fn reviews(document: &mut Value) {
    let Some(root) = document.as_object_mut() else { return };
    let Some(Value::Array(reviews)) = root.remove("revieweds") else { return };
    let said = reviews.into_iter().map(|review| {
        let text = |name: &str| review.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        json!({
            "annotationDate": text("reviewDate"),
            "annotationType": "REVIEW",
            "annotator": text("reviewer"),
            "comment": text("comment"),
        })
    });
    let said: Vec<Value> = said.collect();
    let list = root.entry("annotations").or_insert_with(|| json!([]));
    list.as_array_mut().into_iter().for_each(|list| list.extend(said.clone()));
}
