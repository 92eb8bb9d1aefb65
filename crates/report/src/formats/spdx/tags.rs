//! An SPDX 2 document in tag-value form as the JSON form of the same.
use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde_json::{Map, Value, json};

use super::DOCUMENT;
use super::carried::{Element, Places};
use crate::left::Left;

/// What tags belong to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Home {
    #[default]
    Document,
    Creation,
    Package,
    File,
    Snippet,
    License,
    Annotation,
    Review,
    Relationship,
    Latest,
}

/// A tag's home, the member it is in JSON, and how it is told.
type Tag = (Home, &'static str, &'static str);

static TAGS: LazyLock<BTreeMap<&str, Tag>> = LazyLock::new(|| {
    let lines = include_str!("../../../data/spdx.tags").lines().filter(|line| !line.starts_with('#'));
    let words = lines.map(|line| line.split(' ').collect::<Vec<_>>());
    words
        .filter_map(|words| match words[..] {
            [tag, home, member, told] => Some((tag, (of(home), member, told))),
            _ => None,
        })
        .collect()
});

fn of(home: &str) -> Home {
    match home {
        "creation" => Home::Creation,
        "package" => Home::Package,
        "file" => Home::File,
        "snippet" => Home::Snippet,
        "license" => Home::License,
        "annotation" => Home::Annotation,
        "review" => Home::Review,
        "relationship" => Home::Relationship,
        "latest" => Home::Latest,
        _ => Home::Document,
    }
}

#[derive(Default)]
struct Reader {
    /// Every element that was met, by what it is.
    met: BTreeMap<Home, Vec<Map<String, Value>>>,
    document: Map<String, Value>,
    creation: Map<String, Value>,
    /// What an `SPDXID` belongs to: what began last.
    latest: Home,
    /// An `SPDXID` that stands before its element.
    waiting: Option<String>,
    places: Vec<(u32, Option<Element>)>,
    /// Which package each file stands behind.
    holders: Vec<(usize, usize)>,
    left: Left,
}

/// The document as JSON, on which line each of its elements begins, and what has no form there.
pub(super) fn carried(text: &str) -> Result<(Value, Places, Left), String> {
    let mut reader = Reader::default();
    let lines: Vec<&str> = text.lines().collect();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let first = at;
        at += 1;
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with('#') {
            continue;
        }
        let Some((name, value)) = trimmed.split_once(':') else {
            reader.left.add("lines without a tag");
            continue;
        };
        let mut value = value.trim().to_owned();
        if value.starts_with("<text>") && !value.contains("</text>") {
            while let Some(more) = lines.get(at) {
                value.push('\n');
                value.push_str(more);
                at += 1;
                if more.contains("</text>") {
                    break;
                }
            }
            if !value.contains("</text>") {
                return Err(format!("the text that begins in line {} does not end", first + 1));
            }
        }
        let value = value.trim_end();
        let value = value.strip_prefix("<text>").and_then(|value| value.strip_suffix("</text>")).unwrap_or(value);
        reader.pair(u32::try_from(first + 1).unwrap_or(u32::MAX), name.trim(), value);
    }
    Ok(reader.end())
}

impl Reader {
    fn pair(&mut self, line: u32, name: &str, value: &str) {
        let Some(&(home, member, told)) = TAGS.get(name) else { return self.left.add(name) };
        match (name, told) {
            ("SPDXID", _) => self.id(value),
            ("PackageName" | "FileName" | "SnippetSPDXID" | "LicenseID", _) => self.begin(line, home, member, value),
            ("Annotator" | "Reviewer", _) => {
                self.met.entry(home).or_default().push(Map::from_iter([(member.to_owned(), json!(value))]));
            }
            ("Relationship", _) => self.related(value),
            ("ExternalDocumentRef", _) => self.elsewhere(value),
            ("ExternalRef" | "ExternalRefComment", _) => self.reference(name, value),
            ("PackageVerificationCode", _) => self.code(member, value),
            ("SnippetByteRange" | "SnippetLineRange", _) => self.range(name, value),
            (_, told) => {
                let Some(object) = self.object(home) else { return self.left.add(name) };
                let item = match told {
                    "checksum" => match value.split_once(':') {
                        Some((algorithm, digest)) => {
                            json!({ "algorithm": algorithm.trim(), "checksumValue": digest.trim() })
                        }
                        None => return self.left.add(name),
                    },
                    "words" | "word" => {
                        json!(value.to_uppercase().replace([' ', '-'], if told == "word" { "_" } else { "-" }))
                    }
                    "flag" => json!(value.eq_ignore_ascii_case("true")),
                    _ => json!(value),
                };
                let is_list = matches!(told, "list" | "checksum" | "words");
                let is_new = if is_list {
                    let list = object.entry(member).or_insert_with(|| json!([]));
                    list.as_array_mut().is_some_and(|list| {
                        list.push(item);
                        true
                    })
                } else if object.contains_key(member) {
                    false
                } else {
                    object.insert(member.to_owned(), item);
                    true
                };
                if !is_new {
                    self.left.add(&format!("{name} once more"));
                }
            }
        }
    }

