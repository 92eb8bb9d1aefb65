//! Layers one upon another: which files of the lower ones are not in the system that runs, and still shipped.
use std::collections::{BTreeMap, BTreeSet};

use interdict_model::{GapReason, Member, Members, Unseen};

use super::layer::{Entry, NAMES};
use super::manifest::Image;
use super::parts::Parts;
use crate::names::plain;

/// Files that no image of the archive shows, by layer and name, with how often and why.
#[derive(Default)]
pub(super) struct Hidden {
    files: BTreeMap<(String, Vec<u8>), (usize, String)>,
    /// In how many images a layer is, and how one comes from the layer to its files.
    uses: BTreeMap<String, (usize, Vec<Vec<u8>>)>,
}

/// No system opens longer paths.
const LONGEST: usize = 4096;
impl Hidden {
    pub(super) fn image(&mut self, parts: &dyn Parts, image: &Image, members: &mut dyn Members) {
        let mut above = Above::default();
        let mut met = BTreeSet::new();
        for (at, name) in image.layers.iter().enumerate().rev() {
            let Some(part) = parts.get(name).filter(|_| met.insert(name)) else { continue };
            let (listed, steps) = match parts.layer(&part) {
                Ok(layer) => (layer.entries, [vec![part.name.clone()], layer.steps].concat()),
                Err(why) => {
                    let detail = format!("what it hides of lower layers is not known: {why}");
                    let member = Member { name: &part.name, ..Member::default() };
                    members.unseen(&member, Unseen::new(GapReason::Malformed, detail).needing("an intact copy"));
                    continue;
                }
            };
            self.uses.entry(name.clone()).or_insert((0, steps)).0 += 1;
            for entry in listed.iter().filter(|entry| entry.is_file) {
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

    fn put(&mut self, listed: &[Entry], layer: usize) {
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
                None if entry.is_folder => {
                    self.folders.entry(path).or_insert(layer);
                }
                None => {
                    self.files.entry(path).or_insert(layer);
                }
            }
        }
    }
}
