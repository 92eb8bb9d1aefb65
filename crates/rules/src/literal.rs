//! What a value must hold, or begin with, to meet a test: read off the test itself.
use std::collections::BTreeSet;

use interdict_model::{Form, Gate};
use regex_syntax::hir::literal::{ExtractKind, Extractor};
use regex_syntax::hir::{Class, ClassUnicode, Hir, HirKind, Look};
use serde::{Deserialize, Serialize};

use crate::rule::Test;

/// Letters or digits that tell a value apart before it is normalised; whatever stands between them is passed over, in tests
/// and values alike, as normalising may take it out.
pub(crate) const GRAM: usize = Gate::GRAM;

/// Conditions of which at least one holds for every ASCII value that meets the test. Other values are never judged beforehand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Needs {
    /// It holds one of these runs of four letters and digits, in lower case.
    pub(crate) grams: Vec<[u8; GRAM]>,
    /// It begins with one of these bytes, in lower case.
    pub(crate) first: BTreeSet<u8>,
    /// Nothing can be told beforehand.
    pub(crate) unknown: bool,
    /// A value that is not ASCII may meet it without any of this.
    pub(crate) beyond: bool,
    /// Whatever else holds, a value of ASCII ends with one of these, in lower case, if there are any.
    pub(crate) ends: Vec<Vec<u8>>,
}

impl Needs {
    fn unknown() -> Self {
        Self { unknown: true, ..Self::default() }
    }

    /// Whether few values meet it: each gram has a letter, which versions and dates have not.
    pub(crate) fn tells(&self) -> bool {
        let has_letter = |gram: &[u8; GRAM]| gram.iter().any(u8::is_ascii_alphabetic);
        !self.unknown && self.first.is_empty() && self.grams.iter().all(has_letter)
    }

    fn gram(gram: [u8; GRAM]) -> Self {
        Self { grams: vec![gram], ..Self::default() }
    }

    /// Any one of several tests.
    fn any(each: impl Iterator<Item = Self>) -> Self {
        each.fold(Self::default(), |mut all, one| {
            all.grams.extend(one.grams);
            all.first.extend(one.first);
            all.unknown |= one.unknown;
            all.beyond |= one.beyond;
            all
        })
    }
}

/// What one value holds, to be asked for many tests: spares a regular expression that cannot match its run, and most often its
/// making.
pub(crate) struct Held<'v> {
    value: &'v [u8],
    /// Sorted; `None` for a value of which nothing can be told.
    grams: Option<Vec<[u8; GRAM]>>,
    is_ascii: bool,
}

impl<'v> Held<'v> {
    /// Of a canonical value. In a name, letters that only look like those of ASCII to a pattern are gone; elsewhere, nothing is
    /// told of a value beyond ASCII.
    pub(crate) fn by(form: Form, value: &'v str) -> Self {
        let is_ascii = value.is_ascii();
        let grams = (is_ascii || form == Form::Text).then(|| {
            let mut grams: Vec<_> = grams_of(value.as_bytes()).collect();
            grams.sort_unstable();
            grams
        });
        Self { value: value.as_bytes(), grams, is_ascii }
    }

    pub(crate) fn may_meet(&self, needs: &Needs) -> bool {
        let Some(held) = &self.grams else { return true };
        if self.is_ascii && !needs.ends.is_empty() && !needs.ends.iter().any(|end| self.ends_with(end)) {
            return false;
        }
        let first = self.value.first().map(u8::to_ascii_lowercase);
        needs.unknown
            || (!self.is_ascii && (needs.beyond || !needs.first.is_empty()))
            || first.is_some_and(|first| needs.first.contains(&first))
            || needs.grams.iter().any(|gram| held.binary_search(gram).is_ok())
    }

    fn ends_with(&self, end: &[u8]) -> bool {
        let from = self.value.len().checked_sub(end.len());
        from.and_then(|from| self.value.get(from..)).is_some_and(|last| last.eq_ignore_ascii_case(end))
    }
}

/// What this test needs.
pub(crate) fn needs(of: &Test) -> Needs {
    let beyond = match of {
        // What stands for letters that are not written, too.
        Test::Regex(pattern) => {
            !pattern.is_ascii() || ["\\x", "\\u", "\\U", "\\p", "\\P"].iter().any(|of| pattern.contains(of))
        }
        Test::OneOf(values) | Test::AtLeast(_, values) => values.iter().any(|value| !value.is_ascii()),
        Test::Prefix(text) | Test::Suffix(text) | Test::Contains(text) | Test::Word(text) | Test::Glob(text) => {
            !text.is_ascii()
        }
        Test::Versions(_) | Test::Products(..) => false,
    };
    Needs { beyond, ..of_ascii(of) }
}

