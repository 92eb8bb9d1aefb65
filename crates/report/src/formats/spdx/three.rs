//! An SPDX 3 document in JSON-LD as SPDX 2.3 in JSON: what both have a word for, and the names of what the older one has none for.
mod element;
mod license;
mod walk;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use self::license::Licenses;
use self::walk::{Thing, Things, bare, text};
use super::carried::{Element, Places};
use super::parts::{DOCUMENT, related};
use crate::left::Left;

pub(super) fn carried(document: &str) -> Result<(Value, Places, Left), String> {
    let root: Value = serde_json::from_str(document).map_err(|fault| format!("it is not well formed ({fault})"))?;
    let things = Things::of(&root)?;
    let mut teller = Teller::of(&things);
    if teller.ids.is_empty() {
        return Err("nothing of SPDX 3 is in it".to_owned());
    }
    let value = teller.document();
    let places = things.all.iter().filter_map(|thing| Some((thing.pointer.clone(), *teller.elements.get(&thing.id)?)));
    let places = Places::Pointers(places.collect());
    Ok((value, places, teller.left))
}

/// What relationships are called, by their name and scope.
static RELATIONS: LazyLock<BTreeMap<&str, (&str, bool)>> = LazyLock::new(|| {
    let lines = include_str!("../../../data/spdx3.relations").lines().filter(|line| !line.starts_with('#'));
    let words = lines.map(|line| line.split(' ').collect::<Vec<_>>());
    words.filter_map(|words| Some((*words.first()?, (*words.get(1)?, words.get(2) == Some(&"<"))))).collect()
});

/// Kinds that become packages.
const PACKAGES: &[&str] = &["Package", "AIPackage", "DatasetPackage"];

/// Kinds that hold the others together, of which the document stands for all.
const COLLECTIONS: &[&str] = &["SpdxDocument", "Sbom", "Bom", "Bundle"];

/// Kinds that are told where others speak of them.
const WITHIN: &[&str] = &[
    "CreationInfo",
    "Hash",
    "PackageVerificationCode",
    "ExternalIdentifier",
    "ExternalRef",
    "PositiveIntegerRange",
    "Relationship",
    "LifecycleScopedRelationship",
    "Annotation",
    "Organization",
    "Person",
    "SoftwareAgent",
    "Agent",
    "Tool",
];

pub(super) struct Teller<'a> {
    things: &'a Things<'a>,
    left: Left,
    /// What each element is in JSON, and its id.
    elements: BTreeMap<String, Element>,
    ids: BTreeMap<String, String>,
    licenses: Licenses,
}

impl<'a> Teller<'a> {
    fn of(things: &'a Things<'a>) -> Self {
        let mut teller = Self {
            things,
            left: Left::default(),
            elements: BTreeMap::new(),
            ids: BTreeMap::new(),
            licenses: Licenses::default(),
        };
        let (mut taken, mut counts) = (BTreeSet::from([DOCUMENT.to_owned()]), BTreeMap::<_, usize>::new());
        for thing in &things.all {
            if COLLECTIONS.contains(&thing.kind.as_str()) {
                teller.ids.insert(thing.id.clone(), DOCUMENT.to_owned());
                continue;
            }
            let Some(list) = element::list(thing, things) else { continue };
            if teller.elements.contains_key(&thing.id) {
                teller.left.add(&format!("{} once more", thing.kind));
                continue;
            }
            let count = counts.entry(list).or_default();
            teller.elements.insert(thing.id.clone(), (list, *count));
            *count += 1;
            let id = id(&thing.id, &taken);
            taken.insert(id.clone());
            teller.ids.insert(thing.id.clone(), id);
        }
        teller
    }

