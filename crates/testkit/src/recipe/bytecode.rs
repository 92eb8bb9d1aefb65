//! `class` and `dex`: byte code that defines some classes and only refers to others.
pub(super) mod class;
pub(super) mod dex;

#[cfg(test)]
mod tests;
