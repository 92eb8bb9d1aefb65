//! The table of contents: files in files, each with its name, kind and place in the heap.

use crate::tags::{attribute, unescaped};

/// One file that has a name.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) name: Vec<u8>,
    pub(super) link: Option<Vec<u8>>,
    pub(super) data: Option<Data>,
}

/// Where its bytes are, and how they are packed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Data {
    pub(super) offset: u64,
    pub(super) packed: u64,
    pub(super) size: u64,
    pub(super) style: String,
}

/// Deeper files have no place of their own.
const DEEPEST: usize = 256;
/// A path is not longer.
const LONGEST: usize = 16 * 1024;

#[derive(Default)]
struct Open {
    name: Vec<u8>,
    link: Option<Vec<u8>>,
    data: Option<Data>,
}

/// Every file that the table names, whatever else it is; no tag needs to be closed.
pub(super) fn entries(text: &[u8]) -> Vec<Entry> {
    let (mut entries, mut open): (Vec<Entry>, Vec<Open>) = (Vec::new(), Vec::new());
    // The tags around a value, innermost last, from the file on.
    let mut around: Vec<Vec<u8>> = Vec::new();
    let mut rest = text;
    while let Some(at) = memchr::memchr(b'<', rest) {
        let (value, after) = rest.split_at(at);
        let Some(end) = memchr::memchr(b'>', after) else { break };
        let tag = after.get(1..end).unwrap_or_default();
        rest = after.get(end + 1..).unwrap_or_default();
        if let Some(name) = tag.strip_prefix(b"/") {
            if name == b"file" {
                close(&mut open, &mut entries);
                around.clear();
            } else if let Some(file) = open.last_mut() {
                let parent =
                    around.len().checked_sub(2).and_then(|at| around.get(at)).map_or(b"".as_slice(), |tag| tag);
                set(file, parent, name, value);
                around.pop();
            }
            continue;
        }
        let name = tag.split(|byte| byte.is_ascii_whitespace() || *byte == b'/').next().unwrap_or_default();
        if name == b"file" {
            if open.len() < DEEPEST {
                open.push(Open::default());
            }
            around.clear();
        } else if let Some(file) = open.last_mut() {
            if name == b"encoding" && around.last().is_some_and(|tag| tag == b"data") {
                let style = attribute(tag, "style").unwrap_or_default();
                file.data.get_or_insert_default().style = String::from_utf8_lossy(&style).into_owned();
            }
            if !tag.ends_with(b"/") && around.len() < DEEPEST {
                around.push(name.to_vec());
            }
        }
    }
    while !open.is_empty() {
        close(&mut open, &mut entries);
    }
    entries
}

fn set(file: &mut Open, parent: &[u8], name: &[u8], value: &[u8]) {
    let number = || std::str::from_utf8(value).ok().and_then(|text| text.trim().parse().ok()).unwrap_or_default();
    match (parent, name) {
        (b"", b"name") => file.name = unescaped(value),
        (b"", b"link") => file.link = Some(unescaped(value)),
        (b"data", b"offset") => file.data.get_or_insert_default().offset = number(),
        (b"data", b"length") => file.data.get_or_insert_default().packed = number(),
        (b"data", b"size") => file.data.get_or_insert_default().size = number(),
        _ => {}
    }
}

/// A file is told once it ends: its name may stand behind the files in it.
fn close(open: &mut Vec<Open>, entries: &mut Vec<Entry>) {
    let folders: Vec<&[u8]> = open.iter().map(|file| file.name.as_slice()).filter(|name| !name.is_empty()).collect();
    let name = folders.join(&b'/');
    let Some(file) = open.pop() else { return };
    if (file.data.is_some() || file.link.is_some()) && name.len() <= LONGEST {
        entries.push(Entry { name, link: file.link, data: file.data });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_in_files() {
        let text = br#"<xar><toc><checksum><offset>0</offset></checksum><file id="1"><file id="2"><data><length>7</length>
            <encoding style='application/x-gzip'/><offset>20</offset><size>9</size></data><name>b &amp; c</name></file>
            <name>a</name><type>directory</type></file><file id="3"><name>l</name><link type="x">to</link><ea><offset>3"#;
        let data = Data { offset: 20, packed: 7, size: 9, style: "application/x-gzip".to_owned() };
        assert_eq!(
            entries(text),
            [
                Entry { name: b"b & c".to_vec(), link: None, data: Some(data) },
                Entry { name: b"l".to_vec(), link: Some(b"to".to_vec()), data: None },
            ]
        );
    }
}
