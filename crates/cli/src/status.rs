//! What an exit status means: four disjoint answers, and what went wrong.
use std::process::ExitCode;

/// Findings never share a status with failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Status {
    Clear = 0,
    Flagged = 1,
    Usage = 2,
    Inconclusive = 3,
    Unopened = 4,
    Pack = 5,
    Internal = 70,
    /// The report could not be written in full.
    Unwritten = 74,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(status as u8)
    }
}

/// Why there is no answer.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) status: Status,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

impl Fault {
    pub(crate) fn new(status: Status, message: impl Into<String>) -> Self {
        Self { status, message: message.into(), hint: None }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