/// What a value of ASCII needs to meet this test.
fn of_ascii(of: &Test) -> Needs {
    match of {
        Test::OneOf(values) | Test::AtLeast(_, values) => Needs::any(values.iter().map(|value| of_value(value))),
        Test::Prefix(text) => of_value(text),
        Test::Suffix(text) | Test::Contains(text) | Test::Word(text) => of_part(text),
        Test::Glob(pattern) => of_glob(pattern),
        Test::Versions(_) => Needs::unknown(),
        Test::Products(products, _) => Needs::any(products.iter().map(|product| of_glob(&format!(":{product}:")))),
        Test::Regex(pattern) => regex_syntax::parse(pattern)
            .map_or_else(|_| Needs::unknown(), |hir| Needs { ends: endings(&hir), ..of_regex(&hir) }),
    }
}

/// What a value compared whole, or from its start, needs.
fn of_value(value: &str) -> Needs {
    let needs = of_part(value);
    match value.bytes().next() {
        Some(first) if needs.unknown => {
            Needs { first: BTreeSet::from([first.to_ascii_lowercase()]), ..Needs::default() }
        }
        _ => needs,
    }
}

fn of_part(text: &str) -> Needs {
    if !text.is_ascii() {
        return Needs::default();
    }
    gram(text.as_bytes()).map_or_else(Needs::unknown, Needs::gram)
}

fn of_glob(pattern: &str) -> Needs {
    // What stands in brackets is a set, not a text; it and a star break a run.
    let mut plain = String::new();
    let mut rest = pattern;
    while let Some((head, tail)) = rest.split_once('[') {
        plain.push_str(head);
        plain.push('*');
        let past_first = tail.char_indices().nth(1).map_or("", |(at, _)| tail.get(at..).unwrap_or_default());
        rest = past_first.split_once(']').map_or("", |(_, tail)| tail);
    }
    plain.push_str(rest);
    if !plain.is_ascii() {
        return Needs::unknown();
    }
    let runs = plain.split(['*', '?']).filter_map(|run| gram(run.as_bytes()));
    runs.max_by_key(rare).map_or_else(Needs::unknown, Needs::gram)
}

/// Every run of letters and digits, in lower case.
fn grams_of(text: &[u8]) -> impl Iterator<Item = [u8; GRAM]> {
    let plain = text.iter().filter(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase);
    plain
        .scan(([0; GRAM], 0_usize), |(gram, length), byte| {
            gram.rotate_left(1);
            if let Some(last) = gram.last_mut() {
                *last = byte;
            }
            *length += 1;
            Some((*length >= GRAM).then_some(*gram))
        })
        .flatten()
}

/// The run of the rarest letters, over no escape; of several the last, as names begin alike and end apart. What all package
/// URLs of an ecosystem begin with is passed over, where enough stands behind it.
fn gram(text: &[u8]) -> Option<[u8; GRAM]> {
    let behind = text.strip_prefix(b"pkg:").and_then(|typed| typed.splitn(2, |byte| *byte == b'/').nth(1));
    behind.and_then(rarest).or_else(|| rarest(text))
}

fn rarest(text: &[u8]) -> Option<[u8; GRAM]> {
    let pieces = text.split(|byte| *byte == b'%').enumerate();
    let plain = pieces.filter_map(|(at, piece)| if at == 0 { Some(piece) } else { piece.get(2..) });
    plain.flat_map(grams_of).max_by_key(rare)
}

/// Types of package URLs that documents are full of, with the last letter of `pkg`.
const ECOSYSTEMS: [&str; 24] = [
    "galpm",
    "gapk",
    "gbitnami",
    "gcargo",
    "gcocoapods",
    "gcomposer",
    "gconan",
    "gconda",
    "gdeb",
    "gdocker",
    "ggem",
    "ggeneric",
    "ggithub",
    "ggolang",
    "ghackage",
    "ghex",
    "gmaven",
    "gnpm",
    "gnuget",
    "goci",
    "gpub",
    "gpypi",
    "grpm",
    "gswift",
];

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as `max_by_key` asks")]
fn rare(gram: &[u8; GRAM]) -> u32 {
    // Every URL, every package URL, every second company has these, however rare their letters are elsewhere.
    if matches!(gram, b"http" | b"ttps" | b"gmbh" | [b'p', b'k', b'g', _] | [b'k', b'g', ..])
        || ECOSYSTEMS.iter().any(|name| name.as_bytes().windows(GRAM).any(|run| run == gram))
    {
        return 0;
    }
    gram.iter().map(|byte| rarity(*byte)).sum()
}

/// How often one of these is to be expected, in no certain unit.
fn common(grams: &Vec<[u8; GRAM]>) -> u64 {
    grams.iter().map(|gram| 1_u64 << (24 - rare(gram).min(24))).sum()
}

/// How rare a letter is in names of software, roughly.
fn rarity(letter: u8) -> u32 {
    match letter {
        b'e' | b't' | b'a' | b'o' | b'i' | b'n' | b's' | b'r' | b'l' => 1,
        b'c' | b'u' | b'd' | b'm' | b'p' | b'g' => 2,
        b'h' | b'b' | b'f' | b'v' | b'y' | b'w' | b'0'..=b'9' => 3,
        _ => 5,
    }
}

