//! Property lists in XML, tag by tag: what is not closed is closed by what follows.
use interdict_model::GapReason;
use memchr::memmem;

use super::{DEEPEST, Entry};
use crate::markup::decoded;

/// How far the beginning is looked at.
const LOOK: usize = 2048;

/// A key, and where it stands.
type Key = (String, usize, usize);

/// Whether the bytes begin as such a list does.
pub(super) fn is_one(bytes: &[u8]) -> bool {
    let head = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let head = head.get(..LOOK.min(head.len())).unwrap_or_default();
    head.starts_with(b"<")
        && (memmem::find(head, b"<plist").is_some() || memmem::find(head, b"<!DOCTYPE plist").is_some())
}

/// Tells the entries; the reason and what is wrong where it could not be read to its end.
pub(super) fn read(bytes: &[u8], each: &mut dyn FnMut(&Entry<'_>)) -> Option<(GapReason, String)> {
    let mut keys: Vec<String> = Vec::new();
    let mut key: Option<Key> = None;
    let mut last = String::new();
    let mut is_closed = false;
    let mut is_list_of = false;
    let mut at = 0;
    while let Some(open) = memchr::memchr(b'<', bytes.get(at..).unwrap_or_default()).map(|found| at + found) {
        let rest = bytes.get(open..).unwrap_or_default();
        // What stands in comments is nobody's value.
        if rest.starts_with(b"<!--") {
            let Some(end) = memmem::find(rest, b"-->") else { break };
            at = open + end + 3;
            continue;
        }
        let Some(end) = memchr::memchr(b'>', rest) else { break };
        at = open + end + 1;
        let tag = rest.get(1..end).unwrap_or_default();
        let name = tag.split(|byte| byte.is_ascii_whitespace() || *byte == b'/').find(|word| !word.is_empty());
        let is_end = tag.starts_with(b"/");
        match (name.unwrap_or_default(), is_end) {
            (b"plist", true) => is_closed = true,
            (b"array", false) if keys.is_empty() => is_list_of = true,
            (b"dict", false) if !tag.ends_with(b"/") => {
                alone(&keys, is_list_of, &mut key, each);
                if keys.len() >= DEEPEST {
                    return Some((GapReason::OverLimit, format!("dictionaries nest more than {DEEPEST} deep")));
                }
                keys.push(std::mem::take(&mut last));
            }
            (b"dict", true) => {
                alone(&keys, is_list_of, &mut key, each);
                last = keys.pop().unwrap_or_default();
            }
            (b"key", false) => {
                alone(&keys, is_list_of, &mut key, each);
                let (start, raw) = content(bytes, at, b"</key>");
                last = decoded(raw).into_owned();
                key = Some((last.clone(), start, raw.len()));
                at = start + raw.len();
            }
            (b"string", false) if !tag.ends_with(b"/") => {
                let (start, raw) = content(bytes, at, b"</string>");
                let parent = keys.last().map_or("", String::as_str);
                let value = decoded(raw);
                let is_outermost = keys.len() == 1 && !is_list_of;
                each(&Entry { parent, key: &last, value: Some(&value), is_outermost, at: start, len: raw.len() });
                key = None;
                at = start + raw.len();
            }
            _ => {}
        }
    }
    alone(&keys, is_list_of, &mut key, each);
    (!is_closed).then(|| (GapReason::Malformed, "it does not end".to_owned()))
}

/// Tells a key that had no text.
fn alone(keys: &[String], is_list_of: bool, key: &mut Option<Key>, each: &mut dyn FnMut(&Entry<'_>)) {
    if let Some((key, at, len)) = key.take() {
        let parent = keys.last().map_or("", String::as_str);
        each(&Entry { parent, key: &key, value: None, is_outermost: keys.len() == 1 && !is_list_of, at, len });
    }
}

/// The text up to a closing tag, or to the end where it is missing.
fn content<'a>(list: &'a [u8], at: usize, close: &[u8]) -> (usize, &'a [u8]) {
    let rest = list.get(at..).unwrap_or_default();
    let raw = rest.get(..memmem::find(rest, close).unwrap_or(rest.len())).unwrap_or_default();
    let inner = raw.strip_prefix(b"<![CDATA[").and_then(|raw| raw.strip_suffix(b"]]>"));
    inner.map_or((at, raw), |inner| (at + 9, inner))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    #[test]
    fn keys_and_texts() {
        let list = b"<?xml version=\"1.0\"?><plist><dict><key>A</key><string>x &amp; y</string><!-- <key>N</key> -->\
            <key>B</key><array><string>1</string><string>2</string></array><key>C</key><true/>\
            <key>D</key><dict><key>E</key><string><![CDATA[<z>]]></string><key>F</key><integer>1</integer></dict>\
            <key>G</key><string/></dict></plist>";
        let mut told = String::new();
        let fault = read(list, &mut |entry| {
            let _ = write!(told, "{}/{}={:?} ", entry.parent, entry.key, entry.value);
            assert!(!entry.key.is_empty() && entry.at + entry.len <= list.len());
        });
        assert_eq!(fault, None);
        assert_eq!(
            told,
            "/A=Some(\"x & y\") /B=Some(\"1\") /B=Some(\"2\") /C=None /D=None D/E=Some(\"<z>\") D/F=None /G=None "
        );
    }

    #[test]
    fn deep_and_cut() {
        let deep = b"<plist><dict>".repeat(1000);
        assert_eq!(read(&deep, &mut |_| {}).map(|(reason, _)| reason), Some(GapReason::OverLimit));
        let cut = b"<plist><dict><key>CFBundleIdentifier</key><string>com.exam";
        let mut told = Vec::new();
        let fault = read(cut, &mut |entry| told.push(entry.value.unwrap_or_default().to_owned()));
        assert_eq!((fault.map(|(reason, _)| reason), told), (Some(GapReason::Malformed), vec!["com.exam".to_owned()]));
    }
}
