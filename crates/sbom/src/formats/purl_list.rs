//! Plain lists of package URLs, one a line.
use std::borrow::Cow;

use interdict_model::{Head, Malformed, Observer, Sink, Source, Technique};

use crate::draft::{Draft, Path};
use crate::encoding;
use crate::lines::{is_list, is_purl, read};

pub(crate) const ENTRY: Observer = Observer {
    id: "purl-list",
    revision: 1,
    title: "list of package URLs",
    limitations: &["Of further columns only one behind the package URL is read, as a version."],
    technique: Technique::ManifestAnalysis,
    accepts,
    observe,
};

fn accepts(head: &Head<'_>) -> bool {
    is_list(&encoding::head(head.bytes), is_purl)
}

fn observe(source: &Source<'_>, sink: &mut Sink<'_>) -> Result<(), Malformed> {
    read(source.bytes, sink, is_purl, draft)
}

fn draft<'a>(purl: &'a str, rest: &'a str) -> Draft<'a> {
    const HERE: Path = Path::Field("");
    let mut draft = Draft::default();
    draft.reference = Cow::Borrowed(purl);
    draft.located(Cow::Borrowed(purl), HERE);
    let path = purl.split(['?', '#']).next().unwrap_or(purl);
    let (path, version) = match path.rsplit_once('@') {
        Some((path, version)) if !path.ends_with('/') && !version.contains('/') => (path, version),
        _ => (path, ""),
    };
    let mut parts = path.split_once('/').unwrap_or_default().1.trim_matches('/').rsplitn(2, '/');
    let (name, namespace) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    draft.called(decoded(name), HERE);
    if !namespace.is_empty() {
        draft.group = Some(decoded(namespace));
        draft.complete();
    }
    let column = rest.trim_start_matches(['"', ',', ';', '\t', ' ']);
    let column = column.split(['"', ',', ';', '\t', ' ']).next().unwrap_or_default();
    for version in [version, column].into_iter().filter(|version| !version.is_empty()) {
        draft.versioned(decoded(version), HERE);
    }
    draft
}

/// A part of a package URL without its percent-encoding, where that is text.
fn decoded(part: &str) -> Cow<'_, str> {
    if !part.contains('%') {
        return Cow::Borrowed(part);
    }
    let mut bytes = Vec::new();
    let mut rest = part.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|digits| std::str::from_utf8(digits).ok());
        let code = code.filter(|_| *first == b'%').and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { after.get(2..).unwrap_or_default() } else { after };
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(part), Cow::Owned)
}
