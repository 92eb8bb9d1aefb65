//! Goals that take too long for the ordinary test command: `cargo xtask nightly` runs them, each for a while.
mod damage;
