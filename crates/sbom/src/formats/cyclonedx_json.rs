//! CycloneDX JSON of any version: components wherever they nest, read in one pass and told one at a time.
mod document;
mod field;
mod identity;
mod tree;

use interdict_model::{Head, Malformed, Observer, Sink, Source, Technique};

use crate::cyclonedx::NESTING;
use crate::encoding;
use crate::json::Json;
use crate::reading::Reading;

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
    let json = Json::new(&decoded.text);
    if !identity::is_bom(json.clone()) {
        return Err(Malformed::NotThis);
    }
    if let Some((wrong, assumed)) = decoded.repair {
        sink.repair("", wrong, assumed);
    }
    let mut reading = Reading::new(json, sink);
    let read = document::read(&mut reading);
    reading.end(read, NESTING)
}

#[cfg(test)]
mod tests;
