//! Digests by the object identifier of their algorithm.
use sha1::Sha1;
use sha2::digest::Digest;
use sha2::{Sha256, Sha384, Sha512};

/// `1.3.14.3.2.26`.
const SHA1: &[u8] = b"\x2b\x0e\x03\x02\x1a";
/// `2.16.840.1.101.3.4.2`, and 1 for SHA-256, 2 for SHA-384, 3 for SHA-512.
const SHA2: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x02";

/// The digest of these bytes, one after the other; nothing for an algorithm that is not known here.
pub(crate) fn of(algorithm: &[u8], parts: &[&[u8]]) -> Option<Vec<u8>> {
    if algorithm == SHA1 {
        return Some(by::<Sha1>(parts));
    }
    match algorithm.strip_prefix(SHA2)? {
        [1] => Some(by::<Sha256>(parts)),
        [2] => Some(by::<Sha384>(parts)),
        [3] => Some(by::<Sha512>(parts)),
        _ => None,
    }
}

fn by<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
    let mut digest = D::new();
    for part in parts {
        digest.update(part);
    }
    digest.finalize().to_vec()
}
