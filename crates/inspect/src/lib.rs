//! Observers of binaries: one module per executable format, each a pure function from bytes to facts.
mod bill;
mod certificate;
mod coff_symbols;
mod der;
mod formats;
mod hosts;
mod packed;
mod pe_image;
mod read;
mod signed_data;

pub use formats::OBSERVERS;
