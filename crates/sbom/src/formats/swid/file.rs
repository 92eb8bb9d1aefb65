//! The files of a tag: where they lie, and their digests.
use std::borrow::Cow;

use interdict_model::FactKind;

use super::space::Space;
use super::tag::{Known, Reading};
use crate::draft::{Draft, Path};
use crate::xml::Tag;

/// The longest path that is put together from folders in folders.
const LONGEST: usize = 4096;

/// The folder that files lie in, as far as a tag says.
#[derive(Clone, Debug, Default)]
pub(super) struct Folder {
    path: String,
}

impl Folder {
    /// The folder whose `Directory` begins here, inside of this one.
    pub(super) fn inside(&self, reading: &Reading<'_, '_, '_>) -> Self {
        Self { path: self.path(reading) }
    }

    /// The path of what begins here: its root and location, else this folder, and its name.
    fn path(&self, reading: &Reading<'_, '_, '_>) -> String {
        let part = |name: &str| reading.attribute(name).unwrap_or_default();
        let (root, location, name) = (part("root"), part("location"), part("name"));
        let mut path = if root.is_empty() && location.is_empty() { self.path.clone() } else { root.into_owned() };
        for step in [location, name].iter().filter(|step| !step.is_empty()) {
            if !path.is_empty() && !path.ends_with(['/', '\\']) {
                path.push('/');
            }
            path.push_str(step);
        }
        if path.len() > LONGEST {
            // The end says most.
            let start = path.char_indices().map(|(at, _)| at).find(|at| path.len() - at <= LONGEST);
            path.drain(..start.unwrap_or_default());
        }
        path
    }
}

/// Tells a `File` of a tag as a thing of its own, which the tag contains; a `Process` is a name.
pub(super) fn tell<'a>(reading: &mut Reading<'a, '_, '_>, known: &mut Known<'a>, folder: &Folder, tag: Tag<'a, Space>) {
    if tag.name == "Process" {
        if let Some(name) = reading.attribute("name") {
            known.draft.state(FactKind::FileName, name, Path::Field("/Process/name"));
        }
        return;
    }
    let mut draft = Draft::default();
    draft.is_file = true;
    let path = folder.path(reading);
    let pointer = format!("{}/File/{}", known.pointer, known.files);
    known.files += 1;
    if path.is_empty() {
        let at = Path::Deep(pointer.as_str().into());
        reading.repair_at(tag.at, &at, "a file without a name", "nothing but its digests");
    }
    draft.called(Cow::Owned(path), Path::Field("/name"));
    for one in reading.xml.attributes() {
        if let Space::Digest(algorithm) = one.space {
            draft.hashed(algorithm, one.value.clone(), Path::Field("/hash"));
        }
    }
    if let Some(version) = reading.attribute("version") {
        draft.state(FactKind::Version, version, Path::Field("/version"));
    }
    draft.reference = Cow::Owned(pointer.clone());
    draft.complete();
    draft.tell(&pointer, reading.sink);
    if !known.draft.reference.is_empty() {
        reading.sink.depends(&known.draft.reference, &pointer);
    }
}
