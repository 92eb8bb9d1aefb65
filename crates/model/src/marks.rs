//! Marks by which documents are known wherever in them they stand: all found in one pass, once for each artifact.
use std::cell::RefCell;
use std::sync::LazyLock;

use aho_corasick::{Span, packed::Searcher};

use crate::Head;

macro_rules! marks {
    ($($mark:ident = $text:literal,)*) => {
        /// A text that tells what a document may be; nearly all artifacts hold none.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Mark { $(#[doc = concat!("`", $text, "`")] $mark,)* }

        impl Mark {
            const ALL: &'static [(Self, &'static str)] = &[$((Self::$mark, $text),)*];
        }
    };
}

marks! {
    BomFormat = "bomFormat",
    SpecFormat = "specFormat",
    SpecVersion = "specVersion",
    SpecVersionInProto = "spec_version",
    CycloneDxSchema = "cyclonedx.org/schema/bom",
    SpdxVersion = "spdxVersion",
    SpdxDocumentId = "SPDXRef-DOCUMENT",
    Spdx3Namespace = "spdx.org/rdf/3",
    Spdx3Context = "spdx-context.jsonld",
    Spdx3Escaped = "\\/rdf\\/3.",
    Spdx3Id = "\"spdxId\"",
    Spdx3Document = "\"SpdxDocument\"",
    CargoPackage = "[[package]]",
    CargoMembers = "\"workspace_members\"",
    SyftArtifacts = "\"artifacts\"",
    InTotoPredicate = "\"predicateType\"",
    DssePayload = "\"payloadType\"",
    DsseSignature = "\"Base64Signature\"",
    SigstoreEnvelope = "\"dsseEnvelope\"",
    SigstoreMessage = "\"messageSignature\"",
    SigstoreBundle = "vnd.dev.sigstore.bundle",
    OciRootFileSystem = "\"rootfs\"",
    OciSchemaVersion = "\"schemaVersion\"",
    DockerConfig = "\"Config\"",
    DockerContainerConfig = "\"container_config\"",
    ManifestVersion = "\"manifest_version\"",
    AllowedOrigins = "\"allowed_origins\"",
    AllowedExtensions = "\"allowed_extensions\"",
    // A letter written as an escape hides a mark; nobody writes one so without intent.
    EscapedCapital = "\\u004",
    EscapedLate = "\\u005",
    EscapedSmall = "\\u006",
    EscapedLast = "\\u007",
}

impl Mark {
    /// The text itself.
    pub fn text(self) -> &'static str {
        Self::ALL.get(self as usize).map_or("", |(_, text)| text)
    }

    const fn bit(self) -> u64 {
        1 << self as u64
    }
}

impl Head<'_> {
    /// Whether this mark stands anywhere in the bytes, as one byte a letter.
    pub fn holds(&self, mark: Mark) -> bool {
        found(self.bytes) & mark.bit() != 0
    }

    /// Whether a letter is written as an escape of JSON anywhere, so that a mark may stand unseen.
    pub fn hides_letters(&self) -> bool {
        [Mark::EscapedCapital, Mark::EscapedLate, Mark::EscapedSmall, Mark::EscapedLast]
            .into_iter()
            .any(|mark| self.holds(mark))
    }
}

/// Bytes that are examined on this thread, and what was found in them.
struct Examined {
    bytes: (usize, usize),
    found: Option<u64>,
}

thread_local! {
    /// Artifacts in artifacts, the innermost last. Each is borrowed as long as it stands here, so that its address is its own.
    static EXAMINED: RefCell<Vec<Examined>> = const { RefCell::new(Vec::new()) };
}

/// Runs while this artifact is examined: whatever is asked of its marks meanwhile is found once.
pub fn examined<T>(bytes: &[u8], run: impl FnOnce() -> T) -> T {
    struct Pop;
    impl Drop for Pop {
        fn drop(&mut self) {
            EXAMINED.with_borrow_mut(Vec::pop);
        }
    }
    EXAMINED.with_borrow_mut(|all| all.push(Examined { bytes: place(bytes), found: None }));
    let _pop = Pop;
    run()
}

