//! An SPDX 2 document in RDF/XML as the JSON form of the same.
mod graph;
pub(super) mod terms;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use self::graph::{Graph, Object, Thing, tail};
use self::terms::{Kind, is_class, term_of, word};
use super::carried::{Element, Places};
use super::parts::DOCUMENT;
use crate::left::Left;

/// Things within things that are no elements.
const DEEPEST: usize = 20;

/// Parts of licence expressions that are put together, and the longest of these.
const LICENSES: usize = 2_000_000;
const LONGEST: usize = 64 << 10;

/// The elements, as RDF and as JSON call them.
const ELEMENTS: [(&str, &str); 3] = [("Package", "packages"), ("File", "files"), ("Snippet", "snippets")];

pub(super) fn carried(text: &str) -> Result<(Value, Places, Left), String> {
    let mut left = Left::default();
    let graph = graph::read(text, &mut left)?;
    let mut teller = Teller::of(&graph, left)?;
    let root = teller.document();
    let places = teller.places();
    Ok((root, places, teller.left))
}

struct Teller<'g> {
    graph: &'g Graph,
    left: Left,
    document: usize,
    namespace: String,
    /// Each element's place in JSON and its id.
    elements: BTreeMap<usize, (Element, String)>,
    /// Documents that are referred to, by their address.
    elsewhere: BTreeMap<String, String>,
    told: BTreeSet<usize>,
    /// Licences that were looked at: a set may hold itself.
    licenses: usize,
}

impl<'g> Teller<'g> {
    fn of(graph: &'g Graph, left: Left) -> Result<Self, String> {
        let of_class = |class: &str| {
            let things = graph.things.iter().enumerate();
            things.filter(move |(_, thing)| is(thing, class)).map(|(at, _)| at).collect::<Vec<_>>()
        };
        let documents = of_class("SpdxDocument");
        let [document] = documents[..] else {
            return Err(format!("it holds {} documents where one is meant", documents.len()));
        };
        let uri = graph.things.get(document).and_then(|thing| thing.uri.clone()).unwrap_or_default();
        let namespace = uri.rsplit_once('#').map_or(uri.as_str(), |(space, _)| space).to_owned();
        let mut teller = Self {
            graph,
            left,
            document,
            namespace,
            elements: BTreeMap::new(),
            elsewhere: BTreeMap::new(),
            told: BTreeSet::from([document]),
            licenses: 0,
        };
        let mut taken = BTreeSet::from([DOCUMENT.to_owned()]);
        for (class, list) in ELEMENTS {
            for (index, at) in of_class(class).into_iter().enumerate() {
                let id = teller.id(at, class, &taken);
                taken.insert(id.clone());
                teller.elements.insert(at, ((list, index), id));
            }
        }
        for at in of_class("ExternalDocumentRef") {
            let of = |name: &str| teller.said(at, name).next().map(|object| teller.text(object));
            let own = || graph.things.get(at)?.uri.as_deref().map(|uri| tail(uri).to_owned());
            if let (Some(id), Some(uri)) = (of("externalDocumentId").or_else(own), of("spdxDocument")) {
                teller.elsewhere.insert(uri, id);
            }
        }
        Ok(teller)
    }

    /// The id that an element has, or one that is free.
    fn id(&self, at: usize, class: &str, taken: &BTreeSet<String>) -> String {
        let uri = self.graph.things.get(at).and_then(|thing| thing.uri.as_deref()).unwrap_or_default();
        let own = tail(uri);
        let is_id = |id: &str| id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
        if own.strip_prefix("SPDXRef-").is_some_and(is_id) && !taken.contains(own) {
            return own.to_owned();
        }
        format!("SPDXRef-{class}-{at}")
    }

