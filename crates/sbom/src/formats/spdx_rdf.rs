//! SPDX 2 RDF/XML: what is said of each thing is gathered wherever it stands, and told once.
mod document;
mod graph;
mod statements;
mod term;

use interdict_model::{Head, Malformed, Observer, Sink, Source, Technique};

use crate::xml::{self, Reading};
use term::Space;

pub(crate) const ENTRY: Observer = Observer {
    id: "spdx-rdf",
    revision: 1,
    title: "SPDX RDF/XML 2.1–2.3",
    limitations: &[
        "A place is a line.",
        "Elements nested more than 512 deep, and more than three million things or six million statements, are a gap.",
        "Entities that stand outside of the document are never fetched: they are a gap.",
        "Licences are not read.",
        "There is no schema for `--strict`: only what had to be repaired speaks against a document.",
        "Documents that this one refers to are a gap; they are not looked for.",
    ],
    technique: Technique::ManifestAnalysis,
    accepts,
    observe,
};

fn accepts(head: &Head<'_>) -> bool {
    let Some(root) = xml::root(head.bytes) else { return false };
    match term::named(root.uri.as_deref().unwrap_or_default()) {
        Space::Spdx => true,
        Space::Rdf => root.name == "RDF" && crate::encoding::stands(head.bytes, "spdx.org/rdf"),
        _ => false,
    }
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    if !accepts(&source.head()) {
        return Err(Malformed::NotThis);
    }
    let text = xml::Source::of(source.bytes);
    let mut graph = graph::Graph::default();
    let mut reading = Reading::new(&text, term::named, sink);
    let read = statements::read(&mut reading, &mut graph);
    document::tell(&mut reading, graph, read.is_ok());
    reading.end(read)
}
