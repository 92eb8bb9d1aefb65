//! The input's SPDX 2 document as JSON, carried over where it came in another encoding.
use std::borrow::Cow;

use interdict_model::{Input, Report};
use serde_json::{Value, json};

use super::{FORMATS, tags, trees};
use crate::bom::Ask;

/// A list of the document and a place in it.
pub(super) type Element = (&'static str, usize);

/// On which line each element begins, in their order; of a form that is told by lines.
pub(super) type Places = Vec<(u32, Element)>;

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
        let (input, text) = ask.text(report, FORMATS)?;
        let own = input.format.as_ref().map(ToString::to_string).unwrap_or_default();
        let (mut value, places, left) = match own.as_str() {
            "spdx-json" => return Ok(Self { input, text: text.into(), places: Vec::new(), remark: None }),
            "spdx-tag-value" => tags::carried(text)?,
            "spdx-xml" => trees::xml(text).map(|(value, left)| (value, Vec::new(), left))?,
            "spdx-yaml" => trees::yaml(text).map(|(value, left)| (value, Vec::new(), left))?,
            _ => return Err(format!("it is {own}, which is not carried over into SPDX 2.3 JSON")),
        };
        reviews(&mut value);
        let left = left.told();
        let left = if left.is_empty() { left } else { format!("; left out, as JSON has no form for it: {left}") };
        let remark = format!("It was carried over from {own}{left}.");
        Ok(Self { input, text: value.to_string().into(), places, remark: Some(remark) })
    }

    /// The element that this line is in.
    pub(super) fn element(&self, line: u32) -> Option<Element> {
        let behind = self.places.partition_point(|(first, _)| *first <= line);
        self.places.get(behind.checked_sub(1)?).map(|(_, element)| *element)
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