    fn said<'n>(&self, at: usize, name: &'n str) -> impl Iterator<Item = &'g Object> + use<'g, 'n> {
        let said = self.graph.things.get(at).map_or(&[][..], |thing| &thing.said);
        said.iter().filter(move |(known, _)| known == name).map(|(_, object)| object)
    }

    fn document(&mut self) -> Value {
        let mut relations = Vec::new();
        let mut root = self.object(self.document, "SpdxDocument", 0);
        root.insert("SPDXID".to_owned(), json!(DOCUMENT));
        if !self.namespace.is_empty() {
            root.insert("documentNamespace".to_owned(), json!(self.namespace));
        }
        self.relate(self.document, DOCUMENT, &mut relations);
        for (_, list) in ELEMENTS {
            let own: Vec<_> = self.elements.iter().filter(|(_, ((known, _), _))| *known == list).collect();
            let own: Vec<_> = own.into_iter().map(|(at, (_, id))| (*at, id.clone())).collect();
            let mut items = Vec::new();
            for (at, id) in own {
                let class = ELEMENTS.iter().find(|(_, known)| *known == list).map_or("", |(class, _)| class);
                let mut item = self.object(at, class, 0);
                self.relate(at, &id, &mut relations);
                item.insert("SPDXID".to_owned(), json!(id));
                items.push(Value::Object(item));
            }
            if !items.is_empty() {
                root.insert(list.to_owned(), Value::Array(items));
            }
        }
        // A licence that is told nowhere else belongs to the document all the same.
        let loose = self.graph.things.iter().enumerate();
        let loose: Vec<_> = loose.filter(|(_, thing)| is(thing, "ExtractedLicensingInfo")).map(|(at, _)| at).collect();
        for at in loose.into_iter().filter(|at| !self.told.contains(at)).collect::<Vec<_>>() {
            let license = self.object(at, "ExtractedLicensingInfo", 0);
            let list = root.entry("hasExtractedLicensingInfos").or_insert_with(|| json!([]));
            list.as_array_mut().into_iter().for_each(|list| list.push(Value::Object(license.clone())));
        }
        if !relations.is_empty() {
            root.insert("relationships".to_owned(), Value::Array(relations));
        }
        self.rest();
        Value::Object(root)
    }

    /// Everything that is said of a thing, as the object that its class is.
    fn object(&mut self, at: usize, class: &str, depth: usize) -> Map<String, Value> {
        self.told.insert(at);
        let mut object = Map::new();
        let Some(thing) = self.graph.things.get(at).filter(|_| depth <= DEEPEST) else { return object };
        // Some are called by the end of their address alone.
        let called = match class {
            "ExtractedLicensingInfo" => "licenseId",
            "ExternalDocumentRef" => "externalDocumentId",
            _ => "",
        };
        if !called.is_empty()
            && !thing.said.iter().any(|(name, _)| name == called)
            && let Some(uri) = &thing.uri
        {
            object.insert(called.to_owned(), json!(tail(uri)));
        }
        for (name, said) in &thing.said {
            let Some(term) = term_of(class, name) else {
                self.left.add(name);
                continue;
            };
            if term.member == "-" {
                continue;
            }
            let Some(value) = self.value(term.kind, said, depth) else {
                self.left.add(name);
                continue;
            };
            if term.is_list {
                let list = object.entry(term.member).or_insert_with(|| json!([]));
                list.as_array_mut().into_iter().for_each(|list| list.push(value.clone()));
            } else if !object.contains_key(term.member) {
                object.insert(term.member.to_owned(), value);
            } else if object.get(term.member) != Some(&value) {
                self.left.add(&format!("{name} once more"));
            }
        }
        object
    }

    fn value(&mut self, kind: Kind, said: &Object, depth: usize) -> Option<Value> {
        let text = self.text(said);
        Some(match (kind, said) {
            (Kind::Text | Kind::Uri, _) => json!(text),
            (Kind::Flag, _) => json!(match text.trim() {
                "true" | "1" => true,
                "false" | "0" => false,
                _ => return None,
            }),
            (Kind::Number, _) => json!(text.trim().parse::<u64>().ok()?),
            (Kind::Type, _) => json!(if text.contains("spdx.org/rdf/references/") { tail(&text) } else { &text }),
            (Kind::Word(list), _) => {
                let written = tail(&text);
                json!(word(list, written).or_else(|| by_parts(list, written))?)
            }
            (Kind::Id, Object::Thing(at)) => json!(self.reference(*at)?),
            (Kind::Id, Object::Text(text)) => json!(text),
            (Kind::License, _) => json!(self.license(said, 0)?),
            (Kind::Class(class), Object::Thing(at)) => Value::Object(self.object(*at, class, depth + 1)),
            (Kind::Class(_), Object::Text(_)) => return None,
        })
    }

    /// A literal, or what an address stands for.
    fn text(&self, said: &Object) -> String {
        match said {
            Object::Text(text) => text.clone(),
            Object::Thing(at) => {
                let uri = self.graph.things.get(*at).and_then(|thing| thing.uri.clone()).unwrap_or_default();
                match tail(&uri) {
                    "noassertion" if uri.contains("spdx.org/rdf/") => "NOASSERTION".to_owned(),
                    "none" if uri.contains("spdx.org/rdf/") => "NONE".to_owned(),
                    _ => uri,
                }
            }
        }
    }

    /// What an element is called in JSON; nothing of what is none.
    fn reference(&self, at: usize) -> Option<String> {
        if at == self.document {
            return Some(DOCUMENT.to_owned());
        }
        if let Some((_, id)) = self.elements.get(&at) {
            return Some(id.clone());
        }
        let uri = self.text(&Object::Thing(at));
        if matches!(uri.as_str(), "NONE" | "NOASSERTION") {
            return Some(uri);
        }
        let (space, id) = uri.rsplit_once('#')?;
        match self.elsewhere.get(space) {
            Some(document) => Some(format!("{document}:{id}")),
            // An element that the document only names.
            None => (space == self.namespace && id.starts_with("SPDXRef-")).then(|| id.to_owned()),
        }
    }

    fn license(&mut self, said: &Object, depth: usize) -> Option<String> {
        let at = match said {
            Object::Text(text) => return Some(text.clone()),
            Object::Thing(at) => *at,
        };
        self.licenses += 1;
        let thing = self.graph.things.get(at).filter(|_| depth <= DEEPEST && self.licenses < LICENSES)?;
        let mut of = |name: &str| -> Vec<String> {
            let said: Vec<_> = self.said(at, name).collect();
            said.into_iter().filter_map(|said| self.license(said, depth + 1)).collect()
        };
        // A set has no order.
        let joined = |mut parts: Vec<String>, with: &str| {
            parts.sort();
            let length: usize = parts.iter().map(String::len).sum();
            (length > 0 && length < LONGEST).then(|| format!("({})", parts.join(with)))
        };
        if is(thing, "ConjunctiveLicenseSet") {
            return joined(of("member"), " AND ");
        }
        if is(thing, "DisjunctiveLicenseSet") {
            return joined(of("member"), " OR ");
        }
        if is(thing, "OrLaterOperator") {
            return of("member").pop().map(|member| format!("{member}+"));
        }
        if is(thing, "WithExceptionOperator") {
            let (member, exception) = (of("member").pop()?, of("licenseException").pop()?);
            return Some(format!("{member} WITH {exception}"));
        }
        for name in ["licenseId", "licenseExceptionId"] {
            if let Some(id) = self.said(at, name).next() {
                return Some(self.text(id));
            }
        }
        let uri = self.text(said);
        let id = tail(&uri);
        let elsewhere = uri.rsplit_once('#').and_then(|(space, _)| self.elsewhere.get(space));
        match elsewhere {
            Some(document) => Some(format!("{document}:{id}")),
            None => (!id.is_empty()).then(|| id.to_owned()),
        }
    }

    fn relate(&mut self, from: usize, id: &str, relations: &mut Vec<Value>) {
        for said in self.said(from, "relationship").collect::<Vec<_>>() {
            let Object::Thing(at) = said else {
                self.left.add("relationship");
                continue;
            };
            let mut one = self.object(*at, "Relationship", 0);
            if one.contains_key("relationshipType") && one.contains_key("relatedSpdxElement") {
                one.insert("spdxElementId".to_owned(), json!(id));
                relations.push(Value::Object(one));
            }
        }
    }

    /// Counts what was not told: things that nothing leads to, by their class.
    fn rest(&mut self) {
        let licenses =
            ["ListedLicense", "License", "SimpleLicensingInfo", "ListedLicenseException", "LicenseException"];
        let expressions =
            ["ConjunctiveLicenseSet", "DisjunctiveLicenseSet", "WithExceptionOperator", "OrLaterOperator"];
        let is_listed = |thing: &&Thing| thing.classes.iter().any(|class| licenses.contains(&class.as_str()));
        for (_, said) in self.graph.things.iter().filter(is_listed).flat_map(|thing| &thing.said) {
            if let Object::Thing(at) = said {
                self.told.insert(*at);
            }
        }
        for (at, thing) in self.graph.things.iter().enumerate() {
            if self.told.contains(&at) || thing.said.is_empty() {
                continue;
            }
            let class = thing.classes.first().map(String::as_str);
            match class {
                Some(class) if expressions.contains(&class) => {}
                // The text of a listed licence is the list's.
                Some(class) if licenses.contains(&class) => self.left.add("texts of listed licences"),
                Some(class) if is_class(class) => self.left.add(&format!("{class} that nothing refers to")),
                Some(class) => self.left.add(class),
                None => self.left.add("things of no class"),
            }
        }
    }

    fn places(&self) -> Places {
        let mut lines = self.graph.lines.clone();
        lines.sort_by_key(|(line, _)| *line);
        let mut of: BTreeMap<usize, Element> = self.elements.iter().map(|(at, (element, _))| (*at, *element)).collect();
        // What is said of a checksum or a reference is said of the element that has it.
        for (at, (element, _)) in &self.elements {
            self.lend(*at, *element, &mut of, 0);
        }
        Places::Lines(lines.into_iter().map(|(line, at)| (line, of.get(&at).copied())).collect())
    }

    fn lend(&self, at: usize, element: Element, of: &mut BTreeMap<usize, Element>, depth: usize) {
        let said = self.graph.things.get(at).map_or(&[][..], |thing| &thing.said);
        for (name, said) in said {
            if let Object::Thing(inner) = said
                && name != "relationship"
                && depth < DEEPEST
                && *inner != self.document
                && !of.contains_key(inner)
            {
                of.insert(*inner, element);
                self.lend(*inner, element, of, depth + 1);
            }
        }
    }
}

fn is(thing: &Thing, class: &str) -> bool {
    thing.classes.iter().any(|known| known == class || known.strip_prefix("Spdx") == Some(class))
}

/// A word whose list's name stands before it: `checksumAlgorithm_sha3_256`.
fn by_parts(list: &str, written: &str) -> Option<&'static str> {
    let mut rest = written;
    while let Some((_, behind)) = rest.split_once('_') {
        rest = behind;
        if let Some(word) = word(list, rest) {
            return Some(word);
        }
    }
    None
}

#[cfg(test)]
mod tests;
