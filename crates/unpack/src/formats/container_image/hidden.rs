//! Layers one upon another: which files of the lower ones are not in the system that runs, and still shipped.
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};

use flate2::bufread::MultiGzDecoder;
use interdict_model::{GapReason, Member, Members, Unseen};

use super::archive::{Archive, Part};
use super::manifest::Image;
use crate::formats::tar::{Listed, Listing};
use crate::formats::{bzip2, gzip, xz, zstd};
use crate::frames::{Frames, inner_name};
use crate::names::plain;

/// Files that no image of the archive shows, by layer and name, with how often and why.
#[derive(Default)]
pub(super) struct Hidden {
    files: BTreeMap<(String, Vec<u8>), (usize, String)>,
    /// In how many images a layer is, and how one comes from the layer to its files.
    uses: BTreeMap<String, (usize, Vec<Vec<u8>>)>,
}

/// Names that are kept of one image, in bytes.
const NAMES: usize = 256 << 20;
/// No system opens longer paths.
const LONGEST: usize = 4096;
/// How far a layer is decoded to find the names in it.
const FREE: u64 = 256 << 20;
const RATIO: u64 = 100;

impl Hidden {
    pub(super) fn image(&mut self, archive: &Archive<'_>, image: &Image, members: &mut dyn Members) {
        let mut above = Above::default();
        let mut met = BTreeSet::new();
        for (at, name) in image.layers.iter().enumerate().rev() {
            let Some(part) = archive.get(name).filter(|_| met.insert(name)) else { continue };
            let (listed, steps) = match list(part) {
                Ok(listed) => listed,
                Err(why) => {
                    let detail = format!("what it hides of lower layers is not known: {why}");
                    let member = Member { name: &part.name, ..Member::default() };
                    members.unseen(&member, Unseen::new(GapReason::Malformed, detail).needing("an intact copy"));
                    continue;
                }
            };
            self.uses.entry(name.clone()).or_insert((0, steps)).0 += 1;
            for entry in listed.iter().filter(|entry| entry.has_content() && !entry.is_folder()) {
                let Some((how, layer)) = above.hides(&plain(&entry.name)) else { continue };
                let key = (name.clone(), entry.name.clone());
                let why = || {
                    let of = image.layers.len();
                    format!(
                        "{how} by layer {} of {of} of `{}`: present in a lower layer only (layer {})",
                        layer + 1,
                        image.title,
                        at + 1
                    )
                };
                self.files.entry(key).or_insert_with(|| (0, why())).0 += 1;
            }
            above.put(&listed, at);
            if above.held > NAMES {
                let detail =
                    format!("names of more than {NAMES} bytes; which files lower layers hold alone is not told");
                members.gap(Unseen::new(GapReason::OverLimit, detail));
                return;
            }
        }
    }

    /// What every image that has the layer hides.
    pub(super) fn tell(self, members: &mut dyn Members) {
        for ((layer, name), (count, why)) in &self.files {
            if let Some((uses, steps)) = self.uses.get(layer)
                && count >= uses
            {
                let mut path: Vec<&[u8]> = steps.iter().map(Vec::as_slice).collect();
                path.push(name);
                members.hidden(&path, why.clone());
            }
        }
    }
}

/// The entries of a layer, and the names of the artifacts from it down to them.
fn list(part: &Part<'_>) -> io::Result<(Vec<Listed>, Vec<Vec<u8>>)> {
    let mut steps = vec![part.name.clone()];
    let most = FREE.max((part.bytes.len() as u64).saturating_mul(RATIO));
    let (content, name) = decoded(part);
    let mut listing: Listing<Box<dyn Read + '_>> = Listing::new(Box::new(content.take(most)));
    steps.extend(name.map(String::into_bytes));
    let (mut listed, mut held) = (Vec::new(), 0);
    while let Some(entry) = listing.next()? {
        held += entry.name.len() + size_of::<Listed>();
        if held > NAMES {
            return Err(io::Error::other("too many names"));
        }
        listed.push(entry);
    }
    if listing.read() >= most {
        return Err(io::Error::other(format!("it was decoded for {most} bytes and no further")));
    }
    Ok((listed, steps))
}

/// The archive in a layer, and what the unpacker of its compression calls it.
fn decoded<'a>(part: &Part<'a>) -> (Box<dyn Read + 'a>, Option<String>) {
    let last = part.name.rsplit(|byte| *byte == b'/').next().unwrap_or_default();
    let name = String::from_utf8_lossy(last);
    let bytes = part.bytes;
    let framed = |open, endings| -> (Box<dyn Read + 'a>, Option<String>) {
        (Box::new(Frames::new(bytes, open)), Some(inner_name(&name, endings)))
    };
    match bytes {
        [0x1f, 0x8b, ..] => (Box::new(MultiGzDecoder::new(bytes)), Some(gzip::content_name(bytes, &name))),
        [0x28, 0xb5, 0x2f, 0xfd, ..] | [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] => framed(zstd::open, zstd::ENDINGS),
        [0xfd, b'7', b'z', b'X', ..] => framed(xz::open, xz::ENDINGS),
        [b'B', b'Z', b'h', ..] => framed(bzip2::open, bzip2::ENDINGS),
        _ => (Box::new(bytes), None),
    }
}

/// What the layers above put in place or take away, with the layer that does it.
#[derive(Default)]
struct Above {
    folders: BTreeMap<Vec<u8>, usize>,
    files: BTreeMap<Vec<u8>, usize>,
    deleted: BTreeMap<Vec<u8>, usize>,
    /// Folders whose content of lower layers is gone.
    opaque: BTreeMap<Vec<u8>, usize>,
    held: usize,
}

impl Above {
    fn hides(&self, path: &[u8]) -> Option<(&'static str, usize)> {
        if path.len() > LONGEST {
            return None;
        }
        if let Some(layer) = self.deleted.get(path) {
            return Some(("deleted", *layer));
        }
        if let Some(layer) = self.files.get(path).or_else(|| self.folders.get(path)) {
            return Some(("replaced", *layer));
        }
        let ends = path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at).chain([0]);
        ends.filter_map(|end| path.get(..end)).find_map(|folder| {
            let gone = self.deleted.get(folder).or_else(|| self.opaque.get(folder)).map(|layer| ("deleted", *layer));
            gone.or_else(|| self.files.get(folder).map(|layer| ("replaced", *layer)))
        })
    }

    fn put(&mut self, listed: &[Listed], layer: usize) {
        for entry in listed {
            let path = plain(&entry.name);
            if path.len() > LONGEST {
                continue;
            }
            self.held += path.len() + 64;
            let cut = path.iter().rposition(|byte| *byte == b'/').map_or(0, |at| at + 1);
            let (folder, name) = path.split_at_checked(cut).unwrap_or_default();
            let folder = folder.strip_suffix(b"/").unwrap_or(folder);
            match name.strip_prefix(b".wh.") {
                Some(b".wh..opq") => {
                    self.opaque.entry(folder.to_vec()).or_insert(layer);
                }
                Some(hidden) => {
                    let gone = if folder.is_empty() { hidden.to_vec() } else { [folder, b"/", hidden].concat() };
                    self.deleted.entry(gone).or_insert(layer);
                }
                None if entry.is_folder() => {
                    self.folders.entry(path).or_insert(layer);
                }
                None => {
                    self.files.entry(path).or_insert(layer);
                }
            }
        }
    }
}
