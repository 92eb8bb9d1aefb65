//! The fields that a reader knows, by name: one enumeration for each encoding, made from its list.

macro_rules! fields {
    ($($field:ident = $($name:literal)|+,)*) => {
        /// A field that is read; all others are passed over.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Field { $($field,)* }

        impl Field {
            /// By its name in bytes, which a compiler decides by length first.
            #[inline]
            pub(super) fn named(name: &[u8]) -> Option<Self> {
                match name { $($($name)|+ => Some(Self::$field),)* _ => None }
            }

            /// The same, in whatever case it is written.
            #[cold]
            pub(super) fn loosely(name: &[u8]) -> Option<Self> {
                const NAMES: &[(&[u8], Field)] = &[$($(($name, Field::$field),)+)*];
                NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, field)| *field)
            }

            /// One bit for each, to remember which were seen.
            pub(super) const fn bit(self) -> u64 {
                1 << self as u64
            }
        }
    };
}

pub(crate) use fields;
