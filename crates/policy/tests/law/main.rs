//! The built-in law, held against what was found out about it.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on fails")]
mod data;
mod invariants;
mod matrix;
mod outcome;
mod undetermined;
mod waivers;
mod words;
