//! Bounds on what one run opens, holds and waits for: one table that flags, configuration and documentation are made from.
use std::time::Duration;

use interdict_model::{GapReason, Unseen};
use serde::{Deserialize, Serialize};

/// Bounds; each raises a gap when met, stops that artifact, and keeps what was said before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// See [`DEPTH`].
    pub depth: u64,
    /// See [`TOTAL`].
    pub total: u64,
    /// See [`MEMBER`].
    pub member: u64,
    /// See [`MEMBERS`].
    pub members: u64,
    /// See [`RATIO`].
    pub ratio: u64,
    /// See [`SECONDS`].
    pub seconds: u64,
    /// See [`BUFFERS`].
    pub buffers: u64,
    /// See [`HEAP`].
    pub heap: u64,
}

/// One bound: what it is called everywhere, what it is by default, and where its value stands.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    /// Its flag without the dashes, its key in a configuration, and its word in a gap.
    pub name: &'static str,
    /// What is counted: the name of the flag's value.
    pub unit: &'static str,
    /// A sentence, for help and reference.
    pub title: &'static str,
    /// Where nothing else is said.
    pub default: u64,
    /// Its value.
    pub of: fn(&Limits) -> u64,
    /// Where it is set.
    pub in_mut: fn(&mut Limits) -> &mut u64,
}

impl Limit {
    /// The gap where it is met: its name, its value, what was seen.
    pub(crate) fn met(&self, limits: &Limits, seen: &str) -> Unseen {
        let detail = format!("the limit {} is {}: {seen}", self.name, (self.of)(limits));
        let reason = if self.name == SECONDS.name { GapReason::TimedOut } else { GapReason::OverLimit };
        Unseen::new(reason, detail).needing(format!("raise --{}", self.name))
    }
}

macro_rules! limits {
    ($($(#[$doc:meta])* $constant:ident $field:ident $name:literal $unit:literal $default:expr, $title:literal;)*) => {
        $($(#[$doc])*
        pub const $constant: Limit = Limit {
            name: $name, unit: $unit, title: $title, default: $default,
            of: |limits| limits.$field, in_mut: |limits| &mut limits.$field,
        };)*

        /// Every bound, in the order of the help.
        pub const LIMITS: &[Limit] = &[$($constant),*];

        impl Default for Limits {
            fn default() -> Self {
                Self { $($field: $default),* }
            }
        }
    };
}

limits! {
    /// Containers in containers.
    DEPTH depth "max-depth" "N" 16, "Containers in containers";
    /// Bytes out of one input's containers.
    TOTAL total "max-total-bytes" "BYTES" 64 << 30, "Bytes out of one input's containers";
    /// Bytes out of one member.
    MEMBER member "max-member-bytes" "BYTES" 4 << 30, "Bytes out of one packed member";
    /// Members of one input's containers.
    MEMBERS members "max-members" "N" 5_000_000, "Members of one input's containers";
    /// Times a container may grow, past the first ten mebibytes.
    RATIO ratio "max-ratio" "N" 1000, "Times a container may grow, past its first ten mebibytes; and all that lies in an input, once for each level";
    /// Time for one artifact, its members' time not counted.
    SECONDS seconds "max-seconds" "SECONDS" 120, "Time for one artifact by one reader, its members' time not counted";
    /// Bytes of unpacked members in memory, in all; more goes to an unlinked temporary file.
    BUFFERS buffers "max-buffer-bytes" "BYTES" 512 << 20, "Unpacked bytes held in memory, in all; more goes to an unlinked temporary file";
    /// Memory of one worker process, beside the bytes it holds unpacked.
    HEAP heap "max-heap-bytes" "BYTES" 1 << 30, "Memory of one worker process, unpacked bytes not counted";
}

impl Limits {
    pub(crate) fn time(&self) -> Duration {
        Duration::from_secs(self.seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_and_the_fields_agree() {
        let mut limits = Limits::default();
        for (index, limit) in LIMITS.iter().enumerate() {
            assert_eq!((limit.of)(&limits), limit.default, "{}", limit.name);
            *(limit.in_mut)(&mut limits) = index as u64;
            assert_eq!((limit.of)(&limits), index as u64, "{}", limit.name);
        }
        let met = MEMBERS.met(&limits, "more");
        assert_eq!(met.detail, "the limit max-members is 3: more");
        assert_eq!(met.needs.as_deref(), Some("raise --max-members"));
        assert_eq!(SECONDS.met(&limits, "").reason, GapReason::TimedOut);
    }
}
