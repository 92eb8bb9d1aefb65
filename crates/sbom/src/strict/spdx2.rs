//! Rules of SPDX 2 that its specification states and its JSON schema does not hold.
use std::collections::BTreeSet;

use serde_json::Value;

use super::{COMPLAINTS, Complaint};

/// What the specification's own clauses find wrong with a document; the number is that of version 2.3.
pub(super) fn complaints(document: &Value) -> Vec<Complaint> {
    let mut rules = Rules { ids: BTreeSet::new(), out: Vec::new() };
    rules.document(document);
    for list in ["packages", "files", "snippets"] {
        for (index, element) in items(document, list) {
            rules.element(element, &format!("/{list}/{index}"));
        }
    }
    rules.relationships(document);
    rules.out.truncate(COMPLAINTS);
    rules.out
}

struct Rules<'d> {
    ids: BTreeSet<&'d str>,
    out: Vec<Complaint>,
}

fn items<'d>(value: &'d Value, list: &str) -> impl Iterator<Item = (usize, &'d Value)> {
    value.get(list).and_then(Value::as_array).into_iter().flatten().enumerate()
}

fn word<'d>(value: &'d Value, key: &str) -> Option<&'d str> {
    value.get(key).and_then(Value::as_str)
}

impl<'d> Rules<'d> {
    fn say(&mut self, pointer: impl Into<String>, value: &str, rule: &str) {
        let shown: String = value.chars().take(80).collect();
        if self.out.len() < COMPLAINTS {
            let wrong = if shown.is_empty() { rule.to_owned() } else { format!("`{shown}` {rule}") };
            self.out.push(Complaint { pointer: pointer.into(), wrong });
        }
    }

    fn document(&mut self, document: &'d Value) {
        self.ids.insert("SPDXRef-DOCUMENT");
        if let Some(id) = word(document, "SPDXID").filter(|id| *id != "SPDXRef-DOCUMENT") {
            self.say("/SPDXID", id, "must be `SPDXRef-DOCUMENT` (SPDX 2.3, 6.3)");
        }
        let is_bare = |uri: &&str| uri.contains('#') || uri.split_once(':').is_none_or(|(scheme, _)| scheme.is_empty());
        if let Some(uri) = word(document, "documentNamespace").filter(is_bare) {
            self.say("/documentNamespace", uri, "is no URI, or has a `#` (SPDX 2.3, 6.5)");
        }
        let made = document.get("creationInfo");
        if let Some(created) = made.and_then(|made| word(made, "created")).filter(|text| !is_instant(text)) {
            self.say("/creationInfo/created", created, "is not written YYYY-MM-DDThh:mm:ssZ (SPDX 2.3, 6.9)");
        }
        for (index, creator) in made.into_iter().flat_map(|made| items(made, "creators")) {
            if let Some(creator) = creator.as_str().filter(|creator| !is_actor(creator)) {
                self.say(
                    format!("/creationInfo/creators/{index}"),
                    creator,
                    "names no Person, Organization or Tool (SPDX 2.3, 6.8)",
                );
            }
        }
    }

    fn element(&mut self, element: &'d Value, at: &str) {
        if let Some(id) = word(element, "SPDXID") {
            let plain =
                |rest: &str| rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
            if !id.strip_prefix("SPDXRef-").is_some_and(|rest| !rest.is_empty() && plain(rest)) {
                self.say(
                    format!("{at}/SPDXID"),
                    id,
                    "is no `SPDXRef-` with letters, digits, `.` and `-` (SPDX 2.3, 7.2)",
                );
            }
            if !self.ids.insert(id) {
                self.say(format!("{at}/SPDXID"), id, "is the id of another element too");
            }
        }
        for key in ["supplier", "originator"] {
            if let Some(who) = word(element, key).filter(|who| *who != "NOASSERTION" && !is_actor(who)) {
                self.say(format!("{at}/{key}"), who, "names no Person or Organization (SPDX 2.3, 7.5)");
            }
        }
        if element.get("filesAnalyzed") == Some(&Value::Bool(false)) && element.get("packageVerificationCode").is_some()
        {
            self.say(
                format!("{at}/packageVerificationCode"),
                "",
                "stands where no files were analysed (SPDX 2.3, 7.9)",
            );
        }
        for (index, checksum) in items(element, "checksums") {
            let (Some(of), Some(digest)) = (word(checksum, "algorithm"), word(checksum, "checksumValue")) else {
                continue;
            };
            let digits = digest.bytes().all(|byte| byte.is_ascii_hexdigit());
            if !digits || length(of).is_some_and(|length| length != digest.len()) {
                self.say(
                    format!("{at}/checksums/{index}/checksumValue"),
                    digest,
                    &format!("is no {of} (SPDX 2.3, 7.10)"),
                );
            }
        }
    }

