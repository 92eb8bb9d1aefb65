//! The pipeline and the public library: open, unpack, observe, match, fold, judge. The only crate that opens files.
mod agreement;
mod attribution;
mod bytes;
#[cfg(target_os = "linux")]
mod contain;
mod covered;
#[cfg(target_os = "linux")]
mod crew;
mod described;
mod ebb;
mod error;
mod examine;
mod excerpts;
#[cfg(target_os = "linux")]
mod frames;
mod held;
mod images;
mod imprint;
mod isolation;
mod judging;
mod known;
mod limits;
mod listed;
mod opening;
mod owners;
mod passing;
mod pipe;
mod pipeline;
#[cfg(debug_assertions)]
mod planted;
mod prints;
mod record;
mod repeats;
mod request;
mod route;
mod scratch;
mod seam;
mod settle;
mod shipments;
mod sniff;
mod strict;
mod supplied;
mod tape;
mod trace;
mod walk;
mod watch;
#[cfg(target_os = "linux")]
mod worker;
mod yielded;

pub use error::Error;
pub use interdict_catalog as catalog;
pub use interdict_policy as policy;
pub use interdict_rules as rules;
pub use isolation::Isolation;
pub use judging::{Law, judge_report};
pub use known::hold_against;
pub use limits::{BUFFERS, DEPTH, HEAP, LIMITS, Limit, Limits, MEMBER, MEMBERS, RATIO, SECONDS, TOTAL};
pub use pipeline::{Scanned, scan};
#[cfg(debug_assertions)]
pub use planted::{Fault, break_read, mute};
pub use request::{Progress, Request, Target, Unwatched, Workers};
#[cfg(target_os = "linux")]
pub use worker::serve;
