//! The built-in rules, by the entity they recognise.
use super::{columns, heading, row};

pub(super) fn page() -> Result<String, String> {
    let pack = interdict_catalog::pack().contents();
    let mut page = vec![heading(
        "Rules",
        &format!(
            "{} rules recognise {} entities. `interdict catalog show ID` prints one whole, with its conditions and its own tests; \
             [the catalog's README](../../crates/catalog/README.md) says how to write one.",
            pack.rules.len(),
            pack.entities.len(),
        ),
    )];
    page.push("\nPacks:\n\n".to_owned());
    for id in interdict_catalog::pack().ids() {
        page.push(format!("- `{}` {}\n", id.id, id.version));
    }
    for entity in &pack.entities {
        let rules: Vec<_> = pack.rules.iter().filter(|rule| rule.identifies == entity.id).collect();
        if rules.is_empty() {
            continue;
        }
        let class = serde_json::to_value(entity.class).map_err(|error| error.to_string())?;
        let friend = if entity.false_friend { "; a false friend: never flags" } else { "" };
        page.push(format!(
            "\n## {}\n\n`{}`, {}{friend}\n",
            entity.title,
            entity.id,
            class.as_str().unwrap_or_default()
        ));
        page.push(columns(&["rule", "relation", "certainty", "because"]));
        for rule in rules {
            let id = format!("`{}`", rule.id);
            page.push(row(&[&id, rule.relation.name(), rule.certainty.name(), &rule.because]));
        }
    }
    Ok(page.concat())
}
