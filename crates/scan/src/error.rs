//! What is wrong with a run, as against what is wrong with its input.
use std::path::PathBuf;

/// Why a run could not be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No thread could be had.
    #[error("could not start worker threads: {0}")]
    Threads(String),
    /// Containment was asked for and is not to be had.
    #[error("foreign parsers cannot be contained in full here: {0}")]
    Contained(String),
    /// A target could not be opened; the rest was looked at all the same.
    #[error("could not open `{}`: {source}", path.display())]
    Target {
        /// Which.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}
