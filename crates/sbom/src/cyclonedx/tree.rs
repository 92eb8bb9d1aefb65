//! Components in components: what is known of those that are not read to their end, and what is said at an end.
use std::borrow::Cow;

use interdict_model::{Counts, Scope, Sink};

use crate::draft::{Draft, Wanted};

/// Where a component stands, and so what it counts as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Site {
    /// In the document's own lists.
    Counted,
    /// `metadata.component`.
    Subject,
    /// In what is no list of the document: below the subject, or in a declaration.
    Aside,
    /// In how the thing was made.
    Formulation,
    /// Where another component comes from or went to: facts of that one.
    Pedigree,
    /// A service.
    Service,
}

impl Site {
    /// What a component in a list of a component here counts as.
    pub(crate) fn inside(self) -> Self {
        match self {
            Self::Subject => Self::Aside,
            site => site,
        }
    }

    pub(crate) fn count(self, counts: &mut Counts) {
        match self {
            Self::Counted => counts.components += 1,
            Self::Service => counts.services += 1,
            Self::Subject | Self::Aside | Self::Formulation | Self::Pedigree => {}
        }
    }
}

/// Something that was stepped into and not yet read to its end.
#[derive(Debug)]
pub(crate) enum Frame<'a> {
    /// `outer` is the pointer's length before the list, `base` with it.
    List {
        outer: usize,
        base: usize,
        next: usize,
        site: Site,
    },
    Part(Box<Level<'a>>),
    /// What holds lists of ancestors, descendants and variants.
    Pedigree {
        base: usize,
    },
}

/// A component or service as far as it was read.
#[derive(Debug)]
pub(crate) struct Level<'a> {
    pub(crate) draft: Draft<'a>,
    pub(crate) site: Site,
    /// The pointer's length before this thing, and with it.
    pub(crate) base: usize,
    pub(crate) here: usize,
    /// Which fields were met.
    pub(crate) seen: u64,
    children: Vec<Cow<'a, str>>,
}

impl Level<'_> {
    pub(crate) fn new(site: Site, base: usize, here: usize, wanted: Wanted) -> Self {
        let mut level = Self { draft: Draft::wanting(wanted), site, base, here, seen: 0, children: Vec::new() };
        level.renew(site, base, here);
        level
    }

    /// As new, in the room that another one took.
    pub(crate) fn renew(&mut self, site: Site, base: usize, here: usize) {
        self.draft.clear();
        self.draft.scope = if site == Site::Formulation { Scope::Build } else { Scope::Required };
        self.draft.is_subject = site == Site::Subject;
        (self.site, self.base, self.here, self.seen) = (site, base, here, 0);
        self.children.clear();
    }
}

/// Leaves the list or pedigree on top of the stack.
pub(crate) fn leave(stack: &mut Vec<Frame<'_>>, pointer: &mut String, base: usize) {
    pointer.truncate(base);
    stack.pop();
}

/// Tells the component on top of the stack, or gives its facts to the one whose pedigree it is in.
///
/// What is returned is room for another one.
pub(crate) fn finish<'a>(
    stack: &mut Vec<Frame<'a>>,
    pointer: &mut String,
    sink: &mut Sink<'_>,
) -> Option<Box<Level<'a>>> {
    let Some(Frame::Part(mut level)) = stack.pop() else { return None };
    level.draft.complete();
    level.draft.referred_to();
    let nested = matches!(stack.iter().rev().find(|frame| !matches!(frame, Frame::List { .. })), Some(Frame::Part(_)));
    if level.site == Site::Pedigree {
        let owner = stack.iter_mut().rev().find_map(|frame| match frame {
            Frame::Part(owner) if owner.site != Site::Pedigree => Some(owner),
            _ => None,
        });
        if let Some(owner) = owner {
            let between = pointer.get(owner.here..).unwrap_or_default();
            owner.draft.adopt(&level.draft, between);
        }
    } else {
        // A thing without a name of its own is referred to by its place.
        if level.draft.reference.is_empty() && (nested || !level.children.is_empty()) {
            level.draft.reference = Cow::Owned(pointer.clone());
        }
        level.draft.tell(pointer, sink);
        for child in &level.children {
            sink.depends(&level.draft.reference, child);
        }
        let parent = stack.iter_mut().rev().find_map(|frame| match frame {
            Frame::Part(parent) => Some(parent),
            Frame::List { .. } | Frame::Pedigree { .. } => None,
        });
        if let Some(parent) = parent.filter(|_| nested) {
            parent.children.push(std::mem::take(&mut level.draft.reference));
        }
    }
    pointer.truncate(level.base);
    Some(level)
}

/// Tells what was half read where reading ended, as far as it is known.
pub(crate) fn unwind(stack: &mut Vec<Frame<'_>>, pointer: &mut String, sink: &mut Sink<'_>) {
    while let Some(frame) = stack.pop() {
        if let Frame::Part(level) = &frame {
            pointer.truncate(level.here);
            stack.push(frame);
            drop(finish(stack, pointer, sink));
        }
    }
}
