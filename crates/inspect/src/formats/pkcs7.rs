//! Signatures that stand in files of their own, in DER and in text: `META-INF/*.RSA` of JAR and Android packages, `.p7s`, `.p7b`, catalogues.
use interdict_model::{FactKind, GapReason, Head, Malformed, Observer, Sink, Source, Technique, Unseen};

use crate::armour;
use crate::der::Node;
use crate::read::{span, unread};
use crate::signed_data::{self, Walk};

/// The descriptor of this observer.
pub(super) const ENTRY: Observer = Observer {
    id: "pkcs7",
    revision: 2,
    title: "Signatures in PKCS#7 that stand in files of their own, DER and PEM",
    limitations: &["Whether the signature fits what it was made for is not checked."],
    technique: Technique::Other,
    accepts,
    observe,
};

const LABELS: &[&str] = &["PKCS7", "CMS", "PKCS #7 SIGNED DATA"];
/// Signatures in text told of one file.
const MOST: usize = 4096;

fn accepts(head: &Head<'_>) -> bool {
    signed_data::is_one(head.bytes) || LABELS.iter().any(|label| armour::begins_with(head.bytes, label))
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let bytes = source.bytes;
    if signed_data::is_one(bytes) {
        if !signature(bytes, None, sink) {
            return Err(Malformed::at("offset 0x0", "the signature cannot be read"));
        }
        return Ok(());
    }
    let mut count = 0_usize;
    for block in LABELS.iter().flat_map(|label| armour::blocks(bytes, label)).take(MOST) {
        count += 1;
        if !signature(&block.bytes, Some((block.start, block.len)), sink) {
            let detail = format!("the signature in text at offset {:#x} cannot be read", block.start);
            sink.gap(unread(detail, block.start as u64, (block.start + block.len) as u64));
        }
    }
    match count {
        0 => return Err(Malformed::NotThis),
        MOST => sink.gap(Unseen::new(GapReason::OverLimit, format!("more than {MOST} signatures in text"))),
        _ => {}
    }
    Ok(())
}

/// States what one signature says; of one in text, the text is the place of all of it.
fn signature(bytes: &[u8], text: Option<(usize, usize)>, sink: &mut Sink<'_>) -> bool {
    let mut walk = Walk::default();
    walk.text = text;
    if !walk.signature(bytes, 0, bytes.len(), sink) {
        return false;
    }
    let end = Node::read(bytes, 0, bytes.len()).map_or(0, |node| node.end);
    let (start, len) = text.unwrap_or((0, end));
    sink.fact(FactKind::SignatureState, "not-checked", span(start, len));
    if walk.cut.is_some() {
        sink.gap(Unseen::new(GapReason::Malformed, "the signature is longer than the file"));
    }
    if walk.is_over {
        sink.gap(Unseen::new(GapReason::OverLimit, "there are more signatures or certificates than are read"));
    }
    true
}
