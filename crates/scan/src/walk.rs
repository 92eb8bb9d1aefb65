//! From targets to the files to look at: recursive, never through a link, in the order of the locators.
#![expect(clippy::disallowed_methods, reason = "the one place that lists folders (invariant 2)")]
mod neighbours;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use interdict_model::{Gap, GapReason, Locator};
use interdict_unpack::{is_volume, sets};

/// A file to look at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) path: PathBuf,
    pub(crate) locator: Locator,
    pub(crate) size: u64,
    /// Set where it is a target itself.
    pub(crate) is_target: bool,
    /// Files that go on where it ends: volumes of one archive.
    pub(crate) rest: Vec<PathBuf>,
}

/// What a walk met.
#[derive(Debug, Default)]
pub(crate) struct Walk {
    pub(crate) files: Vec<Found>,
    /// Targets that are directories.
    pub(crate) directories: Vec<Locator>,
    pub(crate) gaps: Vec<Gap>,
    /// Targets that could not be opened at all.
    pub(crate) refused: Vec<(PathBuf, io::Error)>,
}

/// Deeper than any file system's longest path allows.
const DEEPEST: usize = 4096;

impl Walk {
    pub(crate) fn of(targets: &[PathBuf]) -> Self {
        let mut walk = Self::default();
        for (path, locator) in targets.iter().zip(locators(targets)) {
            match fs::metadata(path) {
                Ok(metadata) if metadata.is_dir() => walk.directory(path, &locator),
                Ok(metadata) if !ends(metadata.file_type()) => walk.gaps.push(device(&locator)),
                Ok(metadata) => {
                    let size = metadata.len();
                    walk.files.push(Found { path: path.clone(), locator, size, is_target: true, rest: Vec::new() });
                }
                Err(error) => {
                    walk.gaps.push(unreadable(&locator, &error));
                    walk.refused.push((path.clone(), error));
                }
            }
        }
        walk.sorted();
        walk.files.dedup_by(|a, b| a.path == b.path);
        walk.neighbours();
        walk.joined();
        walk
    }

    fn sorted(&mut self) {
        self.files.sort_by(|a, b| a.locator.cmp(&b.locator).then_with(|| a.path.cmp(&b.path)));
    }

    /// Makes one file of the volumes of an archive that lie side by side; those that are not there are said.
    fn joined(&mut self) {
        let (volumes, others): (Vec<Found>, Vec<Found>) = std::mem::take(&mut self.files)
            .into_iter()
            .partition(|file| is_volume(file.path.as_os_str().as_encoded_bytes()));
        self.files = others;
        let names: Vec<&[u8]> = volumes.iter().map(|file| file.path.as_os_str().as_encoded_bytes()).collect();
        let sets = sets(&names);
        let mut volumes: Vec<Option<Found>> = volumes.into_iter().map(Some).collect();
        for set in sets {
            let mut taken = set.joined.iter().filter_map(|index| volumes.get_mut(*index)?.take());
            let first = taken.next().map(|mut first| {
                for more in taken {
                    first.size = first.size.saturating_add(more.size);
                    first.rest.push(more.path);
                }
                if !first.rest.is_empty() {
                    first.locator = beside(&first.locator, &set.name);
                }
                first
            });
            let asks =
                set.apart.iter().filter_map(|index| volumes.get(*index)?.as_ref()).map(|file| &file.locator).next();
            if let Some(place) = first.as_ref().map(|first| &first.locator).or(asks) {
                let gap = |name: &Vec<u8>| plain(place, GapReason::Missing, &lacks(name));
                self.gaps.extend(set.missing.iter().map(gap));
            }
            self.files.extend(first);
        }
        self.files.extend(volumes.into_iter().flatten());
        self.sorted();
    }

    fn directory(&mut self, root: &Path, locator: &Locator) {
        self.directories.push(locator.clone());
        let mut open: Vec<(PathBuf, Locator, usize)> = vec![(root.to_owned(), locator.clone(), 0)];
        while let Some((folder, locator, depth)) = open.pop() {
            let entries = match fs::read_dir(&folder) {
                Ok(entries) => entries,
                Err(error) => {
                    self.gaps.push(unreadable(&locator, &error));
                    continue;
                }
            };
            for entry in entries {
                match entry.and_then(|entry| Ok((entry.file_type()?, entry))) {
                    Ok((kind, entry)) => {
                        let path = entry.path();
                        let locator = locator.below(entry.file_name().as_encoded_bytes());
                        if kind.is_dir() && depth < DEEPEST {
                            open.push((path, locator, depth + 1));
                        } else {
                            self.entry(kind, path, locator, root);
                        }
                    }
                    Err(error) => self.gaps.push(unreadable(&locator, &error)),
                }
            }
        }
    }

