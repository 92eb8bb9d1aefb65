//! The pipeline and the public library: open, unpack, observe, match, fold, judge. The only crate that opens files.
mod bytes;
mod covered;
mod ebb;
mod error;
mod examine;
mod judging;
mod opening;
mod pipeline;
mod record;
mod request;
mod settle;
mod shipments;
mod sniff;
mod strict;
mod supplied;
mod walk;
mod yielded;

pub use error::Error;
pub use interdict_catalog as catalog;
pub use interdict_policy as policy;
pub use interdict_rules as rules;
pub use judging::{Law, judge_report};
pub use pipeline::{Scanned, scan};
pub use request::{Limits, Progress, Request, Target, Unwatched};
