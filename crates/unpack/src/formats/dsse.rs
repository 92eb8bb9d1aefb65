//! DSSE envelopes, one or many in a row, and what `cosign download signature` writes: the payload is opened.
use std::ops::ControlFlow;

use interdict_model::{Head, Malformed, Mark, Members, Source, Unpacker};

use crate::envelope::{Object, each, is_json_with, list, numbered, offer, quoted, signed, text};

pub(crate) const ENTRY: Unpacker = Unpacker {
    id: "dsse",
    revision: 1,
    title: "DSSE envelope",
    limitations: &["signatures are stated and not verified"],
    accepts,
    unpack,
};

fn accepts(head: &Head<'_>) -> bool {
    is_json_with(head, &[(Mark::DssePayload, &["\"payload\""]), (Mark::DsseSignature, &["\"Payload\""])])
}

fn unpack(source: &Source<'_>, members: &mut dyn Members) -> Result<(), Malformed> {
    let text = text(source.bytes);
    let mut others = false;
    let mut envelopes = 0;
    each(&text, &mut |number, object| {
        if !is_envelope(&object) {
            others = true;
            return if number == 1 { Err(Malformed::NotThis) } else { Ok(ControlFlow::Continue(())) };
        }
        envelopes += 1;
        Ok(open(members, number, &object))
    })?;
    if others {
        members.anomaly(None, "mixed-lines", format!("{envelopes} envelopes, and other objects between them"));
    }
    Ok(())
}

fn is_envelope(object: &Object<'_>) -> bool {
    (object.has("payload") && object.has("payloadType")) || (object.has("Payload") && object.has("Base64Signature"))
}

/// Offers every payload of one envelope.
pub(super) fn open(members: &mut dyn Members, number: usize, envelope: &Object<'_>) -> ControlFlow<()> {
    let signatures: usize = envelope.all("signatures").map(|raw| list(raw).len()).sum();
    let signatures = signatures + usize::from(!envelope.word("Base64Signature").is_empty());
    let of = envelope.word("payloadType");
    let what = if of.is_empty() { "a payload".to_owned() } else { format!("a payload of type {}", quoted(&of)) };
    signed(members, number, signatures, &what);
    let payloads = envelope.all("payload").chain(envelope.all("Payload"));
    for (index, payload) in payloads.enumerate() {
        if index == 1 {
            let detail = "the payload stands twice in its envelope; both were opened".to_owned();
            members.anomaly(None, "duplicate-payload", detail);
        }
        let name = numbered("payload", number);
        let name = if index == 0 { name } else { format!("{name}~{}", index + 1) };
        offer(members, &name, payload)?;
    }
    ControlFlow::Continue(())
}
