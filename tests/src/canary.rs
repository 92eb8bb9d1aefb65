//! One vendor, spelt and placed in every way it disappears; and what only looks like it.
pub mod controls;
pub mod documents;
pub mod files;
pub mod spellings;

/// What is to be found.
#[derive(Debug)]
pub struct Canary {
    /// How it hides.
    pub technique: String,
    /// The file's name.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}
