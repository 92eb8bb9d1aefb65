//! The input's own SPDX document with what was found added: fields that nobody here knows stay as they are.
use std::collections::{BTreeMap, BTreeSet};
use std::io;

use interdict_model::{Finding, Place, Witness};
use serde_json::json;
use serde_json::value::RawValue;

use super::carried::{Carried, Element, LISTS};
use super::parts::{DOCUMENT, OURS, annotation, gaps, notes, related, tool};
use super::{Found, namespace, parts_of};
use crate::bom::edit::{Edit, Members, items, members};
use crate::bom::pretty::Pretty;
use crate::inert::brief;
use crate::said::{self, WIDE};
use crate::view::View;

/// Elements that one finding is written to, at most.
const ELEMENTS: usize = 8;

/// A document and its changes.
#[derive(Debug)]
pub(super) struct Document<'a> {
    text: &'a str,
    edit: Edit,
}

impl<'a> Document<'a> {
    /// Reads it as far as the changes reach; says why it cannot be written upon.
    pub(super) fn of(carried: &'a Carried<'_>, view: &View<'_>) -> Result<Self, String> {
        let input = carried.input;
        let text = carried.text.trim_matches([' ', '\t', '\r', '\n']);
        let root = well(members(text))?;
        let version = root.text("spdxVersion").unwrap_or_default();
        if !["SPDX-2.2", "SPDX-2.3"].contains(&version.as_str()) {
            let version = brief(&version, 20);
            return Err(format!("its `spdxVersion` is `{version}`, and upon SPDX-2.2 and SPDX-2.3 alone is written"));
        }
        if let Some(twice) = root.twice() {
            return Err(format!("`{}` stands twice", brief(twice, 40)));
        }
        let stem = stem(text)?;
        let mut edit = Edit::default();
        let beside = annotate(carried, &root, view, &mut edit)?;
        let described = described(&root)?;
        let own = described.as_deref().map(|id| (input.locator.as_str(), id));
        let found = Found::of(view, beside.into_iter(), &stem, own);
        edit.at(["packages"]).append(found.packages);
        edit.at(["relationships"]).append(found.relationships);
        amend(carried, &root, view, &stem, &mut edit).map_err(|fault| fault.to_string())?;
        Ok(Self { text, edit })
    }

    pub(super) fn write(&self, out: &mut dyn io::Write) -> io::Result<()> {
        self.edit.write(Some(self.text), &mut Pretty::new(out))?;
        out.write_all(b"\n")
    }
}

/// Why it cannot be written upon, where it is broken.
fn well<T>(read: serde_json::Result<T>) -> Result<T, String> {
    read.map_err(|fault| format!("it is not well formed ({fault})"))
}

/// The items of a list of the document; none where it has no such list.
fn listed<'a>(root: &Members<'a>, name: &str) -> Result<Vec<&'a RawValue>, String> {
    well(root.get(name).map_or(Ok(Vec::new()), items))
}

/// A beginning for new ids that no id in this text has.
fn stem(text: &str) -> Result<String, String> {
    let is_free =
        |stem: &String| ["Product", "Finding", "Input"].iter().all(|kind| !text.contains(&format!("Ref-{stem}{kind}")));
    let stems = (2..100).map(|at| format!("interdict-{at}-"));
    let found = [String::new(), "interdict-".to_owned()].into_iter().chain(stems).find(is_free);
    found.ok_or_else(|| "every id that could be given is taken".to_owned())
}

/// Says of each element what was found in it; the findings that no element stands for are left.
fn annotate<'v>(
    carried: &Carried<'_>,
    root: &Members<'_>,
    view: &View<'v>,
    edit: &mut Edit,
) -> Result<Vec<&'v Finding>, String> {
    let mut lengths = BTreeMap::new();
    for list in LISTS {
        lengths.insert(list, listed(root, list)?.len());
    }
    let report = view.report;
    let findings: Vec<&Finding> = parts_of(report).collect();
    let places: Vec<BTreeSet<Element>> = findings.iter().map(|finding| elements(finding, carried, &lengths)).collect();
    let mut declared: BTreeMap<_, Element> = BTreeMap::new();
    for (finding, places) in findings.iter().zip(&places) {
        if let Some(place) = places.first() {
            declared.entry((&finding.entity, &finding.product)).or_insert(*place);
        }
    }
    let mut said: BTreeMap<Element, Vec<_>> = BTreeMap::new();
    let mut beside = Vec::new();
    for (finding, mut places) in findings.into_iter().zip(places) {
        // What the files show is the package that the document declares: one thing, two witnesses.
        if places.is_empty() && finding.witness == Witness::DeclaredAndObserved {
            places.extend(declared.get(&(&finding.entity, &finding.product)));
        }
        if places.is_empty() {
            beside.push(finding);
        }
        for place in places.into_iter().take(ELEMENTS) {
            let what = format!("{} {}.", brief(&finding.id.0, WIDE), said::finding(finding));
            let said = said.entry(place).or_default();
            said.push(annotation(report, "OTHER", &what));
            said.extend(notes(view, finding));
        }
    }
    for ((list, at), said) in said {
        edit.at([list, &at.to_string(), "annotations"]).renew(OURS, said);
    }
    Ok(beside)
}

