//! `zlib`: compressed parts between zlib's header and checksum.
use serde::Deserialize;

use super::super::bytes::{Fragment, join};
use super::deflated;
use crate::out::{Endian, Out};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Recipe {
    parts: Vec<Fragment>,
}

impl Recipe {
    pub(in super::super) fn build(&self) -> Result<Vec<u8>, String> {
        let bytes = join(&self.parts)?;
        let mut out = Out::new(Endian::Big);
        out.raw(&[0x78, 0xda]);
        out.raw(&deflated(&bytes)?);
        out.u32(adler(&bytes));
        Ok(out.bytes)
    }
}

fn adler(bytes: &[u8]) -> u32 {
    const MODULUS: u32 = 65_521;
    let (a, b) = bytes.iter().fold((1, 0), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % MODULUS;
        (a, (b + a) % MODULUS)
    });
    b << 16 | a
}