    fn relationships(&mut self, document: &'d Value) {
        let mut describes = items(document, "documentDescribes").next().is_some();
        for (index, relationship) in items(document, "relationships") {
            let kind = word(relationship, "relationshipType").unwrap_or_default();
            describes |= matches!(kind, "DESCRIBES" | "DESCRIBED_BY");
            for key in ["spdxElementId", "relatedSpdxElement"] {
                let unknown = |id: &&str| {
                    !self.ids.contains(id) && !matches!(*id, "NONE" | "NOASSERTION") && !id.starts_with("DocumentRef-")
                };
                if let Some(id) = word(relationship, key).filter(unknown) {
                    self.say(format!("/relationships/{index}/{key}"), id, "is not in the document (SPDX 2.3, 11.1)");
                }
            }
        }
        if !describes && items(document, "packages").count() != 1 {
            self.say(
                "/relationships",
                "DESCRIBES",
                "stands nowhere: what the document is about is not said (SPDX 2.3, 11.1)",
            );
        }
    }
}

fn is_actor(text: &str) -> bool {
    ["Person:", "Organization:", "Tool:"]
        .iter()
        .any(|role| text.strip_prefix(role).is_some_and(|name| !name.trim().is_empty()))
}

fn is_instant(text: &str) -> bool {
    let shape: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    shape == "0000-00-00T00:00:00Z"
}

/// Hexadecimal digits of a digest.
fn length(algorithm: &str) -> Option<usize> {
    Some(match algorithm {
        "MD2" | "MD4" | "MD5" => 32,
        "SHA1" => 40,
        "SHA224" => 56,
        "SHA256" | "SHA3-256" | "BLAKE2b-256" => 64,
        "SHA384" | "SHA3-384" | "BLAKE2b-384" => 96,
        "SHA512" | "SHA3-512" | "BLAKE2b-512" => 128,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_rule_is_heard_and_a_sound_document_is_not() {
        let sound = json!({
            "SPDXID": "SPDXRef-DOCUMENT", "documentNamespace": "https://a.example/b",
            "creationInfo": {"created": "2026-01-02T03:04:05Z", "creators": ["Tool: x-1", "Person: A (a@b.c)"]},
            "packages": [{"SPDXID": "SPDXRef-a", "supplier": "NOASSERTION",
                "checksums": [{"algorithm": "SHA1", "checksumValue": "ab".repeat(20)}]}],
            "relationships": [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES",
                "relatedSpdxElement": "SPDXRef-a"}],
        });
        assert_eq!(complaints(&sound), Vec::new());
        for (pointer, value) in [
            ("/SPDXID", json!("SPDXRef-doc")),
            ("/documentNamespace", json!("a#b")),
            ("/creationInfo/created", json!("2026-01-02")),
            ("/creationInfo/creators/1", json!("Anna")),
            ("/packages/0/SPDXID", json!("SPDXRef-a/b")),
            ("/packages/0/supplier", json!("Kaspersky")),
            ("/packages/0/checksums/0/checksumValue", json!("ab")),
            ("/relationships/0/relatedSpdxElement", json!("SPDXRef-gone")),
        ] {
            let mut odd = sound.clone();
            *odd.pointer_mut(pointer).unwrap() = value;
            assert!(complaints(&odd).iter().any(|one| one.pointer == pointer), "{pointer}: {:?}", complaints(&odd));
        }
    }
}