    /// The object that a tag of this home speaks of, where one was begun.
    fn object(&mut self, home: Home) -> Option<&mut Map<String, Value>> {
        match home {
            Home::Document | Home::Latest => Some(&mut self.document),
            Home::Creation => Some(&mut self.creation),
            _ => self.met.get_mut(&home)?.last_mut(),
        }
    }

    fn begin(&mut self, line: u32, home: Home, member: &str, value: &str) {
        self.latest = home;
        let mut object = Map::from_iter([(member.to_owned(), json!(value))]);
        if let Some(id) = self.waiting.take() {
            object.insert("SPDXID".to_owned(), json!(id));
        }
        let list = self.met.entry(home).or_default();
        let at = list.len();
        list.push(object);
        let name = match home {
            Home::Package => "packages",
            Home::File => "files",
            Home::Snippet => "snippets",
            _ => return,
        };
        self.places.push((line, Some((name, at))));
        let packages = self.met.get(&Home::Package).map_or(0, Vec::len);
        if home == Home::File && packages > 0 {
            self.holders.push((packages - 1, at));
        }
    }

    fn id(&mut self, value: &str) {
        let latest = self.latest;
        match self.object(latest) {
            Some(object) if !object.contains_key("SPDXID") => {
                object.insert("SPDXID".to_owned(), json!(value));
            }
            _ => self.waiting = Some(value.to_owned()),
        }
    }

    fn related(&mut self, value: &str) {
        let mut words = value.split_whitespace();
        let (Some(from), Some(kind), Some(to)) = (words.next(), words.next(), words.next()) else {
            return self.left.add("Relationship");
        };
        let one = json!({ "spdxElementId": from, "relationshipType": kind.to_uppercase(), "relatedSpdxElement": to });
        if let Value::Object(one) = one {
            self.met.entry(Home::Relationship).or_default().push(one);
        }
    }

    fn elsewhere(&mut self, value: &str) {
        let words: Vec<&str> = value.split_whitespace().collect();
        let (Some(id), Some(document), true) = (words.first(), words.get(1), words.len() > 2) else {
            return self.left.add("ExternalDocumentRef");
        };
        let rest = words.get(2..).unwrap_or_default().join(" ");
        let Some((algorithm, digest)) = rest.split_once(':') else { return self.left.add("ExternalDocumentRef") };
        let one = json!({
            "externalDocumentId": id,
            "spdxDocument": document,
            "checksum": { "algorithm": algorithm.trim(), "checksumValue": digest.trim() },
        });
        let list = self.document.entry("externalDocumentRefs").or_insert_with(|| json!([]));
        list.as_array_mut().into_iter().for_each(|list| list.push(one.clone()));
    }

    fn reference(&mut self, name: &str, value: &str) {
        let mut words = value.splitn(3, char::is_whitespace);
        let Some(package) = self.object(Home::Package) else { return self.left.add(name) };
        let list = package.entry("externalRefs").or_insert_with(|| json!([]));
        let Some(list) = list.as_array_mut() else { return };
        if name == "ExternalRefComment" {
            if let Some(Value::Object(last)) = list.last_mut() {
                last.insert("comment".to_owned(), json!(value));
            }
            return;
        }
        let (Some(category), Some(kind), Some(locator)) = (words.next(), words.next(), words.next()) else {
            return self.left.add(name);
        };
        let category = category.replace('_', "-");
        list.push(json!({ "referenceCategory": category, "referenceType": kind, "referenceLocator": locator.trim() }));
    }

