//! SPDX 2 in XML: elements written as the JSON they stand for, and read as that.
use interdict_model::{Head, Malformed, Observer, Sink, Source, Technique};

use super::spdx_json;
use crate::compose::Compose;
use crate::encoding;
use crate::xml::{self, Read, Reading, Xml};

pub(crate) const ENTRY: Observer = Observer {
    id: "spdx-xml",
    revision: 1,
    title: "SPDX XML 2.2–2.3",
    limitations: &[
        "A place is a pointer into the JSON form of the document; what is wrong in the XML itself is told by its line.",
        "Elements nested more than 512 deep are a gap.",
        "Entities that stand outside of the document are never fetched: they are a gap.",
        "Everything else is as for SPDX JSON.",
    ],
    technique: Technique::ManifestAnalysis,
    accepts,
    observe,
};

fn accepts(head: &Head<'_>) -> bool {
    let has = |text: &str| encoding::stands(head.bytes, text);
    // Older writers have the document inside of another element.
    xml::root(head.bytes).is_some_and(|root| {
        matches!(root.name.as_str(), "Document" | "SpdxDocument")
            && (root.holds("spdxVersion") || root.holds("SPDXID") || has("<spdxVersion>"))
    })
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    if !accepts(&source.head()) {
        return Err(Malformed::NotThis);
    }
    let text = xml::Source::of(source.bytes);
    let mut xml = Xml::new(&text, |_| ());
    let mut compose = Compose::default();
    let read = document(&mut xml, &mut compose);
    if read.is_err() {
        compose.unkey();
    }
    spdx_json::retold(&compose.finish(), sink, |_| {})?;
    let mut reading = Reading::new(&text, |_| (), sink);
    reading.xml = xml;
    reading.end(read)
}

/// An element that was stepped into.
struct Open<'a> {
    /// The list that its last element belongs to; empty where that is none.
    list: &'a str,
}

/// Writes the outermost element as one object.
fn document<'a>(xml: &mut Xml<'a, ()>, compose: &mut Compose) -> Read<()> {
    let mut open: Vec<Open<'a>> = Vec::new();
    loop {
        let Some(tag) = xml.child()? else {
            let Some(ended) = open.pop() else { return Ok(()) };
            end_list(ended.list, compose);
            compose.close();
            continue;
        };
        let Some(around) = open.last_mut() else {
            compose.open(true);
            open.push(Open { list: "" });
            continue;
        };
        let is_item = LISTS.contains(&tag.name);
        if !is_item || around.list != tag.name {
            end_list(around.list, compose);
            around.list = "";
            compose.key(tag.name);
        }
        if is_item && around.list.is_empty() {
            compose.open(false);
            around.list = tag.name;
        }
        if xml.is_bare()? {
            let text = xml.text()?;
            let text = text.trim();
            // An empty element in a list is an empty list.
            if !(is_item && text.is_empty()) {
                compose.text(text);
            }
        } else {
            compose.open(true);
            open.push(Open { list: "" });
        }
    }
}

fn end_list(list: &str, compose: &mut Compose) {
    if !list.is_empty() {
        compose.close();
    }
}

/// Elements that may stand several times: each is one item of the list of its name.
const LISTS: &[&str] = &[
    "annotations",
    "artifactOfs",
    "attributionTexts",
    "checksums",
    "creators",
    "crossRefs",
    "documentDescribes",
    "externalDocumentRefs",
    "externalRefs",
    "fileContributors",
    "fileDependencies",
    "fileTypes",
    "files",
    "hasExtractedLicensingInfos",
    "hasFiles",
    "licenseInfoFromFiles",
    "licenseInfoInFiles",
    "licenseInfoInSnippets",
    "packageVerificationCodeExcludedFiles",
    "packages",
    "ranges",
    "relationships",
    "revieweds",
    "seeAlsos",
    "snippets",
];
