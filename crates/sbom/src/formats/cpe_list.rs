//! Plain lists of CPE names of version 2.2 and 2.3, one a line.
use std::borrow::Cow;

use interdict_model::{FactKind, Head, Malformed, Observer, Sink, Source, Technique};

use crate::draft::{Draft, Path};
use crate::encoding;
use crate::lines::{is_cpe, is_list, read};

pub(crate) const ENTRY: Observer = Observer {
    id: "cpe-list",
    revision: 1,
    title: "list of CPE names",
    limitations: &["Columns behind the CPE name are not read."],
    technique: Technique::ManifestAnalysis,
    accepts,
    observe,
};

fn accepts(head: &Head<'_>) -> bool {
    is_list(&encoding::head(head.bytes), is_cpe)
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    read(source.bytes, sink, is_cpe, draft)
}

fn draft<'a>(cpe: &'a str, _: &'a str) -> Draft<'a> {
    const HERE: Path = Path::Field("");
    let mut draft = Draft::default();
    draft.reference = Cow::Borrowed(cpe);
    draft.state(FactKind::Cpe, Cow::Borrowed(cpe), HERE);
    let parts = parts(cpe);
    let part = |at: usize| parts.get(at).filter(|part| !matches!(part.as_str(), "" | "*" | "-")).cloned();
    // The vendor stands in the name itself and is no word of the list's author: rules read it there.
    if let Some(product) = part(1) {
        draft.called(Cow::Owned(product), HERE);
    }
    if let Some(version) = part(2) {
        draft.versioned(Cow::Owned(version), HERE);
    }
    draft
}

/// Vendor, product and version, without escapes.
fn parts(cpe: &str) -> Vec<String> {
    let rest = cpe.get(..8).filter(|head| head.eq_ignore_ascii_case("cpe:2.3:")).and(cpe.get(8..));
    let rest = rest.or_else(|| cpe.get(5..)).unwrap_or_default();
    let mut parts = vec![String::new()];
    let mut escaped = false;
    for character in rest.chars() {
        match character {
            '\\' if !escaped => escaped = true,
            ':' if !escaped => parts.push(String::new()),
            other => {
                escaped = false;
                if let Some(part) = parts.last_mut() {
                    part.push(other);
                }
            }
        }
    }
    parts.into_iter().skip(1).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_bindings() {
        for cpe in [r"cpe:2.3:a:kaspersky:anti-virus\:sdk:8.9:*:*:*:*:*:*:*", "CPE:2.3:a:kaspersky:x:8.9"] {
            assert_eq!(parts(cpe).first().map(String::as_str), Some("kaspersky"), "{cpe}");
        }
        assert_eq!(parts("cpe:/a:kaspersky:anti-virus"), ["kaspersky", "anti-virus"]);
        assert_eq!(parts(r"cpe:2.3:a:v:a\:b:1")[1], "a:b");
        assert!(parts("cpe:").is_empty());
    }
}
