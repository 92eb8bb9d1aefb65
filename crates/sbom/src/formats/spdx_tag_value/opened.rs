//! An element whose lines are being read: what it holds so far, until the next one of its kind begins.
use interdict_model::Sink;

use crate::draft::{Draft, Wanted};
use crate::spdx::{Graph, Property};

/// A package, file or snippet that is begun, or the room for the next one.
#[derive(Debug, Default)]
pub(super) struct Opened<'a> {
    pub(super) draft: Draft<'a>,
    /// The line it begins in; 0 while none is begun.
    pub(super) line: u32,
    /// It begins with its own tag, not with one of its fields.
    pub(super) is_named: bool,
    /// Which fields that may stand once were met.
    once: u8,
}

impl Opened<'_> {
    pub(super) fn wanting(wanted: Wanted) -> Self {
        Self { draft: Draft::wanting(wanted), ..Self::default() }
    }

    pub(super) fn is_begun(&self) -> bool {
        self.line > 0
    }

    pub(super) fn begin(&mut self, line: u32, is_named: bool) {
        self.line = line;
        self.is_named = is_named;
        self.once = 0;
    }

    /// Whether a field that says who or what the element is stood in it before.
    pub(super) fn has_twice(&mut self, property: Property) -> bool {
        let bit = match property {
            Property::Version => 1,
            Property::Supplier => 2,
            Property::Originator => 4,
            Property::Archive => 8,
            Property::Name => 16,
            _ => return false,
        };
        let again = self.once & bit != 0;
        self.once |= bit;
        again
    }

    /// The element's own name, or its line where it has none.
    pub(super) fn reference(&mut self) -> &str {
        if self.draft.reference.is_empty() {
            self.draft.reference = place(self.line).into();
        }
        &self.draft.reference
    }

    /// Tells the element and makes room for the next.
    pub(super) fn end(&mut self, graph: &Graph, sink: &mut Sink<'_>) {
        if self.is_begun() {
            self.draft.is_subject = graph.subjects.contains(&*self.draft.reference);
            self.draft.scope = graph.scope(&self.draft.reference);
            let part = self.draft.declare(&place(self.line), sink);
            self.draft.tell_facts(part, "line ", sink);
            self.draft.clear();
            self.line = 0;
        }
    }
}

/// `line 7`
pub(super) fn place(line: u32) -> String {
    format!("line {line}")
}
