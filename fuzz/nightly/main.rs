//! Goals that call the rooms and the library themselves: `cargo xtask nightly` and `release-check` run them.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    reason = "tests read fixtures, make files, and may fail, and tell long stories"
)]
mod differential;
mod library;
mod mute;
mod properties;
mod reads;
mod soak;
