//! What tests are made of: golden folders, fact dumps, mutations, and recipes that become tiny binaries and archives.
mod diff;
mod golden;
mod lines;
mod members;
mod mutate;
mod out;
mod recipe;

pub use golden::{Built, cases, committed, golden, inputs};
pub use lines::lines;
pub use members::members;
pub use mutate::mutate;
pub use recipe::build;
