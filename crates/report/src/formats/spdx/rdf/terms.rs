//! The classes and their properties: the table `data/spdx.terms`, read once.
use std::collections::BTreeMap;
use std::sync::LazyLock;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Flag,
    Number,
    Uri,
    Id,
    License,
    Type,
    Word(&'static str),
    Class(&'static str),
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Term {
    pub(super) member: &'static str,
    pub(super) kind: Kind,
    pub(super) is_list: bool,
}

type Classes = BTreeMap<&'static str, BTreeMap<&'static str, Term>>;

static TABLE: LazyLock<(Classes, BTreeMap<&str, Vec<&str>>)> = LazyLock::new(|| {
    let (mut classes, mut words) = (Classes::new(), BTreeMap::<_, Vec<_>>::new());
    let mut name = "";
    for line in include_str!("../../../../data/spdx.terms").lines().filter(|line| !line.starts_with('#')) {
        if let Some(next) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            name = next;
        } else if let Some(list) = name.strip_prefix('=') {
            words.entry(list).or_default().extend(line.split_whitespace());
        } else if let [property, member, kind] = line.split_whitespace().collect::<Vec<_>>()[..] {
            classes.entry(name).or_default().insert(property, term(member, kind));
        }
    }
    (classes, words)
});

fn term(member: &'static str, kind: &'static str) -> Term {
    let (is_list, kind) = kind.strip_prefix('*').map_or((false, kind), |kind| (true, kind));
    let kind = match (kind, kind.strip_prefix('=')) {
        (_, Some(list)) => Kind::Word(list),
        ("text", _) => Kind::Text,
        ("flag", _) => Kind::Flag,
        ("number", _) => Kind::Number,
        ("uri", _) => Kind::Uri,
        ("id", _) => Kind::Id,
        ("license", _) => Kind::License,
        ("type", _) => Kind::Type,
        (name, _) => Kind::Class(name),
    };
    Term { member, kind, is_list }
}

pub(super) fn term_of(class: &str, property: &str) -> Option<Term> {
    TABLE.0.get(class)?.get(property).copied()
}

pub(super) fn is_class(name: &str) -> bool {
    TABLE.0.contains_key(name)
}

/// The word of a closed list that this one means, however it is written: `sha3_256` and `SHA3-256` are the same.
pub(in super::super) fn word(list: &str, written: &str) -> Option<&'static str> {
    let same = |known: &&&str| bare(known).eq(bare(written));
    TABLE.1.get(list)?.iter().find(same).copied()
}

fn bare(word: &str) -> impl Iterator<Item = u8> + '_ {
    word.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_table_and_the_official_schema_know_the_same() {
        let schema = include_str!("../../../../../sbom/schemas/spdx/spdx-2.3.schema.json");
        let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
        let keys = |pointer: &str| -> BTreeSet<String> {
            schema.pointer(pointer).unwrap()["properties"].as_object().unwrap().keys().cloned().collect()
        };
        // Lists of the document, the id of each element, and the words that JSON alone has.
        let aside = ["SPDXID", "documentNamespace", "packages", "files", "snippets", "relationships", "spdxElementId"];
        for (class, pointer) in [
            ("SpdxDocument", ""),
            ("Package", "/properties/packages/items"),
            ("File", "/properties/files/items"),
            ("Snippet", "/properties/snippets/items"),
            ("Relationship", "/properties/relationships/items"),
            ("Checksum", "/properties/files/items/properties/checksums/items"),
            ("ExternalRef", "/properties/packages/items/properties/externalRefs/items"),
            ("ExtractedLicensingInfo", "/properties/hasExtractedLicensingInfos/items"),
            ("CrossRef", "/properties/hasExtractedLicensingInfos/items/properties/crossRefs/items"),
            ("ExternalDocumentRef", "/properties/externalDocumentRefs/items"),
            ("Annotation", "/properties/annotations/items"),
            ("Review", "/properties/revieweds/items"),
            ("CreationInfo", "/properties/creationInfo"),
        ] {
            let known: BTreeSet<_> = TABLE.0[class].values().map(|term| term.member.to_owned()).collect();
            let known: BTreeSet<_> = known.into_iter().filter(|member| member != "-").collect();
            let asked: BTreeSet<_> = keys(pointer).into_iter().filter(|name| !aside.contains(&name.as_str())).collect();
            assert_eq!(known, asked, "{class}");
        }
        for class in TABLE.0.values() {
            for term in class.values() {
                match term.kind {
                    Kind::Class(name) => assert!(is_class(name), "{name}"),
                    Kind::Word(list) => {
                        let words: BTreeSet<_> = TABLE.1[list]
                            .iter()
                            .copied()
                            .map(serde_json::Value::from)
                            .map(|word| word.to_string())
                            .collect();
                        assert!(words.iter().all(|word| schema.to_string().contains(word)), "{list}");
                    }
                    _ => {}
                }
            }
        }
        assert_eq!(word("relationshipType", "relationshipType_dependsOn"), None);
        assert_eq!(
            (word("relationshipType", "dependsOn"), word("algorithm", "sha3_256")),
            (Some("DEPENDS_ON"), Some("SHA3-256"))
        );
    }
}
