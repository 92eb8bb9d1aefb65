//! What the outermost element of a document is, for recognisers: its name, its namespace, and what stands below it.
use super::{Source, Xml, split};
use crate::encoding;

/// Bytes that are looked at: room for a licence before the first element.
const HEAD: usize = 1 << 20;
/// Characters behind the first tag that can be asked for.
const BEHIND: usize = 1 << 14;

/// The start tag of the outermost element.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Root {
    /// Without its prefix.
    pub(crate) name: String,
    /// The URI of its namespace; `None` where it has none.
    pub(crate) uri: Option<String>,
    /// The head of the document, and where in it the tag ends.
    head: String,
    behind: usize,
}

impl Root {
    /// Whether an element whose name begins with this stands in the head of the document.
    pub(crate) fn holds(&self, name: &str) -> bool {
        let behind = self.head.as_bytes().get(self.behind..).unwrap_or_default();
        memchr::memmem::find_iter(behind, name.as_bytes()).any(|at| {
            let before = behind.get(..at).unwrap_or_default();
            let prefix = before.strip_suffix(b":").unwrap_or(before);
            let len = prefix.iter().rev().take(40).take_while(|byte| !b"<: \t\r\n\"'/>".contains(byte)).count();
            let begins = if prefix.len() < before.len() { prefix.len().checked_sub(len) } else { Some(at) };
            begins.and_then(|at| behind.get(..at)).is_some_and(|before| before.ends_with(b"<"))
        })
    }

    /// Whether this stands anywhere in the head of the document.
    pub(crate) fn mentions(&self, what: &str) -> bool {
        self.head.contains(what)
    }
}

/// The outermost element of a document that may be XML; `None` where it is none, or begins too late.
pub(crate) fn root(bytes: &[u8]) -> Option<Root> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    // A script's opening looks like an instruction to a reader of XML.
    let is_script = [b"<?php".as_slice(), b"<?=", b"<?hh"].iter().any(|opening| text.starts_with(opening));
    if is_script || text.first() != Some(&b'<') && !encoding::is_wide(bytes) {
        return None;
    }
    let source = Source::of(bytes.get(..HEAD.min(bytes.len())).unwrap_or_default());
    let mut xml = Xml::new(&source, |_| ());
    let tag = xml.child().ok()??;
    let uri = Some(xml.uri().to_owned()).filter(|uri| !uri.is_empty());
    let (before, after) = source.text().split_at_checked(xml.offset())?;
    let head = before.chars().chain(after.chars().take(BEHIND)).collect();
    Some(Root { name: split(tag.name).1.to_owned(), uri, head, behind: before.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outermost_element_is_found_behind_anything() {
        let utf16: Vec<u8> = "<?xml version='1.0'?><a/>".encode_utf16().flat_map(u16::to_be_bytes).collect();
        let mark = [b"\xfe\xff".as_slice(), &utf16].concat();
        for (bytes, name, uri) in [
            (b"<a/>".as_slice(), "a", None),
            (
                b"\xef\xbb\xbf \n<?xml version='1.0'?>\n<!-- <b/> --><!DOCTYPE c []>\n<p:a xmlns:p='urn:1'>",
                "a",
                Some("urn:1"),
            ),
            (&utf16, "a", None),
            (&mark, "a", None),
            (
                b"<?xml version='1.0' encoding='windows-1251'?><!-- \xcb --><a xmlns='urn:2' x='\xcb'/>",
                "a",
                Some("urn:2"),
            ),
        ] {
            let root = root(bytes).unwrap();
            assert_eq!((root.name.as_str(), root.uri.as_deref()), (name, uri));
        }
        for bytes in [b"{\"a\": \"<b>\"}".as_slice(), b"", b"<", b"<!-- x", b"MZ\x00<", b"<?php $x = '<bom/>'; ?>"] {
            assert_eq!(root(bytes), None, "{bytes:x?}");
        }
        assert!(root(b"<a><p:bcd/></a>").unwrap().holds("bc"));
        for text in [b"<a>bc</a>".as_slice(), b"<a x='p:bc'>p:bc q='p:bc'", b"<a></bc>"] {
            assert!(!root(text).unwrap().holds("bc"), "{text:?}");
        }
    }
}
