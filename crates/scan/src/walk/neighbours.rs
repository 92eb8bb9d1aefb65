//! Volumes that lie beside a target and belong to it: said, and not read, as nobody targets them.
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use interdict_model::{Gap, GapReason};
use interdict_unpack::{is_volume, sets};

use super::{Walk, plain};

/// Names in a folder that are looked at; and of those that belong to a target, how many are told.
const MOST: usize = 100_000;
const SHOWN: usize = 8;

impl Walk {
    /// Looks at the names beside targets that are volumes.
    pub(super) fn neighbours(&mut self) {
        let targets: BTreeSet<&Path> = self.files.iter().map(|file| file.path.as_path()).collect();
        let mut gaps = Vec::new();
        for file in
            self.files.iter().filter(|file| file.is_target && is_volume(file.path.as_os_str().as_encoded_bytes()))
        {
            let beside = beside(&file.path);
            let names: Vec<&[u8]> = beside.iter().map(|path| path.as_os_str().as_encoded_bytes()).collect();
            let of = |index: &usize| {
                beside.get(*index).filter(|path| path.as_path() != file.path && !targets.contains(path.as_path()))
            };
            let is_own = |index: &usize| beside.get(*index) == Some(&file.path);
            let set = sets(&names).into_iter().find(|set| set.joined.iter().chain(&set.apart).any(is_own));
            let others: Vec<&PathBuf> =
                set.iter().flat_map(|set| set.joined.iter().chain(&set.apart)).filter_map(of).collect();
            if others.is_empty() {
                continue;
            }
            let quoted = |path: &&PathBuf| {
                let name = path.file_name().unwrap_or_default().as_encoded_bytes();
                format!("`{}`", name.escape_ascii())
            };
            let shown: Vec<String> = others.iter().take(SHOWN).map(quoted).collect();
            let more = others.len().saturating_sub(SHOWN);
            let and_more = if more == 0 { String::new() } else { format!(" and {more} more") };
            let detail = format!(
                "it is one of the volumes of an archive; beside it lie {}{and_more}, which are no targets and were not read",
                shown.join(", ")
            );
            let needs = Some("all volumes as targets, or the folder that they lie in".to_owned());
            gaps.push(Gap { needs, ..plain(&file.locator, GapReason::Missing, &detail) });
        }
        self.gaps.extend(gaps);
    }
}

/// The volumes in the folder that a file lies in, in the order of their names, under paths that begin as its own does.
fn beside(path: &Path) -> Vec<PathBuf> {
    let folder = path.parent().unwrap_or(Path::new(""));
    let listed = fs::read_dir(if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
    let entries = listed.into_iter().flatten().flatten().take(MOST);
    let names = entries.map(|entry| entry.file_name()).filter(|name| is_volume(name.as_encoded_bytes()));
    let mut all: Vec<PathBuf> = names.map(|name| folder.join(name)).collect();
    all.sort();
    all
}
