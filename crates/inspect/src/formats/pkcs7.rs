//! Signatures that stand in files of their own: `META-INF/*.RSA` of JAR and Android packages, `.p7s`, `.p7b`, catalogues.
use interdict_model::{FactKind, GapReason, Head, Malformed, Observer, Sink, Source, Technique, Unseen};

use crate::der::Node;
use crate::read::span;
use crate::signed_data::{self, Walk};

/// The descriptor of this observer.
pub(super) const ENTRY: Observer = Observer {
    id: "pkcs7",
    revision: 1,
    title: "Signatures in PKCS#7 that stand in files of their own",
    limitations: &[
        "Whether the signature fits what it was made for is not checked.",
        "Signatures in text (PEM) are not decoded.",
    ],
    technique: Technique::Other,
    accepts,
    observe,
};

fn accepts(head: &Head<'_>) -> bool {
    signed_data::is_one(head.bytes)
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let bytes = source.bytes;
    let mut walk = Walk::default();
    if !walk.signature(bytes, 0, bytes.len(), sink) {
        return Err(Malformed::at("offset 0x0", "the signature cannot be read"));
    }
    let end = Node::read(bytes, 0, bytes.len()).map_or(0, |node| node.end);
    sink.fact(FactKind::SignatureState, "not-checked", span(0, end));
    if walk.cut.is_some() {
        sink.gap(Unseen::new(GapReason::Malformed, "the signature is longer than the file"));
    }
    if walk.is_over {
        sink.gap(Unseen::new(GapReason::OverLimit, "there are more signatures or certificates than are read"));
    }
    Ok(())
}
