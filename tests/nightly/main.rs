//! Goals that take too long for the ordinary test command: `cargo xtask nightly` runs them, each for a while.
#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::too_many_lines,
    reason = "tests make files, run programs, may fail, and tell long stories"
)]
mod counts;
mod damage;
mod faults;
mod hostile;
mod killed;
mod pairs;
mod reports;
mod sandbox;
mod scale;
mod surroundings;
mod twins;
