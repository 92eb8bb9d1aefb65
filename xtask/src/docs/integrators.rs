//! Products that are known to integrate what is looked for, or to have done so.
use interdict_rules::Range;

use super::{columns, heading, row};

pub(super) fn page() -> String {
    let rules = &interdict_catalog::pack().contents().rules;
    let mut page = vec![heading(
        "Known integrators",
        "Products of others that hold, or once held, technology of Kaspersky's, as far as it was read. A name and a version prove nothing: a \
         product on this list makes `declares`, `possible`, with what would settle it; one in another version, or in none that is stated, \
         is only mentioned. An SBOM that names such a product has not declared what it may hold.",
    )];
    page.push(columns(&["product", "what of it", "versions", "when", "status", "confirm with", "source"]));
    for rule in rules.iter().filter(|rule| rule.relation == interdict_model::Relation::Declares) {
        let Some(about) = &rule.integrator else { continue };
        let versions: Vec<String> = about.versions.iter().map(Range::words).collect();
        let versions = if versions.is_empty() { "all".to_owned() } else { versions.join(", or ") };
        let cells =
            [&about.product, &about.technology, &versions, &about.period, &about.status, &about.confirm, &rule.source];
        page.push(row(&cells.map(String::as_str)));
    }
    page.concat()
}
