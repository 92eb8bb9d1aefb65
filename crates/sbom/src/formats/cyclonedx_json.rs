//! CycloneDX JSON of any version: components wherever they nest, read in one pass and told one at a time.
mod dependency;
mod document;
mod evidence;
mod field;
mod identity;
mod metadata;
mod party;
mod sweep;
mod tree;

use interdict_model::{Head, Malformed, Observer, Sink, Source, Technique};

use crate::cyclonedx::NESTING;
use crate::encoding;
use crate::json::Json;
use crate::ledger::Ledger;
use crate::protobuf::Piece;
use crate::reading::Reading;

pub(super) use document::Bom;

pub(crate) const ENTRY: Observer = Observer {
    id: "cyclonedx-json",
    revision: 1,
    title: "CycloneDX JSON 1.2–1.7",
    limitations: &[
        "Components nested more than 256 deep are a gap.",
        "The tools that wrote a document are told as its authors, not as components of what it describes.",
        "Prose (descriptions, comments, annotations, licence texts) is not read; vulnerabilities are only counted.",
        "Signatures are not verified.",
    ],
    technique: Technique::ManifestAnalysis,
    accepts,
    observe,
};

fn accepts(head: &Head<'_>) -> bool {
    let text = encoding::head(head.bytes);
    let has = |marker: &[u8]| memchr::memmem::find(&text, marker).is_some();
    text.starts_with(b"{")
        && (has(b"\"bomFormat\"")
            || has(b"\"specFormat\"")
            || has(b"cyclonedx.org/schema/bom")
            || (has(b"\"specVersion\"") && has(b"\"components\"")))
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let decoded = encoding::decode(source.bytes);
    retold(&decoded.text, sink, |sink| {
        if let Some((wrong, assumed)) = decoded.repair {
            sink.repair("", wrong, assumed);
        }
    })
}

/// Reads a document that stands as JSON here, whatever it was; `first` is said once it is known to be a BOM.
pub(super) fn retold(text: &str, sink: &mut Sink<'_>, first: impl FnOnce(&mut Sink<'_>)) -> Result<(), Malformed> {
    let json = Json::new(text);
    if !identity::is_bom(json.clone()) {
        return Err(Malformed::NotThis);
    }
    first(sink);
    let mut bom = Bom::default();
    let mut reading = Reading::new(json, sink);
    let read = bom.read(&mut reading);
    bom.tell(reading.sink, &mut reading.ledger, read.is_ok());
    reading.end(read, NESTING)
}

/// Reads a part of a document that was written in another encoding.
pub(super) fn piece(bom: &mut Bom, piece: Piece<'_>, sink: &mut Sink<'_>, ledger: &mut Ledger) {
    let mut reading = Reading::new(Json::new(piece.json), sink);
    (reading.ledger, reading.first) = (std::mem::take(ledger), piece.first);
    // It was written as JSON just now.
    let _ = bom.read(&mut reading);
    *ledger = reading.ledger;
}

#[cfg(test)]
mod tests;
