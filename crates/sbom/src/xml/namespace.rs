//! Namespaces in force: a prefix stands for a URI, and the URI alone says what an element belongs to.
use std::borrow::Cow;

use super::NAMESPACES;

/// What the prefix `xml` stands for in every document.
const XML: &str = "http://www.w3.org/XML/1998/namespace";

/// An attribute of the element that began last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Attribute<'a, S> {
    pub(crate) prefix: &'a str,
    /// The name without its prefix.
    pub(crate) name: &'a str,
    /// Of an attribute with a prefix; one without has no namespace.
    pub(crate) space: S,
    /// Without references, as text.
    pub(crate) value: Cow<'a, str>,
}

#[derive(Clone, Debug)]
struct Binding<'a, S> {
    prefix: &'a str,
    uri: Cow<'a, str>,
    space: S,
}

/// The declarations in force, innermost last.
#[derive(Clone, Debug)]
pub(super) struct Scope<'a, S> {
    vocabulary: fn(&str) -> S,
    bindings: Vec<Binding<'a, S>>,
    /// What a name without prefix belongs to.
    default: S,
    nowhere: S,
}

impl<'a, S: Copy> Scope<'a, S> {
    pub(super) fn new(vocabulary: fn(&str) -> S) -> Self {
        let nowhere = vocabulary("");
        Self { vocabulary, bindings: Vec::new(), default: nowhere, nowhere }
    }

    pub(super) fn len(&self) -> usize {
        self.bindings.len()
    }

    /// What no namespace is called.
    pub(super) fn nowhere(&self) -> S {
        self.nowhere
    }

    /// What a name without prefix belongs to.
    pub(super) fn default(&self) -> S {
        self.default
    }

    /// Takes up a declaration; `false` where there are too many.
    pub(super) fn declare(&mut self, prefix: &'a str, uri: Cow<'a, str>) -> bool {
        if self.bindings.len() >= NAMESPACES {
            return false;
        }
        let space = (self.vocabulary)(uri.trim());
        if prefix.is_empty() {
            self.default = space;
        }
        self.bindings.push(Binding { prefix, uri, space });
        true
    }

    /// Forgets the declarations behind the first `len`.
    #[inline]
    pub(super) fn leave(&mut self, len: usize) {
        if self.bindings.len() > len {
            self.bindings.truncate(len);
            self.default = self.bound("").map_or(self.nowhere, |binding| binding.space);
        }
    }

    /// What a prefix stands for; `None` where it is declared nowhere.
    pub(super) fn space(&self, prefix: &str) -> Option<S> {
        match self.bound(prefix) {
            Some(binding) => Some(binding.space),
            None if prefix.is_empty() => Some(self.nowhere),
            None if prefix == "xml" => Some((self.vocabulary)(XML)),
            None => None,
        }
    }

    /// The URI that a prefix stands for, as it is written.
    pub(super) fn uri(&self, prefix: &str) -> &str {
        match self.bound(prefix) {
            Some(binding) => binding.uri.trim(),
            None if prefix == "xml" => XML,
            None => "",
        }
    }

    fn bound(&self, prefix: &str) -> Option<&Binding<'a, S>> {
        self.bindings.iter().rev().find(|binding| binding.prefix == prefix)
    }
}
