//! The input's BOM in JSON with what was found added: fields that nobody here knows stay as they are.
use std::collections::BTreeSet;
use std::io;

use serde_json::json;

use super::carried::Carried;
use super::edit::{Edit, items, members};
use super::found::{OURS, property};
use super::original::Ask;
use super::plan::{self, Plan};
use super::pretty::Pretty;
use super::tree::{Spot, Standing};
use crate::view::View;

/// A BOM and its changes.
#[derive(Debug)]
pub(super) struct Document<'a> {
    text: &'a str,
    edit: Edit,
}

impl<'a> Document<'a> {
    /// Reads it as far as the changes reach; says why it cannot be written upon.
    pub(super) fn of(carried: &'a Carried<'_>, view: &View<'_>, ask: &Ask<'_>) -> Result<Self, String> {
        let input = carried.input;
        let text = carried.text.trim_matches([' ', '\t', '\r', '\n']);
        let broken = |fault: serde_json::Error| format!("it is not well formed ({fault})");
        let root = members(text).map_err(broken)?;
        if root.text("bomFormat").as_deref() != Some("CycloneDX") {
            return Err("its `bomFormat` is not `CycloneDX`".to_owned());
        }
        let edition = super::edition(&root.text("specVersion").unwrap_or_default(), ask.edition)?;
        let spots = plan::spots(view, &input.locator);
        let mut wanted: BTreeSet<&Spot> = spots.iter().flat_map(|(_, spots)| spots).collect();
        let subject = Spot::subject();
        wanted.insert(&subject);
        let mut edit = Edit::default();
        for spot in &wanted {
            edit.at(spot.0.iter().map(String::as_str));
        }
        let mut standing = Standing::new();
        gather(text, &edit, &mut Spot::default(), &wanted, &mut standing)?;
        let mut plan = Plan::of(view, input, &spots, &standing, &plan::stem(text)?);
        plan.remarks.extend(carried.remarks.iter().cloned());
        if root.get("signature").is_some() {
            edit.at(["signature"]).drop_it();
            plan.remarks.push(property("signature", "left out: it was made for the document as it was"));
        }
        edit.at(["specVersion"]).set(json!(edition));
        if root.text("$schema").is_some_and(|schema| schema.contains("cyclonedx.org/schema/bom-")) {
            edit.at(["$schema"]).set(json!(format!("http://cyclonedx.org/schema/bom-{edition}.schema.json")));
        }
        // The same BOM, changed: so the specification asks.
        let version = root.get("version").map_or(Some(1), |version| version.parse::<u64>().ok());
        if let Some(next) = version.and_then(|version| version.checked_add(1)) {
            edit.at(["version"]).set(json!(next));
        }
        if let Some(dependencies) = root.get("dependencies") {
            depend(dependencies, standing.get(&subject).and_then(Option::as_deref), &plan.held, &mut edit);
        }
        fill(&mut edit, plan);
        Ok(Self { text, edit })
    }

    pub(super) fn write(&self, out: &mut dyn io::Write) -> io::Result<()> {
        self.edit.write(Some(self.text), &mut Pretty::new(out))?;
        out.write_all(b"\n")
    }
}

/// Which of the wanted components stand, and what each is called.
fn gather(
    text: &str,
    edit: &Edit,
    spot: &mut Spot,
    wanted: &BTreeSet<&Spot>,
    standing: &mut Standing,
) -> Result<(), String> {
    let broken = |fault: serde_json::Error| format!("it is not well formed ({fault})");
    let mut inside: Vec<(&str, &str, &Edit)> = Vec::new();
    match text.as_bytes().first() {
        Some(b'{') => {
            let members = members(text).map_err(broken)?;
            if let Some(twice) = members.twice() {
                return Err(format!("`{}` stands twice in one object", crate::inert::brief(twice, 40)));
            }
            if wanted.contains(spot) {
                standing.insert(spot.clone(), members.text("bom-ref").filter(|reference| !reference.is_empty()));
            }
            inside.extend(edit.inner().iter().filter_map(|(name, edit)| Some((&**name, members.get(name)?, edit))));
        }
        Some(b'[') => {
            let items = items(text).map_err(broken)?;
            let at = |name: &String| items.get(name.parse::<usize>().ok()?).map(|raw| raw.get());
            inside.extend(edit.inner().iter().filter_map(|(name, edit)| Some((&**name, at(name)?, edit))));
        }
        _ => {}
    }
    for (name, text, edit) in inside {
        spot.0.push(name.to_owned());
        gather(text, edit, spot, wanted, standing)?;
        spot.0.pop();
    }
    Ok(())
}

/// Where the document has a graph, what is new is in it; where the subject says what it needs, it says this too.
fn depend(dependencies: &str, subject: Option<&str>, held: &[String], edit: &mut Edit) {
    let entries = items(dependencies).unwrap_or_default();
    let is_subject = |raw: &serde_json::value::RawValue| {
        members(raw.get()).ok().and_then(|entry| entry.text("ref")).as_deref() == subject
    };
    if let Some(at) = subject.and_then(|_| entries.iter().position(|raw| is_subject(raw))) {
        let needs = edit.at(["dependencies", &at.to_string(), "dependsOn"]);
        needs.append(held.iter().map(|reference| json!(reference)));
    }
    edit.at(["dependencies"]).append(held.iter().map(|reference| json!({ "ref": reference })));
}

fn fill(edit: &mut Edit, plan: Plan) {
    for (spot, annotation) in plan.annotations {
        let component = edit.at(spot.0.iter().map(String::as_str));
        if let Some(reference) = annotation.reference {
            component.at(["bom-ref"]).set(json!(reference));
        }
        component.at(["signature"]).drop_it();
        component.at(["evidence", "identity"]).append_once(annotation.identity);
        component.at(["evidence", "occurrences"]).append_once(annotation.occurrences);
        component.at(["properties"]).renew(("name", OURS), annotation.remarks);
    }
    edit.at(["metadata", "properties"]).renew(("name", OURS), plan.remarks);
    edit.at(["components"]).append(plan.components);
    edit.at(["vulnerabilities"]).append(plan.vulnerabilities);
}
