//! The relationships of SPDX that carry containment or dependency, and the scope that some of them imply.
use std::collections::{BTreeMap, BTreeSet};

use interdict_model::Scope;

use Direction::{Back, Forth};

/// Which end of a relationship is in, or needed by, the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// `A word B`: B is in A, or A needs B.
    Forth,
    /// `A word B`: A is in B, or B needs A.
    Back,
}

/// What a word between two elements means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Relationship {
    pub(crate) direction: Direction,
    /// What the needed end is needed for.
    pub(crate) scope: Scope,
    /// It names what a document is about.
    pub(crate) describes: bool,
}

impl Relationship {
    /// The two ends with what contains or needs first.
    pub(crate) fn ends<T>(self, from: T, to: T) -> (T, T) {
        match self.direction {
            Forth => (from, to),
            Back => (to, from),
        }
    }
}

/// Words without underscores, in lower case: as JSON, tag-value, RDF and SPDX 3 spell them, minus their differences.
const WORDS: &[(&str, Direction, Scope)] = &[
    ("ancestorof", Back, Scope::Required),
    ("builddependencyof", Back, Scope::Build),
    ("buildtoolof", Back, Scope::Build),
    ("configures", Back, Scope::Required),
    ("containedby", Back, Scope::Required),
    ("contains", Forth, Scope::Required),
    ("copiedto", Back, Scope::Required),
    ("copyof", Forth, Scope::Required),
    ("datafileof", Back, Scope::Required),
    ("dependencymanifestof", Back, Scope::Required),
    ("dependencyof", Back, Scope::Required),
    ("dependson", Forth, Scope::Required),
    ("descendantof", Forth, Scope::Required),
    ("describedby", Back, Scope::Required),
    ("describes", Forth, Scope::Required),
    ("devdependencyof", Back, Scope::Dev),
    ("devtoolof", Back, Scope::Dev),
    ("distributionartifact", Forth, Scope::Required),
    ("documentationof", Back, Scope::Required),
    ("dynamiclink", Forth, Scope::Required),
    ("expandedfromarchive", Back, Scope::Required),
    ("expandsto", Forth, Scope::Required),
    ("fileadded", Back, Scope::Required),
    ("filemodified", Forth, Scope::Required),
    ("generatedfrom", Forth, Scope::Required),
    ("generates", Back, Scope::Required),
    ("hasaddedfile", Forth, Scope::Required),
    ("hasdatafile", Forth, Scope::Required),
    ("hasdependencymanifest", Forth, Scope::Required),
    ("hasdistributionartifact", Forth, Scope::Required),
    ("hasdocumentation", Forth, Scope::Required),
    ("hasdynamiclink", Forth, Scope::Required),
    ("hasinput", Forth, Scope::Build),
    ("hasmetadata", Forth, Scope::Required),
    ("hasoptionalcomponent", Forth, Scope::Optional),
    ("hasoptionaldependency", Forth, Scope::Optional),
    ("hasoutput", Back, Scope::Required),
    ("hasprerequisite", Forth, Scope::Required),
    ("hasprovideddependency", Forth, Scope::Optional),
    ("hasstaticlink", Forth, Scope::Required),
    ("hastest", Forth, Scope::Test),
    ("hastestcase", Forth, Scope::Test),
    ("hasvariant", Back, Scope::Required),
    ("metafileof", Back, Scope::Required),
    ("modifiedby", Forth, Scope::Required),
    ("optionalcomponentof", Back, Scope::Optional),
    ("optionaldependencyof", Back, Scope::Optional),
    ("packagedby", Back, Scope::Required),
    ("packageof", Back, Scope::Required),
    ("patchapplied", Back, Scope::Required),
    ("patchedby", Forth, Scope::Required),
    ("patchfor", Back, Scope::Required),
    ("prerequisitefor", Back, Scope::Required),
    ("provideddependencyof", Back, Scope::Optional),
    ("runtimedependencyof", Back, Scope::Required),
    ("staticlink", Forth, Scope::Required),
    ("testcaseof", Back, Scope::Test),
    ("testdependencyof", Back, Scope::Test),
    ("testedon", Forth, Scope::Test),
    ("testof", Back, Scope::Test),
    ("testtoolof", Back, Scope::Test),
    ("trainedon", Forth, Scope::Required),
    ("usestool", Forth, Scope::Build),
    ("variantof", Forth, Scope::Required),
];

