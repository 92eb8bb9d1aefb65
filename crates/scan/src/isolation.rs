//! How foreign parsers are contained.
use serde::{Deserialize, Serialize};

/// The word that a report has for it, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Isolation {
    /// They run in this process.
    None,
    /// In processes of their own, with bounds on memory, files and time.
    LimitsOnly,
    /// These can moreover open, start and connect to nothing.
    Full,
}

impl Isolation {
    /// As reports have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::LimitsOnly => "limits-only",
            Self::Full => "full",
        }
    }
}
