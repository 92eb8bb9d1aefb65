//! Where in a component or document something stands, not yet spelled out.
use crate::draft::Path;

/// The place of an object whose fields state something.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Spot<'p> {
    Field(&'static str),
    Item(&'static str, usize),
    Deep(&'p str),
}

impl Spot<'_> {
    /// The place of one of its fields.
    pub(crate) fn path(self, field: &'static str) -> Path {
        match self {
            Self::Field(at) => Path::Two(at, field),
            Self::Item(list, index) => Path::Item(list, index, field),
            Self::Deep(at) => Path::Deep(format!("{at}{field}").into()),
        }
    }

    /// The place of an item of one of its lists.
    pub(crate) fn item(self, list: &'static str, index: usize) -> Path {
        match self {
            Self::Field(at) => Path::Nested(at, list, index),
            Self::Item(outer, at) => Path::Deep(format!("{outer}/{at}{list}/{index}").into()),
            Self::Deep(at) => Path::Deep(format!("{at}{list}/{index}").into()),
        }
    }

    /// The place of a field of an item, where it is a list itself.
    pub(crate) fn field_of(self, index: usize, field: &'static str) -> Path {
        match self {
            Self::Field(list) => Path::Item(list, index, field),
            Self::Item(outer, at) => Path::Deep(format!("{outer}/{at}/{index}{field}").into()),
            Self::Deep(at) => Path::Deep(format!("{at}/{index}{field}").into()),
        }
    }
}