    fn entry(&mut self, kind: fs::FileType, path: PathBuf, locator: Locator, root: &Path) {
        let gap = |reason, detail: &str| Gap { seems: Some("link".into()), ..plain(&locator, reason, detail) };
        if kind.is_file() {
            match fs::symlink_metadata(&path) {
                Ok(metadata) => {
                    self.files.push(Found { size: metadata.len(), path, locator, is_target: false, rest: Vec::new() });
                }
                Err(error) => self.gaps.push(unreadable(&locator, &error)),
            }
        } else if kind.is_symlink() {
            // A link into the tree is met at its target; what a link leads to outside of it is not delivered with the tree.
            match (fs::canonicalize(&path), fs::canonicalize(root)) {
                (Ok(target), Ok(root)) if target.starts_with(&root) => {}
                (Ok(_), _) => {
                    let needs = Some("what it leads to, as a target too".into());
                    self.gaps
                        .push(Gap { needs, ..gap(GapReason::Missing, "a link that leaves the target; not followed") });
                }
                (Err(_), _) => self.gaps.push(gap(GapReason::Missing, "a link to nothing, or to itself")),
            }
        } else if kind.is_dir() {
            self.gaps.push(plain(&locator, GapReason::OverLimit, "a folder nested too deeply"));
        } else {
            self.gaps.push(device(&locator));
        }
    }
}

/// A name in the folder that another lies in.
pub(crate) fn beside(locator: &Locator, name: &[u8]) -> Locator {
    let name = name.rsplit(|byte| *byte == b'/').next().unwrap_or(name);
    match locator.as_str().rsplit_once('/') {
        Some((folder, _)) => Locator::parsed(folder).below(name),
        None => Locator::input(name),
    }
}

/// What is said of a volume that is not there.
pub(crate) fn lacks(name: &[u8]) -> String {
    let name = name.rsplit(|byte| *byte == b'/').next().unwrap_or(name);
    format!("a volume of the archive is not there: `{}`", name.escape_ascii())
}

fn plain(locator: &Locator, reason: GapReason, detail: &str) -> Gap {
    Gap {
        on: locator.clone(),
        reason,
        by: "scan".into(),
        seems: None,
        detail: detail.to_owned(),
        ranges: Vec::new(),
        needs: None,
        material: false,
        accepted: None,
    }
}

/// Whether what is read of it ends: a file, or a pipe that somebody named as a target.
fn ends(kind: fs::FileType) -> bool {
    #[cfg(unix)]
    let is_pipe = std::os::unix::fs::FileTypeExt::is_fifo(&kind);
    #[cfg(not(unix))]
    let is_pipe = true;
    kind.is_file() || is_pipe
}

fn device(locator: &Locator) -> Gap {
    let detail = "a device, pipe or socket; not opened";
    Gap { seems: Some("device".into()), ..plain(locator, GapReason::Unsupported, detail) }
}

/// Where a link leads, as a path below the same folder.
pub(crate) fn led_to(root: &Path, link: &Path) -> Option<PathBuf> {
    let (target, whole) = (fs::canonicalize(link).ok()?, fs::canonicalize(root).ok()?);
    Some(root.join(target.strip_prefix(whole).ok()?))
}

/// The operating system's refusal, without its number: the words differ less between systems.
pub(crate) fn unreadable(locator: &Locator, error: &io::Error) -> Gap {
    let gap = plain(locator, GapReason::Unreadable, &format!("could not be read: {}", error.kind()));
    Gap { needs: Some("permission to read it, or a copy of it".into()), ..gap }
}

/// What targets are called: a relative path as it was given, an absolute one by as many of its last names as tell it from
/// the others, so that a report does not depend on where the delivery lay.
fn locators(targets: &[PathBuf]) -> Vec<Locator> {
    let names: Vec<Vec<Vec<u8>>> = targets.iter().map(|path| names(path)).collect();
    let mut taken: BTreeMap<&[Vec<u8>], usize> = BTreeMap::new();
    for names in &names {
        for from in 0..names.len() {
            *taken.entry(names.get(from..).unwrap_or_default()).or_default() += 1;
        }
    }
    let tail = |names: &[Vec<u8>]| -> Vec<u8> {
        let shortest = (0..names.len()).rev().filter_map(|from| names.get(from..));
        let unique = shortest.into_iter().find(|tail| taken.get(tail) == Some(&1));
        unique.unwrap_or(names).join(&b'/')
    };
    let given = targets.iter().zip(&names);
    given
        .map(|(path, names)| {
            let bytes = if path.is_absolute() { tail(names) } else { names.join(&b'/') };
            Locator::input(if bytes.is_empty() { b"." } else { &bytes })
        })
        .collect()
}

fn names(path: &Path) -> Vec<Vec<u8>> {
    let parts = path.components().filter_map(|part| match part {
        Component::Normal(name) => Some(name.as_encoded_bytes().to_vec()),
        Component::ParentDir => Some(b"..".to_vec()),
        _ => None,
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_do_not_tell_where_the_delivery_lay() {
        let check = |targets: &[&str], want: &[&str]| {
            let targets: Vec<PathBuf> = targets.iter().map(PathBuf::from).collect();
            let got: Vec<String> = locators(&targets).iter().map(ToString::to_string).collect();
            assert_eq!(got, want);
        };
        check(&["/srv/in/product"], &["product"]);
        check(&["/srv/a/x.json", "/srv/b/x.json"], &["a/x.json", "b/x.json"]);
        check(&["./a/x.json", "../y"], &["a/x.json", "../y"]);
        check(&["."], &["."]);
        check(&["/"], &["."]);
    }
}