    fn document(&mut self) -> Value {
        let mut root = Map::from_iter([
            ("spdxVersion".to_owned(), json!("SPDX-2.3")),
            ("SPDXID".to_owned(), json!(DOCUMENT)),
            ("dataLicense".to_owned(), json!("CC0-1.0")),
        ]);
        let collections = self.things.all.iter().filter(|thing| COLLECTIONS.contains(&thing.kind.as_str()));
        let collections: Vec<_> = collections.collect();
        let head = COLLECTIONS.iter().find_map(|kind| collections.iter().find(|thing| thing.kind == *kind)).copied();
        let name = head.and_then(|head| head.text("name")).unwrap_or("an SPDX 3 document");
        root.insert("name".to_owned(), json!(name));
        if let Some(head) = head {
            let space = head.id.split('#').next().unwrap_or_default();
            if space.contains(':') && !space.starts_with("_:") {
                root.insert("documentNamespace".to_owned(), json!(space));
            }
            if let Some(comment) = head.text("comment") {
                root.insert("comment".to_owned(), json!(comment));
            }
        }
        root.insert("creationInfo".to_owned(), self.made(head));
        let mut described = BTreeSet::new();
        for thing in collections {
            for target in thing.list("rootElement").into_iter().filter_map(|target| self.things.id_of(target)) {
                described.extend(self.ids.get(&target).filter(|id| *id != DOCUMENT).cloned());
            }
            self.collection(thing, head);
        }
        let mut lists: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        let mut done = BTreeSet::new();
        for thing in &self.things.all {
            if let Some((list, _)) = self.elements.get(&thing.id).copied().filter(|_| done.insert(&thing.id)) {
                let element = self.element(thing, list);
                lists.entry(list).or_default().push(element);
            }
        }
        let mut relations: Vec<Value> = described.iter().map(|id| related(DOCUMENT, "DESCRIBES", id, None)).collect();
        for thing in &self.things.all {
            match thing.kind.as_str() {
                "Relationship" | "LifecycleScopedRelationship" => self.relate(thing, &mut lists, &mut relations),
                "Annotation" => self.annotate(thing, &mut root, &mut lists),
                kind if PACKAGES.contains(&kind) || COLLECTIONS.contains(&kind) => {}
                "File" | "Snippet" => {}
                kind if WITHIN.contains(&kind) || license::is_license(kind) => {}
                kind => self.left.add(kind),
            }
        }
        relations.dedup();
        root.extend(lists.into_iter().map(|(list, items)| (list.to_owned(), Value::Array(items))));
        root.insert("relationships".to_owned(), Value::Array(relations));
        let texts = self.licenses.texts();
        if !texts.is_empty() {
            root.insert("hasExtractedLicensingInfos".to_owned(), Value::Array(texts));
        }
        Value::Object(root)
    }

    /// Who made the document, and when.
    fn made(&mut self, head: Option<&Thing<'a>>) -> Value {
        let info = head.and_then(|head| head.said.get("creationInfo")).and_then(|info| self.things.meant(info));
        let info = info.or_else(|| self.things.all.iter().find(|thing| thing.kind == "CreationInfo"));
        let mut made = Map::new();
        let Some(info) = info else { return Value::Object(made) };
        let mut creators: Vec<Value> = Vec::new();
        for member in ["createdBy", "createdUsing"] {
            creators.extend(info.list(member).into_iter().map(|agent| json!(self.agent(agent))));
        }
        made.insert("creators".to_owned(), Value::Array(creators));
        for member in ["created", "comment"] {
            if let Some(text) = info.text(member) {
                made.insert(member.to_owned(), json!(text));
            }
        }
        Value::Object(made)
    }

    /// What a collection says beside what it holds.
    fn collection(&mut self, thing: &Thing<'a>, head: Option<&Thing<'a>>) {
        let known = ["type", "spdxId", "id", "creationInfo", "rootElement", "element", "context", "graph"];
        let is_head = head.is_some_and(|head| std::ptr::eq(head, thing));
        for (name, value) in &thing.said {
            let is_told = match name.as_str() {
                "name" | "comment" => is_head,
                "dataLicense" => self.license(value).as_deref() == Some("CC0-1.0"),
                name => known.contains(&name),
            };
            if !is_told {
                self.left.add(&format!("{name} of {}", thing.kind));
            }
        }
    }

    /// `Organization: Name`, as the older edition says who somebody is.
    fn agent(&self, value: &Value) -> String {
        let Some(thing) = self.things.meant(value) else {
            let id = self.things.id_of(value).unwrap_or_default();
            return if bare(&id).starts_with("NoAssertion") {
                "NOASSERTION".to_owned()
            } else {
                format!("Organization: {id}")
            };
        };
        let kind = match thing.kind.as_str() {
            "Person" => "Person",
            "Tool" | "SoftwareAgent" => "Tool",
            _ => "Organization",
        };
        let is_mail = |one: &&Thing<'_>| one.text("externalIdentifierType").is_some_and(|kind| bare(kind) == "email");
        let ids = thing.list("externalIdentifier").into_iter().filter_map(|id| self.things.meant(id));
        let mail = ids.filter(|id| is_mail(id)).find_map(|id| id.text("identifier"));
        let name = thing.text("name").unwrap_or(&thing.id);
        match mail.filter(|_| kind != "Tool") {
            Some(mail) => format!("{kind}: {name} ({mail})"),
            None => format!("{kind}: {name}"),
        }
    }

    /// What an end of a relationship is called; nothing of what is no element here.
    fn end(&self, value: &Value) -> Option<String> {
        let id = self.things.id_of(value)?;
        if let Some(known) = self.ids.get(&id) {
            return Some(known.clone());
        }
        match bare(&id) {
            "NoneElement" => Some("NONE".to_owned()),
            "NoAssertionElement" => Some("NOASSERTION".to_owned()),
            _ => None,
        }
    }

