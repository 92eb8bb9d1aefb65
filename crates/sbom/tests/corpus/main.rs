//! The shared corpus, where it is present: real documents that nobody here wrote.
mod counts;
mod encodings;
mod files;
mod one_scan;
mod spdx2;
#[cfg(all(feature = "strict-cyclonedx", feature = "strict-spdx"))]
mod strict;
mod twins;
