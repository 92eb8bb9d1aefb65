//! Ranges of versions, as makers write them: numbers by their value, words by their letters.
use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

/// From a first version up to, and not including, another.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Range {
    /// The first of it; the first there is where empty.
    #[serde(default)]
    pub from: String,
    /// The first that is not of it; none where empty.
    #[serde(default)]
    pub before: String,
}

impl Range {
    /// Whether a version lies in it. One without a number lies in none.
    pub(crate) fn has(&self, version: &str) -> bool {
        let version = parts(version);
        let is_number = |part: &Part| matches!(part, Part::Number(_));
        version.iter().any(is_number)
            && (self.from.is_empty() || compare(&version, &parts(&self.from)) != Ordering::Less)
            && (self.before.is_empty() || compare(&version, &parts(&self.before)) == Ordering::Less)
    }

    /// In words: `from 9.5 up to, and not including, 15.1X49-D10`.
    pub fn words(&self) -> String {
        match (self.from.as_str(), self.before.as_str()) {
            ("", "") => "every version".to_owned(),
            (from, "") => format!("from {from}"),
            ("", before) => format!("before {before}"),
            (from, before) => format!("from {from} up to, and not including, {before}"),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Word(String),
    Number(u64),
}

/// Runs of digits and runs of letters, from the first digit on: what stands before it is a name.
fn parts(version: &str) -> Vec<Part> {
    let version = version.find(|c: char| c.is_ascii_digit()).and_then(|at| version.get(at..)).unwrap_or_default();
    let mut parts: Vec<Part> = Vec::new();
    let mut is_open = false;
    for character in version.chars() {
        match (character.to_digit(10), parts.last_mut().filter(|_| is_open)) {
            (Some(digit), Some(Part::Number(number))) => {
                *number = number.saturating_mul(10).saturating_add(u64::from(digit));
            }
            (Some(digit), _) => parts.push(Part::Number(u64::from(digit))),
            (None, Some(Part::Word(word))) if character.is_alphabetic() => word.extend(character.to_lowercase()),
            (None, _) if character.is_alphabetic() => parts.push(Part::Word(character.to_lowercase().collect())),
            (None, _) => {}
        }
        is_open = character.is_alphanumeric();
    }
    parts
}

/// What one has more of, is later; a nought more is no difference.
fn compare(a: &[Part], b: &[Part]) -> Ordering {
    let nought = Part::Number(0);
    for at in 0..a.len().max(b.len()) {
        let order = match (a.get(at), b.get(at)) {
            (Some(a), Some(b)) => a.cmp(b),
            (Some(a), None) if *a == nought => Ordering::Equal,
            (None, Some(b)) if *b == nought => Ordering::Equal,
            (Some(_), None) => Ordering::Greater,
            (None, _) => Ordering::Less,
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    Ordering::Equal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_as_makers_count() {
        let range = |from: &str, before: &str| Range { from: from.to_owned(), before: before.to_owned() };
        let junos = range("9.5", "15.1X49-D10");
        for (version, is_in) in [
            ("9.4R4", false),
            ("9.5", true),
            ("9.5R1.8", true),
            ("12.1x46-d10", true),
            ("15.1X49-D5", true),
            ("15.1X49-D10", false),
            ("15.1X49-D100", false),
            ("15.1X53", false),
            ("17.3R1", false),
            ("unknown", false),
            ("", false),
        ] {
            assert_eq!(junos.has(version), is_in, "{version}");
        }
        assert!(range("", "12.20").has("MX 12.9") && !range("", "12.20").has("MX 12.20"));
        assert!(range("3.0", "4.0").has("3") && !range("3.0", "4.0").has("4.0.1"));
        assert!(range("5.4.5", "").has("5.4.5-0.1") && !range("5.4.5", "").has("5.4.4"));
        assert!(range("", "").has("99999999999999999999999999"));
    }
}
