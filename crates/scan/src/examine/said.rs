//! What became of a reader's work: all of it was read, it was another's, it was left, or why not.
use std::panic::{AssertUnwindSafe, catch_unwind};

use interdict_model::{GapReason, Malformed, Unseen};

use crate::watch::Left;

#[derive(Debug, PartialEq, Eq)]
pub(super) enum Said {
    All,
    NotThis,
    Left(Left),
    Gap(Unseen),
}

impl Said {
    /// Who took it for theirs and has nothing to say of it did not read it.
    pub(super) fn unless_silent(self) -> Self {
        match self {
            Self::All => {
                let detail = "it begins as what this reads, and nothing of that is in it";
                Self::Gap(Unseen::new(GapReason::Malformed, detail).needing("an intact copy"))
            }
            said => said,
        }
    }
}

pub(super) fn said(result: Result<Result<(), Malformed>, Option<Left>>) -> Said {
    match result {
        Ok(Ok(())) => Said::All,
        Ok(Err(Malformed::NotThis)) => Said::NotThis,
        Ok(Err(Malformed::Broken { at, detail })) => {
            Said::Gap(Unseen::new(GapReason::Malformed, format!("{at}: {detail}")).needing("an intact copy"))
        }
        Err(Some(left)) => Said::Left(left),
        Err(None) => {
            Said::Gap(Unseen::new(GapReason::Crashed, "our reader failed on it; this is a fault of interdict"))
        }
    }
}

/// A panic below costs one artifact; one that was left comes by here too.
pub(crate) fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Option<Left>> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|thrown| thrown.downcast_ref::<Left>().copied())
}
