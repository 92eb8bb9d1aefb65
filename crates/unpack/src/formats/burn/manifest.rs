//! The bundle's manifest: which payload lies in which container under which key.
use std::collections::BTreeMap;

use crate::names::slashed;
use crate::tags::{attribute, tags};

/// Key and name of each file.
type Renames = Vec<(Vec<u8>, Vec<u8>)>;

/// The names of the containers' files, and what lies in none.
#[derive(Default)]
pub(super) struct Manifest {
    /// By the container's number, its own name.
    names: BTreeMap<usize, Vec<u8>>,
    /// By the container's number.
    renames: BTreeMap<usize, Renames>,
    pub(super) outside: Vec<Outside>,
}

/// A payload or a container that is not in the bundle.
pub(super) struct Outside {
    pub(super) name: Vec<u8>,
    from: Option<Vec<u8>>,
}

impl Outside {
    pub(super) fn detail(&self) -> String {
        match &self.from {
            Some(from) => format!("is not in the bundle, which downloads it from `{}`", from.escape_ascii()),
            None => "is not in the bundle, which expects it beside itself".to_owned(),
        }
    }
}

/// The container of the bundle's own interface.
const INTERFACE: usize = 0;

impl Manifest {
    pub(super) fn read(text: &[u8]) -> Self {
        let mut manifest = Self::default();
        let mut numbers: BTreeMap<Vec<u8>, usize> = BTreeMap::new();
        let (mut is_interface, mut interface, mut payloads) = (false, Vec::new(), Vec::new());
        for tag in tags(text) {
            let name = tag.split(|byte| byte.is_ascii_whitespace() || *byte == b'/').next().unwrap_or_default();
            match name {
                b"UX" => is_interface = !tag.ends_with(b"/"),
                b"" if tag == b"/UX" => is_interface = false,
                b"Container" => manifest.named(tag, &mut numbers),
                b"Payload" if is_interface => interface.push(tag),
                b"Payload" => payloads.push(tag),
                _ => {}
            }
        }
        let own = manifest.renames.entry(INTERFACE).or_default();
        own.push((super::MANIFEST.to_vec(), b"manifest.xml".to_vec()));
        for tag in interface {
            manifest.lies(tag, INTERFACE);
        }
        for tag in payloads {
            let packaging = attribute(tag, "Packaging");
            let is_outside = packaging.as_deref().is_some_and(|packaging| packaging != b"embedded");
            match attribute(tag, "Container").filter(|_| !is_outside) {
                // A container that lies beside the bundle is told once, not for each of its files.
                Some(container) => {
                    if let Some(number) = numbers.get(&container) {
                        manifest.lies(tag, *number);
                    }
                }
                None => manifest.beside(tag),
            }
        }
        for renames in manifest.renames.values_mut() {
            renames.sort();
            renames.dedup_by(|later, earlier| later.0 == earlier.0);
        }
        manifest
    }

    fn named(&mut self, tag: &[u8], numbers: &mut BTreeMap<Vec<u8>, usize>) {
        let Some(id) = attribute(tag, "Id") else { return };
        let index = attribute(tag, "AttachedIndex").and_then(|index| String::from_utf8(index).ok()?.parse().ok());
        match index {
            Some(index) => {
                self.names.insert(index, [id.as_slice(), b".cab"].concat());
                numbers.insert(id, index);
            }
            None => self.beside(tag),
        }
    }

    fn lies(&mut self, tag: &[u8], container: usize) {
        if let (Some(key), Some(path)) = (attribute(tag, "SourcePath"), attribute(tag, "FilePath")) {
            self.renames.entry(container).or_default().push((key, slashed(path.into()).into_owned()));
        }
    }

    fn beside(&mut self, tag: &[u8]) {
        if let Some(path) = attribute(tag, "FilePath") {
            let name = slashed(path.into()).into_owned();
            self.outside.push(Outside { name, from: attribute(tag, "DownloadUrl").filter(|from| !from.is_empty()) });
        }
    }

    /// What the container of this number is called, and its files.
    pub(super) fn container(&self, number: usize) -> (Vec<u8>, Renames) {
        let plain = || if number == INTERFACE { "interface.cab".to_owned() } else { format!("container-{number}.cab") };
        let name = self.names.get(&number).filter(|_| number != INTERFACE).cloned();
        (name.unwrap_or_else(|| plain().into_bytes()), self.renames.get(&number).cloned().unwrap_or_default())
    }
}
