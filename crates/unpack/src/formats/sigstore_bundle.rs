//! Sigstore bundles of every version, one or many in a row: the envelope's payload is opened.
use std::ops::ControlFlow;

use interdict_model::{Head, Malformed, Mark, Members, Source, Unpacker};

use super::dsse;
use crate::envelope::{Object, each, is_json_with, list, quoted, signed, text};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "sigstore-bundle",
    revision: 1,
    title: "Sigstore bundle 0.1–0.3",
    limitations: &[
        "signatures, certificates and log entries are stated and not verified",
        "a signature over another file names that file's digest; the file is not looked for",
    ],
    accepts,
    unpack,
};

fn accepts(head: &Head<'_>) -> bool {
    is_json_with(head, &[(Mark::SigstoreEnvelope, &[]), (Mark::SigstoreMessage, &[]), (Mark::SigstoreBundle, &[])])
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let text = text(source.bytes);
    let mut count = 0;
    each(&text, &mut |number, object| {
        // What GitHub's service answers holds a bundle in each item of a list.
        let listed = object.all("attestations").flat_map(list).filter_map(Object::of).collect::<Vec<_>>();
        let inner = listed.iter().chain([&object]).flat_map(|one| one.all("bundle")).filter_map(Object::of);
        let inner = inner.filter(is_bundle).collect::<Vec<_>>();
        let bundles: Vec<&Object<'_>> = if is_bundle(&object) { vec![&object] } else { inner.iter().collect() };
        if bundles.is_empty() && number == 1 {
            return Err(Malformed::NotThis);
        }
        for bundle in bundles {
            count += 1;
            if open(members, count, bundle).is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    })
}

fn is_bundle(object: &Object<'_>) -> bool {
    object.has("dsseEnvelope")
        || object.has("messageSignature")
        || object.word("mediaType").starts_with("application/vnd.dev.sigstore.bundle")
}

fn open(members: &mut dyn Members, number: usize, bundle: &Object<'_>) -> ControlFlow<()> {
    let mut is_empty = true;
    for envelope in bundle.all("dsseEnvelope").filter_map(Object::of) {
        is_empty = false;
        dsse::open(members, number, &envelope)?;
    }
    for signature in bundle.all("messageSignature").filter_map(Object::of) {
        is_empty = false;
        let digest = signature.all("messageDigest").find_map(Object::of);
        let of =
            digest.map(|digest| format!(" whose {} is {}", digest.word("algorithm"), quoted(&digest.word("digest"))));
        let what = format!("a signature over another file{}", of.unwrap_or_default());
        signed(members, number, usize::from(signature.has("signature")), &what);
    }
    if is_empty {
        signed(members, number, 0, "a bundle that holds no envelope");
    }
    ControlFlow::Continue(())
}
