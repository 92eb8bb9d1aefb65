//! CycloneDX XML of any version: namespaces by URI, components wherever they nest, read in one pass.
mod dependency;
mod document;
mod evidence;
mod field;
mod party;
mod space;
mod sweep;
mod tree;

use interdict_model::{Head, Malformed, Observer, Sink, Source, Technique};

use crate::xml::{self, Reading};

pub(crate) const ENTRY: Observer = Observer {
    id: "cyclonedx-xml",
    revision: 1,
    title: "CycloneDX XML 1.0–1.7",
    limitations: &[
        "Elements nested more than 512 deep, which are components nested more than 255 deep, are a gap.",
        "The tools that wrote a document are told as its authors, not as components of what it describes.",
        "Prose (descriptions, comments, annotations, licence texts) is not read; of vulnerabilities only what is stated of components (VEX) is told, beside findings; nothing is judged by it.",
        "Entities that stand outside of the document are never fetched: they are a gap.",
        "Attributes that only a document type declaration gives are not applied.",
        "Signatures are not verified.",
        "The validator of `--strict` lets attributes pass that stand on elements of simple type and do not belong there.",
    ],
    technique: Technique::ManifestAnalysis,
    accepts,
    observe,
};

fn accepts(head: &Head<'_>) -> bool {
    xml::root(head.bytes).is_some_and(|root| space::is_bom(&root))
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    if !accepts(&source.head()) {
        return Err(Malformed::NotThis);
    }
    let text = xml::Source::of(source.bytes);
    let mut reading = Reading::new(&text, space::named, sink);
    let read = document::read(&mut reading);
    reading.end(read)
}

#[cfg(test)]
mod tests;
