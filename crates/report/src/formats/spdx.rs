//! SPDX 2.3 JSON: the input's own document with what was found added, or a new one of what was found.
mod carried;
mod parts;
mod rdf;
mod tags;
mod three;
mod trees;
mod upon;

use std::collections::BTreeMap;
use std::io;

use interdict_model::{Digest, Finding, Product, Relation, Report};
use serde_json::{Value, json};

use self::carried::Carried;
use self::parts::{DOCUMENT, gaps, holds, package, product, related, tool};
use super::{Bill, Writer};
use crate::bom::Ask;
use crate::inert::brief;
use crate::inert_json;
use crate::said::{self, WIDE};
use crate::view::View;

pub(super) const ENTRY: Writer = Writer {
    id: "spdx",
    title: "SPDX 2.3 JSON: the input's SPDX document kept, what was found added with annotations",
    extension: "spdx.json",
    write: |report, _, out| write(report, &Ask::default(), out),
    bill: Some(Bill { upon: FORMATS, editions: &["2.3"], write }),
};

/// The encoding that is written upon, and those that are carried over into it.
const FORMATS: &[&str] = &["spdx-json", "spdx-tag-value", "spdx-yaml", "spdx-xml", "spdx-rdf", "spdx3-json"];

fn write(report: &Report, ask: &Ask<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let view = View::of(report);
    let why = match Carried::of(report, ask) {
        Ok(carried) => match upon::Document::of(&carried, &view) {
            Ok(document) => return document.write(out),
            Err(why) => why,
        },
        Err(why) => why,
    };
    alone(&view, &why, out)
}

/// What was found in each product, and what holds it.
struct Found {
    packages: Vec<Value>,
    relationships: Vec<Value>,
}

impl Found {
    /// New ids begin with the stem; what was found in the product of `own` is held by the element that stands for it.
    fn of<'a>(
        view: &View<'_>,
        findings: impl Iterator<Item = &'a Finding>,
        stem: &str,
        own: Option<(&str, &str)>,
    ) -> Self {
        let mut found = Self { packages: Vec::new(), relationships: Vec::new() };
        let mut products: BTreeMap<&Product, String> = BTreeMap::new();
        for (at, finding) in findings.enumerate() {
            let next = products.len();
            let holder = products.entry(&finding.product).or_insert_with(|| {
                if let Some((_, id)) = own.filter(|(known_from, _)| *known_from == finding.product.known_from) {
                    return id.to_owned();
                }
                let id = format!("SPDXRef-{stem}Product-{next}");
                found.packages.push(product(&id, &finding.product));
                found.relationships.push(related(DOCUMENT, "DESCRIBES", &id, None));
                id
            });
            let id = format!("SPDXRef-{stem}Finding-{at}");
            found.packages.push(package(view, &id, finding));
            found.relationships.push(related(holder, holds(finding), &id, Some(said::finding(finding))));
        }
        found
    }
}

/// The findings that are parts of a product: a connector or a name is none.
fn parts_of(report: &Report) -> impl Iterator<Item = &Finding> {
    report.findings.iter().filter(|finding| finding.relation < Relation::Connects)
}

/// Unique to what is said, as a namespace must be.
fn namespace(report: &Report, kind: &str) -> io::Result<String> {
    let mut canonical = Vec::new();
    inert_json::compact(report, &mut canonical)?;
    Ok(format!("urn:interdict:{kind}:{}", Digest::of(&canonical).hex()))
}

fn alone(view: &View<'_>, why: &str, out: &mut dyn io::Write) -> io::Result<()> {
    let report = view.report;
    let mut found = Found::of(view, parts_of(report), "", None);
    if found.packages.is_empty() {
        let subject = report.inputs.first().map_or("delivery", |input| input.locator.name());
        let nothing =
            Product { name: subject.to_owned(), known_from: "the input's name".to_owned(), ..Product::default() };
        found.packages.push(product("SPDXRef-Product-0", &nothing));
        found.relationships.push(related(DOCUMENT, "DESCRIBES", "SPDXRef-Product-0", None));
    }
    let comment =
        format!("{}. Only what was found is listed; no SPDX document of the input is kept: {why}.", said::counts(view));
    let document = json!({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": DOCUMENT,
        "name": brief(&said::outcome(view), WIDE),
        "documentNamespace": namespace(report, "spdx")?,
        "creationInfo": { "created": report.as_of, "creators": [tool(report)] },
        "comment": comment,
        "packages": found.packages,
        "relationships": found.relationships,
        "annotations": gaps(report),
    });
    inert_json::pretty(&document, out)
}
