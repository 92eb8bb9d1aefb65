//! The registry of unpackers: one line each.
mod ar;
mod cpio;
mod gzip;
mod tar;
mod zip;

use interdict_model::Unpacker;

/// Every unpacker; several may accept one artifact, and all run.
pub const UNPACKERS: &[Unpacker] = &[ar::ENTRY, cpio::ENTRY, gzip::ENTRY, tar::ENTRY, zip::ENTRY];
