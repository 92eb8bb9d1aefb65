//! `interdict worker`: what a run starts to have files looked at; of no use to anybody else.
use crate::status::{Fault, Status};

/// The word that a run starts its workers with.
pub(crate) const WORD: &str = "worker";

#[cfg(target_os = "linux")]
pub(crate) fn run() -> Result<Status, Fault> {
    let failed = |error: std::io::Error| {
        Fault::new(Status::Usage, format!("`worker` serves a run over a socket: {error}"))
            .hint("interdict starts its workers itself")
    };
    interdict_scan::serve().map(|()| Status::Clear).map_err(failed)
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn run() -> Result<Status, Fault> {
    Err(Fault::new(Status::Usage, "there are no workers on this system"))
}
