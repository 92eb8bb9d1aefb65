//! The archive around an image: its members by name, all of them or those in one folder.
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

use interdict_model::Digest;

use super::layer::{Layer, layer};
use super::parts::{Part, Parts};
use crate::field::{from, range};
use crate::formats::tar::Listing;
use crate::names::plain;

/// Members by their names without `./`; where a name stands twice, the last counts, as for those who extract.
pub(super) struct Archive<'a> {
    members: BTreeMap<Vec<u8>, Held<'a>>,
}

/// One member.
#[derive(Clone)]
struct Held<'a> {
    /// As the archive writes it.
    name: Vec<u8>,
    bytes: &'a [u8],
}

/// More members than any image has files beside its layers.
const MOST: usize = 100_000;
/// What an image begins with.
const MARKS: [&[u8]; 2] = [b"manifest.json", b"index.json"];

impl<'a> Archive<'a> {
    pub(super) fn read(bytes: &'a [u8]) -> Self {
        let (mut members, mut links) = (BTreeMap::new(), Vec::new());
        let mut listing = Listing::new(bytes);
        while let Ok(Some(entry)) = listing.next() {
            if entry.has_content() && !entry.is_folder() {
                let held = range(bytes, entry.at, entry.size).unwrap_or_else(|| from(bytes, entry.at));
                members.insert(plain(&entry.name), Held { name: entry.name, bytes: held });
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

    /// Folders in which an image may begin, the outermost first.
    pub(super) fn roots(&self) -> BTreeSet<Vec<u8>> {
        let names = self.members.keys();
        let folder = |name: &Vec<u8>| MARKS.iter().find_map(|mark| Some(name.strip_suffix(*mark)?.to_vec()));
        names.filter_map(folder).filter(|folder| folder.is_empty() || folder.ends_with(b"/")).collect()
    }

    pub(super) fn within(&self, root: Vec<u8>) -> Within<'_, 'a> {
        Within { archive: self, root }
    }
}

/// What lies in one folder of an archive.
pub(super) struct Within<'r, 'a> {
    archive: &'r Archive<'a>,
    /// With the slash behind it; empty for the whole.
    root: Vec<u8>,
}

impl<'a> Within<'_, 'a> {
    fn bytes(&self, part: &Part) -> &'a [u8] {
        self.archive.members.get(&plain(&part.name)).map_or(&[], |held| held.bytes)
    }
}

impl Parts for Within<'_, '_> {
    fn around(&self) -> &'static str {
        "archive"
    }

    fn get(&self, name: &str) -> Option<Part> {
        let held = self.archive.members.get(&[&*self.root, &plain(name.as_bytes())].concat())?;
        Some(Part { name: held.name.clone(), size: held.bytes.len() as u64 })
    }

    fn names(&self) -> Vec<Vec<u8>> {
        let inside = self.archive.members.range(self.root.clone()..).map(|(name, _)| name.strip_prefix(&*self.root));
        inside.map_while(|name| name.map(<[u8]>::to_vec)).collect()
    }

    fn head(&self, part: &Part, most: usize) -> io::Result<Cow<'_, [u8]>> {
        let bytes = self.bytes(part);
        Ok(Cow::Borrowed(bytes.get(..most).unwrap_or(bytes)))
    }

    fn digest(&self, part: &Part) -> io::Result<Digest> {
        Ok(Digest::of(self.bytes(part)))
    }

    fn layer(&self, part: &Part) -> io::Result<Layer> {
        let last = part.name.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
        layer(self.bytes(part), &String::from_utf8_lossy(last))
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
