//! Whether the digests that signatures state are those of the file.
use interdict_model::{FactKind, Sink, hex};

use crate::digest;
use crate::pe_image::{Directory, Image};
use crate::read::{index, span};
use crate::signed_data::Signed;

/// States of every signature whether it was made for this file, and says so where it was not.
pub(super) fn observe(image: &Image<'_>, signed: &[Signed], sink: &mut Sink<'_>) {
    let mut known: Vec<(&[u8], Option<Vec<u8>>)> = Vec::new();
    for one in signed {
        let algorithm = one.algorithm.as_slice();
        if !known.iter().any(|(of, _)| *of == algorithm) {
            known.push((algorithm, file_digest(image, algorithm)));
        }
        let computed = known.iter().find(|(of, _)| *of == algorithm).and_then(|(_, digest)| digest.as_ref());
        let state = match computed {
            None => "not-checked",
            Some(computed) if *computed == one.digest && one.is_vouched_for != Some(false) => "for-this-file",
            Some(_) => "for-other-bytes",
        };
        sink.fact(FactKind::SignatureState, state, span(one.start, one.digest.len()));
        if state != "for-other-bytes" {
            continue;
        }
        let stated = hex(&one.digest);
        let wrong = match computed.map(|computed| hex(computed)).filter(|computed| *computed != stated) {
            Some(computed) => {
                format!("the signature was made for other bytes: it states {stated}, the file has {computed}")
            }
            None => format!("the signature states {stated}, which is not what its signer signed"),
        };
        sink.repair(format!("offset {:#x}", one.start), wrong, "the signers are those the signature names");
    }
}

/// The digest of all that signing does not change: not the checksum, not the entry of the certificate table, not the table.
fn file_digest(image: &Image<'_>, algorithm: &[u8]) -> Option<Vec<u8>> {
    let (table, _) = image.directory(Directory::Certificate)?;
    let (checksum, entry) = (image.checksum_at(), image.directory_at(Directory::Certificate));
    let end = index(table).min(image.bytes.len());
    let part = |range| image.bytes.get(range);
    let parts = [part(0..checksum)?, part(checksum + 4..entry)?, part(entry + 8..end)?];
    // What was signed ended on a multiple of eight bytes.
    let padding = [0; 8];
    let padding = padding.get(..end.next_multiple_of(8) - end)?;
    digest::of(algorithm, &[parts.as_slice(), &[padding]].concat())
}
