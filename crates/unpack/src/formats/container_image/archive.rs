//! The archive around an image: its members by name.
use std::collections::BTreeMap;

use crate::field::{from, range};
use crate::formats::tar::Listing;
use crate::names::plain;

/// Members by their names without `./`; where a name stands twice, the last counts, as for those who extract.
pub(super) struct Archive<'a> {
    members: BTreeMap<Vec<u8>, Part<'a>>,
}

/// One member.
#[derive(Clone)]
pub(super) struct Part<'a> {
    /// As the archive writes it.
    pub(super) name: Vec<u8>,
    pub(super) bytes: &'a [u8],
}

/// More members than any image has files beside its layers.
const MOST: usize = 100_000;

impl<'a> Archive<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Self {
        let (mut members, mut links) = (BTreeMap::new(), Vec::new());
        let mut listing = Listing::new(bytes);
        while let Ok(Some(entry)) = listing.next() {
            if entry.has_content() && !entry.is_folder() {
                let held = range(bytes, entry.at, entry.size).unwrap_or_else(|| from(bytes, entry.at));
                members.insert(plain(&entry.name), Part { name: entry.name, bytes: held });
            } else if let Some(link) = entry.link.filter(|_| matches!(entry.kind, b'1' | b'2')) {
                links.push((entry.name, entry.kind, link));
            }
            if members.len() >= MOST {
                break;
            }
        }
        // Some layers are links to the same layer of another image in the archive.
        for (name, kind, to) in links {
            let to = if kind == b'1' { plain(&to) } else { beside(&name, &to) };
            if let Some(part) = members.get(&to).cloned() {
                members.entry(plain(&name)).or_insert(part);
            }
        }
        Self { members }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Part<'a>> {
        self.members.get(plain(name.as_bytes()).as_slice())
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &[u8]> {
        self.members.keys().map(Vec::as_slice)
    }
}

/// What a symbolic link means, without leaving the archive.
fn beside(name: &[u8], to: &[u8]) -> Vec<u8> {
    let name = plain(name);
    let mut parts: Vec<&[u8]> = name.split(|byte| *byte == b'/').collect();
    parts.pop();
    for part in to.split(|byte| *byte == b'/').filter(|part| !part.is_empty() && *part != b".") {
        if part == b".." {
            parts.pop();
        } else {
            parts.push(part);
        }
    }
    parts.join(&b'/')
}