/// What this word means; `None` for one that says nothing of containment or dependency.
pub(crate) fn relationship(word: &str) -> Option<Relationship> {
    const LONGEST: usize = 48;
    const PLAIN: Relationship = Relationship { direction: Forth, scope: Scope::Required, describes: false };
    match word {
        "CONTAINS" | "DEPENDS_ON" => return Some(PLAIN),
        "DEPENDENCY_OF" | "CONTAINED_BY" => return Some(Relationship { direction: Back, ..PLAIN }),
        "DESCRIBES" => return Some(Relationship { describes: true, ..PLAIN }),
        "OTHER" => return None,
        _ => {}
    }
    let word = word.rsplit(['/', '#']).next().unwrap_or(word);
    let word = word.strip_prefix("relationshipType_").unwrap_or(word);
    let mut plain = [0; LONGEST];
    let mut length = 0;
    for letter in word.bytes().filter(u8::is_ascii_alphabetic) {
        *plain.get_mut(length)? = letter.to_ascii_lowercase();
        length += 1;
    }
    let plain = plain.get(..length)?;
    let at = WORDS.binary_search_by_key(&plain, |(word, ..)| word.as_bytes()).ok()?;
    let (word, direction, scope) = WORDS.get(at)?;
    Some(Relationship { direction: *direction, scope: *scope, describes: matches!(*word, "describes" | "describedby") })
}

/// What relationships say of packages before these are told: which are the subject, and what each is needed for.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    pub(crate) subjects: BTreeSet<String>,
    scopes: BTreeMap<String, Scope>,
    /// Needed for what is delivered, whatever else they are needed for.
    required: BTreeSet<String>,
}

impl Graph {
    /// Notes one relationship; only words that change what is known are kept.
    pub(crate) fn note(&mut self, from: &str, word: &str, to: &str) {
        let Some(relationship) = relationship(word) else { return };
        let (holder, part) = relationship.ends(from, to);
        if relationship.describes && holder.ends_with("SPDXRef-DOCUMENT") {
            self.subjects.insert(part.to_owned());
        } else {
            self.note_as(relationship, from, to);
        }
    }

    /// Notes one relationship of this meaning.
    pub(crate) fn note_as(&mut self, relationship: Relationship, from: &str, to: &str) {
        let (_, part) = relationship.ends(from, to);
        if relationship.scope != Scope::Required {
            let kept = self.scopes.entry(part.to_owned()).or_insert(relationship.scope);
            *kept = (*kept).min(relationship.scope);
        }
    }

    /// Whether a second look at the relationships can change anything.
    pub(crate) fn is_scoped(&self) -> bool {
        !self.scopes.is_empty()
    }

    /// The second look: what is needed for delivery too is required.
    pub(crate) fn settle(&mut self, from: &str, word: &str, to: &str) {
        if let Some(relationship) = relationship(word) {
            self.settle_as(relationship, from, to);
        }
    }

    /// The second look at a relationship of this meaning.
    pub(crate) fn settle_as(&mut self, relationship: Relationship, from: &str, to: &str) {
        let (_, part) = relationship.ends(from, to);
        if relationship.scope == Scope::Required && !relationship.describes && self.scopes.contains_key(part) {
            self.required.insert(part.to_owned());
        }
    }

    pub(crate) fn scope(&self, id: &str) -> Scope {
        if self.scopes.is_empty() || self.required.contains(id) {
            return Scope::Required;
        }
        self.scopes.get(id).copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted() {
        assert!(WORDS.is_sorted_by_key(|(word, ..)| *word));
    }

    #[test]
    fn one_word_in_every_spelling() {
        let want = relationship("DEV_DEPENDENCY_OF");
        assert_eq!(want.unwrap().ends("a", "b"), ("b", "a"));
        for word in [
            "relationshipType_devDependencyOf",
            "http://spdx.org/rdf/terms#relationshipType_devDependencyOf",
            "devDependencyOf",
        ] {
            assert_eq!(relationship(word), want, "{word}");
        }
        assert_eq!(relationship("AMENDS"), None);
        assert_eq!(relationship(&"x".repeat(1000)), None);
    }

    #[test]
    fn delivery_outweighs_tests() {
        let edges = [
            ("SPDXRef-DOCUMENT", "DESCRIBES", "app"),
            ("a", "TEST_DEPENDENCY_OF", "app"),
            ("b", "DEV_DEPENDENCY_OF", "app"),
            ("app", "DEPENDS_ON", "b"),
        ];
        let mut graph = Graph::default();
        for (from, word, to) in edges {
            graph.note(from, word, to);
        }
        for (from, word, to) in edges {
            graph.settle(from, word, to);
        }
        assert!(graph.subjects.contains("app"));
        assert_eq!(["a", "b", "app"].map(|id| graph.scope(id)), [Scope::Test, Scope::Required, Scope::Required]);
    }
}
