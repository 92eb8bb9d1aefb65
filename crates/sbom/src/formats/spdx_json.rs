//! SPDX 2 JSON: packages, files and snippets told one at a time, after one look at what relates them.
mod document;
mod element;
mod note;
mod outline;

use interdict_model::{Head, Malformed, Mark, Observer, Sink, Source, Technique};

use crate::encoding::{self, Look};
use crate::json::Json;
use crate::reading::Reading;

pub(crate) const ENTRY: Observer = Observer {
    id: "spdx-json",
    revision: 2,
    title: "SPDX JSON 2.1–2.3",
    limitations: &[
        "Extracted licence texts are not read.",
        "Documents that this one refers to are a gap; they are not looked for.",
    ],
    technique: Technique::ManifestAnalysis,
    accepts,
    observe,
};

fn accepts(head: &Head<'_>) -> bool {
    let look = Look::at(head);
    look.text().starts_with(b"{") && look.is_json_with(&[Mark::SpdxVersion, Mark::SpdxDocumentId])
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let decoded = encoding::decode(source.bytes);
    retold(&decoded.text, sink, |sink| {
        if let Some((wrong, assumed)) = decoded.repair {
            sink.repair("", wrong, assumed);
        }
    })
}

/// Reads a document that stands as JSON here, whatever it was; `first` is said once it is known to be SPDX 2.
pub(super) fn retold(text: &str, sink: &mut Sink<'_>, first: impl FnOnce(&mut Sink<'_>)) -> Result<(), Malformed> {
    let json = Json::new(text).folding();
    let outline = outline::look(&json).ok_or(Malformed::NotThis)?;
    first(sink);
    let mut reading = Reading::new(json, sink);
    let read = document::read(&mut reading, &outline);
    reading.end(read, 0)
}
