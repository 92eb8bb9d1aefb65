//! Property lists of Apple's bundles and services: `Info.plist`, launch daemons, receipts, profiles.
use interdict_model::{Head, Malformed, Observer, Sink, Source, Technique};

use crate::{bundle, property_list};

/// The descriptor of this observer.
pub(super) const ENTRY: Observer = Observer {
    id: "plist",
    revision: 1,
    title: "Apple property lists, XML and binary",
    limitations: &["Lists in the old text form, and tables of translated texts, are read as text only."],
    technique: Technique::ManifestAnalysis,
    accepts,
    observe,
};

fn accepts(head: &Head<'_>) -> bool {
    property_list::is_one(head.bytes)
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    if !property_list::is_one(source.bytes) {
        return Err(Malformed::at("offset 0x0", "no property list"));
    }
    sink.seen();
    bundle::observe(source.bytes, 0, source.bytes.len(), sink);
    Ok(())
}
