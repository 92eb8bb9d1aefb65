//! A first look at a tag-value document: what its relationships say of elements before these are told.
use memchr::memmem;

use super::lines::{Kind, Lines};
use super::tag::Tag;
use crate::spdx::Graph;

/// Reads the relationships alone; what lies between them is searched, not read.
pub(super) fn look(text: &str, lines: &Lines<'_>) -> Graph {
    let mut graph = Graph::default();
    edges(text, lines.clone(), &mut |from, word, to| graph.note(from, word, to));
    if graph.is_scoped() {
        edges(text, lines.clone(), &mut |from, word, to| graph.settle(from, word, to));
    }
    graph
}

fn edges(text: &str, mut lines: Lines<'_>, each: &mut dyn FnMut(&str, &str, &str)) {
    let mut is_related = false;
    let mut texts = memmem::find_iter(text.as_bytes(), "<text>").peekable();
    for hit in memmem::find_iter(text.as_bytes(), "elationship") {
        // What stands inside a text is no relationship.
        while texts.peek().is_some_and(|at| *at < hit) {
            read_on(&mut lines, texts.next().unwrap_or_default(), each);
        }
        read_on(&mut lines, hit, each);
        is_related = true;
    }
    if !is_related && memmem::find(text.as_bytes(), b"ELATIONSHIP").is_some() {
        lines.for_each(|entry| edge(entry.kind, each));
    }
}

/// Reads the line that holds this place, or what follows where that is a comment.
fn read_on(lines: &mut Lines<'_>, place: usize, each: &mut dyn FnMut(&str, &str, &str)) {
    if lines.seek(place)
        && let Some(entry) = lines.next()
    {
        edge(entry.kind, each);
    }
}

fn edge(kind: Kind<'_>, each: &mut dyn FnMut(&str, &str, &str)) {
    if let Kind::Pair { tag, value, .. } = kind
        && let Some((Tag::Relationship, _)) = Tag::of(tag)
        && let Some((from, word, to)) = ends(&value)
    {
        each(from, word, to);
    }
}

/// The two ends of a relationship and the word between them.
pub(super) fn ends(value: &str) -> Option<(&str, &str, &str)> {
    let mut words = value.split_ascii_whitespace();
    Some((words.next()?, words.next()?, words.next()?))
}