    fn relate(&mut self, thing: &Thing<'a>, lists: &mut BTreeMap<&str, Vec<Value>>, relations: &mut Vec<Value>) {
        let kind = thing.text("relationshipType").map_or("", bare);
        let scope = thing.text("scope").map_or("", bare);
        let from = thing.said.get("from").and_then(|from| self.end(from));
        if matches!(kind, "hasConcludedLicense" | "hasDeclaredLicense") {
            return self.licensed(thing, kind, lists);
        }
        let known = RELATIONS.get(format!("{kind}:{scope}").as_str()).or_else(|| RELATIONS.get(kind)).copied();
        let (word, is_turned) = known.unwrap_or(("OTHER", false));
        let comment = thing.text("comment").or_else(|| thing.text("description")).map(str::to_owned);
        let comment = if known.is_none() {
            Some(comment.map_or_else(|| kind.to_owned(), |comment| format!("{kind}: {comment}")))
        } else {
            comment
        };
        for target in thing.list("to") {
            match (&from, self.end(target)) {
                (Some(from), Some(to)) if *from != to => {
                    let (from, to) = if is_turned { (&to, from) } else { (from, &to) };
                    let one = related(from, word, to, comment.clone());
                    if !relations.iter().rev().take(64).any(|known| *known == one) {
                        relations.push(one);
                    }
                }
                // That the document describes what it describes is said already.
                (Some(from), Some(to)) if *from == to => {}
                _ => self.left.add(&format!("{kind} of what is no package, file or snippet")),
            }
        }
        let known = [
            "type",
            "spdxId",
            "id",
            "creationInfo",
            "from",
            "to",
            "relationshipType",
            "scope",
            "comment",
            "description",
        ];
        for name in thing.said.keys().filter(|name| !known.contains(&name.as_str())) {
            self.left.add(&format!("{name} of {}", thing.kind));
        }
    }

    /// A licence stands in what it is for, and what a file says of itself is told of a file in a list.
    fn licensed(&mut self, thing: &Thing<'a>, kind: &str, lists: &mut BTreeMap<&str, Vec<Value>>) {
        let element = thing.said.get("from").and_then(|from| self.things.id_of(from));
        let Some((list, at)) = element.and_then(|id| self.elements.get(&id).copied()) else {
            return self.left.add(kind);
        };
        for target in thing.list("to") {
            let Some(said) = self.license(target) else {
                self.left.add(kind);
                continue;
            };
            let Some(object) = lists.get_mut(list).and_then(|list| list.get_mut(at)?.as_object_mut()) else { return };
            let (member, is_list) = match (kind, list) {
                ("hasConcludedLicense", _) => ("licenseConcluded", false),
                (_, "files") => ("licenseInfoInFiles", true),
                (_, "snippets") => ("licenseInfoInSnippets", true),
                _ => ("licenseDeclared", false),
            };
            match object.get_mut(member) {
                None => {
                    object.insert(member.to_owned(), if is_list { json!([said]) } else { json!(said) });
                }
                Some(Value::Array(list)) => list.push(json!(said)),
                Some(standing) if *standing == said => {}
                Some(_) => self.left.add(&format!("{kind} once more")),
            }
        }
    }

    fn annotate(&mut self, thing: &Thing<'a>, root: &mut Map<String, Value>, lists: &mut BTreeMap<&str, Vec<Value>>) {
        let info = thing.said.get("creationInfo").and_then(|info| self.things.meant(info));
        let by = info.and_then(|info| info.list("createdBy").first().map(|agent| self.agent(agent)));
        let date = info.and_then(|info| info.text("created"));
        let subject = thing.said.get("subject").and_then(|subject| self.things.id_of(subject)).unwrap_or_default();
        let home = match self.elements.get(&subject).copied() {
            Some((list, at)) => lists.get_mut(list).and_then(|list| list.get_mut(at)?.as_object_mut()),
            None if self.ids.contains_key(&subject) => Some(root),
            None => None,
        };
        let (Some(home), Some(statement)) = (home, thing.text("statement").or_else(|| thing.text("comment"))) else {
            return self.left.add(&thing.kind);
        };
        let kind =
            if thing.text("annotationType").is_some_and(|kind| bare(kind) == "review") { "REVIEW" } else { "OTHER" };
        let one = json!({
            "annotationDate": date.unwrap_or_default(),
            "annotationType": kind,
            "annotator": by.unwrap_or_default(),
            "comment": statement,
        });
        let list = home.entry("annotations").or_insert_with(|| json!([]));
        list.as_array_mut().into_iter().for_each(|list| list.push(one.clone()));
    }
}

/// An id that the older edition lets stand, made of the end of an address.
fn id(address: &str, taken: &BTreeSet<String>) -> String {
    let end = address.rsplit(['#', '/']).next().unwrap_or_default();
    let end = end.strip_prefix("SPDXRef-").unwrap_or(end);
    let is_plain = |character: char| character.is_ascii_alphanumeric() || matches!(character, '.' | '-');
    let end: String = end.chars().take(100).map(|c| if is_plain(c) { c } else { '-' }).collect();
    let stem = format!("SPDXRef-{}", if end.is_empty() { "element" } else { &end });
    if !taken.contains(&stem) {
        return stem;
    }
    // Names that end alike get numbers, spread so that no search is long.
    let number = taken.len();
    let free = (number..=number * 2).map(|number| format!("{stem}-{number}")).find(|id| !taken.contains(id));
    free.unwrap_or(stem)
}

#[cfg(test)]
mod tests;
