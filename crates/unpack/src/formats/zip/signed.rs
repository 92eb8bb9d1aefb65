//! JAR files and packages built on them that are signed: the digests in `META-INF/MANIFEST.MF` and `*.SF` against what is there.
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use interdict_model::Members;
use sha1::Sha1;
use sha2::digest::DynDigest;
use sha2::{Sha256, Sha384, Sha512};

use super::member::content;
use super::{Entry, Local};

const FOLDER: &[u8] = b"META-INF/";
const MANIFEST: &[u8] = b"META-INF/MANIFEST.MF";
/// A longer manifest is not read.
const LONGEST: u64 = 64 << 20;
/// Members of an archive that are named one by one.
const NAMED: usize = 16;

/// An algorithm, as manifests name it.
struct Algorithm {
    name: &'static str,
    make: fn() -> Box<dyn DynDigest>,
}

/// The strongest first.
const ALGORITHMS: &[Algorithm] = &[
    Algorithm { name: "SHA-512", make: || Box::new(Sha512::default()) },
    Algorithm { name: "SHA-384", make: || Box::new(Sha384::default()) },
    Algorithm { name: "SHA-256", make: || Box::new(Sha256::default()) },
    Algorithm { name: "SHA1", make: || Box::new(Sha1::default()) },
    Algorithm { name: "SHA-1", make: || Box::new(Sha1::default()) },
];

fn digest(algorithm: &Algorithm, bytes: &[u8]) -> Vec<u8> {
    let mut digest = (algorithm.make)();
    digest.update(bytes);
    digest.finalize().to_vec()
}

/// The part of a manifest about one member, or about the whole: its bytes, and its attributes.
struct Section<'a> {
    bytes: &'a [u8],
    attributes: Vec<(String, String)>,
}

impl Section<'_> {
    fn value(&self, key: &str) -> Option<&str> {
        self.attributes.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, value)| value.as_str())
    }

    /// What digest is stated under this ending, by the strongest algorithm that is known.
    fn stated(&self, ending: &str) -> Option<(&'static Algorithm, Vec<u8>)> {
        ALGORITHMS.iter().find_map(|algorithm| {
            let value = self.value(&format!("{}-{ending}", algorithm.name))?;
            Some((algorithm, STANDARD.decode(value).ok()?))
        })
    }
}

/// Sections end with an empty line; a line that begins with a space goes on with the one before.
fn sections(bytes: &[u8]) -> Vec<Section<'_>> {
    let (mut all, mut start, mut at) = (Vec::new(), 0, 0);
    let mut attributes: Vec<(String, String)> = Vec::new();
    while at < bytes.len() {
        let rest = bytes.get(at..).unwrap_or_default();
        let length = memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        let line = rest.get(..length).unwrap_or_default();
        let ends = rest.get(length..).unwrap_or_default();
        at += length + if ends.starts_with(b"\r\n") { 2 } else { usize::from(!ends.is_empty()) };
        if line.is_empty() {
            if !attributes.is_empty() {
                let attributes = std::mem::take(&mut attributes);
                all.push(Section { bytes: bytes.get(start..at).unwrap_or_default(), attributes });
            }
            start = at;
        } else if let Some(more) = line.strip_prefix(b" ") {
            if let Some((_, value)) = attributes.last_mut() {
                value.push_str(&String::from_utf8_lossy(more));
            }
        } else if let Some(colon) = memchr::memchr(b':', line) {
            let (key, value) = line.split_at(colon);
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes.trim_ascii()).into_owned();
            attributes.push((text(key), text(value.get(1..).unwrap_or_default())));
        }
    }
    if !attributes.is_empty() {
        all.push(Section { bytes: bytes.get(start..).unwrap_or_default(), attributes });
    }
    all
}

