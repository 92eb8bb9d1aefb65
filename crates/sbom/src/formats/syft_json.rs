//! Syft JSON of any schema version: artifacts with everything that their package managers knew, files, and what it looked at.
mod artifact;
mod document;
mod metadata;

use interdict_model::{Head, Malformed, Mark, Observer, Sink, Source, Technique};

use crate::encoding::{self, Look};
use crate::json::{Json, Kind};
use crate::leaves::DEPTH;
use crate::reading::Reading;

pub(crate) const ENTRY: Observer = Observer {
    id: "syft-json",
    revision: 1,
    title: "Syft JSON",
    limitations: &[
        "Licences and the contents of files that were kept in the document are not read.",
        "Metadata nested in more than 64 lists and objects is a gap.",
    ],
    technique: Technique::ManifestAnalysis,
    accepts,
    observe,
};

fn accepts(head: &Head<'_>) -> bool {
    let look = Look::at(head);
    look.text().starts_with(b"{")
        && look.is_json_with(&[Mark::SyftArtifacts])
        && (head.hides_letters()
            || ["\"artifactRelationships\"", "anchore/syft", "-cataloger\""].iter().any(|own| look.has(own)))
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    let decoded = encoding::decode(source.bytes);
    let json = Json::new(&decoded.text);
    if !is_syft(json.clone()) {
        return Err(Malformed::NotThis);
    }
    if let Some((wrong, assumed)) = decoded.repair {
        sink.repair("", wrong, assumed);
    }
    let mut reading = Reading::new(json, sink);
    let read = document::read(&mut reading);
    reading.end(read, DEPTH)
}

/// By its outermost keys, as far as the text can be read.
fn is_syft(mut json: Json<'_>) -> bool {
    let (mut artifacts, mut own) = (false, false);
    let mut look = || {
        json.open()?;
        while let Some(key) = json.key()? {
            match &*key {
                "artifacts" => artifacts |= json.kind()? == Kind::Array,
                "artifactRelationships" => own = true,
                "schema" => own |= json.clone().says("url").is_some_and(|url| url.contains("syft")),
                "descriptor" => own |= json.clone().says("name").is_some_and(|name| name == "syft"),
                _ => {}
            }
            json.pass()?;
        }
        Ok::<(), crate::json::Fault>(())
    };
    // What stands behind a break cannot speak for the document.
    let breaks = look().is_err();
    artifacts && (own || breaks)
}
