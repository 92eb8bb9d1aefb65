//! A BOM of what was found alone: each product as an assembly, what was found in it with its evidence.
use std::io;

use interdict_model::{Finding, Product, Relation, Report};
use serde_json::{Value, json};

use super::{component, waiver};
use crate::inert::brief;
use crate::inert_json;
use crate::said::WIDE;
use crate::uri::{self, uuid};
use crate::view::{View, Weight};

const SUBJECT: &str = "subject";

/// `why` says why the input's own BOM is not kept.
pub(super) fn document(view: &View<'_>, edition: &str, why: &str) -> io::Result<Value> {
    let products = products(view.report.findings.iter().filter(|finding| is_component(finding)));
    let names: Vec<String> = (0..products.len()).map(|at| format!("product-{at}")).collect();
    let assemblies =
        products.iter().zip(&names).map(|((product, findings), name)| assembly(view, name, product, findings, ""));
    let components: Vec<Value> = assemblies.collect();
    let mut dependencies = vec![json!({ "ref": SUBJECT, "dependsOn": names })];
    for ((_, findings), name) in products.iter().zip(&names) {
        let inside: Vec<&str> = findings.iter().map(|finding| finding.id.0.as_str()).collect();
        dependencies.push(json!({ "ref": name, "dependsOn": inside }));
    }
    let waived = view.findings(Weight::Waived).filter(|finding| is_component(finding));
    let waived: Vec<Value> = waived
        .map(|finding| {
            let reference = brief(&finding.id.0, WIDE);
            waiver::analysis(view, finding, &reference, &reference)
        })
        .collect();
    Ok(json!({
        "bomFormat": "CycloneDX",
        "specVersion": edition,
        "serialNumber": serial(view.report)?,
        "version": 1,
        "metadata": metadata(view, why),
        "components": components,
        "dependencies": dependencies,
        // Only what was found is listed, so this is never all there is.
        "compositions": [{ "aggregate": "incomplete", "assemblies": [SUBJECT] }],
        "vulnerabilities": waived,
    }))
}

/// A connector or a name is not a component of the product.
pub(super) fn is_component(finding: &Finding) -> bool {
    finding.relation < Relation::Connects
}

/// The products in the order of their first finding; the waived findings stay in.
pub(super) fn products<'a>(findings: impl Iterator<Item = &'a Finding>) -> Vec<(&'a Product, Vec<&'a Finding>)> {
    let mut products: Vec<(&Product, Vec<&Finding>)> = Vec::new();
    let mut known = std::collections::BTreeMap::new();
    for finding in findings {
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
    Ok(format!("urn:uuid:{}", uuid(&canonical)))
}

fn metadata(view: &View<'_>, why: &str) -> Value {
    let report = view.report;
    let documents: Vec<Value> = report.inputs.iter().filter(|input| input.counts.is_some()).map(document_of).collect();
    let name = report.inputs.first().map_or("delivery", |input| input.locator.name());
    json!({
        "timestamp": report.as_of,
        "tools": { "components": [{
            "type": "application",
            "name": brief(&report.tool.name, WIDE),
            "version": brief(&report.tool.version, WIDE),
        }]},
        "component": { "type": "application", "bom-ref": SUBJECT, "name": brief(name, WIDE), "externalReferences": documents },
        "properties": remarks(report, &format!("not kept: {why}")),
    })
}

/// What the report says as a whole, and what became of the input's own BOM.
pub(super) fn remarks(report: &Report, input: &str) -> Vec<Value> {
    let coverage = &report.coverage;
    vec![
        property("tool", &format!("{} {}", report.tool.name, report.tool.version)),
        property("input-bom", input),
        property("outcome", report.outcome.name()),
        property("profile", &report.profile.name),
        property("as-of", &report.as_of.to_string()),
        property("gaps", &coverage.gaps.to_string()),
        property("material-gaps", &coverage.material_gaps.to_string()),
        property("complete", &coverage.complete.to_string()),
    ]
}

fn document_of(input: &interdict_model::Input) -> Value {
    let mut reference = json!({ "type": "bom", "url": uri::steps(&input.locator).join("!/") });
    if let (Some(digest), Some(reference)) = (&input.digest, reference.as_object_mut()) {
        reference.insert("hashes".into(), json!([{ "alg": "SHA-256", "content": digest.hex() }]));
    }
    reference
}

/// Ours are known by their beginning.
pub(super) const OURS: &str = "interdict:";

pub(super) fn property(name: &str, value: &str) -> Value {
    json!({ "name": format!("{OURS}{name}"), "value": brief(value, WIDE * 5) })
}

/// A product with what was found in it; references begin with the stem.
pub(super) fn assembly(view: &View<'_>, name: &str, product: &Product, findings: &[&Finding], stem: &str) -> Value {
    let reference = |finding: &Finding| format!("{stem}{}", brief(&finding.id.0, WIDE));
    let inside = findings.iter().map(|finding| component::of(view, finding, &reference(finding)));
    let mut assembly = json!({
        "type": "application",
        "bom-ref": name,
        "name": brief(if product.name.is_empty() { "(unnamed product)" } else { &product.name }, WIDE),
        "components": inside.collect::<Vec<_>>(),
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
