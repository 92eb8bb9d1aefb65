//! Whether the digests that signatures state are those of the file.
use interdict_model::{Sink, hex};
use sha1::Sha1;
use sha2::digest::Digest;
use sha2::{Sha256, Sha384, Sha512};

use crate::pe_image::{Directory, Image};
use crate::read::index;
use crate::signed_data::Signed;

/// `1.3.14.3.2.26`.
const SHA1: &[u8] = b"\x2b\x0e\x03\x02\x1a";
/// `2.16.840.1.101.3.4.2`, and 1 for SHA-256, 2 for SHA-384, 3 for SHA-512.
const SHA2: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x02";

/// Says of every signature that was made for other bytes that it was.
pub(super) fn observe(image: &Image<'_>, signed: &[Signed], sink: &mut Sink<'_>) {
    let mut known: Vec<(&[u8], Option<Vec<u8>>)> = Vec::new();
    for one in signed {
        let algorithm = one.algorithm.as_slice();
        if !known.iter().any(|(of, _)| *of == algorithm) {
            known.push((algorithm, digest(image, algorithm)));
        }
        let computed = known.iter().find(|(of, _)| *of == algorithm).and_then(|(_, digest)| digest.as_ref());
        if let Some(computed) = computed.filter(|computed| **computed != one.digest) {
            let wrong = format!(
                "the signature was made for other bytes: it states {}, the file has {}",
                hex(&one.digest),
                hex(computed)
            );
            sink.repair(format!("offset {:#x}", one.start), wrong, "the signers are those the signature names");
        }
    }
}

fn digest(image: &Image<'_>, algorithm: &[u8]) -> Option<Vec<u8>> {
    if algorithm == SHA1 {
        return of::<Sha1>(image);
    }
    match algorithm.strip_prefix(SHA2)? {
        [1] => of::<Sha256>(image),
        [2] => of::<Sha384>(image),
        [3] => of::<Sha512>(image),
        _ => None,
    }
}

/// The digest of all that signing does not change: not the checksum, not the entry of the certificate table, not the table.
fn of<D: Digest>(image: &Image<'_>) -> Option<Vec<u8>> {
    let (table, _) = image.directory(Directory::Certificate)?;
    let (checksum, entry) = (image.checksum_at(), image.directory_at(Directory::Certificate));
    let end = index(table).min(image.bytes.len());
    let mut digest = D::new();
    for range in [0..checksum, checksum + 4..entry, entry + 8..end] {
        digest.update(image.bytes.get(range)?);
    }
    // What was signed ended on a multiple of eight bytes.
    digest.update(vec![0; end.next_multiple_of(8) - end]);
    Some(digest.finalize().to_vec())
}
