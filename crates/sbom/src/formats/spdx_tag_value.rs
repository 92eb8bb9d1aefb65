//! SPDX 2 tag-value: lines read one by one, elements told as the next one begins.
mod document;
mod lines;
mod opened;
mod outline;
mod tag;

use interdict_model::{GapReason, Head, Malformed, Observer, Sink, Source, Technique, Unseen};

use crate::encoding;
use lines::{Kind, Lines};
use tag::Tag;

pub(crate) const ENTRY: Observer = Observer {
    id: "spdx-tag-value",
    revision: 1,
    title: "SPDX tag-value 2.1–2.3",
    limitations: &[
        "Extracted licence texts are not read.",
        "Documents that this one refers to are a gap; they are not looked for.",
        "Lines longer than 16 MiB and texts longer than 64 MiB are a gap.",
        "A document cut between two elements does not show it.",
    ],
    technique: Technique::ManifestAnalysis,
    accepts,
    observe,
};

fn accepts(head: &Head<'_>) -> bool {
    let text = encoding::head(head.bytes);
    is_tag_value(&text)
}

/// How far a document is looked at to know it.
const HEAD: usize = 1 << 18;

/// Whether lines of known tags, and few others, name an SPDX document. YAML has keys of its own.
pub(super) fn is_tag_value(text: &[u8]) -> bool {
    const ENOUGH: usize = 60;
    let head = text.get(..text.len().min(HEAD)).unwrap_or_default();
    let has = |marker: &[u8]| memchr::memmem::find(head, marker).is_some();
    if !(has(b"SPDX") || has(b"spdx")) || head.first().is_none_or(|byte| matches!(byte, b'{' | b'<' | b'[')) {
        return false;
    }
    let text = String::from_utf8_lossy(head);
    let (mut known, mut other) = (0_u32, 0_u32);
    let mut names_document = false;
    for entry in Lines::new(&text).take(ENOUGH) {
        let Kind::Pair { tag, value, .. } = entry.kind else {
            other += 1;
            continue;
        };
        match Tag::of(tag) {
            _ if KEYS.contains(&tag) => return false,
            Some((tag, _)) => {
                known += 1;
                names_document |= match tag {
                    Tag::Version => starts_with_any_case(&value, "SPDX-"),
                    Tag::Id => value.ends_with(crate::spdx::DOCUMENT),
                    Tag::PackageName | Tag::FileName => known > 2,
                    _ => false,
                };
            }
            None => other += 1,
        }
    }
    names_document && known > other
}

/// Outermost keys of a document in YAML: tag-value has none that is spelled so.
const KEYS: &[&str] = &[
    "spdxVersion",
    "dataLicense",
    "documentNamespace",
    "creationInfo",
    "documentDescribes",
    "externalDocumentRefs",
    "hasExtractedLicensingInfos",
    "annotations",
    "packages",
    "files",
    "snippets",
    "relationships",
];

fn starts_with_any_case(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    if !accepts(&source.head()) {
        return Err(Malformed::NotThis);
    }
    let decoded = encoding::decode(source.bytes);
    if let Some((wrong, assumed)) = decoded.repair {
        sink.repair("", wrong, assumed);
    }
    let lines = Lines::new(&decoded.text);
    let graph = outline::look(&decoded.text, &lines);
    document::read(lines, &graph, sink);
    if is_cut(&decoded.text) {
        let detail = "the document ends within a line, and its last package lacks what each must have";
        sink.gap(Unseen::new(GapReason::Malformed, detail).needing("an intact copy"));
    }
    Ok(())
}

/// Whether the text ends in the midst of a package: without the end of its line, before anything else begins, and before the
/// one field that every package has besides its name and its mark.
fn is_cut(text: &str) -> bool {
    const BEHIND: [&str; 6] = ["Relationship:", "FileName:", "Snippet", "LicenseID:", "Annotator:", "Reviewer:"];
    let last = text.rfind("PackageName:").and_then(|at| text.get(at..)).unwrap_or_default();
    let is_behind = |line: &str| BEHIND.iter().any(|tag| line.starts_with(tag));
    !last.is_empty()
        && !text.ends_with(['\n', '\r'])
        && !last.contains("PackageDownloadLocation:")
        && !last.lines().any(is_behind)
}

#[cfg(test)]
mod tests;
