//! The command `interdict`.
fn main() {}