fn place(bytes: &[u8]) -> (usize, usize) {
    (bytes.as_ptr() as usize, bytes.len())
}

fn found(bytes: &[u8]) -> u64 {
    let of = |all: &Vec<Examined>| all.last().filter(|one| one.bytes == place(bytes)).map(|one| one.found);
    match EXAMINED.with_borrow(of) {
        Some(Some(found)) => found,
        None => search(bytes),
        Some(None) => {
            let found = search(bytes);
            EXAMINED.with_borrow_mut(|all| {
                if let Some(one) = all.last_mut() {
                    one.found = Some(found);
                }
            });
            found
        }
    }
}

/// Whether these bytes begin as a program does: no document, whatever texts stand in it.
fn is_program(bytes: &[u8]) -> bool {
    const MAGICS: [&[u8]; 4] = [b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe"];
    let head = bytes.get(..64).unwrap_or_default();
    head.contains(&0) && MAGICS.iter().any(|magic| head.starts_with(magic))
}

/// Every mark that stands in these bytes.
fn search(bytes: &[u8]) -> u64 {
    static SEARCHER: LazyLock<Option<Searcher>> =
        LazyLock::new(|| Searcher::new(Mark::ALL.iter().map(|(_, text)| text)));
    if is_program(bytes) {
        return 0;
    }
    let Some(searcher) = &*SEARCHER else {
        let stands = |(_, text): &&(Mark, &str)| memchr::memmem::find(bytes, text.as_bytes()).is_some();
        return Mark::ALL.iter().filter(stands).fold(0, |found, (mark, _)| found | mark.bit());
    };
    let mut found = 0;
    let mut from = 0;
    while let Some(hit) = searcher.find_in(bytes, Span { start: from, end: bytes.len() }) {
        // One may begin inside another.
        from = hit.start() + 1;
        found |= Mark::ALL.get(hit.pattern().as_usize()).map_or(0, |(mark, _)| mark.bit());
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(bytes: &[u8]) -> Head<'_> {
        Head { bytes, name: "" }
    }

    #[test]
    fn each_wherever_it_stands() {
        for (mark, text) in Mark::ALL {
            assert_eq!(mark.text(), *text);
            for (before, behind) in [(0, 0), (1, 3), (100, 0), (5000, 5000)] {
                let bytes = [vec![b'"'; before], text.as_bytes().to_vec(), vec![b' '; behind]].concat();
                let stands: Vec<Mark> =
                    Mark::ALL.iter().map(|(mark, _)| *mark).filter(|mark| head(&bytes).holds(*mark)).collect();
                assert_eq!(stands, [*mark]);
                assert_eq!(head(&bytes).hides_letters(), text.starts_with("\\u"));
            }
        }
        assert!(head(b"bomFormaspdxVersion").holds(Mark::SpdxVersion));
        assert!(!head(b"bomForma").holds(Mark::BomFormat));
    }

    #[test]
    fn programs_are_no_documents() {
        let program = [b"\x7fELF\x02\x01\x01\0".as_slice(), &[b' '; 60], b"\"bomFormat\""].concat();
        assert!(!head(&program).holds(Mark::BomFormat));
        let text = [b"MZ".as_slice(), &[b' '; 70], b"\"bomFormat\""].concat();
        assert!(head(&text).holds(Mark::BomFormat));
    }

    #[test]
    fn what_is_examined_inside_does_not_answer_for_what_it_lies_in() {
        let outer = b"xx bomFormat".to_vec();
        let inner = b"nothing here";
        examined(&outer, || {
            assert!(head(&outer).holds(Mark::BomFormat));
            examined(inner, || {
                assert!(!head(inner).holds(Mark::BomFormat));
                assert!(head(&outer).holds(Mark::BomFormat));
            });
            assert!(head(&outer).holds(Mark::BomFormat));
            assert!(!head(&outer[..6]).holds(Mark::BomFormat));
        });
    }
}
