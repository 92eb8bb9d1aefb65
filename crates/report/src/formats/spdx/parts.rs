//! The elements of an SPDX document that say what was found.
use interdict_model::{Finding, Product, Relation, Report};
use serde_json::{Map, Value, json};

use crate::bom::purl;
use crate::inert::brief;
use crate::said::{self, WIDE};
use crate::view::View;
use crate::words;

pub(super) const DOCUMENT: &str = "SPDXRef-DOCUMENT";

/// What our annotations are known by.
pub(super) const OURS: (&str, &str) = ("annotator", "Tool: interdict-");

pub(super) fn tool(report: &Report) -> String {
    format!("Tool: {}-{}", brief(&report.tool.name, WIDE), brief(&report.tool.version, WIDE))
}

pub(super) fn annotation(report: &Report, kind: &str, comment: &str) -> Value {
    json!({ "annotationDate": report.as_of, "annotationType": kind, "annotator": tool(report), "comment": comment })
}

pub(super) fn related(from: &str, kind: &str, to: &str, comment: Option<String>) -> Value {
    let mut relation = json!({ "spdxElementId": from, "relationshipType": kind, "relatedSpdxElement": to });
    if let (Some(comment), Some(relation)) = (comment, relation.as_object_mut()) {
        relation.insert("comment".into(), json!(comment));
    }
    relation
}

pub(super) fn product(id: &str, product: &Product) -> Value {
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

pub(super) fn package(view: &View<'_>, id: &str, finding: &Finding) -> Value {
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
            "{} {} Fingerprint {}.",
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
    set("annotations", json!(notes(view, finding)));
    Value::Object(package)
}

/// What shows it, what the law says of it, and who set it aside.
pub(super) fn notes(view: &View<'_>, finding: &Finding) -> Vec<Value> {
    let mut notes = Vec::new();
    notes.extend(said::proof(finding).map(|proof| annotation(view.report, "OTHER", &proof)));
    notes.extend(
        view.verdicts(finding).iter().map(|verdict| annotation(view.report, "REVIEW", &said::verdict(view, verdict))),
    );
    notes.extend(view.waiver(finding).map(|waiver| annotation(view.report, "REVIEW", &said::waiver(waiver))));
    notes
}

/// The relationship in which a product stands to what was found in it.
pub(super) fn holds(finding: &Finding) -> &'static str {
    if finding.relation == Relation::Links { "DEPENDS_ON" } else { "CONTAINS" }
}

/// What was not examined.
pub(super) fn gaps(report: &Report) -> Vec<Value> {
    let note = |gap: &interdict_model::Gap| {
        annotation(report, "OTHER", &format!("{}: {}", brief(gap.on.as_str(), WIDE * 2), said::gap(gap)))
    };
    report.gaps.iter().map(note).collect()
}
