//! SPDX 2 YAML: written as the JSON it stands for, and read as that.
use interdict_model::{Head, Malformed, Mark, Observer, Sink, Source, Technique};

use super::{cyclonedx_json, spdx_json, spdx_tag_value, spdx3_json};
use crate::encoding::{self, Look};
use crate::yaml;

pub(crate) const ENTRY: Observer = Observer {
    id: "spdx-yaml",
    revision: 1,
    title: "SPDX YAML 2.2–2.3",
    limitations: &[
        "A place is a pointer into the JSON form of the document; what is wrong in the YAML itself is told by its line.",
        "Nodes nested more than 128 deep, and what aliases add beyond a million nodes or 64 MiB, are a gap.",
        "A document cut between two lines does not show it, nor does one cut within a text.",
        "Everything else is as for SPDX JSON; a CycloneDX document in YAML is read as CycloneDX JSON.",
    ],
    technique: Technique::ManifestAnalysis,
    accepts,
    observe,
};

fn accepts(head: &Head<'_>) -> bool {
    let look = Look::at(head);
    let text = look.text();
    let begins_as_json = text.strip_prefix(b"{").is_some_and(|rest| rest.trim_ascii_start().starts_with(b"\""));
    let is_marked = || {
        [Mark::SpdxVersion, Mark::BomFormat, Mark::SpdxDocumentId, Mark::Spdx3Namespace]
            .iter()
            .any(|mark| look.holds(*mark))
    };
    !text.starts_with(b"<")
        && !begins_as_json
        && is_marked()
        && names_document(text)
        && !spdx_tag_value::is_tag_value(text)
}

/// Whether a key of a document's own stands where a key may stand.
fn names_document(text: &[u8]) -> bool {
    ["spdxVersion", "bomFormat"].iter().any(|key| has_key(text, key.as_bytes(), b""))
        || has_key(text, b"SPDXID", b"SPDXRef-DOCUMENT")
        || has_key(text, b"@context", b"spdx.org/rdf/3")
}

/// Whether the key stands at the beginning of a line or of an object, with this in its value.
fn has_key(text: &[u8], key: &[u8], value: &[u8]) -> bool {
    const LINE: usize = 200;
    /// Places looked at.
    const TRIALS: usize = 1000;
    memchr::memmem::find_iter(text, key).take(TRIALS).any(|at| {
        let before = text.get(at.saturating_sub(LINE)..at).unwrap_or_default();
        let indent = before.iter().rev().take_while(|byte| matches!(byte, b' ' | b'\t' | b'"' | b'\'' | b'-')).count();
        let opens = before.len().checked_sub(indent + 1).and_then(|at| before.get(at));
        let rest = text.get(at + key.len()..).unwrap_or_default();
        let line = rest.get(..rest.len().min(LINE)).unwrap_or_default();
        let line = line.split(|byte| matches!(byte, b'\n' | b'\r')).next().unwrap_or_default();
        let behind = line.strip_prefix(b"\"").or_else(|| line.strip_prefix(b"'")).unwrap_or(line).trim_ascii_start();
        matches!(opens, None | Some(b'\n' | b'\r' | b'{' | b','))
            && behind.starts_with(b":")
            && memchr::memmem::find(line, value).is_some()
    })
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    if !accepts(&source.head()) {
        return Err(Malformed::NotThis);
    }
    let decoded = encoding::decode(source.bytes);
    let said = yaml::transcode(&decoded.text);
    let first = |sink: &mut Sink<'_>| {
        if let Some((wrong, assumed)) = decoded.repair {
            sink.repair("", wrong, assumed);
        }
        for (place, wrong, assumed) in &said.repairs {
            sink.repair(place, wrong, *assumed);
        }
        for gap in &said.gaps {
            sink.gap(gap.clone());
        }
    };
    let read = match spdx_json::retold(&said.json, sink, first) {
        Err(Malformed::NotThis) => match spdx3_json::retold(&said.json, sink, first) {
            Err(Malformed::NotThis) => cyclonedx_json::retold(&said.json, sink, |sink| {
                first(sink);
                sink.repair("", "CycloneDX in YAML, which no specification knows", "the same in JSON");
            }),
            read => read,
        },
        read => read,
    };
    // What stopped the YAML stopped everything behind it; JSON made here has no faults of its own.
    read.and(said.fault.map_or(Ok(()), Err))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_by_its_keys() {
        for (text, want) in [
            ("spdxVersion: SPDX-2.3\nname: a\n", true),
            ("# c\n---\n\"spdxVersion\" : \"SPDX-2.2\"\n", true),
            ("SPDXID: SPDXRef-DOCUMENT\npackages: []\n", true),
            ("Document:\n  spdxVersion: SPDX-2.2\n", true),
            ("{spdxVersion: SPDX-2.3, name: a}", true),
            ("bomFormat: CycloneDX\nspecVersion: '1.5'\n", true),
            ("SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0\nSPDXID: SPDXRef-DOCUMENT\n", false),
            ("{\"spdxVersion\": \"SPDX-2.3\"}", false),
            ("the key spdxVersion: is in the middle of a line\n", false),
            ("<spdxVersion>SPDX-2.2</spdxVersion>", false),
            ("packages: []\n", false),
            ("", false),
        ] {
            assert_eq!(accepts(&Head { bytes: text.as_bytes(), name: "" }), want, "{text}");
        }
    }
}
