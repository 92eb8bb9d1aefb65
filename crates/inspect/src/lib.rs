//! Observers of binaries: one module per executable format, each a pure function from bytes to facts.
mod formats;
mod read;

pub use formats::OBSERVERS;
