//! Containers: `zip`, `tar`, `gzip` and `zlib`, honest or lying.
pub(super) mod gzip;
mod signing_block;
pub(super) mod tar;
pub(super) mod zip;
pub(super) mod zlib;

use std::io::Write as _;

use flate2::Compression;
use flate2::write::DeflateEncoder;

/// The bytes as a raw DEFLATE stream.
fn deflated(bytes: &[u8]) -> Result<Vec<u8>, String> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).map_err(|why| why.to_string())
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

#[cfg(test)]
mod tests;
