//! Observers of binaries: one module per executable format, each a pure function from bytes to facts.
mod armour;
mod base64;
mod bill;
mod bundle;
mod certificate;
mod coff_symbols;
mod der;
mod digest;
mod fields;
mod formats;
mod hosts;
mod mangled;
mod markup;
mod overlay;
mod packed;
mod pe_image;
mod property_list;
mod read;
mod rpm_index;
mod signed_data;

pub use formats::OBSERVERS;
