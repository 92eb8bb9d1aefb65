//! SPDX 3 JSON-LD: elements in any order and at any depth, told one at a time after one look at what names and relates them.
mod agent;
mod document;
mod edge;
mod element;
mod extension;
mod links;
mod names;
mod outline;
mod person;
mod value;
mod walk;

use interdict_model::{Head, Malformed, Mark, Observer, Sink, Source, Technique};

use crate::encoding::{self, Look};
use crate::json::Json;
use crate::reading::Reading;

pub(crate) const ENTRY: Observer = Observer {
    id: "spdx3-json",
    revision: 1,
    title: "SPDX 3.0 JSON-LD",
    limitations: &[
        "Contexts are never fetched: names are read by their last part, and by what a context inside the document says.",
        "Elements nested in more than 128 lists and objects are a gap.",
        "Prose (summaries, descriptions, comments, annotations), licences and builds are not read; vulnerabilities are only counted.",
        "Agents are told where an element says that they supplied, originated or created it; other relationships of agents say nothing here.",
        "Documents that this one imports are a gap; they are not looked for.",
    ],
    technique: Technique::ManifestAnalysis,
    accepts,
    observe,
};

fn accepts(head: &Head<'_>) -> bool {
    const SURE: &[Mark] = &[Mark::Spdx3Namespace, Mark::Spdx3Context, Mark::Spdx3Escaped];
    let look = Look::at(head);
    look.is_json_with(SURE)
        || (look.is_json_with(&[Mark::Spdx3Id]) && (look.has("\"creationInfo\"") || look.has("\"@graph\"")))
        || (look.is_json_with(&[Mark::Spdx3Document]) && look.has("\"@graph\""))
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let decoded = encoding::decode(source.bytes);
    retold(&decoded.text, sink, |sink| {
        if let Some((wrong, assumed)) = decoded.repair {
            sink.repair("", wrong, assumed);
        }
    })
}

/// Reads a document that stands as JSON here, whatever it was; `first` is said once it is known to be SPDX 3.
pub(super) fn retold(text: &str, sink: &mut Sink<'_>, first: impl FnOnce(&mut Sink<'_>)) -> Result<(), Malformed> {
    let json = Json::new(text);
    let outline = outline::look(&json).ok_or(Malformed::NotThis)?;
    first(sink);
    let mut reading = Reading::new(json, sink);
    let read = document::read(&mut reading, outline);
    reading.end(read, walk::DEPTH)
}

#[cfg(test)]
mod tests;
