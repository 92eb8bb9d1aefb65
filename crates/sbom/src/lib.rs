//! Observers of documents: one module per SBOM format, tolerant, streaming, with every repair told.
mod compose;
mod cyclonedx;
mod draft;
mod encoding;
mod excerpt;
mod formats;
#[cfg(test)]
mod heard;
mod json;
mod leaves;
mod ledger;
mod lines;
mod protobuf;
mod reading;
mod spdx;
mod strict;
mod xml;
mod yaml;

pub use excerpt::excerpts;
pub use formats::OBSERVERS;
pub use strict::{Complaint, Strictness, strict};
