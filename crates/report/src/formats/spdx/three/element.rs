//! A package, a file or a snippet of SPDX 3 as SPDX 2.3 says it.
use serde_json::{Map, Value, json};

use super::super::rdf::terms::word;
use super::walk::{Thing, Things, bare};
use super::{PACKAGES, Teller};

/// Members of one text, in both editions.
const TEXTS: &[(&str, &str)] = &[
    ("packageVersion", "versionInfo"),
    ("downloadLocation", "downloadLocation"),
    ("homePage", "homepage"),
    ("sourceInfo", "sourceInfo"),
    ("copyrightText", "copyrightText"),
    ("summary", "summary"),
    ("description", "description"),
    ("comment", "comment"),
    ("builtTime", "builtDate"),
    ("releaseTime", "releaseDate"),
    ("validUntilTime", "validUntilDate"),
];

/// Those that files and snippets have too.
const FOR_ALL: &[&str] = &["copyrightText", "comment"];

/// The list that a thing belongs to; a file without a digest and a snippet without a range are none to the older edition.
pub(super) fn list(thing: &Thing<'_>, things: &Things<'_>) -> Option<&'static str> {
    let is_digest = |one: &Value| things.meant(one).is_some_and(|one| digest(one).is_some());
    match thing.kind.as_str() {
        kind if PACKAGES.contains(&kind) => Some("packages"),
        "File" if thing.list("verifiedUsing").into_iter().any(is_digest) => Some("files"),
        "Snippet" if thing.said.contains_key("byteRange") || thing.said.contains_key("lineRange") => Some("snippets"),
        "File" | "Snippet" => Some("packages"),
        _ => None,
    }
}

impl<'a> Teller<'a> {
    pub(super) fn element(&mut self, thing: &Thing<'a>, list: &str) -> Value {
        let id = self.ids.get(&thing.id).cloned().unwrap_or_default();
        let name = thing.text("name").unwrap_or_default();
        let mut object = Map::from_iter([("SPDXID".to_owned(), json!(id))]);
        object.insert(if list == "files" { "fileName" } else { "name" }.to_owned(), json!(name));
        if list == "packages" {
            object.insert("downloadLocation".to_owned(), json!("NOASSERTION"));
            object.insert("filesAnalyzed".to_owned(), json!(false));
            if !PACKAGES.contains(&thing.kind.as_str()) {
                object.insert("primaryPackagePurpose".to_owned(), json!("FILE"));
                let lacks = if thing.kind == "File" { "digest" } else { "range" };
                self.left.add(&format!("{} without a {lacks}, kept as a package", thing.kind));
            } else if thing.kind != "Package" {
                self.left.add(&format!("{} beyond a package", thing.kind));
            }
        }
        for (member, value) in &thing.said {
            if !self.member(thing, list, member, value, &mut object) {
                self.left.add(&format!("{member} of {}", thing.kind));
            }
        }
        let mut references = self.references(thing, list);
        if list == "packages" && thing.id.contains("://") && !thing.id.contains(char::is_whitespace) {
            // What it is called in the document that is kept.
            references.push(reference("OTHER", "spdx3", &thing.id, None));
        }
        if !references.is_empty() {
            object.insert("externalRefs".to_owned(), Value::Array(references));
        }
        Value::Object(object)
    }

    /// Says one member; whether the older edition has a word for it.
    fn member(
        &mut self,
        thing: &Thing<'a>,
        list: &str,
        member: &str,
        value: &Value,
        object: &mut Map<String, Value>,
    ) -> bool {
        let mut set = |name: &str, value: Value| {
            object.insert(name.to_owned(), value);
            true
        };
        let is_package = list == "packages";
        if let Some((_, name)) = TEXTS.iter().find(|(known, _)| *known == member) {
            let is_known = is_package || FOR_ALL.contains(&member);
            return is_known && thing.text(member).is_some_and(|text| set(name, json!(text)));
        }
        match member {
            "type" | "spdxId" | "id" | "creationInfo" | "name" => true,
            "verifiedUsing" => self.digests(thing, is_package, object),
            "packageUrl" | "externalIdentifier" | "externalRef" => is_package,
            "suppliedBy" if is_package => set("supplier", json!(self.agent(value))),
            "originatedBy" if is_package => {
                let agents = thing.list(member);
                for _ in agents.iter().skip(1) {
                    self.left.add("originatedBy once more");
                }
                agents.first().is_none_or(|agent| set("originator", json!(self.agent(agent))))
            }
            "attributionText" => {
                let texts: Vec<_> = thing.list(member).into_iter().filter_map(super::text).collect();
                set("attributionTexts", json!(texts))
            }
            "primaryPurpose" if is_package => {
                let purpose = word("primaryPackagePurpose", thing.text(member).map_or("", bare));
                purpose.is_some_and(|purpose| set("primaryPackagePurpose", json!(purpose)))
            }
            "primaryPurpose" | "additionalPurpose" if list == "files" => {
                let types: Vec<_> = thing.list(member).into_iter().filter_map(super::text).collect();
                let words: Vec<_> = types.iter().filter_map(|kind| word("fileTypes", bare(kind))).collect();
                let known = object.entry("fileTypes").or_insert_with(|| json!([]));
                known.as_array_mut().into_iter().for_each(|known| known.extend(words.iter().map(|word| json!(word))));
                if known.as_array().is_some_and(Vec::is_empty) {
                    object.remove("fileTypes");
                }
                words.len() == types.len()
            }
            "snippetFromFile" => {
                let file = self.things.id_of(value).and_then(|id| self.ids.get(&id).cloned());
                file.is_some_and(|file| list == "snippets" && set("snippetFromFile", json!(file)))
            }
            "byteRange" | "lineRange" if list == "snippets" => {
                let unit = if member == "byteRange" { "offset" } else { "lineNumber" };
                self.range(thing, value, unit, object)
            }
            "fileKind" => thing.text(member).is_some_and(|kind| bare(kind) == "file"),
            _ => false,
        }
    }

