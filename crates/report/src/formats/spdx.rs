//! SPDX 2.3 JSON: the found components as packages, what the law says of them as annotations.
use std::collections::BTreeMap;
use std::io;

use interdict_model::{Digest, Finding, Product, Relation, Report};
use serde_json::{Map, Value, json};

use super::{Look, Writer};
use crate::bom::purl;
use crate::inert::brief;
use crate::inert_json;
use crate::said::{self, WIDE};
use crate::view::View;
use crate::words;

pub(super) const ENTRY: Writer = Writer {
    id: "spdx",
    title: "SPDX 2.3 JSON: what was found, with annotations",
    extension: "spdx.json",
    write,
    bill: None,
};

const DOCUMENT: &str = "SPDXRef-DOCUMENT";

fn write(report: &Report, _: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let view = View::of(report);
    let mut packages = Vec::new();
    let mut relationships = Vec::new();
    let mut products: BTreeMap<&Product, String> = BTreeMap::new();
    let found = report.findings.iter().filter(|finding| finding.relation < Relation::Connects);
    for (at, finding) in found.enumerate() {
        let next = products.len();
        let holder = products.entry(&finding.product).or_insert_with(|| {
            let id = format!("SPDXRef-Product-{next}");
            packages.push(product(&id, &finding.product));
            relationships.push(related(DOCUMENT, "DESCRIBES", &id, None));
            id
        });
        let id = format!("SPDXRef-Finding-{at}");
        packages.push(package(&view, &id, finding));
        let kind = if finding.relation == Relation::Links { "DEPENDS_ON" } else { "CONTAINS" };
        relationships.push(related(holder, kind, &id, Some(said::finding(finding))));
    }
    if packages.is_empty() {
        let subject = report.inputs.first().map_or("delivery", |input| input.locator.name());
        let nothing =
            Product { name: subject.to_owned(), known_from: "the input's name".to_owned(), ..Product::default() };
        packages.push(product("SPDXRef-Product-0", &nothing));
        relationships.push(related(DOCUMENT, "DESCRIBES", "SPDXRef-Product-0", None));
    }
    let mut canonical = Vec::new();
    inert_json::compact(report, &mut canonical)?;
    let document = json!({
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": DOCUMENT,
        "name": brief(&said::outcome(&view), WIDE),
        "documentNamespace": format!("urn:interdict:spdx:{}", Digest::of(&canonical).hex()),
        "creationInfo": { "created": report.as_of, "creators": [tool(report)] },
        "comment": format!("{}. Only what was found is listed.", said::counts(&view)),
        "packages": packages,
        "relationships": relationships,
        "annotations": gaps(report),
    });
    inert_json::pretty(&document, out)
}

fn tool(report: &Report) -> String {
    format!("Tool: {}-{}", brief(&report.tool.name, WIDE), brief(&report.tool.version, WIDE))
}

fn annotation(report: &Report, kind: &str, comment: &str) -> Value {
    json!({ "annotationDate": report.as_of, "annotationType": kind, "annotator": tool(report), "comment": comment })
}

fn related(from: &str, kind: &str, to: &str, comment: Option<String>) -> Value {
    let mut relation = json!({ "spdxElementId": from, "relationshipType": kind, "relatedSpdxElement": to });
    if let (Some(comment), Some(relation)) = (comment, relation.as_object_mut()) {
        relation.insert("comment".into(), json!(comment));
    }
    relation
}

fn product(id: &str, product: &Product) -> Value {
    let mut package = json!({
        "SPDXID": id,
        "name": brief(if product.name.is_empty() { "(unnamed product)" } else { &product.name }, WIDE),
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": false,
        "primaryPackagePurpose": "APPLICATION",
        "sourceInfo": format!("known from {}", brief(&product.known_from, WIDE)),
    });
    if let Some(package) = package.as_object_mut() {
        if let Some(version) = &product.version {
            package.insert("versionInfo".into(), json!(brief(version, WIDE)));
        }
        if let Some(supplier) = &product.supplier {
            package.insert("supplier".into(), json!(format!("Organization: {}", brief(supplier, WIDE))));
        }
    }
    package
}

fn package(view: &View<'_>, id: &str, finding: &Finding) -> Value {
    let mut package = Map::new();
    let mut set = |key: &str, value: Value| package.insert(key.to_owned(), value);
    set("SPDXID", json!(id));
    set("name", json!(brief(&finding.title, WIDE)));
    set("downloadLocation", json!("NOASSERTION"));
    set("filesAnalyzed", json!(false));
    set("primaryPackagePurpose", json!("LIBRARY"));
    set("sourceInfo", json!(format!("found at {}", brief(finding.on.as_str(), WIDE * 5))));
    set(
        "comment",
        json!(format!(
            "{} {}. Fingerprint {}.",
            brief(&finding.id.0, WIDE),
            words::witness_means(finding),
            brief(&finding.fingerprint.0, WIDE)
        )),
    );
    if let Some(entity) = view.entity(finding) {
        set("originator", json!(format!("Organization: {}", brief(entity.made_by.as_str(), WIDE))));
    }
    if let Some(digest) = finding.digest.as_ref().filter(|_| finding.on.fragment().is_none()) {
        set("checksums", json!([{ "algorithm": "SHA256", "checksumValue": digest.hex() }]));
    }
    if let Some(purl) = purl(finding) {
        let reference =
            json!({ "referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": purl });
        set("externalRefs", json!([reference]));
    }
    let mut notes = Vec::new();
    notes.extend(said::proof(finding).map(|proof| annotation(view.report, "OTHER", &proof)));
    notes.extend(
        view.verdicts(finding).iter().map(|verdict| annotation(view.report, "REVIEW", &said::verdict(view, verdict))),
    );
    notes.extend(view.waiver(finding).map(|waiver| annotation(view.report, "REVIEW", &said::waiver(waiver))));
    set("annotations", json!(notes));
    Value::Object(package)
}

fn gaps(report: &Report) -> Vec<Value> {
    let note = |gap: &interdict_model::Gap| {
        annotation(report, "OTHER", &format!("{}: {}", brief(gap.on.as_str(), WIDE * 2), said::gap(gap)))
    };
    report.gaps.iter().map(note).collect()
}
