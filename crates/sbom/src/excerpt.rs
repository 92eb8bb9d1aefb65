//! What stands in a document where a fact was read: the lines, as they are.
mod json;
mod xml;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use interdict_model::{Excerpt, Place, Shown};

use crate::encoding;

/// A place that is looked for, as the steps to it.
struct Wanted<'p> {
    pointer: &'p str,
    steps: Vec<String>,
}

/// Where each place begins and ends in the text.
type Found<'p> = BTreeMap<&'p str, Range<usize>>;

/// Bytes before and behind the place, at most.
const AROUND: usize = 160;
/// Lines before and behind it.
const LINES: usize = 2;
/// Bytes of the place itself.
const MOST: usize = 320;

/// Excerpts by pointer, as far as the document can be read; one pass, whatever is asked.
pub fn excerpts(bytes: &[u8], pointers: &BTreeSet<&str>) -> BTreeMap<String, Excerpt> {
    let wanted: Vec<Wanted<'_>> = pointers.iter().filter_map(|pointer| Wanted::of(pointer)).collect();
    let decoded = encoding::decode(bytes);
    let text: &str = &decoded.text;
    let found = match text.trim_start().as_bytes().first() {
        _ if wanted.is_empty() => BTreeMap::new(),
        Some(b'{' | b'[') => json::find(text, &wanted),
        Some(b'<') => return shown(xml::Source::of(bytes).text(), pointers, &xml::find(bytes, &wanted)),
        _ => BTreeMap::new(),
    };
    shown(text, pointers, &found)
}

impl<'p> Wanted<'p> {
    fn of(pointer: &'p str) -> Option<Self> {
        let steps = pointer.strip_prefix('/')?.split('/');
        Some(Self { pointer, steps: steps.map(|step| step.replace("~1", "/").replace("~0", "~")).collect() })
    }
}

fn shown(text: &str, pointers: &BTreeSet<&str>, found: &Found<'_>) -> BTreeMap<String, Excerpt> {
    let mut places: Vec<(&str, Range<usize>)> =
        found.iter().map(|(pointer, range)| (*pointer, range.clone())).collect();
    places.extend(lines(text, pointers));
    places.sort_by_key(|(pointer, range)| (range.start, *pointer));
    let (mut out, mut counted, mut line) = (BTreeMap::new(), 0, 1);
    for (pointer, range) in places {
        let window = around(text, &range);
        // Windows begin in the order of their places, but for those that share a line.
        if let Some(passed) = text.as_bytes().get(counted..window.start) {
            line += memchr::memchr_iter(b'\n', passed).count() as u64;
            counted = window.start;
        }
        let Some(part) = text.get(window.clone()) else { continue };
        let within = |at: usize| (at.clamp(window.start, window.end) - window.start) as u64;
        let excerpt = Excerpt {
            at: Place::Pointer(pointer.to_owned()),
            from: line,
            marked: (within(range.start), within(range.end)),
            shown: Shown::Text(part.to_owned()),
        };
        out.insert(pointer.to_owned(), excerpt);
    }
    out
}

/// Places that are lines: `line 12`.
fn lines<'p>(text: &str, pointers: &BTreeSet<&'p str>) -> Vec<(&'p str, Range<usize>)> {
    let number = |pointer: &'p str| Some((pointer.strip_prefix("line ")?.parse::<usize>().ok()?, pointer));
    let mut numbers: Vec<(usize, &str)> = pointers.iter().filter_map(|pointer| number(pointer)).collect();
    numbers.sort_unstable();
    let (mut out, mut at, mut line) = (Vec::new(), 0, 1);
    let mut ends = memchr::memchr_iter(b'\n', text.as_bytes());
    for (wanted, pointer) in numbers {
        while line < wanted {
            let Some(end) = ends.next() else { return out };
            (at, line) = (end + 1, line + 1);
        }
        let rest = text.get(at..).unwrap_or_default();
        out.push((pointer, at..at + rest.find('\n').unwrap_or(rest.len())));
    }
    out
}

/// The place with a few lines around it, however long they are.
fn around(text: &str, range: &Range<usize>) -> Range<usize> {
    let bytes = text.as_bytes();
    let least = range.start.saturating_sub(AROUND);
    let before = bytes.get(least..range.start).unwrap_or_default();
    let start = memchr::memrchr_iter(b'\n', before).nth(LINES).map_or(least, |at| least + at + 1);
    let end = range.end.min(range.start + MOST);
    let most = (end + AROUND).min(bytes.len());
    let behind = bytes.get(end..most).unwrap_or_default();
    let end = memchr::memchr_iter(b'\n', behind).nth(LINES).map_or(most, |at| end + at);
    text.floor_char_boundary(start)..text.floor_char_boundary(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(document: &str, pointer: &str, want: Option<(u64, &str, &str)>) {
        let got = excerpts(document.as_bytes(), &BTreeSet::from([pointer, "/nowhere/7"]));
        let got = got.get(pointer).map(|excerpt| {
            let Shown::Text(text) = &excerpt.shown else { panic!("text") };
            let marked = usize::try_from(excerpt.marked.0).unwrap()..usize::try_from(excerpt.marked.1).unwrap();
            (excerpt.from, text.as_str(), &text[marked])
        });
        assert_eq!(got, want, "{pointer}");
    }

    #[test]
    fn json_by_pointer() {
        let document = "{\n \"a~/b\": [\n  1,\n  {\"n\": \"x\\\"y\", \"e\": []},\n  3\n ],\n \"z\": 1\n}\n";
        let around = " \"a~/b\": [\n  1,\n  {\"n\": \"x\\\"y\", \"e\": []},\n  3\n ],";
        check(document, "/a~0~1b/1/n", Some((2, around, "\"x\\\"y\"")));
        check(document, "/a~0~1b/1", Some((2, around, "")));
        check(document, "/a~0~1b/4", None);
        check("{\"a\": {\"b\": \"cut", "/a/b", None);
        check(
            &format!("{{\"a\":\"{}\",\"b\":2}}", "é".repeat(500)),
            "/b",
            Some((1, &format!("{}\",\"b\":2}}", "é".repeat(77)), "2")),
        );
    }

    #[test]
    fn xml_by_the_same_pointer() {
        let document = "<bom xmlns=\"http://cyclonedx.org/schema/bom/1.4\">\n<components>\n<component><name>a</name></component>\n<x/>\n<component>\n<name>b</name>\n</component></components></bom>";
        let around = "<x/>\n<component>\n<name>b</name>\n</component></components></bom>";
        check(document, "/components/1/name", Some((4, around, "<name>b</name>")));
        check(
            document,
            "/components/1/purl/x",
            Some((
                3,
                "<component><name>a</name></component>\n<x/>\n<component>\n<name>b</name>\n</component></components></bom>",
                "<component>\n<name>b</name>\n</component>",
            )),
        );
        check(document, "/components/2/name", None);
    }

    #[test]
    fn lines_by_number() {
        check("a\nb\nc\nd\ne\nf", "line 4", Some((2, "b\nc\nd\ne\nf", "d")));
        check("a\nb", "line 9", None);
    }

    #[test]
    fn depth_and_breadth_cost_one_pass() {
        let deep = format!("{}1{}", "{\"a\":".repeat(100_000), "}".repeat(100_000));
        let pointer = "/a".repeat(100_000);
        assert!(excerpts(deep.as_bytes(), &BTreeSet::from([pointer.as_str()])).contains_key(&pointer));
    }
}