fn of_regex(hir: &Hir) -> Needs {
    let is_anchored = hir.properties().look_set_prefix().contains(Look::Start);
    let beginnings = is_anchored.then(|| beginnings(hir)).flatten();
    if let Some(mut grams) = grams(hir).into_iter().chain(beginnings).min_by_key(common) {
        grams.sort_unstable();
        grams.dedup();
        return Needs { grams, ..Needs::default() };
    }
    match first(hir) {
        Some(first) if is_anchored => Needs { first, ..Needs::default() },
        _ => Needs::unknown(),
    }
}

/// The texts with which every value that matches ends, in lower case, where these are few.
fn endings(hir: &Hir) -> Vec<Vec<u8>> {
    if !hir.properties().look_set_suffix().contains(Look::End) {
        return Vec::new();
    }
    let texts = Extractor::new().kind(ExtractKind::Suffix).extract(hir);
    let ends = texts.literals().unwrap_or_default().iter().map(|text| text.as_bytes().to_ascii_lowercase());
    let mut ends: Vec<_> = ends.collect();
    ends.sort_unstable();
    ends.dedup();
    let all_tell = ends.iter().all(|end| !end.is_empty());
    if all_tell { ends } else { Vec::new() }
}

/// A gram of each text with which a match may begin, where these are few and long enough.
fn beginnings(hir: &Hir) -> Option<Vec<[u8; GRAM]>> {
    let texts = Extractor::new().kind(ExtractKind::Prefix).extract(hir);
    let ascii = texts.literals()?.iter().filter(|text| text.as_bytes().is_ascii());
    ascii.map(|text| gram(text.as_bytes())).collect()
}

/// Grams of which every ASCII value that matches holds at least one.
fn grams(hir: &Hir) -> Option<Vec<[u8; GRAM]>> {
    match hir.kind() {
        HirKind::Literal(literal) if !literal.0.is_ascii() => Some(Vec::new()),
        HirKind::Literal(literal) => gram(&literal.0).map(|gram| vec![gram]),
        HirKind::Capture(inner) => grams(&inner.sub),
        HirKind::Repetition(repeated) if repeated.min > 0 => grams(&repeated.sub),
        HirKind::Concat(parts) => {
            let of_parts = parts.iter().filter_map(grams);
            of_parts.chain(letters(parts).map(|gram| vec![gram])).min_by_key(common)
        }
        HirKind::Alternation(parts) => {
            let each: Option<Vec<_>> = parts.iter().map(grams).collect();
            each.map(|each| each.into_iter().flatten().collect())
        }
        _ => None,
    }
}

/// The gram of a text in which case does not count: there every letter is a class of its own.
fn letters(parts: &[Hir]) -> Option<[u8; GRAM]> {
    let mut runs = vec![Vec::new()];
    for part in parts {
        let run = match part.kind() {
            HirKind::Literal(literal) => literal.0.to_vec(),
            HirKind::Class(Class::Unicode(class)) => one_letter(class).into_iter().collect(),
            _ => Vec::new(),
        };
        match runs.last_mut() {
            Some(last) if !run.is_empty() => last.extend(run),
            _ => runs.push(Vec::new()),
        }
    }
    runs.iter().filter(|run| run.is_ascii()).filter_map(|run| gram(run)).max_by_key(rare)
}

fn one_letter(class: &ClassUnicode) -> Option<u8> {
    let set = ascii(class)?;
    (set.len() == 1).then(|| set.first().copied()).flatten()
}

/// The ASCII members of a class, in lower case.
fn ascii(class: &ClassUnicode) -> Option<BTreeSet<u8>> {
    let mut set = BTreeSet::new();
    for range in class.ranges().iter().filter(|range| range.start().is_ascii()) {
        let (start, end) = (u8::try_from(range.start()).ok()?, u8::try_from(range.end()).unwrap_or(0x7f));
        set.extend((start..=end.min(0x7f)).map(|byte| byte.to_ascii_lowercase()));
    }
    Some(set)
}

/// The first bytes of every ASCII value that matches from here, in lower case; `None` where it may be empty.
fn first(hir: &Hir) -> Option<BTreeSet<u8>> {
    match hir.kind() {
        HirKind::Literal(literal) => {
            let byte = literal.0.first()?;
            Some(byte.is_ascii().then(|| byte.to_ascii_lowercase()).into_iter().collect())
        }
        HirKind::Class(Class::Unicode(class)) => ascii(class),
        HirKind::Capture(inner) => first(&inner.sub),
        HirKind::Repetition(repeated) if repeated.min > 0 => first(&repeated.sub),
        HirKind::Concat(parts) => {
            let mut set = BTreeSet::new();
            for part in parts {
                match part.kind() {
                    HirKind::Look(_) => {}
                    HirKind::Repetition(repeated) if repeated.min == 0 => set.extend(first(&repeated.sub)?),
                    _ => {
                        set.extend(first(part)?);
                        return Some(set);
                    }
                }
            }
            None
        }
        HirKind::Alternation(parts) => {
            let each: Option<Vec<_>> = parts.iter().map(first).collect();
            each.map(|each| each.into_iter().flatten().collect())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests;