    fn digests(&mut self, thing: &Thing<'a>, is_package: bool, object: &mut Map<String, Value>) -> bool {
        let mut checksums = Vec::new();
        for one in thing.list("verifiedUsing").into_iter().filter_map(|one| self.things.meant(one)) {
            match (one.text("hashValue").filter(|_| one.kind == "PackageVerificationCode" && is_package), digest(one)) {
                (Some(value), _) => {
                    let files: Vec<_> =
                        one.list("packageVerificationCodeExcludedFile").into_iter().filter_map(super::text).collect();
                    let mut code = Map::from_iter([("packageVerificationCodeValue".to_owned(), json!(value))]);
                    if !files.is_empty() {
                        code.insert("packageVerificationCodeExcludedFiles".to_owned(), json!(files));
                    }
                    object.insert("packageVerificationCode".to_owned(), Value::Object(code));
                }
                (None, Some(digest)) => checksums.push(digest),
                (None, None) => self.left.add(&format!("digest {}", one.text("algorithm").map_or("", bare))),
            }
        }
        if !checksums.is_empty() {
            object.insert("checksums".to_owned(), Value::Array(checksums));
        }
        true
    }

    fn references(&mut self, thing: &Thing<'a>, list: &str) -> Vec<Value> {
        let mut references = Vec::new();
        if list != "packages" {
            return references;
        }
        references.extend(thing.text("packageUrl").map(|purl| reference("PACKAGE-MANAGER", "purl", purl, None)));
        for one in thing.list("externalIdentifier").into_iter().filter_map(|one| self.things.meant(one)) {
            let kind = one.text("externalIdentifierType").map_or("other", bare);
            let (category, name) = match kind {
                "cpe22" => ("SECURITY", "cpe22Type"),
                "cpe23" => ("SECURITY", "cpe23Type"),
                "swid" => ("SECURITY", "swid"),
                "packageUrl" => ("PACKAGE-MANAGER", "purl"),
                "swhid" => ("PERSISTENT-ID", "swh"),
                "gitoid" => ("PERSISTENT-ID", "gitoid"),
                other => ("OTHER", other),
            };
            if let Some(identifier) = one.text("identifier") {
                let new = reference(category, name, identifier, one.text("comment"));
                if !references.contains(&new) {
                    references.push(new);
                }
            }
            for _ in one.list("identifierLocator") {
                self.left.add("identifierLocator");
            }
        }
        for one in thing.list("externalRef").into_iter().filter_map(|one| self.things.meant(one)) {
            let kind = one.text("externalRefType").map_or("other", bare);
            let (category, name) = match kind {
                "mavenCentral" => ("PACKAGE-MANAGER", "maven-central"),
                "npm" | "nuget" | "bower" => ("PACKAGE-MANAGER", kind),
                "securityAdvisory" => ("SECURITY", "advisory"),
                "securityFix" => ("SECURITY", "fix"),
                "securityOther" => ("SECURITY", "url"),
                other => ("OTHER", other),
            };
            let locators = one.list("locator").into_iter().filter_map(super::text);
            references.extend(locators.map(|locator| reference(category, name, locator, one.text("comment"))));
        }
        references
    }

    fn range(&self, thing: &Thing<'a>, value: &Value, unit: &str, object: &mut Map<String, Value>) -> bool {
        let Some(range) = self.things.meant(value) else { return false };
        let file = thing.said.get("snippetFromFile").and_then(|file| self.things.id_of(file));
        let file = file.and_then(|id| self.ids.get(&id).cloned()).unwrap_or_default();
        let end = |name: &str| {
            let number = range.said.get(name)?;
            let number = number.as_u64().or_else(|| super::text(number)?.parse().ok())?;
            Some(json!({ unit: number, "reference": file }))
        };
        let (Some(from), Some(to)) = (end("beginIntegerRange"), end("endIntegerRange")) else { return false };
        let list = object.entry("ranges").or_insert_with(|| json!([]));
        list.as_array_mut().into_iter().for_each(|list| list.push(json!({ "startPointer": from, "endPointer": to })));
        true
    }
}

/// A digest by an algorithm that both editions know.
fn digest(one: &Thing<'_>) -> Option<Value> {
    let algorithm = word("algorithm", bare(one.text("algorithm")?))?;
    let is_plain = one.kind != "PackageVerificationCode";
    is_plain.then_some(())?;
    Some(json!({ "algorithm": algorithm, "checksumValue": one.text("hashValue")? }))
}

fn reference(category: &str, kind: &str, locator: &str, comment: Option<&str>) -> Value {
    let mut one = json!({ "referenceCategory": category, "referenceType": kind, "referenceLocator": locator });
    if let (Some(one), Some(comment)) = (one.as_object_mut(), comment) {
        one.insert("comment".to_owned(), json!(comment));
    }
    one
}
