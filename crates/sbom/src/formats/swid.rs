//! SWID tags, ISO/IEC 19770-2 of 2009 and 2015: who made a piece of software, and the files it consists of.
mod base64;
mod embedded;
mod entity;
mod file;
mod space;
mod tag;

use interdict_model::{Document, Head, Malformed, Observer, Sink, Source, Technique};

use crate::xml::{self, Reading, Root};

pub(super) use embedded::embedded;

pub(crate) const ENTRY: Observer = Observer {
    id: "swid",
    revision: 1,
    title: "SWID tags (ISO/IEC 19770-2:2009 and :2015)",
    limitations: &[
        "Entities that stand outside of the document are never fetched: they are a gap.",
        "The files of a tag are told by name, path and digest; sizes and versions of files are not read.",
        "Signatures are not verified.",
    ],
    technique: Technique::ManifestAnalysis,
    accepts,
    observe,
};

fn accepts(head: &Head<'_>) -> bool {
    xml::root(head.bytes).is_some_and(|root| holds_tags(&root))
}

/// Whether the outermost element is a tag, or may be a collection of them.
fn holds_tags(root: &Root) -> bool {
    let space = root.uri.as_deref().map_or(space::Space::Nowhere, space::named);
    match root.name.as_str() {
        tag::TAG => matches!(space, space::Space::Swid | space::Space::Nowhere),
        tag::OLD_TAG => true,
        _ => root.mentions(space::ADDRESS) && (root.holds(tag::TAG) || root.holds(tag::OLD_TAG)),
    }
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    if !accepts(&source.head()) {
        return Err(Malformed::NotThis);
    }
    let text = xml::Source::of(source.bytes);
    let mut reading = Reading::new(&text, space::named, sink);
    let mut document = Document { notes: reading.notes().to_vec(), ..Document::default() };
    let read = tag::read(&mut reading, &mut document);
    reading.sink.document(document);
    reading.end(read)
}

#[cfg(test)]
mod tests;
