//! A first look at a tag-value document: what its relationships say of elements before these are told.
use memchr::memmem;

use super::lines::{Kind, Lines};
use super::tag::Tag;
use crate::spdx::Graph;

/// Reads the relationships alone; a document without any costs two searches.
pub(super) fn look(text: &str) -> Graph {
    let mut graph = Graph::default();
    let is_related =
        ["elationship", "ELATIONSHIP"].iter().any(|tag| memmem::find(text.as_bytes(), tag.as_bytes()).is_some());
    if is_related {
        edges(text, &mut |from, word, to| graph.note(from, word, to));
        if graph.is_scoped() {
            edges(text, &mut |from, word, to| graph.settle(from, word, to));
        }
    }
    graph
}

fn edges(text: &str, each: &mut dyn FnMut(&str, &str, &str)) {
    for entry in Lines::new(text) {
        if let Kind::Pair { tag, value, .. } = entry.kind
            && matches!(tag.as_bytes().first(), Some(b'R' | b'r'))
            && matches!(Tag::of(tag), Some((Tag::Relationship, _)))
            && let Some((from, word, to)) = ends(&value)
        {
            each(from, word, to);
        }
    }
}

/// The two ends of a relationship and the word between them.
pub(super) fn ends(value: &str) -> Option<(&str, &str, &str)> {
    let mut words = value.split_ascii_whitespace();
    Some((words.next()?, words.next()?, words.next()?))
}