/// What the manifest of a signed archive says its members are.
pub(super) struct Signed {
    digests: BTreeMap<Vec<u8>, (&'static Algorithm, Vec<u8>)>,
    told: usize,
    seen: BTreeSet<Vec<u8>>,
}

impl Signed {
    /// Nothing where the archive is not signed. What its signatures say of the manifest is compared here.
    pub(super) fn read(bytes: &[u8], listed: &[Entry<'_>], members: &mut dyn Members) -> Option<Self> {
        let is_of_folder = |entry: &&Entry<'_>| {
            let held = entry.name.get(..FOLDER.len()).is_some_and(|start| start.eq_ignore_ascii_case(FOLDER));
            held && entry.name.to_ascii_lowercase().ends_with(b".sf")
        };
        let mut signatures = listed.iter().filter(is_of_folder).peekable();
        signatures.peek()?;
        let held = |entry: &Entry<'_>| {
            let local = Local::parse(bytes, entry.header)?;
            let mut text = Vec::new();
            let mut reader = content(bytes, entry, local.data)?.take(LONGEST);
            reader.read_to_end(&mut text).ok()?;
            Some(text)
        };
        let manifest = listed.iter().find(|entry| entry.name.eq_ignore_ascii_case(MANIFEST)).and_then(held)?;
        let parts = sections(&manifest);
        let named: BTreeMap<&str, &Section<'_>> =
            parts.iter().filter_map(|section| Some((section.value("Name")?, section))).collect();
        for signature in signatures {
            let Some(text) = held(signature) else { continue };
            if let Some(detail) = contradiction(&manifest, &named, &sections(&text)) {
                members.anomaly(Some(signature.name), "signature-of-another-manifest", detail);
            }
        }
        let digests =
            named.iter().filter_map(|(name, section)| Some((name.as_bytes().to_vec(), section.stated("Digest")?)));
        Some(Self { digests: digests.collect(), told: 0, seen: BTreeSet::new() })
    }

    /// What makes the digest that is stated for a member; nothing where none is.
    pub(super) fn hasher(&self, name: &[u8]) -> Option<Box<dyn DynDigest>> {
        self.digests.get(name).map(|(algorithm, _)| (algorithm.make)())
    }

    /// Compares what was made of a member's content, where it was read to its end.
    pub(super) fn met(&mut self, name: &[u8], made: Option<&[u8]>, members: &mut dyn Members) {
        let is_about_signing = name.get(..FOLDER.len()).is_some_and(|start| start.eq_ignore_ascii_case(FOLDER));
        if is_about_signing || name.ends_with(b"/") || !self.seen.insert(name.to_vec()) {
            return;
        }
        let (kind, detail) = match (self.digests.get(name), made) {
            (None, _) => ("not-signed", "the archive is signed, and its manifest does not name this member".to_owned()),
            (Some((algorithm, stated)), Some(made)) if made != stated.as_slice() => {
                let name = algorithm.name;
                (
                    "signed-as-something-else",
                    format!("its {name} digest is not the one that the archive's manifest states"),
                )
            }
            _ => return,
        };
        self.told += 1;
        if self.told <= NAMED {
            members.anomaly(Some(name), kind, detail);
        }
    }

    /// How many more there were than were named.
    pub(super) fn end(&self, members: &mut dyn Members) {
        if let Some(more) = self.told.checked_sub(NAMED).filter(|more| *more > 0) {
            let detail =
                format!("{more} more members are not what the archive's manifest says, or are not named in it");
            members.anomaly(None, "signed-as-something-else", detail);
        }
    }
}

/// What a signature file says that the manifest contradicts: of the whole of it, and, where that is another, of its sections.
fn contradiction(manifest: &[u8], named: &BTreeMap<&str, &Section<'_>>, signature: &[Section<'_>]) -> Option<String> {
    let agrees = |stated: &(&Algorithm, Vec<u8>), bytes: &[u8]| digest(stated.0, bytes) == stated.1;
    let whole = signature.first().and_then(|section| section.stated("Digest-Manifest"));
    if whole.is_some_and(|stated| agrees(&stated, manifest)) {
        return None;
    }
    let mut any = false;
    for section in signature.iter().filter(|section| section.value("Name").is_some()) {
        let Some(stated) = section.stated("Digest") else { continue };
        any = true;
        let name = section.value("Name").unwrap_or_default();
        if !named.get(name).is_some_and(|of| agrees(&stated, of.bytes)) {
            return Some(format!("it was made for a manifest that says something else of `{}`", name.escape_debug()));
        }
    }
    (!any).then(|| "it was made for another manifest".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_keep_their_bytes_and_join_their_lines() {
        let text = b"Manifest-Version: 1.0\r\n\r\nName: a/long\r\n er\r\nSHA-256-Digest: AAAA\r\n\r\nName: b\nSHA1-Digest: BBBB";
        let all = sections(text);
        let told: Vec<_> = all.iter().map(|one| (one.value("name"), one.bytes.len())).collect();
        assert_eq!(told, [(None, 25), (Some("a/longer"), 43), (Some("b"), 25)]);
        let stated = all.get(1).and_then(|one| one.stated("Digest")).map(|(algorithm, of)| (algorithm.name, of));
        assert_eq!(stated, Some(("SHA-256", vec![0, 0, 0])));
    }
}
