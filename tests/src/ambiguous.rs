//! Inputs of which two honest readers see different things, each with a canary that one of them sees (goal F3).
mod json;
mod oci;
mod tar;
mod zip;

use crate::archives::{canary, gzip};

/// A file's name and its bytes.
pub type Case = (String, Vec<u8>);

/// A kind, how many there must be, and its cases.
pub fn ambiguous() -> Vec<(&'static str, usize, Vec<Case>)> {
    let canary = canary();
    vec![
        ("zip", 500, zip::cases(&canary)),
        ("tar", 40, tar::cases(&gzip(&canary))),
        ("json", 20, json::cases()),
        ("oci", 20, oci::cases(&canary)),
    ]
}
