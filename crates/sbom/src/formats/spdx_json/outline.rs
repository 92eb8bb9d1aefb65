//! A first look at an SPDX document: whether it is one, where its object begins, and what relates its elements.
use std::borrow::Cow;

use crate::json::{Json, Kind, Read};
use crate::spdx::Graph;

/// What is known of a document before its packages are read.
#[derive(Debug, Default)]
pub(super) struct Outline {
    /// Keys around the document's own object: `sbom` in what GitHub exports, `Document` in what early tools wrote.
    pub(super) wrapper: Option<&'static str>,
    pub(super) graph: Graph,
    is_document: bool,
    relationships: Vec<usize>,
}

/// Reads the keys of the document's object and its relationships; `None` where it is no SPDX 2 document.
pub(super) fn look(json: &Json<'_>) -> Option<Outline> {
    let mut outline = Outline::default();
    // A document that breaks is judged by what stands before the break.
    let _ = keys(&mut json.clone(), &mut outline, true);
    if !outline.is_document {
        return None;
    }
    let places = std::mem::take(&mut outline.relationships);
    let graph = &mut outline.graph;
    for at in &places {
        let _ = edges(&mut json.again(*at), &mut |from, word, to| graph.note(from, word, to));
    }
    let again = if graph.is_scoped() { places.as_slice() } else { &[] };
    for at in again {
        let _ = edges(&mut json.again(*at), &mut |from, word, to| graph.settle(from, word, to));
    }
    Some(outline)
}

fn keys(json: &mut Json<'_>, outline: &mut Outline, outermost: bool) -> Read<()> {
    if json.kind()? != Kind::Object {
        return json.pass();
    }
    json.open()?;
    while let Some(key) = json.key()? {
        match &*key {
            "spdxVersion" | "specVersion" if !outermost || key == "spdxVersion" => {
                let version = json.scalar()?;
                outline.is_document |= version.is_none_or(|version| !version.trim_start().starts_with("SPDX-3"));
            }
            "SPDXID" | "spdxId" | "id" => {
                outline.is_document |= json.scalar()?.is_some_and(|id| id.ends_with("SPDXRef-DOCUMENT"));
            }
            "relationships" => {
                json.kind()?;
                outline.relationships.push(json.offset());
                json.pass()?;
            }
            "documentDescribes" if json.kind()? == Kind::Array => {
                json.open()?;
                while json.item()? {
                    outline.graph.subjects.extend(json.scalar()?.map(Cow::into_owned));
                }
            }
            "sbom" | "Document" if outermost && !outline.is_document => {
                keys(json, outline, false)?;
                if outline.is_document {
                    outline.wrapper = Some(if key == "sbom" { "sbom" } else { "Document" });
                }
            }
            _ => json.pass()?,
        }
    }
    Ok(())
}

fn edges(json: &mut Json<'_>, each: &mut dyn FnMut(&str, &str, &str)) -> Read<()> {
    if json.kind()? != Kind::Array {
        return Ok(());
    }
    json.open()?;
    while json.item()? {
        if json.kind()? != Kind::Object {
            json.skip()?;
            continue;
        }
        let (mut from, mut word, mut to) = (None, None, None);
        json.open()?;
        while let Some(key) = json.key()? {
            match &*key {
                "spdxElementId" => from = json.scalar()?,
                "relationshipType" => word = json.scalar()?,
                "relatedSpdxElement" => to = json.scalar()?,
                _ => json.skip()?,
            }
        }
        if let (Some(from), Some(word), Some(to)) = (from, word, to) {
            each(&from, &word, &to);
        }
    }
    Ok(())
}
