//! Digests in short: enough of each to say that two files are the same one.
use std::fmt::Write as _;

use md5::Md5;
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use sha2::{Digest as _, Sha256, Sha384, Sha512};

/// The length of a digest and its first 128 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Print(u8, u64, u64);

/// Lengths in hexadecimal of digests that are compared.
const LENGTHS: [usize; 5] = [32, 40, 64, 96, 128];

impl Print {
    /// Of a digest as a document writes it.
    pub(crate) fn of_hex(hex: &str) -> Option<Self> {
        let hex = hex.trim().as_bytes();
        let length = LENGTHS.iter().find(|length| **length == hex.len())?;
        // Without a way out in its midst, many bytes are looked at at once.
        let is_hex = hex.iter().fold(true, |all, byte| all & byte.is_ascii_hexdigit());
        let digit = |byte: &u8| u64::from(byte & 0xf) + 9 * u64::from(byte >> 6);
        let number = |digits: &[u8]| digits.iter().fold(0, |number, byte| number << 4 | digit(byte));
        let length = u8::try_from(*length).ok().filter(|_| is_hex)?;
        Some(Self(length, number(hex.get(..16)?), number(hex.get(16..32)?)))
    }
}

/// The digests of these bytes that documents state, each with its name: `sha-1:…`.
pub(crate) fn of_bytes(bytes: &[u8]) -> Vec<(Print, String)> {
    let all = [
        // Two files can be made with one MD5. What is declared by it alone is told all the same: a match makes nothing milder.
        ("md5", Md5::digest(bytes).to_vec()),
        ("sha-1", Sha1::digest(bytes).to_vec()),
        ("sha-256", Sha256::digest(bytes).to_vec()),
        ("sha-384", Sha384::digest(bytes).to_vec()),
        ("sha-512", Sha512::digest(bytes).to_vec()),
    ];
    let spelled = all.iter().map(|(name, digest)| {
        let hex = digest.iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        });
        (Print::of_hex(&hex), format!("{name}:{hex}"))
    });
    spelled.filter_map(|(print, told)| Some((print?, told))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_document_writes_is_what_the_bytes_give() {
        let known = of_bytes(b"abc");
        for hex in [
            "900150983cd24fb0d6963f7d28e17f72",
            "a9993e364706816aba3e25717850c26c9cd0d89d",
            "BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
        ] {
            let print = Print::of_hex(hex).unwrap();
            assert!(known.iter().any(|(one, told)| *one == print && told.ends_with(&hex.to_lowercase())));
        }
        assert_eq!(Print::of_hex("a9993e36"), None);
        assert_eq!(Print::of_hex(&"g".repeat(40)), None);
    }
}