    /// `d6a7…(excludes: ./a, ./b)`; the word `excludes` is not always there.
    fn code(&mut self, member: &str, value: &str) {
        let (code, rest) = value.split_once('(').unwrap_or((value, ""));
        let rest = rest.trim_end().trim_end_matches(')').trim();
        let rest = rest.strip_prefix("excludes:").unwrap_or(rest);
        let files: Vec<&str> = rest.split(',').map(str::trim).filter(|file| !file.is_empty()).collect();
        let mut one = json!({ "packageVerificationCodeValue": code.trim() });
        if let Some(one) = one.as_object_mut().filter(|_| !files.is_empty()) {
            one.insert("packageVerificationCodeExcludedFiles".to_owned(), json!(files));
        }
        match self.object(Home::Package) {
            Some(package) => {
                package.insert(member.to_owned(), one);
            }
            None => self.left.add("PackageVerificationCode"),
        }
    }

    fn range(&mut self, name: &str, value: &str) {
        let ends = value
            .split_once(':')
            .and_then(|(from, to)| Some((from.trim().parse::<u64>().ok()?, to.trim().parse::<u64>().ok()?)));
        let (Some((from, to)), Some(snippet)) = (ends, self.object(Home::Snippet)) else { return self.left.add(name) };
        let unit = if name == "SnippetByteRange" { "offset" } else { "lineNumber" };
        let list = snippet.entry("ranges").or_insert_with(|| json!([]));
        let pointer = |at: u64| json!({ unit: at });
        let one = json!({ "startPointer": pointer(from), "endPointer": pointer(to) });
        list.as_array_mut().into_iter().for_each(|list| list.push(one.clone()));
    }

    fn end(mut self) -> (Value, Places, Left) {
        let mut take = |home: Home| self.met.remove(&home).unwrap_or_default();
        let (mut packages, files, mut snippets) = (take(Home::Package), take(Home::File), take(Home::Snippet));
        let (licenses, relations) = (take(Home::License), take(Home::Relationship));
        let (annotations, reviews) = (take(Home::Annotation), take(Home::Review));
        // Where a range is counted from stands once in tag-value form, and in each pointer in JSON.
        for snippet in &mut snippets {
            let file = snippet.get("snippetFromFile").cloned();
            let ranges = snippet.get_mut("ranges").and_then(Value::as_array_mut).into_iter().flatten();
            for end in ranges.filter_map(Value::as_object_mut).flat_map(|range| range.values_mut()) {
                if let (Some(end), Some(file)) = (end.as_object_mut(), &file) {
                    end.insert("reference".to_owned(), file.clone());
                }
            }
        }
        for (package, file) in self.holders {
            let id = files.get(file).and_then(|file| file.get("SPDXID")).cloned();
            if let (Some(package), Some(id)) = (packages.get_mut(package), id) {
                let list = package.entry("hasFiles").or_insert_with(|| json!([]));
                list.as_array_mut().into_iter().for_each(|list| list.push(id.clone()));
            }
        }
        let mut root = self.document;
        root.insert("creationInfo".to_owned(), Value::Object(self.creation));
        let [mut files, mut packages] = [files, packages];
        for mut annotation in annotations {
            let of = annotation.remove("of").and_then(|of| of.as_str().map(str::to_owned)).unwrap_or_default();
            let is_meant = |object: &&mut Map<String, Value>| object.get("SPDXID").is_some_and(|id| *id == *of);
            let home = packages.iter_mut().chain(&mut files).chain(&mut snippets).find(is_meant);
            if home.is_none() && !of.is_empty() && of != DOCUMENT {
                self.left.add("SPDXREF that names nothing here");
            }
            let list = home.unwrap_or(&mut root).entry("annotations").or_insert_with(|| json!([]));
            list.as_array_mut().into_iter().for_each(|list| list.push(Value::Object(annotation.clone())));
        }
        for (name, list) in [
            ("packages", packages),
            ("files", files),
            ("snippets", snippets),
            ("hasExtractedLicensingInfos", licenses),
            ("relationships", relations),
            ("revieweds", reviews),
        ] {
            if !list.is_empty() {
                root.insert(name.to_owned(), Value::Array(list.into_iter().map(Value::Object).collect()));
            }
        }
        (Value::Object(root), Places::Lines(self.places), self.left)
    }
}
