//! CycloneDX 1.6 JSON: the found components with their evidence, as a BOM to merge with or hold against the supplier's.
mod component;

pub(super) use component::purl;

use std::io;

use interdict_model::{Digest, Finding, Product, Relation, Report};
use serde_json::{Value, json};

use super::{Look, Writer};
use crate::inert::brief;
use crate::inert_json;
use crate::said::{self, WIDE};
use crate::uri;
use crate::view::{View, Weight, product_name};

pub(super) const ENTRY: Writer = Writer {
    id: "cyclonedx",
    title: "CycloneDX 1.6 JSON: what was found, with evidence",
    extension: "cdx.json",
    write,
};

const SUBJECT: &str = "subject";

fn write(report: &Report, _: &Look, out: &mut dyn io::Write) -> io::Result<()> {
    let view = View::of(report);
    let products = products(&view);
    let names: Vec<String> = (0..products.len()).map(|at| format!("product-{at}")).collect();
    let components: Vec<Value> = products
        .iter()
        .zip(&names)
        .map(|((product, findings), name)| assembly(&view, name, product, findings))
        .collect();
    let mut dependencies = vec![json!({ "ref": SUBJECT, "dependsOn": names })];
    for ((_, findings), name) in products.iter().zip(&names) {
        let inside: Vec<&str> = findings.iter().map(|finding| finding.id.0.as_str()).collect();
        dependencies.push(json!({ "ref": name, "dependsOn": inside }));
    }
    let waived: Vec<Value> = view
        .findings(Weight::Waived)
        .filter(|finding| is_component(finding))
        .map(|finding| analysis(&view, finding))
        .collect();
    let bom = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": serial(report)?,
        "version": 1,
        "metadata": metadata(&view),
        "components": components,
        "dependencies": dependencies,
        // Only what was found is listed, so this is never all there is.
        "compositions": [{ "aggregate": "incomplete", "assemblies": [SUBJECT] }],
        "vulnerabilities": waived,
    });
    inert_json::pretty(&bom, out)
}

/// A connector or a name is not a component of the product.
fn is_component(finding: &Finding) -> bool {
    finding.relation < Relation::Connects
}

/// The products in the order of their first finding; the waived findings stay in.
fn products<'a>(view: &View<'a>) -> Vec<(&'a Product, Vec<&'a Finding>)> {
    let mut products: Vec<(&Product, Vec<&Finding>)> = Vec::new();
    let mut known = std::collections::BTreeMap::new();
    for finding in view.report.findings.iter().filter(|finding| is_component(finding)) {
        let at = *known.entry(&finding.product).or_insert_with(|| {
            products.push((&finding.product, Vec::new()));
            products.len() - 1
        });
        if let Some((_, findings)) = products.get_mut(at) {
            findings.push(finding);
        }
    }
    products
}

/// A UUID of the report's content (RFC 9562 §5.8), so that the same report is the same BOM.
fn serial(report: &Report) -> io::Result<String> {
    let mut canonical = Vec::new();
    inert_json::compact(report, &mut canonical)?;
    let digest = Digest::of(&canonical);
    let part = |range: std::ops::Range<usize>| digest.hex().get(range).unwrap_or_default().to_owned();
    Ok(format!("urn:uuid:{}-{}-8{}-a{}-{}", part(0..8), part(8..12), part(12..15), part(15..18), part(18..30)))
}

fn metadata(view: &View<'_>) -> Value {
    let report = view.report;
    let documents: Vec<Value> = report.inputs.iter().filter(|input| input.counts.is_some()).map(document).collect();
    let name = report.inputs.first().map_or("delivery", |input| input.locator.name());
    json!({
        "timestamp": report.as_of,
        "tools": { "components": [{
            "type": "application",
            "name": brief(&report.tool.name, WIDE),
            "version": brief(&report.tool.version, WIDE),
        }]},
        "component": { "type": "application", "bom-ref": SUBJECT, "name": brief(name, WIDE), "externalReferences": documents },
        "properties": [
            property("outcome", report.outcome.name()),
            property("profile", &report.profile.name),
            property("as-of", &report.as_of.to_string()),
            property("gaps", &report.coverage.gaps.to_string()),
            property("material-gaps", &report.coverage.material_gaps.to_string()),
            property("complete", &report.coverage.complete.to_string()),
        ],
    })
}

fn document(input: &interdict_model::Input) -> Value {
    let mut reference = json!({ "type": "bom", "url": uri::steps(&input.locator).join("!/") });
    if let (Some(digest), Some(reference)) = (&input.digest, reference.as_object_mut()) {
        reference.insert("hashes".into(), json!([{ "alg": "SHA-256", "content": digest.hex() }]));
    }
    reference
}

fn property(name: &str, value: &str) -> Value {
    json!({ "name": format!("interdict:{name}"), "value": brief(value, WIDE * 5) })
}

fn assembly(view: &View<'_>, name: &str, product: &Product, findings: &[&Finding]) -> Value {
    let mut assembly = json!({
        "type": "application",
        "bom-ref": name,
        "name": brief(if product.name.is_empty() { "(unnamed product)" } else { &product.name }, WIDE),
        "components": findings.iter().map(|finding| component::of(view, finding)).collect::<Vec<_>>(),
    });
    if let Some(assembly) = assembly.as_object_mut() {
        if let Some(version) = &product.version {
            assembly.insert("version".into(), json!(brief(version, WIDE)));
        }
        if let Some(supplier) = &product.supplier {
            assembly.insert("supplier".into(), json!({ "name": brief(supplier, WIDE) }));
        }
    }
    assembly
}

fn analysis(view: &View<'_>, finding: &Finding) -> Value {
    json!({
        "bom-ref": format!("waiver-{}", brief(&finding.id.0, WIDE)),
        "id": format!("interdict:{}", brief(finding.entity.as_str(), WIDE)),
        "source": { "name": brief(&view.report.tool.name, WIDE) },
        "description": said::finding(finding),
        "affects": [{ "ref": brief(&finding.id.0, WIDE) }],
        "analysis": {
            "state": "exploitable",
            "response": ["will_not_fix"],
            "detail": format!("{} in {}", view.waiver(finding).map(said::waiver).unwrap_or_default(), brief(&product_name(&finding.product), WIDE)),
        },
    })
}