/// The elements of this document at which the finding was seen.
fn elements(finding: &Finding, carried: &Carried<'_>, lengths: &BTreeMap<&'static str, usize>) -> BTreeSet<Element> {
    let facts = finding.matches.iter().flat_map(|one| &one.proof);
    let here = facts.filter(|fact| fact.on.artifact() == carried.input.locator.as_str());
    let element = |at: &Place| {
        let Place::Pointer(pointer) = at else { return None };
        let (list, index) = carried.element(pointer)?;
        (index < *lengths.get(list)?).then_some((list, index))
    };
    here.filter_map(|fact| element(&fact.at)).collect()
}

/// The one element that the document is about, where it is one.
fn described(root: &Members<'_>) -> Result<Option<String>, String> {
    let mut ids = BTreeSet::new();
    for raw in listed(root, "documentDescribes")? {
        ids.extend(serde_json::from_str::<String>(raw.get()).ok());
    }
    for raw in listed(root, "relationships")? {
        let relation = well(members(raw.get()))?;
        let text = |name| relation.text(name).unwrap_or_default();
        let (from, kind, to) = (text("spdxElementId"), text("relationshipType"), text("relatedSpdxElement"));
        match kind.as_str() {
            "DESCRIBES" if from == DOCUMENT => ids.insert(to),
            "DESCRIBED_BY" if to == DOCUMENT => ids.insert(from),
            _ => false,
        };
    }
    let mut ids = ids.into_iter();
    Ok(ids.next().filter(|_| ids.next().is_none()))
}

/// It is another document now, made by another, of another day, and says of which one it is an amendment.
fn amend(carried: &Carried<'_>, root: &Members<'_>, view: &View<'_>, stem: &str, edit: &mut Edit) -> io::Result<()> {
    let (input, report) = (carried.input, view.report);
    edit.at(["spdxVersion"]).set(json!("SPDX-2.3"));
    edit.at(["documentNamespace"]).set(json!(namespace(report, "spdx-amended")?));
    edit.at(["creationInfo", "created"]).set(json!(report.as_of));
    edit.at(["creationInfo", "creators"]).append_once([json!(tool(report))]);
    let was = root.text("documentNamespace").unwrap_or_default();
    let created = root.get("creationInfo").and_then(|info| members(info).ok()?.text("created")).unwrap_or_default();
    let kept = format!(
        "The document `{}` is kept, in which stands `{}` as its namespace and `{}` as its day. {}.",
        brief(input.locator.as_str(), WIDE),
        brief(&was, WIDE),
        brief(&created, WIDE),
        said::counts(view),
    );
    let outcome = format!("{}.", said::outcome(view));
    let said = [Some(kept), carried.remark.clone(), Some(outcome)].into_iter().flatten();
    let said = said.map(|text| annotation(report, "OTHER", &text));
    edit.at(["annotations"]).renew(OURS, said.chain(gaps(report)));
    let Some(digest) = input.digest.as_ref().filter(|_| !was.is_empty()) else { return Ok(()) };
    let id = format!("DocumentRef-{stem}Input");
    edit.at(["externalDocumentRefs"]).append([json!({
        "externalDocumentId": id,
        "spdxDocument": was,
        "checksum": { "algorithm": "SHA256", "checksumValue": digest.hex() },
    })]);
    let amends = related(DOCUMENT, "AMENDS", &format!("{id}:{DOCUMENT}"), None);
    edit.at(["relationships"]).append([amends]);
    Ok(())
}
