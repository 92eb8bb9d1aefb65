//! What the fields of the messages are: the table `data/cyclonedx.messages`, read once.
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// What one value of a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Flag,
    Number,
    Fraction,
    Time,
    Date,
    /// A word of this list.
    Word(&'static str),
    Message(&'static str),
    /// A message of which one text is meant.
    Reference,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub(super) number: u32,
    pub(super) member: &'static str,
    pub(super) kind: Kind,
    pub(super) is_list: bool,
    /// Whether the value is what the whole message is.
    pub(super) is_whole: bool,
    /// Whether JSON asks for it.
    pub(super) is_asked: bool,
}

type Messages = BTreeMap<&'static str, Vec<Field>>;
type Words = BTreeMap<&'static str, BTreeMap<u64, &'static str>>;

static TABLE: LazyLock<(Messages, Words)> = LazyLock::new(|| {
    let (mut messages, mut words) = (Messages::new(), Words::new());
    let mut name = "";
    for line in include_str!("../../../data/cyclonedx.messages").lines().filter(|line| !line.starts_with('#')) {
        if let Some(next) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            name = next;
            continue;
        }
        match (name.strip_prefix('='), &line.split(' ').collect::<Vec<_>>()[..]) {
            (Some(list), [number, word]) => {
                words.entry(list).or_default().insert(number.parse().unwrap_or(u64::MAX), word);
            }
            (None, [number, member, kind]) => messages.entry(name).or_default().push(field(number, member, kind)),
            _ => {}
        }
    }
    (messages, words)
});

fn field(number: &str, member: &'static str, kind: &'static str) -> Field {
    let (is_asked, kind) = kind.strip_suffix('+').map_or((false, kind), |kind| (true, kind));
    let (is_whole, kind) = kind.strip_prefix('!').map_or((false, kind), |kind| (true, kind));
    let (is_list, kind) = kind.strip_prefix('*').map_or((false, kind), |kind| (true, kind));
    let kind = match (kind, kind.strip_prefix('=')) {
        (_, Some(list)) => Kind::Word(list),
        ("string", _) => Kind::Text,
        ("bool", _) => Kind::Flag,
        ("int", _) => Kind::Number,
        ("float" | "double", _) => Kind::Fraction,
        ("time", _) => Kind::Time,
        ("date", _) => Kind::Date,
        ("ref", _) => Kind::Reference,
        (name, _) => Kind::Message(name),
    };
    Field { number: number.parse().unwrap_or(0), member, kind, is_list, is_whole, is_asked }
}

/// The fields of a message.
pub(super) fn message(name: &str) -> &'static [Field] {
    TABLE.0.get(name).map_or(&[], Vec::as_slice)
}

/// The word of a number in a closed list; nothing for one that makes no statement.
pub(super) fn word(list: &str, number: u64) -> Option<&'static str> {
    TABLE.1.get(list)?.get(&number).copied()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::super::shapes::{self, Shape};
    use super::*;

    #[test]
    fn every_word_of_the_table_has_a_meaning() {
        let (messages, words) = &*TABLE;
        for (name, fields) in messages {
            let numbers: BTreeSet<_> = fields.iter().map(|field| field.number).collect();
            assert!(numbers.len() == fields.len() && !numbers.contains(&0), "{name}");
            for field in fields {
                match field.kind {
                    Kind::Word(list) => assert!(words.contains_key(list), "{list}"),
                    Kind::Message(inner) => assert!(messages.contains_key(inner), "{inner}"),
                    _ => {}
                }
                assert_eq!(field.is_whole, field.member == "-", "{name}");
            }
        }
        let said = include_str!("../../../data/cyclonedx.messages").lines();
        let said = said.filter(|line| !line.is_empty() && !line.starts_with(['#', '['])).count();
        let read = messages.values().map(Vec::len).sum::<usize>() + words.values().map(BTreeMap::len).sum::<usize>();
        assert_eq!((said, messages.len() > 110, words.len() > 40), (read, true, true));
    }

    fn lists(value: &serde_json::Value, found: &mut Vec<BTreeSet<String>>) {
        match value {
            serde_json::Value::Object(object) => {
                if let Some(serde_json::Value::Array(list)) = object.get("enum") {
                    found.push(list.iter().filter_map(|word| word.as_str().map(str::to_owned)).collect());
                }
                object.values().for_each(|value| lists(value, found));
            }
            serde_json::Value::Array(list) => list.iter().for_each(|value| lists(value, found)),
            _ => {}
        }
    }

    #[test]
    fn words_are_those_of_the_official_schema() {
        let schema = include_str!("../../../../sbom/schemas/cyclonedx/bom-1.7.SNAPSHOT.schema.json");
        let mut found = Vec::new();
        lists(&serde_json::from_str(schema).unwrap(), &mut found);
        for (name, words) in &TABLE.1 {
            let words: BTreeSet<String> = words.values().map(|word| (*word).to_owned()).collect();
            assert!(found.iter().any(|list| words.is_subset(list)), "{name}: {words:?}");
        }
    }

    /// What the table of the other two encodings knows can be said in this one too, and the other way round.
    #[test]
    fn members_are_those_of_the_other_encodings() {
        // Only in JSON or only in XML: what they say of themselves, and signatures.
        let mut unlike = BTreeSet::new();
        let mut seen = BTreeSet::new();
        compare("Bom", shapes::shape("bom"), &mut seen, &mut unlike);
        // XML has no place for these; the edition stands in its namespace.
        let known = [
            "Bom: -specVersion",
            "ProtocolProperties: -ikev2TransformTypesDetailed",
            "ProtocolProperties: -relatedCryptographicAssets",
        ];
        let unlike: Vec<_> = unlike.iter().filter(|what| !known.contains(&what.as_str())).collect();
        assert_eq!(unlike, Vec::<&String>::new());
        assert!(seen.len() > 60, "{}", seen.len());
    }

    fn compare(
        name: &'static str,
        shape: &'static Shape,
        seen: &mut BTreeSet<(&'static str, String)>,
        unlike: &mut BTreeSet<String>,
    ) {
        if !seen.insert((name, format!("{:?}", std::ptr::from_ref(shape)))) {
            return;
        }
        let fields = message(name);
        if fields.iter().any(|field| field.is_whole) {
            return;
        }
        for field in fields {
            if !shape.knows(field.member) {
                unlike.insert(format!("{name}: -{}", field.member));
            }
            let lines = shape.members().find(|lines| lines[0].json == field.member).unwrap_or_default();
            if let ([line], Kind::Message(inner)) = (lines, field.kind)
                && let shapes::Kind::Shape(shape) = &line.kind
            {
                compare(inner, shapes::shape(shape), seen, unlike);
            }
        }
        for lines in shape.members().filter(|lines| lines[0].place != shapes::Place::Own) {
            if !fields.iter().any(|field| field.member == lines[0].json) {
                unlike.insert(format!("{name}: +{}", lines[0].json));
            }
        }
    }
}
