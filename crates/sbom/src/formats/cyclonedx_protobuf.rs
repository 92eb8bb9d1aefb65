//! CycloneDX in the protobuf wire format: recognised by walking its outermost fields, read through its JSON form.
use interdict_model::{Head, Malformed, Observer, Sink, Source, Technique};

use super::cyclonedx_json::{self, Bom};
use crate::cyclonedx::NESTING;
use crate::ledger::Ledger;
use crate::protobuf::{Kind, Message, Value, Wire, transcode};

pub(crate) const ENTRY: Observer = Observer {
    id: "cyclonedx-protobuf",
    revision: 1,
    title: "CycloneDX protobuf 1.3–1.7",
    limitations: &[
        "A place is a pointer into the JSON form of the document; what is broken on the wire is told by its offset.",
        "Messages nested more than 512 deep are a gap, and so is one thing that takes more than 256 MiB as JSON.",
        "There is no schema for `--strict`: it holds a document against the fields of all versions together. What is stated of vulnerabilities is not read.",
        "Everything else is as for CycloneDX JSON.",
    ],
    technique: Technique::ManifestAnalysis,
    accepts,
    observe,
};

/// The outermost fields of any version to come: lists of messages, like those that are known.
const FIELDS: u32 = 64;

fn accepts(head: &Head<'_>) -> bool {
    let wire = Wire { bytes: head.bytes };
    let (mut at, mut versioned, mut named, mut odd) = (0, false, false, false);
    // What breaks behind a version is a broken document; what breaks before one is something else.
    while let Some(Ok(entry)) = wire.entry(at, head.bytes.len()) {
        let fits = match (Message::Bom.numbered(entry.number).map(|field| field.kind), entry.value) {
            (Some(Kind::Text), Value::Bytes(start, end)) => {
                let text = wire.slice(start, end);
                let says = if entry.number == 1 { is_version(text) } else { text.starts_with(b"urn:uuid:") };
                versioned |= says;
                says || entry.number != 1
            }
            (Some(Kind::Number), Value::Varint(_)) => true,
            (Some(Kind::One(message) | Kind::Many(message)), Value::Bytes(start, end)) => {
                let is_clean = (versioned && named) || fits(wire, message, start, end);
                named |= is_clean && message == Message::Component && has_name(wire, start, end);
                is_clean || versioned
            }
            (Some(Kind::Text | Kind::One(_) | Kind::Many(_)), Value::Cut(_)) => versioned,
            (None, Value::Bytes(..)) => versioned && entry.number < FIELDS,
            _ => false,
        };
        odd |= !fits;
        if odd && !versioned {
            return false;
        }
        at = entry.next;
    }
    let is_whole = at == head.bytes.len();
    // Messages of other kinds may begin with a version too: what is odd in one must come with a component.
    if versioned { named || !odd } else { named && is_whole }
}

/// Whether a message is nothing but fields that it may have; asked where the document has not said what it is.
fn fits(wire: Wire<'_>, message: Message, start: usize, end: usize) -> bool {
    let mut at = start;
    while let Some(entry) = wire.entry(at, end) {
        let Ok(entry) = entry else { return false };
        let fits = match (message.numbered(entry.number).map(|field| field.kind), entry.value) {
            (Some(Kind::Text | Kind::Texts), Value::Bytes(start, end)) => is_text(wire.slice(start, end)),
            (Some(Kind::One(_) | Kind::Many(_) | Kind::Time), Value::Bytes(..))
            | (Some(Kind::Number | Kind::Flag | Kind::Word(_)), Value::Varint(_)) => true,
            (Some(Kind::Aside), value) => !matches!(value, Value::Cut(_)),
            _ => false,
        };
        if !fits {
            return false;
        }
        at = entry.next;
    }
    true
}

fn has_name(wire: Wire<'_>, start: usize, end: usize) -> bool {
    let mut entries = std::iter::successors(wire.entry(start, end), |last| match last {
        Ok(entry) => wire.entry(entry.next, end),
        Err(_) => None,
    });
    let name = Message::Component.named("name").map_or(0, |field| field.number);
    entries.any(|entry| {
        matches!(entry, Ok(entry) if entry.number == name && matches!(entry.value, Value::Bytes(start, end) if start < end))
    })
}

fn is_text(bytes: &[u8]) -> bool {
    let is_plain = |byte: &u8| *byte >= 0x20 || byte.is_ascii_whitespace();
    bytes.iter().all(is_plain) && std::str::from_utf8(bytes).is_ok()
}

/// `1.6`, as no other field of a message that begins like this would say.
fn is_version(text: &[u8]) -> bool {
    matches!(text, [b'1'..=b'9', b'.', rest @ ..] if (1..3).contains(&rest.len()) && rest.iter().all(u8::is_ascii_digit))
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    if !accepts(&source.head()) {
        return Err(Malformed::NotThis);
    }
    read(source.bytes, Ledger::default(), sink)
}

/// Reads a BOM as it stands on the wire.
pub(super) fn read(bytes: &[u8], mut ledger: Ledger, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let mut bom = Bom::default();
    bom.note("read through its JSON form, into which its places are pointers");
    let fault = transcode(bytes, sink, &mut ledger, &mut |piece, sink, ledger| {
        cyclonedx_json::piece(&mut bom, piece, sink, ledger);
    });
    bom.tell(sink, &mut ledger, fault.is_none());
    ledger.settle(sink, NESTING);
    fault.map_or(Ok(()), Err)
}

#[cfg(test)]
mod tests;
